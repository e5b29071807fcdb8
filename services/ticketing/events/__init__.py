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
from services.ticketing.events.questions import QuestionsAnswered, QuestionSet
from services.ticketing.events.seating import (
    Seat,
    SeatArea,
    SeatingPlanSet,
    SeatKind,
    SeatRow,
    seat_name,
)
from services.ticketing.events.tickets import TicketCancelled, TicketRefunded, TicketSold

__all__ = [
    "Admitted",
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
    "Presale",
    "QuestionSet",
    "QuestionsAnswered",
    "Reason",
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
    "TicketsHeld",
    "seat_name",
]
