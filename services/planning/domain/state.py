"""What is remembered of an occurrence, and in which order it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from roadcase.triggers import Watch
from services.planning.domain.refusals import NoOccurrence, OccurrenceEnded
from services.planning.events import (
    BoxOfficePlanned,
    ClearanceSet,
    ManifestApplied,
    OccurrenceRescheduled,
    OverrideAsked,
    PlannedBoxOffice,
    State,
    TakesPlace,
    WorkPlanned,
)
from services.planning.events.schedules import SchedulesPlanned

ORDER: Final[tuple[State, ...]] = (
    *("draft", "planned", "announced", "on_sale", "doors", "live", "closed", "settled"),
)
RANK: Final = {state: rank for rank, state in enumerate(ORDER)} | {"cancelled": len(ORDER)}
SELLING: Final[frozenset[State]] = frozenset({"on_sale", "doors", "live"})
UNDER_WAY: Final[frozenset[State]] = frozenset({"doors", "live"})
OVER: Final[frozenset[State]] = frozenset({"settled", "cancelled"})


@dataclass(slots=True)
class Occurrence:
    """`blocked`: scheduled steps that were due and not cleared, as was told."""

    applied: ManifestApplied | None = None
    state: State = "draft"
    declared: BoxOfficePlanned | None = None  # what ticketing was told last
    work: WorkPlanned | None = None  # what kit and crew were told last
    rescheduled: OccurrenceRescheduled | None = None
    steps: dict[State, datetime] = field(default_factory=dict)
    paused: bool = False
    postponed: str | None = None
    interrupted: bool = False
    abandoned: bool = False
    clearances: dict[str, ClearanceSet] = field(default_factory=dict)
    overrides: dict[str, list[OverrideAsked]] = field(default_factory=dict)
    blocked: set[State] = field(default_factory=set)
    interruptions: list[str] = field(default_factory=list)  # why, each time
    watch: Watch = field(default_factory=Watch)
    timed: SchedulesPlanned | None = None  # what schedules were told last
    reached: dict[str, int] = field(default_factory=dict)  # how far notices of ticketing have come

    @property
    def told(self) -> bool:
        """Whether people know of it."""
        return RANK["announced"] <= RANK[self.state] < RANK["settled"]

    @property
    def selling(self) -> bool:
        """Whether tickets are sold, where their windows are open."""
        stopped = self.paused or self.postponed or self.interrupted
        return self.state in SELLING and not stopped


def must_be_there(occurrence: Occurrence, name: str) -> ManifestApplied:
    if occurrence.applied is None:
        raise NoOccurrence(occurrence=name)
    return occurrence.applied


def must_not_be_over(occurrence: Occurrence, name: str) -> ManifestApplied:
    applied = must_be_there(occurrence, name)
    if occurrence.state in OVER:
        raise OccurrenceEnded(occurrence=name, state=occurrence.state)
    return applied


def starts(planned: PlannedBoxOffice | TakesPlace) -> datetime:
    """When it begins. A wall time that clocks skip or repeat was refused before."""
    return planned.starts_at.replace(tzinfo=ZoneInfo(planned.zone))
