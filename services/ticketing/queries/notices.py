"""What is asked of messages to guests; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader
from roadcase.errors import NotFound
from services.ticketing.domain.refusals import NoBoxOffice
from services.ticketing.queries.rows import Rows

_NOTICE = (
    "notice, kind, subject, text, was, now, given_at, guests, told, done, "
    "answer_until, default_answer"
)


async def notice(read: Reader, occurrence: str, name: str) -> dict[str, Any]:
    """Raises NotFound before it can be read."""
    rows = await read.fetch(
        f"SELECT {_NOTICE} FROM notices WHERE tenant = $1 AND occurrence = $2 AND notice = $3",
        occurrence,
        name,
    )
    if not rows:
        raise NotFound
    return rows[0]


async def notices(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of them, by id."""
    return await read.fetch(
        f"SELECT {_NOTICE} FROM notices WHERE tenant = $1 AND occurrence = $2 AND notice > $3 "
        "ORDER BY notice LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def known_night(read: Reader, occurrence: str) -> dict[str, Any]:
    """The night as guests were told of it, and their reminder. Raises NoBoxOffice."""
    rows = await read.fetch(
        "SELECT known, reminder_hours, reminder_subject, reminder_text FROM known_nights "
        "WHERE tenant = $1 AND occurrence = $2",
        occurrence,
    )
    if not rows:
        raise NoBoxOffice(occurrence=occurrence)
    return rows[0]


async def valid_tickets(read: Reader, occurrence: str, order: str) -> int:
    """How many tickets of an order are not void. Raises NotFound before it can be read."""
    rows = await read.fetch(
        "SELECT valid FROM orders WHERE tenant = $1 AND occurrence = $2 AND order_id = $3",
        occurrence,
        order,
    )
    if not rows:
        raise NotFound
    return int(rows[0]["valid"])


async def postponements(read: Reader, occurrence: str) -> Rows:
    """All of a night, the first one first, each with how many orders answered what."""
    return await read.fetch(
        "SELECT postponement, postponed_at, answer_until, default_answer, asking, answered, "
        "by_default FROM postponed_nights WHERE tenant = $1 AND occurrence = $2 "
        "ORDER BY postponed_at, postponement",
        occurrence,
    )


async def postponed(read: Reader, occurrence: str, order: str) -> dict[str, Any] | None:
    """What an order is asked now, and what it answered; None: nothing."""
    rows = await read.fetch(
        "SELECT n.answer_until, n.default_answer, o.answer FROM postponed_nights n "
        "JOIN orders s ON s.tenant = n.tenant AND s.occurrence = n.occurrence "
        "AND s.order_id = $3 AND s.sold_at <= n.postponed_at AND s.valid > 0 "
        "LEFT JOIN postponed_orders o ON o.tenant = n.tenant AND o.occurrence = n.occurrence "
        "AND o.postponement = n.postponement AND o.order_id = $3 "
        "WHERE n.tenant = $1 AND n.occurrence = $2 AND n.asking",
        occurrence,
        order,
    )
    return rows[0] if rows else None
