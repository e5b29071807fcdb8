"""What is asked of orders, their tickets, and scans; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.ticketing.queries.rows import Rows


async def tickets_of(read: Reader, occurrence: str, order: str) -> Rows:
    """The tickets of one order, by number."""
    return await read.fetch(
        "SELECT ticket, number, ticket_type, code, price_minor, fee_minor, currency, admits, "
        "addon_to, bundle, seat, state, policy, earned, given_back, admitted_at FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id = $3 ORDER BY number",
        occurrence,
        order,
    )


async def contact_of(read: Reader, occurrence: str, order: str) -> Rows:
    """The contact of one order, sealed, if there is such an order."""
    return await read.fetch(
        "SELECT contact FROM orders WHERE tenant = $1 AND occurrence = $2 AND order_id = $3",
        occurrence,
        order,
    )


async def page_of_tickets(
    read: Reader, occurrence: str, order: str, after: int, limit: int
) -> Rows:
    """Tickets of one order as their guest sees them, by number, from the one after `after`."""
    return await read.fetch(
        "SELECT ticket, number, ticket_type, code, price_minor + fee_minor AS price_minor, "
        "currency, admits, addon_to, seat, state, sold_at, inside, valid_from, valid_until, "
        "admitted_at FROM attendees WHERE tenant = $1 AND occurrence = $2 AND order_id = $3 "
        "AND number > $4 ORDER BY number LIMIT $5",
        occurrence,
        order,
        after,
        limit,
    )


async def tickets_with(read: Reader, occurrence: str, code: str) -> Rows:
    """Tickets that have this code, two at most: those of this occurrence, or else of another.

    A ticket that was sold a moment ago may not be shown yet: before none is found, whatever the
    log holds now is waited for. Raises Behind.
    """
    sql = (
        "SELECT occurrence, ticket FROM attendees WHERE tenant = $1 AND code = $2 "
        "ORDER BY occurrence = $3 DESC, occurrence, ticket LIMIT 2"
    )
    rows = await read.fetch(sql, code, occurrence)
    if not rows:
        await wait_all_shown(read, "attendees")
        rows = await read.fetch(sql, code, occurrence)
    return [row for row in rows if row["occurrence"] == rows[0]["occurrence"]]


async def seat_of(read: Reader, occurrence: str, ticket: str) -> str | None:
    """None for a ticket without a seat, and for one that is not known."""
    rows = await read.fetch(
        "SELECT seat FROM attendees WHERE tenant = $1 AND occurrence = $2 AND ticket = $3",
        occurrence,
        ticket,
    )
    return rows[0]["seat"] if rows else None


async def ticket_from_elsewhere(
    read: Reader, occurrence: str, secret: str
) -> dict[str, Any] | None:
    """The ticket that had this code where it was sold: of this occurrence, or else of another."""
    rows = await read.fetch(
        "SELECT occurrence, ticket FROM imported_tickets WHERE tenant = $1 AND secret = $2 "
        "ORDER BY occurrence = $3 DESC, state = 'valid' DESC, ticket DESC LIMIT 1",
        secret,
        occurrence,
    )
    return rows[0] if rows else None


async def scan(read: Reader, occurrence: str, nonce: str) -> dict[str, Any]:
    """What was answered to a scan that there is."""
    rows = await read.fetch(
        "SELECT result, reason, detail, ticket, since, since_gate, told FROM scans "
        "WHERE tenant = $1 AND occurrence = $2 AND nonce = $3",
        occurrence,
        nonce,
    )
    return rows[0]


async def orders(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of orders, by id, from the one after `after`. Contacts are sealed."""
    return await read.fetch(
        "SELECT order_id, sold_at, channel, payment_reference, tickets, valid, amount_minor, "
        "refunded_minor, currency, subject, contact FROM orders "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id > $3 ORDER BY order_id LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def attendees(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of tickets, by id. Contacts are sealed."""
    return await read.fetch(
        "SELECT ticket, order_id, ticket_type, seat, code, sold_at, state, inside, admitted_at, "
        "gate, subject, contact "
        "FROM attendees WHERE tenant = $1 AND occurrence = $2 AND ticket > $3 "
        "ORDER BY ticket LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def scans(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of scans, by nonce."""
    return await read.fetch(
        "SELECT nonce, at, gate, direction, result, reason, detail, ticket FROM scans "
        "WHERE tenant = $1 AND occurrence = $2 AND nonce > $3 ORDER BY nonce LIMIT $4",
        occurrence,
        after,
        limit,
    )
