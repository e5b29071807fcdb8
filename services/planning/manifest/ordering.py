"""Which of two times of a manifest comes first, as far as that can be known."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final

from services.planning.manifest import times
from services.planning.manifest.nightly import Hours, programme_over
from services.planning.manifest.problems import Path
from services.planning.manifest.times import At, Relative, TimeProblem
from services.planning.manifest.view import View

_MIDNIGHT: Final = time()


def when_at(view: View, path: Path) -> At | Relative | None:
    """The time there, if it is right by itself."""
    text = view.text(*path)
    try:
        return times.read_when(text) if text is not None else None
    except TimeProblem:
        return None


def compared(
    view: View, hours: Hours | None, one: At | Relative, other: At | Relative
) -> int | None:
    """Below 0: the one is first; 0: both are at once; None: that depends on the day."""
    if isinstance(one, Relative) and isinstance(other, Relative):
        alike = (one.clock is None) == (other.clock is None)
        if one.anchor == other.anchor and alike:
            return _sign(_apart(one), _apart(other))
    first, second = _moment(view, hours, one), _moment(view, hours, other)
    return _sign(first, second) if first is not None and second is not None else None


def _apart(when: Relative) -> tuple[int, time]:
    return when.minutes, when.clock or _MIDNIGHT


def _sign(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _moment(view: View, hours: Hours | None, when: At | Relative) -> datetime | None:
    if hours is None or hours.zone is None:
        return None
    fold = hours.fold or "first"
    if isinstance(when, At):
        wall = datetime.combine(when.day, when.clock) if when.day else None
        return times.settled(wall, hours.zone, fold).moment if wall else None
    anchor = _anchor(view, hours, when.anchor) if hours.dated else None
    if anchor is None:
        return None
    moment = times.settled(anchor, hours.zone, fold).moment
    return times.moment_of(when, moment, hours.zone, fold)


def _anchor(view: View, hours: Hours, name: str) -> datetime | None:
    """The local time of an anchor. Doors that nobody declared open at start."""
    if name == "end" and name not in hours.walls:
        over = programme_over(view, hours)
        return over.wall if over else None
    return hours.walls.get(name, hours.walls["start"])
