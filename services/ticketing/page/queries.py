"""What the live page asks of ticketing's read models; `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.ticketing.domain.refusals import NoBoxOffice

SHOWN = 8  # tickets that were sold last
_FIGURES = ("capacity", "sold", "held", "free", "takings", "refunds")


async def night(read: Reader, occurrence: str) -> dict[str, Any]:
    """The figures of a night and the tickets it sold last, also of one opened a moment ago.

    Raises NoBoxOffice, and Behind.
    """
    sql = (
        "SELECT board.*, zone, starts_at, types FROM board "
        "JOIN availability USING (tenant, occurrence) "
        "WHERE board.tenant = $1 AND board.occurrence = $2"
    )
    rows = await read.fetch(sql, occurrence)
    if not rows:
        for projection in ("board", "availability"):
            await wait_all_shown(read, projection)
        rows = await read.fetch(sql, occurrence)
    if not rows:
        raise NoBoxOffice(occurrence=occurrence)
    row = rows[0]
    return {
        "occurrence": occurrence,
        "name": row["name"],
        "zone": row["zone"],
        "starts_at": row["starts_at"],
        **figures(row),
        "last": await last_sold(read, occurrence, row["types"]),
    }


def figures(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of a row of `board`. `tickets` were ever sold, void ones among them."""
    found = {name: row[name] for name in _FIGURES}
    return {**found, "tickets": row["tickets_sold"] + row["tickets_void"]}


async def last_sold(
    read: Reader,
    occurrence: str,
    types: Mapping[str, Any] | None = None,
    until: datetime | None = None,
) -> list[dict[str, Any]]:
    """The tickets sold last, or last until then. No codes: whoever sees one can enter with it."""
    rows = await read.fetch(
        "SELECT ticket, number, ticket_type, price_minor, currency, attendees.sold_at, "
        "state, channel, tickets AS of FROM ("
        "  SELECT tenant, occurrence, order_id, channel, tickets, sold_at FROM orders"
        "  WHERE tenant = $1 AND occurrence = $2"
        "  AND sold_at <= coalesce($3::timestamptz, 'infinity')"
        "  ORDER BY sold_at DESC LIMIT $4) AS last "
        "JOIN attendees USING (tenant, occurrence, order_id) "
        "ORDER BY last.sold_at DESC, order_id DESC, number DESC LIMIT $4",
        occurrence,
        until,
        SHOWN,
    )
    if types is None:
        types = await _types(read, occurrence)
    return [{**row, "type_name": types[row["ticket_type"]]["name"]} for row in rows]


async def _types(read: Reader, occurrence: str) -> Mapping[str, Any]:
    rows = await read.fetch(
        "SELECT types FROM availability WHERE tenant = $1 AND occurrence = $2", occurrence
    )
    if not rows:
        raise NoBoxOffice(occurrence=occurrence)
    types: Mapping[str, Any] = rows[0]["types"]
    return types
