"""What is asked of suppliers and stalls; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.planning.domain.supplier_refusals import NoStall, NoSupplier

Rows = list[dict[str, Any]]


async def supplier(read: Reader, id_: str) -> dict[str, Any]:
    """One, as they are now. Raises NoSupplier, and Behind."""
    await wait_all_shown(read, "suppliers")
    rows = await read.fetch("SELECT * FROM suppliers WHERE tenant = $1 AND supplier = $2", id_)
    if not rows:
        raise NoSupplier(supplier=id_)
    return rows[0]


async def suppliers(read: Reader, after: str, limit: int) -> Rows:
    """By their ids, whole."""
    return await read.fetch(
        "SELECT * FROM suppliers WHERE tenant = $1 AND supplier > $2 ORDER BY supplier LIMIT $3",
        after,
        limit,
    )


async def suppliers_of(read: Reader, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Those of these who are on the list, as they are now, by their ids. Raises Behind."""
    await wait_all_shown(read, "suppliers")
    rows = await read.fetch("SELECT * FROM suppliers WHERE tenant = $1 AND supplier = ANY($2)", ids)
    return {row["supplier"]: row for row in rows}


async def market(read: Reader, occurrence: str) -> dict[str, Any]:
    """The stalls of an occurrence, as they are now. Raises NoStall, and Behind."""
    await wait_all_shown(read, "markets")
    rows = await read.fetch(
        "SELECT * FROM markets WHERE tenant = $1 AND occurrence = $2", occurrence
    )
    if not rows:
        raise NoStall(occurrence=occurrence)
    return rows[0]
