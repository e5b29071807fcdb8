"""What may be asked of ticketing. Callers choose ids, so a retry is harmless; times are ours."""

from services.ticketing.commands.admission import CheckIn, RevokeTicket
from services.ticketing.commands.box_office import (
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
from services.ticketing.commands.fields import Line, TicketType
from services.ticketing.commands.questions import (
    Answered,
    AnswerQuestions,
    Question,
    SetQuestions,
)

__all__ = [
    "AnswerQuestions",
    "Answered",
    "CancelOrder",
    "CatchUp",
    "ChangeBoxOffice",
    "CheckIn",
    "ConfirmOrder",
    "ExtendHold",
    "HoldTickets",
    "Line",
    "OpenBoxOffice",
    "Question",
    "RefundTickets",
    "ReleaseHold",
    "RevokeTicket",
    "SellTickets",
    "SetQuestions",
    "TicketType",
]
