"""What may be asked of ticketing. Callers choose ids, so a retry is harmless; times are ours."""

from services.ticketing.commands.admission import (
    AnnulScan,
    BlockTicket,
    CheckIn,
    CountGuests,
    EntryRule,
    GateTakes,
    HandOut,
    HandOver,
    RevokeTicket,
    SetAdmission,
    UnblockTicket,
)
from services.ticketing.commands.box_office import (
    Buying,
    CancelOrder,
    CatchUp,
    ChangeBoxOffice,
    ConfirmOrder,
    ExtendHold,
    HoldTickets,
    OpenBoxOffice,
    RefundTickets,
    ReleaseHold,
    SellTickets,
)
from services.ticketing.commands.exchange import (
    ExchangeOut,
    RecordExchange,
    StartExchange,
)
from services.ticketing.commands.fields import Line, Reserved
from services.ticketing.commands.importing import ImportedFee, ImportedTicket, ImportOrder
from services.ticketing.commands.invoices import RecordInvoice, RequestInvoice
from services.ticketing.commands.mass_cancel import (
    FinishMassCancel,
    RecordCancelled,
    ResumeSales,
    StartMassCancel,
    StopSales,
)
from services.ticketing.commands.notices import SetReminder, TellGuests
from services.ticketing.commands.offers import Fee, Level, Presale, TicketType
from services.ticketing.commands.pending import ApproveOrder, DeclineOrder, PlaceOrder
from services.ticketing.commands.planned import PlanBoxOffice
from services.ticketing.commands.policies import RefundStep, SetRefundPolicy
from services.ticketing.commands.postponing import AnswerPostponement, PostponeNight
from services.ticketing.commands.questions import (
    Answered,
    AnswerQuestions,
    Question,
    SetQuestions,
)
from services.ticketing.commands.reserves import (
    GiveTickets,
    ReleaseAllotment,
    SetAllotment,
    SetVoucher,
    VoucherTerms,
)
from services.ticketing.commands.seating import Seat, SeatArea, SeatRow, SetSeatingPlan
from services.ticketing.commands.series import (
    LapseReservations,
    ReleaseReservation,
    ReserveVoucher,
    ReturnUses,
    SetSeriesVoucher,
    UseReservation,
)
from services.ticketing.commands.slots import Break, MakeSlots, SlotRule
from services.ticketing.commands.transfers import (
    EndTransfer,
    GiveUpTickets,
    RenameTicket,
    ResendOrder,
    RestoreTickets,
    TransferTicket,
)
from services.ticketing.commands.triggers import (
    AskApproval,
    OpenChannel,
    PauseChannel,
    ReleaseNoShows,
    SetGateTriggers,
    SetSaleTriggers,
)
from services.ticketing.commands.waiting import JoinWaitingList, LeaveWaitingList

__all__ = [
    "AnnulScan",
    "AnswerPostponement",
    "AnswerQuestions",
    "Answered",
    "ApproveOrder",
    "AskApproval",
    "BlockTicket",
    "Break",
    "Buying",
    "CancelOrder",
    "CatchUp",
    "ChangeBoxOffice",
    "CheckIn",
    "ConfirmOrder",
    "CountGuests",
    "DeclineOrder",
    "EndTransfer",
    "EntryRule",
    "ExchangeOut",
    "ExtendHold",
    "Fee",
    "FinishMassCancel",
    "GateTakes",
    "GiveTickets",
    "GiveUpTickets",
    "HandOut",
    "HandOver",
    "HoldTickets",
    "ImportOrder",
    "ImportedFee",
    "ImportedTicket",
    "JoinWaitingList",
    "LapseReservations",
    "LeaveWaitingList",
    "Level",
    "Line",
    "MakeSlots",
    "OpenBoxOffice",
    "OpenChannel",
    "PauseChannel",
    "PlaceOrder",
    "PlanBoxOffice",
    "PostponeNight",
    "Presale",
    "Question",
    "RecordCancelled",
    "RecordExchange",
    "RecordInvoice",
    "RefundStep",
    "RefundTickets",
    "ReleaseAllotment",
    "ReleaseHold",
    "ReleaseNoShows",
    "ReleaseReservation",
    "RenameTicket",
    "RequestInvoice",
    "ResendOrder",
    "ReserveVoucher",
    "Reserved",
    "RestoreTickets",
    "ResumeSales",
    "ReturnUses",
    "RevokeTicket",
    "Seat",
    "SeatArea",
    "SeatRow",
    "SellTickets",
    "SetAdmission",
    "SetAllotment",
    "SetGateTriggers",
    "SetQuestions",
    "SetRefundPolicy",
    "SetReminder",
    "SetSaleTriggers",
    "SetSeatingPlan",
    "SetSeriesVoucher",
    "SetVoucher",
    "SlotRule",
    "StartExchange",
    "StartMassCancel",
    "StopSales",
    "TellGuests",
    "TicketType",
    "TransferTicket",
    "UnblockTicket",
    "UseReservation",
    "VoucherTerms",
]
