"""What is asked of nights that are cancelled as a whole; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader
from services.ticketing.domain.process_refusals import UnknownProcess
from services.ticketing.queries.rows import Rows


async def mass_cancel(read: Reader, process: str) -> dict[str, Any]:
    """How far a process is. Raises UnknownProcess."""
    rows = await read.fetch(
        "SELECT occurrence, reason, state, orders, refused, back, started_at, finished_at "
        "FROM mass_cancels WHERE tenant = $1 AND process = $2",
        process,
    )
    if not rows:
        raise UnknownProcess(process=process)
    return rows[0]


async def mass_cancelled(read: Reader, process: str, after: str, limit: int) -> Rows:
    """A page of what became of orders, by id."""
    return await read.fetch(
        "SELECT order_id, outcome, amount_minor, currency, why FROM mass_cancelled_orders "
        "WHERE tenant = $1 AND process = $2 AND order_id > $3 ORDER BY order_id LIMIT $4",
        process,
        after,
        limit,
    )


async def to_cancel(read: Reader, occurrence: str) -> Rows:
    """By currency: orders with valid tickets, their valid tickets, and what was paid and kept."""
    return await read.fetch(
        "SELECT currency, count(DISTINCT order_id) AS orders, count(*) AS tickets, "
        "sum(price_minor + fee_minor)::bigint AS minor FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND state = 'sold' "
        "GROUP BY currency ORDER BY currency",
        occurrence,
    )


async def open_placed(read: Reader, occurrence: str) -> int:
    """How many placed orders wait for approval or payment."""
    rows = await read.fetch(
        "SELECT count(*) AS placed FROM placed_orders WHERE tenant = $1 AND occurrence = $2 "
        "AND state IN ('requested', 'unpaid')",
        occurrence,
    )
    return int(rows[0]["placed"])
