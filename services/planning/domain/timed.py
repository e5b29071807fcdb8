"""What an occurrence and a series declare to be done when: told in full whenever it changes."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.domain.state import Occurrence
from services.planning.events.schedules import (
    PlannedSchedule,
    SchedulesPlanned,
    SeriesSchedulesPlanned,
)

Schedules = tuple[PlannedSchedule, ...]


def of_occurrence(occurrence: Occurrence) -> Iterator[SchedulesPlanned]:
    """Nothing is done for one that is cancelled; what is relative waits while it has no time."""
    applied, before = occurrence.applied, occurrence.timed
    if applied is None:
        return
    off = occurrence.state in ("draft", "cancelled")
    schedules = () if off else applied.schedules
    anchors = applied.anchors if schedules and occurrence.postponed is None else None
    had = before.schedules if before else ()
    if schedules != had or (before and before.anchors != anchors):
        yield SchedulesPlanned(
            owner=applied.occurrence,
            schedules=schedules,
            dropped=_dropped(had, schedules),
            anchors=anchors,
        )


def of_series(
    owner: str, schedules: Schedules, before: SeriesSchedulesPlanned | None
) -> Iterator[SeriesSchedulesPlanned]:
    had = before.schedules if before else ()
    if schedules != had:
        dropped = _dropped(had, schedules)
        yield SeriesSchedulesPlanned(owner=owner, schedules=schedules, dropped=dropped)


def _dropped(before: Schedules, now: Schedules) -> tuple[str, ...]:
    there = {each.schedule for each in now}
    return tuple(each.schedule for each in before if each.schedule not in there)
