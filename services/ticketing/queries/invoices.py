"""What is asked of invoices; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader
from services.ticketing.queries.rows import Rows


async def invoice_of(read: Reader, occurrence: str, order: str) -> dict[str, Any] | None:
    """What a guest asked for, sealed, and the `number` of the invoice that was made."""
    rows = await read.fetch(
        "SELECT details, number FROM invoice_requests "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id = $3",
        occurrence,
        order,
    )
    return rows[0] if rows else None


async def invoice_requests(
    read: Reader, occurrence: str, after: str, limit: int, *, is_open: bool
) -> Rows:
    """A page of requests, by order, from the one after `after`: if `is_open` those not settled."""
    return await read.fetch(
        "SELECT order_id, requested_at, details, number, issued_at FROM invoice_requests "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id > $3 "
        "AND (number IS NULL OR NOT $5::boolean) ORDER BY order_id LIMIT $4",
        occurrence,
        after,
        limit,
        is_open,
    )
