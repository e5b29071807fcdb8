"""The facts ticketing owns. Fields are only ever added; a changed meaning is a new topic."""

from services.ticketing.events.admission import Admitted, Exited, Reason, ScanRefused, TicketRevoked
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
    TicketsHeld,
    TicketTypeSet,
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
from services.ticketing.events.tickets import TicketCancelled, TicketRefunded, TicketSold
from services.ticketing.events.waiting import (
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)

__all__ = [
    "Admitted",
    "AllotmentReleased",
    "AllotmentSet",
    "BoxOfficeChanged",
    "BoxOfficeOpened",
    "CapacitySet",
    "Channel",
    "Exited",
    "Fee",
    "HoldEnded",
    "HoldExtended",
    "Level",
    "Line",
    "OrderApproved",
    "OrderDeclined",
    "OrderPlaced",
    "OrderReminded",
    "Presale",
    "QuestionSet",
    "QuestionsAnswered",
    "Reason",
    "RefundPolicySet",
    "RefundStep",
    "ScanRefused",
    "Seat",
    "SeatArea",
    "SeatKind",
    "SeatRow",
    "SeatingPlanSet",
    "TicketCancelled",
    "TicketRefunded",
    "TicketRevoked",
    "TicketSold",
    "TicketTypeSet",
    "TicketsGiven",
    "TicketsHeld",
    "VoucherLapsed",
    "VoucherSet",
    "WaitingJoined",
    "WaitingKept",
    "WaitingLeft",
    "WaitingPassed",
    "seat_name",
]
