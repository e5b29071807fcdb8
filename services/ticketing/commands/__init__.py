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

__all__ = [
    "CancelOrder",
    "CatchUp",
    "ChangeBoxOffice",
    "CheckIn",
    "ConfirmOrder",
    "ExtendHold",
    "HoldTickets",
    "Line",
    "OpenBoxOffice",
    "RefundTickets",
    "ReleaseHold",
    "RevokeTicket",
    "SellTickets",
    "TicketType",
]
