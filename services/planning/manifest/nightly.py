"""The hours of a night: as they are declared, and as its programme makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from services.planning.manifest import times
from services.planning.manifest.problems import Path
from services.planning.manifest.times import At, Fold, TimeProblem
from services.planning.manifest.view import View

NAMES: Final = ("loadIn", "doors", "start", "end", "loadOut", "curfew")
AFTER: Final = ("end", "loadOut", "curfew")  # a time of day before start may be the next morning
SCHEDULE: Final = ("spec", "schedule")
_NOON: Final = time(12)
_ANY_DAY: Final = date(2024, 6, 3)  # where a series or a template has none


class Hours(NamedTuple):
    """Local times by name. `dated`: of this day, and not of any."""

    walls: dict[str, datetime]
    zone: ZoneInfo | None
    fold: Fold | None
    dated: bool

    def moment(self, wall: datetime) -> datetime | None:
        """In UTC, if it has a day and a zone and is there once."""
        if self.zone is None or not self.dated:
            return None
        try:
            return times.instant(wall, self.zone, self.fold)
        except TimeProblem:
            return None

    def later(self, one: datetime, other: datetime) -> timedelta:
        """How much later the one is than the other: as clocks run, where that is known."""
        first, second = self.moment(one), self.moment(other)
        return first - second if first is not None and second is not None else one - other


def hours_of(view: View) -> Hours | None:
    """None without a start that can be read, or with a date that cannot."""
    start = at(view, (*SCHEDULE, "start"))
    day = _day(view)
    if start is None or (view.raw(*SCHEDULE, "date") is not None and day is None):
        return None
    found = {name: each for name in NAMES if (each := at(view, (*SCHEDULE, name))) is not None}
    walls = walls_of(found, start.day or day or _ANY_DAY)
    fold = view.text(*SCHEDULE, "fold")
    chosen: Fold | None = "first" if fold == "first" else "second" if fold else None
    return Hours(walls, zone_of(view), chosen, dated=bool(start.day or day))


def walls_of(hours: Mapping[str, At], day: date) -> dict[str, datetime]:
    """The local times of a night that begins on a day. `start` is one of the hours."""
    start = hours["start"]
    begins = datetime.combine(start.day or day, start.clock)
    walls = {"start": begins}
    for name, each in hours.items():
        wall = datetime.combine(each.day or day, each.clock)
        next_morning = name in AFTER and each.day is None and each.clock < _NOON
        walls[name] = wall + timedelta(days=1) if next_morning and wall <= begins else wall
    return walls


def zone_of(view: View) -> ZoneInfo | None:
    name = view.text(*SCHEDULE, "zone")
    return ZoneInfo(name) if name is not None else None


def at(view: View, path: Path) -> At | None:
    text = view.text(*path)
    try:
        return times.read_at(text) if text is not None else None
    except TimeProblem:
        return None


def running_time(view: View) -> int | None:
    """Minutes from start until the last work is over. None if anything of it is not right."""
    here = ("spec", "programme")
    if not isinstance(view.raw(*here), dict) or not view.whole(*here):
        return None
    works: dict[str, int] = {
        view.raw(*each, "key"): view.raw(*each, "minutes") for each in works_of(view)
    }
    shown = view.raw(*here, "order") or tuple(works)
    breaks: dict[str, int] = {
        view.raw(*each, "after"): view.raw(*each, "minutes")
        for each in view.entries(*here, "intervals")
    }
    if not {*shown, *breaks} <= works.keys():
        return None
    opening: int = view.raw(*here, "opening") or 0
    return opening + sum(works[key] + breaks.get(key, 0) for key in shown)


def works_of(view: View) -> Iterator[Path]:
    yield from view.entries("spec", "programme", "works")


class Over(NamedTuple):
    """When a programme is over: local time, and in UTC where that is known."""

    wall: datetime
    moment: datetime | None

    def after(self, hours: Hours, wall: datetime) -> bool:
        """Whether that is later than a local time of this night."""
        moment = hours.moment(wall)
        if self.moment is None or moment is None:
            return self.wall > wall
        return self.moment > moment


def programme_over(view: View, hours: Hours) -> Over | None:
    """None if there is no programme, or something in it is not right."""
    minutes = running_time(view)
    if minutes is None:
        return None
    begins = hours.walls["start"]
    moment = hours.moment(begins)
    if moment is None or hours.zone is None:
        return Over(begins + timedelta(minutes=minutes), None)
    moment += timedelta(minutes=minutes)
    return Over(moment.astimezone(hours.zone).replace(tzinfo=None), moment)


def _day(view: View) -> date | None:
    text = view.text(*SCHEDULE, "date")
    try:
        return times.read_day(text) if text is not None else None
    except TimeProblem:
        return None
