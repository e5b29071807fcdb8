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
from services.ticketing.commands.fields import Line
from services.ticketing.commands.importing import ImportedFee, ImportedTicket, ImportOrder
from services.ticketing.commands.mass_cancel import (
    FinishMassCancel,
    RecordCancelled,
    ResumeSales,
    StartMassCancel,
    StopSales,
)
from services.ticketing.commands.offers import Fee, Level, Presale, TicketType
from services.ticketing.commands.pending import ApproveOrder, DeclineOrder, PlaceOrder
from services.ticketing.commands.policies import RefundStep, SetRefundPolicy
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
)
from services.ticketing.commands.seating import Seat, SeatArea, SeatRow, SetSeatingPlan
from services.ticketing.commands.transfers import (
    EndTransfer,
    GiveUpTickets,
    RenameTicket,
    ResendOrder,
    RestoreTickets,
    TransferTicket,
)
from services.ticketing.commands.waiting import JoinWaitingList, LeaveWaitingList

__all__ = [
    "AnnulScan",
    "AnswerQuestions",
    "Answered",
    "ApproveOrder",
    "BlockTicket",
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
    "LeaveWaitingList",
    "Level",
    "Line",
    "OpenBoxOffice",
    "PlaceOrder",
    "Presale",
    "Question",
    "RecordCancelled",
    "RecordExchange",
    "RefundStep",
    "RefundTickets",
    "ReleaseAllotment",
    "ReleaseHold",
    "RenameTicket",
    "ResendOrder",
    "RestoreTickets",
    "ResumeSales",
    "RevokeTicket",
    "Seat",
    "SeatArea",
    "SeatRow",
    "SellTickets",
    "SetAdmission",
    "SetAllotment",
    "SetQuestions",
    "SetRefundPolicy",
    "SetSeatingPlan",
    "SetVoucher",
    "StartExchange",
    "StartMassCancel",
    "StopSales",
    "TicketType",
    "TransferTicket",
    "UnblockTicket",
]
