"""The hours of one night: from the local times of its venue to moments, by declared policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from services.planning.manifest.kinds import Event
from services.planning.manifest.night import Programme, Times
from services.planning.manifest.nightly import NAMES, SCHEDULE, walls_of
from services.planning.manifest.problems import Path
from services.planning.manifest.shape import named
from services.planning.manifest.times import At, Fold, Settled, local, settled

What = Literal[
    "cancelled", "moved", "times", "title", "venue", "stop", "last_day", "gap", "fold", "curfew"
]
GAP: Final = ("spec", "recurrence", "gap")
UNSAID: Final = timedelta(hours=3)  # how long it takes where neither end nor programme says so


class Note(NamedTuple):
    """In what a night is not as its series declares, where that is declared, and in words."""

    what: What
    path: Path
    said: str


@dataclass(frozen=True)
class Hours:
    """Local times and moments by their names in the schedule; `walls` is what clocks show then."""

    zone: str
    walls: Mapping[str, datetime]
    moments: Mapping[str, datetime]
    notes: tuple[Note, ...] = ()

    @property
    def anchors(self) -> dict[str, datetime]:
        """What other times are relative to. Doors that nobody declared open at start."""
        moments = self.moments
        return {"doors": moments.get("doors", moments["start"])} | {
            name: moments[name] for name in ("start", "end") if name in moments
        }


def hours_of(event: Event) -> Hours:
    """Those of a manifest that was checked."""
    schedule = event.spec.schedule
    walls = walls_of(ats(schedule), schedule.date)
    return resolved(walls, schedule, running_time(event.spec.programme))


def ats(times: Times) -> dict[str, At]:
    """The times that are declared, by their names in YAML."""
    fields = type(times).model_fields
    every = {named(name, field): getattr(times, name) for name, field in fields.items()}
    return {name: every[name] for name in NAMES if every[name] is not None}


def resolved(walls: Mapping[str, datetime], times: Times, running: int | None) -> Hours:
    """The moments of local times. Where clocks are changed they stay in their order.

    A time that clocks skip counts by the clocks of before, but doors never open after start, and
    an end that would not be after a start so moved keeps its distance from it. A curfew is law: it
    is never moved, and a night that would be over later says so. `running`: minutes of programme.
    """
    zone = ZoneInfo(times.zone)
    fold = times.fold or "first"
    found = {name: settled(wall, zone, fold) for name, wall in walls.items()}
    moments = _in_order(walls, {name: each.moment for name, each in found.items()}, running)
    shown = {name: local(moment, zone) for name, moment in moments.items()}
    notes = (*_clocks(walls, shown, found, fold), *_too_late(moments, shown))
    return Hours(times.zone, shown, moments, notes)


def running_time(programme: Programme | None) -> int | None:
    """Minutes from start until the last work is over."""
    if programme is None:
        return None
    works = {work.key: work.minutes for work in programme.works}
    breaks = {each.after: each.minutes for each in programme.intervals}
    shown = programme.order or tuple(works)
    return programme.opening + sum(works[key] + breaks.get(key, 0) for key in shown)


def _in_order(
    walls: Mapping[str, datetime], moments: dict[str, datetime], running: int | None
) -> dict[str, datetime]:
    start = moments["start"]
    latest = start
    for name in ("doors", "loadIn"):
        if name in moments:
            latest = moments[name] = min(moments[name], latest)
    if "end" not in moments and running is not None:
        moments["end"] = start + timedelta(minutes=running)
    elif "end" in moments and moments["end"] <= start:
        moments["end"] = start + (walls["end"] - walls["start"])
    if "loadOut" in moments:
        moments["loadOut"] = max(moments["loadOut"], moments.get("end", start))
    return moments


def _clocks(
    walls: Mapping[str, datetime],
    shown: Mapping[str, datetime],
    found: Mapping[str, Settled],
    fold: Fold,
) -> Iterator[Note]:
    for name, each in found.items():
        told = f"{name} at {walls[name]:%H:%M}"
        if each.met == "gap":
            yield Note("gap", GAP, f"clocks skip {told}: it is at {shown[name]:%H:%M}")
        elif each.met == "fold":
            yield Note("fold", (*SCHEDULE, "fold"), f"{told} comes twice: the {fold} is meant")


def _too_late(moments: Mapping[str, datetime], shown: Mapping[str, datetime]) -> Iterator[Note]:
    if "curfew" in moments and moments["curfew"] < moments.get("end", moments["start"]):
        told = f"it is over at {shown['end']:%H:%M} only, after its curfew, {shown['curfew']:%H:%M}"
        yield Note("curfew", (*SCHEDULE, "curfew"), told)
