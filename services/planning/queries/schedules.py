"""What is asked of schedules; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.planning.domain.schedule_refusals import UnknownSchedule

Rows = list[dict[str, Any]]


async def schedules(read: Reader, owner: str, after: str, limit: int) -> Rows:
    """By id; of one event or series, or of all. What is declared no more is not among them."""
    return await read.fetch(
        "SELECT * FROM schedules WHERE tenant = $1 AND ($2 = '' OR owner = $2) AND schedule > $3 "
        "AND steps <> '[]' ORDER BY schedule LIMIT $4",
        owner,
        after,
        limit,
    )


async def schedule_firings(read: Reader, schedule: str, after: str, limit: int) -> Rows:
    """Of one schedule, by their keys, with what became of each, and whom it reached.

    Raises UnknownSchedule, Behind.
    """
    await wait_all_shown(read, "schedules")
    if not await read.fetch(
        "SELECT 1 FROM schedules WHERE tenant = $1 AND schedule = $2", schedule
    ):
        raise UnknownSchedule(schedule=schedule)
    rows = await read.fetch(
        "SELECT * FROM schedule_firings WHERE tenant = $1 AND schedule = $2 AND firing > $3 "
        "ORDER BY firing LIMIT $4",
        schedule,
        after,
        limit,
    )
    told = await _told(read, [f"{schedule}/{row['firing']}" for row in rows])
    return [{**row, "told": told.get(f"{schedule}/{row['firing']}", [])} for row in rows]


async def _told(read: Reader, firings: list[str]) -> dict[str, Rows]:
    """By firing: each audience, how many of it were told, and who could not be reached."""
    rows = await read.fetch(
        "SELECT firing, audience, told, unreached FROM tellings "
        "WHERE tenant = $1 AND firing = ANY($2) ORDER BY firing, audience, telling",
        firings,
    )
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row.pop("firing"), []).append(row)
    return found
