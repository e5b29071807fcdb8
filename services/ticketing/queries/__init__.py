"""What is asked of ticketing's read models."""

from services.ticketing.queries.exchanges import (
    exchange,
)
from services.ticketing.queries.invoices import invoice_of, invoice_requests
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
from services.ticketing.queries.notices import (
    known_night,
    notice,
    notices,
    postponed,
    postponements,
    valid_tickets,
)
from services.ticketing.queries.offers import (
    allotment_of,
    allotments,
    answers_of,
    questions,
    refund_policies,
    series_vouchers,
    used_series_vouchers,
    voucher,
    vouchers,
)
from services.ticketing.queries.rows import Rows
from services.ticketing.queries.tickets import (
    attendees,
    contact_of,
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
    "allotment_of",
    "allotments",
    "answers_of",
    "attendees",
    "availability",
    "board",
    "contact_of",
    "exchange",
    "gates",
    "invoice_of",
    "invoice_requests",
    "known_night",
    "mass_cancel",
    "mass_cancelled",
    "notice",
    "notices",
    "occurrences",
    "offered",
    "open_placed",
    "orders",
    "page_of_tickets",
    "placed_order",
    "placed_orders",
    "postponed",
    "postponements",
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
    "valid_tickets",
    "voucher",
    "vouchers",
    "waiting",
    "waiting_entry",
]
