"""The facts ticketing owns. Fields are only ever added; a changed meaning is a new topic."""

from services.ticketing.events.admission import (
    AdmissionSet,
    Admitted,
    EntryRule,
    Exited,
    GateTakes,
    GuestsCounted,
    HandedOut,
    HandOut,
    Reason,
    ScanAnnulled,
    ScanRefused,
    TicketBlocked,
    TicketRevoked,
    TicketUnblocked,
)
from services.ticketing.events.box_office import (
    BoxOfficeChanged,
    BoxOfficeOpened,
    CapacitySet,
    Channel,
    Fee,
    HoldEnded,
    HoldExtended,
    Level,
    Line,
    Presale,
    Slot,
    TicketsHeld,
    TicketTypeSet,
)
from services.ticketing.events.exchange import (
    ExchangeConfirmed,
    ExchangeDone,
    ExchangeRefused,
    ExchangeStarted,
)
from services.ticketing.events.importing import ImportedFee, OrderImported, TicketImported
from services.ticketing.events.mass_cancel import (
    MassCancelFinished,
    MassCancelStarted,
    OrderMassCancelled,
    SalesResumed,
    SalesStopped,
)
from services.ticketing.events.pending import (
    OrderApproved,
    OrderDeclined,
    OrderPlaced,
    OrderReminded,
)
from services.ticketing.events.policies import RefundPolicySet, RefundStep
from services.ticketing.events.questions import QuestionsAnswered, QuestionSet
from services.ticketing.events.reserves import (
    AllotmentReleased,
    AllotmentSet,
    TicketsGiven,
    VoucherLapsed,
    VoucherSet,
)
from services.ticketing.events.seating import (
    Seat,
    SeatArea,
    SeatingPlanSet,
    SeatKind,
    SeatRow,
    seat_name,
)
<<<<<<< HEAD
from services.ticketing.events.series import (
    ReservationEnded,
    ReservationUsed,
    SeriesVoucherSet,
    UseReturned,
    VoucherReserved,
    VoucherTaken,
)
=======
from services.ticketing.events.slots import Break, SlotRule, SlotsMade
>>>>>>> slots
from services.ticketing.events.tickets import TicketCancelled, TicketRefunded, TicketSold
from services.ticketing.events.waiting import (
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)

__all__ = [
    "AdmissionSet",
    "Admitted",
    "AllotmentReleased",
    "AllotmentSet",
    "BoxOfficeChanged",
    "BoxOfficeOpened",
    "Break",
    "CapacitySet",
    "Channel",
    "EntryRule",
    "ExchangeConfirmed",
    "ExchangeDone",
    "ExchangeRefused",
    "ExchangeStarted",
    "Exited",
    "Fee",
    "GateTakes",
    "GuestsCounted",
    "HandOut",
    "HandedOut",
    "HoldEnded",
    "HoldExtended",
    "ImportedFee",
    "Level",
    "Line",
    "MassCancelFinished",
    "MassCancelStarted",
    "OrderApproved",
    "OrderDeclined",
    "OrderImported",
    "OrderMassCancelled",
    "OrderPlaced",
    "OrderReminded",
    "Presale",
    "QuestionSet",
    "QuestionsAnswered",
    "Reason",
    "RefundPolicySet",
    "RefundStep",
    "ReservationEnded",
    "ReservationUsed",
    "SalesResumed",
    "SalesStopped",
    "ScanAnnulled",
    "ScanRefused",
    "Seat",
    "SeatArea",
    "SeatKind",
    "SeatRow",
    "SeatingPlanSet",
<<<<<<< HEAD
    "SeriesVoucherSet",
=======
    "Slot",
    "SlotRule",
    "SlotsMade",
>>>>>>> slots
    "TicketBlocked",
    "TicketCancelled",
    "TicketImported",
    "TicketRefunded",
    "TicketRevoked",
    "TicketSold",
    "TicketTypeSet",
    "TicketUnblocked",
    "TicketsGiven",
    "TicketsHeld",
    "UseReturned",
    "VoucherLapsed",
    "VoucherReserved",
    "VoucherSet",
    "VoucherTaken",
    "WaitingJoined",
    "WaitingKept",
    "WaitingLeft",
    "WaitingPassed",
    "seat_name",
]
