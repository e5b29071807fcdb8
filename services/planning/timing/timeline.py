"""Every deadline of an event in order, each with where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from services.planning.manifest.kinds import Event
from services.planning.manifest.nightly import NAMES, SCHEDULE
from services.planning.manifest.problems import Path, dotted
from services.planning.manifest.shape import of_type
from services.planning.manifest.times import (
    At,
    Fold,
    Relative,
    local,
    moment_of,
    read_when,
    settled,
)
from services.planning.manifest.view import matching
from services.planning.timing.hours import UNSAID, Hours, hours_of, running_time
from services.planning.timing.naming import NAMED, Naming
from services.planning.timing.nights import Data, plain

_PROGRAMME: Final = ("spec", "programme")
_HOURS: Final = {
    "loadIn": ("load_in", "load-in"),
    "doors": ("doors", "doors open"),
    "start": ("start", "it begins"),
    "end": ("end", "it is over"),
    "loadOut": ("load_out", "load-out is done"),
    "curfew": ("curfew", "curfew"),
}
# Days after the end by which something is done.
_DAYS_AFTER: Final = {
    ("spec", "fulfilment", "shipWithinDays"): ("ship_by", "what was bought is on its way"),
    ("spec", "capture", "keepDays"): ("captures_deleted", "captures are deleted"),
}


class Deadline(NamedTuple):
    """`source`: its path in the manifest, or who else keeps it. `relative`: as it was declared.

    `done`: it happened then, and moves no more.
    """

    at: datetime
    local: datetime
    kind: str
    what: str
    source: str
    relative: str | None = None
    done: bool = False


class Other(NamedTuple):
    """A deadline that is not in the manifest: a release of an allotment, the end of refunds."""

    at: datetime
    kind: str
    what: str
    source: str


@dataclass(frozen=True)
class Current:
    """What is so now. `hours` were moved since, `done` happened, by their paths in the event."""

    hours: Mapping[str, datetime] = field(default_factory=dict)
    done: Mapping[str, datetime] = field(default_factory=dict)
    others: tuple[Other, ...] = ()


def timeline(
    data: Data,
    current: Current | None = None,
    origin: Callable[[Path], Path] = lambda path: path,
) -> tuple[Deadline, ...]:
    """The deadlines of an event that was checked, by their moments, in UTC.

    A night of a series is `night_of(...)`: its `data` and its `origin`.
    """
    current = current or Current()
    whole = plain(data)
    event = Event.model_validate(whole)
    declared = hours_of(event)
    moments = {**declared.moments, **current.hours}
    minutes = running_time(event.spec.programme)
    if event.spec.schedule.end is None and "end" not in current.hours:
        running = UNSAID if minutes is None else timedelta(minutes=minutes)
        moments["end"] = moments["start"] + running
    hours = Hours(declared.zone, declared.walls, moments)
    zone = ZoneInfo(hours.zone)
    fold = event.spec.schedule.fold or "first"
    found = [
        *_schedule(event, hours),
        *_cues(event, hours),
        *_declared(whole, hours, zone, fold),
        *_days_after(whole, hours, zone),
    ]
    told = [_told(each, zone, current, origin) for each in found]
    others = [Deadline(each.at, local(each.at, zone), *each[1:]) for each in current.others]
    return tuple(sorted((*told, *others), key=_order))


def _order(each: Deadline) -> tuple[datetime, bool]:
    """At one moment what ends comes before what begins."""
    return each.at, not each.kind.endswith(("closes", "ends"))


class _Found(NamedTuple):
    at: datetime
    kind: str
    what: str
    path: Path
    relative: str | None = None


def _told(
    each: _Found, zone: ZoneInfo, current: Current, origin: Callable[[Path], Path]
) -> Deadline:
    done = current.done.get(dotted(each.path))
    at, source = done or each.at, dotted(origin(each.path))
    return Deadline(
        at, local(at, zone), each.kind, each.what, source, each.relative, done is not None
    )


def _schedule(event: Event, hours: Hours) -> Iterator[_Found]:
    for name in NAMES:
        if name in hours.moments:
            kind, what = _HOURS[name]
            if name == "end" and event.spec.schedule.end is None:
                yield _end(event, hours)
            else:
                yield _Found(hours.moments[name], kind, what, (*SCHEDULE, name))


def _end(event: Event, hours: Hours) -> _Found:
    """Where nobody says when it ends, its programme does, or how long events take."""
    at, (kind, what) = hours.moments["end"], _HOURS["end"]
    if event.spec.programme is not None:
        return _Found(at, kind, what, _PROGRAMME)
    assumed = f"{UNSAID // timedelta(hours=1)}h after start"
    return _Found(at, kind, what, (*SCHEDULE, "start"), assumed)


def _cues(event: Event, hours: Hours) -> Iterator[_Found]:
    """When each work of the programme begins, and each interval."""
    programme = event.spec.programme
    if programme is None:
        return
    works = {work.key: (number, work) for number, work in enumerate(programme.works)}
    breaks = {each.after: (number, each) for number, each in enumerate(programme.intervals)}
    minutes = programme.opening
    for key in programme.order or tuple(works):
        number, work = works[key]
        at = hours.moments["start"] + timedelta(minutes=minutes)
        path = (*_PROGRAMME, "works", number)
        yield _Found(at, "cue", f'"{work.title}"', path, f"{minutes}m after start")
        minutes += work.minutes
        if key in breaks:
            place, each = breaks[key]
            at = hours.moments["start"] + timedelta(minutes=minutes)
            path = (*_PROGRAMME, "intervals", place)
            title = each.title or "interval"
            yield _Found(at, "interval", title, path, f"{minutes}m after start")
            minutes += each.minutes


def _declared(
    data: Mapping[str, Any], hours: Hours, zone: ZoneInfo, fold: Fold
) -> Iterator[_Found]:
    """Whatever in the sections has a time."""
    for pattern in of_type(Event, At):
        if pattern[:2] == SCHEDULE:
            continue
        for path in matching(data, pattern):
            *above, text = _along(data, path)
            when = read_when(text)
            kind, what = _named(pattern, above)
            at = _moment(when, hours, zone, fold)
            relative = text if isinstance(when, Relative) else None
            yield _Found(at, kind, what, path, relative)


def _moment(when: At | Relative, hours: Hours, zone: ZoneInfo, fold: Fold) -> datetime:
    if isinstance(when, Relative):
        return moment_of(when, hours.anchors[when.anchor], zone)
    assert when.day is not None
    return settled(datetime.combine(when.day, when.clock), zone, fold).moment


def _days_after(data: Mapping[str, Any], hours: Hours, zone: ZoneInfo) -> Iterator[_Found]:
    for pattern, (kind, what) in _DAYS_AFTER.items():
        for path in matching(data, pattern):
            days = _along(data, path)[-1]
            after = Relative(days * 24 * 60, "end", by_days=True)
            at = moment_of(after, hours.anchors["end"], zone)
            yield _Found(at, kind, what, path, f"{days}d after end")


def _along(data: Mapping[str, Any], path: Path) -> list[Any]:
    """What is at each step of a path, the value itself last."""
    here: Any = data
    found = []
    for step in path:
        here = here[step]
        found.append(here)
    return found


def _named(pattern: Path, above: Iterable[Any]) -> tuple[str, str]:
    """The kind of a time, and what it is of, from the entries that it is in."""
    naming: Naming = NAMED[".".join(str(step) for step in pattern[1:])]
    entries = [each for each in above if isinstance(each, dict)]
    return naming(entries)
