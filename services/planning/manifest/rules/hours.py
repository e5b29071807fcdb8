"""Load-in, doors, start, end, load-out and curfew come in this order, and end when they should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.planning.manifest.nightly import SCHEDULE, Hours, at, hours_of, programme_over
from services.planning.manifest.view import Fault, View

# What is not before what; where the first is missing, the second is compared with the next.
_ORDER: Final = (
    ("loadIn", "doors", "time_order", "load-in is after doors"),
    ("loadIn", "start", "time_order", "load-in is after start"),
    ("doors", "start", "time_order", "doors are after start"),
    ("end", "loadOut", "time_order", "load-out is before end"),
    ("end", "curfew", "curfew", "the curfew is before end"),
)
_NOTHING: Final = timedelta()
_DAY: Final = timedelta(hours=24)
_WEEK: Final = timedelta(days=7)
_FARTHEST: Final = {
    "loadIn": (_WEEK, "7 days"),
    "doors": (_DAY, "24 hours"),
    "end": (_DAY, "24 hours"),
    "curfew": (_DAY, "24 hours"),
    "loadOut": (_WEEK, "7 days"),
}


def hours(view: View) -> Iterator[Fault]:
    if not isinstance(view.raw(*SCHEDULE), dict):
        return
    yield from _days(view)
    found = hours_of(view)
    if found is None:
        return
    yield from _in_order(found)
    yield from _ends(view, found)
    yield from _not_too_far(found)


def _days(view: View) -> Iterator[Fault]:
    """The start is on the date of the event; what has no date has only times of day."""
    date = view.text(*SCHEDULE, "date")
    dated = view.raw("kind") == "Event"
    for name in ("loadIn", "doors", "start", "end", "loadOut", "curfew"):
        found = at(view, (*SCHEDULE, name))
        if found is None or found.day is None:
            continue
        if not dated:
            what = 'has no day here: write only its time of day, such as "20:30"'
            yield Fault((*SCHEDULE, name), "time", what)
        elif name == "start" and date is not None and found.day.isoformat() != date:
            yield Fault((*SCHEDULE, name), "time", f"is not on the date of the event, {date}")


def _in_order(found: Hours) -> Iterator[Fault]:
    walls = found.walls
    said = set()
    for first, second, code, what in _ORDER:
        meant = first if second in ("doors", "start") else second
        if first in walls and second in walls and meant not in said:
            other = walls[second] if meant == first else walls[first]
            if found.later(walls[first], walls[second]) > _NOTHING:
                said.add(meant)
                yield Fault((*SCHEDULE, meant), code, f"{what}, {_shown(other, walls['start'])}")
    if "end" in walls and found.later(walls["end"], walls["start"]) <= _NOTHING:
        what = f"end is not after start, {_shown(walls['start'], walls['end'])}"
        hint = ": if it is on the next day, write its date"
        yield Fault((*SCHEDULE, "end"), "time_order", what + hint)
    for name in ("loadOut", "curfew"):
        late = name in walls and found.later(walls[name], walls["start"]) <= _NOTHING
        if late and name not in said:
            what = f"is not after start, {_shown(walls['start'], walls[name])}"
            yield Fault((*SCHEDULE, name), "curfew" if name == "curfew" else "time_order", what)


def _ends(view: View, found: Hours) -> Iterator[Fault]:
    """It ends when it says, or when its programme is over; by its curfew in both cases."""
    over = programme_over(view, found)
    there = "end" in view.raw(*SCHEDULE)
    curfew = found.walls.get("curfew")
    if there:
        ends = found.walls.get("end")
        if over is not None and ends is not None and over.after(found, ends):
            what = f"the programme is over at {over.wall:%H:%M} only"
            yield Fault((*SCHEDULE, "end"), "programme_too_long", what)
    elif over is None and not isinstance(view.raw("spec", "programme"), dict):
        if view.raw("kind") != "EventTemplate":
            what = "is missing: write it, or a programme from which it follows"
            yield Fault((*SCHEDULE, "end"), "missing", what, at_name=True)
    elif over is not None and curfew is not None and over.after(found, curfew):
        what = f"the programme is over at {over.wall:%H:%M} only, after the curfew"
        yield Fault((*SCHEDULE, "curfew"), "curfew", what)


def _not_too_far(found: Hours) -> Iterator[Fault]:
    for name, (most, shown) in _FARTHEST.items():
        if name in found.walls:
            far = found.later(found.walls[name], found.walls["start"])
            if abs(far) > most:
                side = "after" if far > _NOTHING else "before"
                what = f"is more than {shown} {side} start"
                yield Fault((*SCHEDULE, name), "too_far_apart", what)


def _shown(wall: datetime, beside: datetime) -> str:
    return f"{wall:%H:%M}" if wall.date() == beside.date() else f"{wall:%Y-%m-%dT%H:%M}"
