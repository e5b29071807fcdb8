"""What is asked of crew; `$1` is always the tenant."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from roadcase.doors import Reader, wait_all_shown
from services.planning.domain.crew_members import lacking
from services.planning.domain.crew_refusals import NoMember, NoPosition
from services.planning.events import PlannedShift

Rows = list[dict[str, Any]]


async def crew_event(read: Reader, occurrence: str) -> dict[str, Any] | None:
    """None: it needs nobody, or is not there."""
    rows = await read.fetch(
        "SELECT * FROM crew_events WHERE tenant = $1 AND occurrence = $2", occurrence
    )
    return rows[0] if rows else None


async def crew_position(read: Reader, occurrence: str, position: str) -> dict[str, Any]:
    """As it is now, with what its crew is told of the event. Raises NoPosition."""
    await wait_all_shown(read, "crew_positions")
    rows = await read.fetch(
        "SELECT p.*, e.title AS event_title, e.zone, e.place, e.begins, e.ends "
        "FROM crew_positions p JOIN crew_events e USING (tenant, occurrence) "
        "WHERE tenant = $1 AND p.occurrence = $2 AND p.position = $3",
        occurrence,
        position,
    )
    if not rows:
        raise NoPosition(occurrence=occurrence, position=position)
    return rows[0]


async def crew_positions(read: Reader, occurrence: str) -> Rows:
    """As they are now, by role, with what is known of who has each.

    `lacks`: certificates that they do not have, or that do not last until the night. Raises Behind.
    """
    await wait_all_shown(read, "crew_positions")
    rows = await read.fetch(
        "SELECT p.*, e.zone, m.contact, m.shares_contact, m.certificates AS has "
        "FROM crew_positions p JOIN crew_events e USING (tenant, occurrence) "
        "LEFT JOIN crew_members m USING (tenant, person) "
        "WHERE tenant = $1 AND p.occurrence = $2 ORDER BY p.role, length(p.position), p.position",
        occurrence,
    )
    return [{**row, "lacks": _lacks(row)} for row in rows]


def _lacks(row: dict[str, Any]) -> dict[str, str]:
    if row["has"] is None:
        return {}
    has = {name: date.fromisoformat(day) if day else None for name, day in row["has"].items()}
    return lacking(has, row["certificates"], shifts_of(row), row["zone"])


def shifts_of(row: dict[str, Any]) -> tuple[PlannedShift, ...]:
    return msgspec.convert(row["shifts"], tuple[PlannedShift, ...])


async def crew_member(read: Reader, person: str) -> dict[str, Any]:
    """Raises NoMember."""
    await wait_all_shown(read, "crew_members")
    rows = await read.fetch("SELECT * FROM crew_members WHERE tenant = $1 AND person = $2", person)
    if not rows:
        raise NoMember(person=person)
    return rows[0]


async def crew_members(read: Reader, after: str, limit: int) -> Rows:
    """By id."""
    return await read.fetch(
        "SELECT * FROM crew_members WHERE tenant = $1 AND person > $2 ORDER BY person LIMIT $3",
        after,
        limit,
    )


async def crew_clock(read: Reader, occurrence: str) -> Rows:
    """In the order in which people came."""
    return await read.fetch(
        "SELECT * FROM crew_clock WHERE tenant = $1 AND occurrence = $2 ORDER BY number",
        occurrence,
    )
