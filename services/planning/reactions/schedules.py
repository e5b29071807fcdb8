"""What planning does when an event or a series declares what is done when: schedules are set."""

from __future__ import annotations

from typing import Final

import msgspec

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.commands.schedules import (
    DropAnchors,
    Recurring,
    SetAnchors,
    SetSchedule,
    Step,
)
from services.planning.events.schedules import Anchors, PlannedSchedule
from services.planning.events.schedules import Step as PlannedStep


class Planned(Heard, frozen=True, kw_only=True):
    topics = ("planning.schedules_planned.v1",)

    owner: str
    schedules: tuple[PlannedSchedule, ...]
    dropped: tuple[str, ...] = ()
    anchors: Anchors | None = None


class SeriesPlanned(Heard, frozen=True, kw_only=True):
    topics = ("planning.series_schedules_planned.v1",)

    owner: str
    schedules: tuple[PlannedSchedule, ...]
    dropped: tuple[str, ...] = ()


def set_of_series(event: SeriesPlanned) -> list[Command]:
    """What is declared no more has nothing to do."""
    dropped = [
        SetSchedule(schedule=each, zone="UTC", steps=(), owner=event.owner)
        for each in event.dropped
    ]
    return [*dropped, *(_set(event.owner, each) for each in event.schedules)]


def set_schedules(event: Planned) -> list[Command]:
    """The same of an occurrence, and when it is."""
    about = SeriesPlanned(owner=event.owner, schedules=event.schedules, dropped=event.dropped)
    found = set_of_series(about)
    for each in event.schedules:
        if event.anchors is None:
            found.append(DropAnchors(schedule=each.schedule, occurrence=event.owner))
        else:
            when = msgspec.structs.asdict(event.anchors)
            found.append(SetAnchors(schedule=each.schedule, occurrence=event.owner, **when))
    return found


def _set(owner: str, of: PlannedSchedule) -> SetSchedule:
    about = msgspec.structs.asdict(of)
    steps = tuple(_step(each) for each in of.steps)
    return SetSchedule(**{**about, "steps": steps, "owner": owner})


def _step(of: PlannedStep) -> Step:
    about = msgspec.structs.asdict(of)
    rule = of.recurring
    about["recurring"] = Recurring(**msgspec.structs.asdict(rule)) if rule else None
    return Step(**about)


REACTIONS: Final = (
    Reaction("set-schedules", Planned, set_schedules, from_start=True),
    Reaction("set-series-schedules", SeriesPlanned, set_of_series, from_start=True),
)
