"""What is asked of occurrences; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.planning.domain.refusals import NoOccurrence

Rows = list[dict[str, Any]]


async def occurrences(read: Reader, after: str, limit: int) -> Rows:
    """By name, without their manifests."""
    return await read.fetch(
        "SELECT occurrence, title, state, revision, series, venue, steps, selling, paused, "
        "postponed, interrupted, ended, blocked, changed_at FROM occurrences "
        "WHERE tenant = $1 AND occurrence > $2 ORDER BY occurrence LIMIT $3",
        after,
        limit,
    )


async def occurrence(read: Reader, name: str) -> dict[str, Any]:
    """One, as it is now, whole. Raises NoOccurrence, and Behind."""
    found = await declared(read, name)
    if found is None:
        raise NoOccurrence(occurrence=name)
    return found


async def must_be_declared(read: Reader, name: str) -> None:
    """Raises NoOccurrence, and Behind."""
    await occurrence(read, name)


async def people_needed(read: Reader) -> int:
    """How many people this tenant wants for an override, as was said last. Raises Behind."""
    await wait_all_shown(read, "house")
    rows = await read.fetch("SELECT override_people FROM house WHERE tenant = $1")
    return rows[0]["override_people"] if rows else 1


async def declared(read: Reader, name: str) -> dict[str, Any] | None:
    """One, also if it was declared a moment ago; None if it never was."""
    sql = "SELECT * FROM occurrences WHERE tenant = $1 AND occurrence = $2"
    rows = await read.fetch(sql, name)
    if not rows:
        await wait_all_shown(read, "occurrences")
        rows = await read.fetch(sql, name)
    return rows[0] if rows else None


async def series(read: Reader, name: str) -> dict[str, Any] | None:
    """One series, also if it was applied a moment ago; None if it never was."""
    sql = "SELECT * FROM series WHERE tenant = $1 AND series = $2"
    rows = await read.fetch(sql, name)
    if not rows:
        await wait_all_shown(read, "series")
        rows = await read.fetch(sql, name)
    return rows[0] if rows else None


async def parts(read: Reader, name: str) -> Rows:
    """All that a series was split into, itself among them, by name; any of them may be named."""
    part_of = "coalesce(manifest #>> '{spec,recurrence,continues}', series)"
    return await read.fetch(
        f"SELECT * FROM series WHERE tenant = $1 AND {part_of} = coalesce((SELECT {part_of} "
        "FROM series WHERE tenant = $1 AND series = $2), $2) ORDER BY series",
        name,
    )


async def all_series(read: Reader, after: str, limit: int) -> Rows:
    """By name, without their manifests."""
    return await read.fetch(
        "SELECT series, title, revision, made_revision, made_until, refused, kept, changed_at "
        "FROM series WHERE tenant = $1 AND series > $2 ORDER BY series LIMIT $3",
        after,
        limit,
    )


async def announced(read: Reader, limit: int, *, series: str = "", venue: str = "") -> Rows:
    """What people were told of, all or of a series or a venue, whole; the latest of very many."""
    return await read.fetch(
        "SELECT * FROM occurrences WHERE tenant = $1 AND state NOT IN ('draft', 'planned') "
        "AND ($2 = '' OR series = $2) AND ($3 = '' OR venue_name = $3) "
        "ORDER BY changed_at DESC, occurrence LIMIT $4",
        series,
        venue,
        limit,
    )
