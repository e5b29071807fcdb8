"""Times are there once in the zone of the event, and what ends does so after it began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from services.planning.manifest import times
from services.planning.manifest.nightly import NAMES, SCHEDULE, hours_of, zone_of
from services.planning.manifest.ordering import compared, when_at
from services.planning.manifest.problems import Path
from services.planning.manifest.shape import of_type, with_fields
from services.planning.manifest.times import At, TimeProblem
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
            found = when_at(view, path)
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
                begins, ends = when_at(view, (*path, first)), when_at(view, (*path, second))
                if begins is None or ends is None:
                    continue
                order = compared(view, hours, begins, ends)
                if order is not None and order >= 0:
                    what = f"{second} is not after {first}"
                    yield Fault((*path, second), "window_order", what)
