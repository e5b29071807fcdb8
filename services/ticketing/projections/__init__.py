"""What ticketing shows: pure folds of its own facts, one class for each table."""

from services.ticketing.projections.availability import Availability
from services.ticketing.projections.board import Board, SalesByMinute
from services.ticketing.projections.exchanges import Exchanges
from services.ticketing.projections.gates import Gates
from services.ticketing.projections.importing import ImportedTickets
from services.ticketing.projections.invoices import InvoiceRequests
from services.ticketing.projections.mass_cancel import (
    MassCancelledOrders,
    MassCancels,
)
from services.ticketing.projections.notices import KnownNights, Notices
from services.ticketing.projections.pending import PlacedOrders
from services.ticketing.projections.people import Attendees, Orders
from services.ticketing.projections.policies import RefundPolicies
from services.ticketing.projections.postponed import PostponedNights, PostponedOrders
from services.ticketing.projections.questions import Answers, Questions
from services.ticketing.projections.reserves import Allotments, Vouchers
from services.ticketing.projections.scans import Scans
from services.ticketing.projections.seating import Seating
from services.ticketing.projections.series import SeriesReservations, SeriesVouchers
from services.ticketing.projections.slots import Slots
from services.ticketing.projections.waiting import Waiting

PROJECTIONS = (
    Availability(),
    Board(),
    SalesByMinute(),
    Orders(),
    Attendees(),
    Scans(),
    Gates(),
    Questions(),
    Answers(),
    Vouchers(),
    Allotments(),
    ImportedTickets(),
    Waiting(),
    Seating(),
    RefundPolicies(),
    PlacedOrders(),
    Notices(),
    KnownNights(),
    PostponedNights(),
    PostponedOrders(),
    SeriesVouchers(),
    SeriesReservations(),
    MassCancels(),
    Exchanges(),
    MassCancelledOrders(),
    Slots(),
    InvoiceRequests(),
)

__all__ = [
    "PROJECTIONS",
    "Allotments",
    "Answers",
    "Attendees",
    "Availability",
    "Board",
    "Exchanges",
    "Gates",
    "ImportedTickets",
    "InvoiceRequests",
    "KnownNights",
    "MassCancelledOrders",
    "MassCancels",
    "Notices",
    "Orders",
    "PlacedOrders",
    "PostponedNights",
    "PostponedOrders",
    "Questions",
    "RefundPolicies",
    "SalesByMinute",
    "Scans",
    "Seating",
    "SeriesReservations",
    "SeriesVouchers",
    "Slots",
    "Vouchers",
    "Waiting",
]
