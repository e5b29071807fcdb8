"""What is asked of who waits: for tickets, or with a payment; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader
from services.ticketing.domain.refusals import UnknownEntry
from services.ticketing.queries.rows import Rows


async def waiting_entry(read: Reader, occurrence: str, entry: str) -> dict[str, Any]:
    """Where somebody stands who waits, or waited. Raises UnknownEntry."""
    rows = await read.fetch(
        "SELECT entry, state, ticket_types, quantity, priority, joined_at, offer, until "
        "FROM waiting WHERE tenant = $1 AND occurrence = $2 AND entry = $3",
        occurrence,
        entry,
    )
    if not rows:
        raise UnknownEntry(entry=entry)
    return rows[0]


async def offered(read: Reader, occurrence: str, entry: str) -> dict[str, Any]:
    """What somebody who waits may be shown, and what buys it for them. Raises UnknownEntry."""
    rows = await read.fetch(
        "SELECT entry, state, ticket_types, quantity, offer, ticket_type, total, until, subject, "
        "contact FROM waiting WHERE tenant = $1 AND occurrence = $2 AND entry = $3",
        occurrence,
        entry,
    )
    if not rows:
        raise UnknownEntry(entry=entry)
    return rows[0]


async def waiting(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of those who still wait, in the order in which they are served."""
    return await read.fetch(
        "SELECT entry, state, ticket_types, quantity, priority, joined_at, offer, until, subject, "
        "contact FROM waiting WHERE tenant = $1 AND occurrence = $2 "
        "AND state IN ('waiting', 'kept', 'passed') AND ($3 = '' OR (-priority, position) > "
        "(SELECT -last.priority, last.position FROM waiting AS last "
        "WHERE last.tenant = $1 AND last.occurrence = $2 AND last.entry = $3)) "
        "ORDER BY priority DESC, position LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def placed_orders(read: Reader, occurrence: str, state: str, after: str, limit: int) -> Rows:
    """A page of orders that were placed, by id: of one state, or with "" of all."""
    return await read.fetch(
        "SELECT order_id, placed_at, total_minor, currency, until, state, reminded_at, reason, "
        "subject, contact FROM placed_orders WHERE tenant = $1 AND occurrence = $2 "
        "AND ($3 = '' OR state = $3) AND order_id > $4 ORDER BY order_id LIMIT $5",
        occurrence,
        state,
        after,
        limit,
    )


async def placed_order(read: Reader, occurrence: str, order: str) -> dict[str, Any] | None:
    """One order that was placed."""
    rows = await read.fetch(
        "SELECT state, until, total_minor, currency FROM placed_orders "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id = $3",
        occurrence,
        order,
    )
    return rows[0] if rows else None
