"""What gates ask of the read models; `$1` is always the tenant."""

from __future__ import annotations

from roadcase.doors import Reader
from services.ticketing.queries import Rows


async def ticket_at_gate(read: Reader, occurrence: str, ticket: str) -> Rows:
    """A ticket and the add-ons that came with it; none, where it is not known (yet)."""
    return await read.fetch(
        "SELECT ticket, order_id, ticket_type, admits, state, addon_to, valid_from, valid_until "
        "FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id = (SELECT order_id FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND ticket = $3) AND (ticket = $3 OR addon_to = $3) "
        "ORDER BY number",
        occurrence,
        ticket,
    )


async def has_to_answer(read: Reader, occurrence: str, order: str, ticket_type: str) -> bool:
    """Whether something is asked for tickets of this type that this order has not answered."""
    rows = await read.fetch(
        "SELECT ticket_types FROM questions q WHERE tenant = $1 AND occurrence = $2 AND required "
        "AND active AND NOT EXISTS (SELECT FROM answers a WHERE a.tenant = $1 "
        "AND a.occurrence = $2 AND a.order_id = $3)",
        occurrence,
        order,
    )
    return any(not row["ticket_types"] or ticket_type in row["ticket_types"] for row in rows)


async def waits(read: Reader, occurrence: str, order: str) -> str | None:
    """What an order that was placed waits for: `requested` (approval) or `unpaid`."""
    rows = await read.fetch(
        "SELECT state FROM placed_orders WHERE tenant = $1 AND occurrence = $2 "
        "AND order_id = $3 AND state IN ('requested', 'unpaid')",
        occurrence,
        order,
    )
    return rows[0]["state"] if rows else None


async def contacts(read: Reader, occurrence: str) -> Rows:
    """Whose the tickets are, sealed: each that has somebody."""
    return await read.fetch(
        "SELECT ticket, contact FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND contact IS NOT NULL",
        occurrence,
    )


async def guests(read: Reader, occurrence: str, tickets: list[str]) -> Rows:
    """These tickets as a gate lists them. Contacts are sealed."""
    return await read.fetch(
        "SELECT ticket, ticket_type, code, state, inside, admitted_at, contact FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND ticket = ANY($3) ORDER BY ticket",
        occurrence,
        tickets,
    )
