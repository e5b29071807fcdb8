"""Times are there once in the zone of the event, and what ends does so after it began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.planning.manifest import times
from services.planning.manifest.nightly import (
    NAMES,
    SCHEDULE,
    Hours,
    hours_of,
    programme_over,
    zone_of,
)
from services.planning.manifest.problems import Path
from services.planning.manifest.shape import of_type, with_fields
from services.planning.manifest.times import At, Relative, TimeProblem
from services.planning.manifest.view import Fault, View

_PAIRS: Final = (("opens", "closes"), ("starts", "ends"))


def clocks(view: View) -> Iterator[Fault]:
    """No time is one that clocks skip, and one that comes twice says which is meant."""
    hours = hours_of(view)
    zone = zone_of(view)
    if zone is None:
        return
    walls: dict[Path, datetime] = {}
    if hours and hours.dated:
        walls = {(*SCHEDULE, name): wall for name, wall in hours.walls.items()}
    inside = {(*SCHEDULE, name) for name in NAMES}
    for pattern in of_type(view.model, At):
        for path in view.matching(pattern):
            found = _when(view, path)
            if path not in inside and isinstance(found, At) and found.day is not None:
                walls[path] = datetime.combine(found.day, found.clock)
    chosen = hours.fold if hours else None
    for path, wall in walls.items():
        try:
            times.instant(wall, zone, chosen)
        except TimeProblem as problem:
            yield Fault(path, problem.code, str(problem))


def windows(view: View) -> Iterator[Fault]:
    """What opens closes later, and who starts ends later."""
    hours = hours_of(view)
    for first, second in _PAIRS:
        for pattern in with_fields(view.model, first, second):
            for path in view.matching(pattern):
                begins, ends = _when(view, (*path, first)), _when(view, (*path, second))
                if begins is None or ends is None:
                    continue
                if _later(view, hours, begins, ends):
                    what = f"{second} is not after {first}"
                    yield Fault((*path, second), "window_order", what)


def _when(view: View, path: Path) -> At | Relative | None:
    text = view.text(*path)
    if text is None:
        return None
    try:
        return times.read_when(text)
    except TimeProblem:
        return None


def _later(view: View, hours: Hours | None, one: At | Relative, other: At | Relative) -> bool:
    """Whether the one is not before the other, if that can be known."""
    if isinstance(one, Relative) and isinstance(other, Relative) and one.anchor == other.anchor:
        return one.minutes >= other.minutes
    first, second = _wall(view, hours, one), _wall(view, hours, other)
    return first is not None and second is not None and first >= second


def _wall(view: View, hours: Hours | None, when: At | Relative) -> datetime | None:
    if isinstance(when, At):
        return datetime.combine(when.day, when.clock) if when.day else None
    if hours is None or not hours.dated:
        return None
    anchor = hours.walls.get(when.anchor)
    if anchor is None and when.anchor == "end":
        over = programme_over(view, hours)
        anchor = over.wall if over else None
    return anchor + timedelta(minutes=when.minutes) if anchor else None
