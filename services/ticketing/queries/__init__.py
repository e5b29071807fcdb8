"""What is asked of ticketing's read models."""

from services.ticketing.queries.exchanges import (
    exchange,
)
from services.ticketing.queries.mass_cancel import (
    mass_cancel,
    mass_cancelled,
    open_placed,
    to_cancel,
)
from services.ticketing.queries.nights import (
    availability,
    board,
    gates,
    occurrences,
    seated_pools,
    seats,
    slot_rules,
)
from services.ticketing.queries.offers import (
    allotments,
    answers_of,
    questions,
    refund_policies,
    series_vouchers,
    used_series_vouchers,
    vouchers,
)
from services.ticketing.queries.rows import Rows
from services.ticketing.queries.tickets import (
    attendees,
    orders,
    page_of_tickets,
    scan,
    scans,
    seat_of,
    ticket_from_elsewhere,
    tickets_of,
    tickets_with,
)
from services.ticketing.queries.waits import (
    offered,
    placed_order,
    placed_orders,
    waiting,
    waiting_entry,
)

__all__ = [
    "Rows",
    "allotments",
    "answers_of",
    "attendees",
    "availability",
    "board",
    "exchange",
    "gates",
    "mass_cancel",
    "mass_cancelled",
    "occurrences",
    "offered",
    "open_placed",
    "orders",
    "page_of_tickets",
    "placed_order",
    "placed_orders",
    "questions",
    "refund_policies",
    "scan",
    "scans",
    "seat_of",
    "seated_pools",
    "seats",
    "series_vouchers",
    "slot_rules",
    "ticket_from_elsewhere",
    "tickets_of",
    "tickets_with",
    "to_cancel",
    "used_series_vouchers",
    "vouchers",
    "waiting",
    "waiting_entry",
]
