"""What is asked of a night: what is left, its seats, its gates; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.ticketing.domain.refusals import NoBoxOffice, UnknownPool
from services.ticketing.events import seat_name
from services.ticketing.queries.rows import Rows


async def availability(read: Reader, occurrence: str) -> dict[str, Any]:
    """Pools and types of an occurrence, also of one opened a moment ago.

    Raises NoBoxOffice, and Behind.
    """
    sql = (
        "SELECT occurrence, name, starts_at, ends_at, zone, pools, types, paused FROM availability "
        "WHERE tenant = $1 AND occurrence = $2"
    )
    rows = await read.fetch(sql, occurrence)
    if not rows:
        await wait_all_shown(read, "availability")
        rows = await read.fetch(sql, occurrence)
    return _there(rows, occurrence)


async def board(read: Reader, occurrence: str) -> dict[str, Any]:
    """The night in numbers. Raises NoBoxOffice."""
    rows = await read.fetch("SELECT * FROM board WHERE tenant = $1 AND occurrence = $2", occurrence)
    found = _there(rows, occurrence)
    del found["tenant"]
    return found


async def occurrences(read: Reader) -> Rows:
    return await read.fetch(
        "SELECT occurrence, name, capacity, sold, held, free FROM board "
        "WHERE tenant = $1 ORDER BY occurrence LIMIT 200"
    )


async def seats(read: Reader, occurrence: str, pool: str) -> dict[str, Any]:
    """The plan of a pool, each seat with its name and state. Raises UnknownPool."""
    rows = await read.fetch(
        "SELECT plans -> $3 AS plan, taken -> $3 AS taken FROM seating "
        "WHERE tenant = $1 AND occurrence = $2",
        occurrence,
        pool,
    )
    plan: dict[str, Any] | None = rows[0]["plan"] if rows else None
    if plan is None:
        raise UnknownPool(pool=pool)
    states = dict.fromkeys(plan["blocked"], "blocked") | (rows[0]["taken"] or {})
    for area in plan["areas"]:
        for row in area["rows"]:
            for seat in row["seats"]:
                seat["seat"] = seat_name(area["name"], row["name"], seat["name"])
                seat["state"] = states.get(seat["seat"], "free")
    return plan


async def seated_pools(read: Reader, occurrence: str) -> dict[str, Any]:
    """The plans of a night by pool; none: it has no seats."""
    rows = await read.fetch(
        "SELECT jsonb_object_keys(plans) AS pool FROM seating "
        "WHERE tenant = $1 AND occurrence = $2 ORDER BY 1",
        occurrence,
    )
    return {row["pool"]: await seats(read, occurrence, row["pool"]) for row in rows}


async def slot_rules(read: Reader, occurrence: str) -> Rows:
    """The rules that the slots of a night were made by."""
    return await read.fetch(
        "SELECT slots, zone, rule, number, missing, twice FROM slots "
        "WHERE tenant = $1 AND occurrence = $2 ORDER BY slots",
        occurrence,
    )


async def gates(read: Reader, occurrence: str) -> dict[str, Any]:
    """How the gates decide, and how many are in. Nobody, where nothing was said yet."""
    rows = await read.fetch(
        "SELECT occupancy, counted, occupancy_max, gates, plan FROM gates "
        "WHERE tenant = $1 AND occurrence = $2",
        occurrence,
    )
    none: dict[str, Any] = {
        "occupancy": 0,
        "counted": 0,
        "occupancy_max": None,
        "gates": {},
        "plan": {},
    }
    return rows[0] if rows else none


def _there(rows: Rows, occurrence: str) -> dict[str, Any]:
    if not rows:
        raise NoBoxOffice(occurrence=occurrence)
    return rows[0]
