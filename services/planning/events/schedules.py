"""The facts of schedules."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

import msgspec

from roadcase.decider import Event
from roadcase.triggers import Action


class Recurring(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """At a time of day in the zone of the schedule, on the dates of a rule (RFC 5545)."""

    first: date
    at: time
    rule: str
    missing_day: Literal["skip", "last"] = "skip"
    gap: Literal["skip", "forward"] = "forward"
    fold: Literal["first", "second"] = "first"


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`once`, `relative` to each occurrence ("2h before doors"), or `recurring`. `does`: what."""

    key: str
    action: str
    once: datetime | None = None
    relative: str | None = None
    recurring: Recurring | None = None
    does: tuple[Action, ...] = ()


class ScheduleSet(Event, frozen=True, kw_only=True):
    """What is done when, from `since` on. `catch_up` and `jitter` are seconds.

    `owner`: the event or the series that declares it, if one does.
    """

    topic = "planning.schedule_set.v1"

    schedule: str
    zone: str
    steps: tuple[Step, ...]
    overlap: Literal["skip", "buffer", "cancel", "allow"]
    catch_up: int
    jitter: int
    exclude: tuple[date, ...] = ()
    pause_on_failure: bool = False
    since: datetime
    owner: str = ""


class AnchorsSet(Event, frozen=True, kw_only=True):
    """When an occurrence is. What is relative to it and not done yet moves with it."""

    topic = "planning.anchors_set.v1"

    schedule: str
    occurrence: str
    zone: str
    doors: datetime
    start: datetime
    end: datetime


class AnchorsDropped(Event, frozen=True, kw_only=True):
    """An occurrence is not to be: nothing more is done for it."""

    topic = "planning.anchors_dropped.v1"

    schedule: str
    occurrence: str


class SchedulePaused(Event, frozen=True, kw_only=True):
    topic = "planning.schedule_paused.v1"

    schedule: str
    reason: str


class ScheduleResumed(Event, frozen=True, kw_only=True):
    topic = "planning.schedule_resumed.v1"

    schedule: str
    reason: str


class ScheduleBackfilled(Event, frozen=True, kw_only=True):
    """What was not done between two moments is done after all: so many firings."""

    topic = "planning.schedule_backfilled.v1"

    schedule: str
    backfill: str
    since: datetime
    until: datetime
    firings: int


class _Firing(Event, frozen=True, kw_only=True):
    """`nominal`: when it is declared to be; `due`: with its jitter. `on`: the date of a rule."""

    schedule: str
    firing: str
    step: str
    action: str
    nominal: datetime
    due: datetime
    occurrence: str | None = None
    on: date | None = None
    backfill: str | None = None
    does: tuple[Action, ...] = ()


class FiringMade(_Firing, frozen=True, kw_only=True):
    """It is time for a step: once for each `firing`. It runs until `firing_finished`."""

    topic = "planning.firing_made.v1"


class FiringBuffered(_Firing, frozen=True, kw_only=True):
    """It is time for a step, and it waits until the one before is finished."""

    topic = "planning.firing_buffered.v1"


class FiringMissed(_Firing, frozen=True, kw_only=True):
    """A step was not done, and why.

    late: by more than the catch-up window; paused; overlap: one of the step was running; excluded:
    by its date; gap: clocks skip that time; dropped: its step or its occurrence went while it
    waited.
    """

    topic = "planning.firing_missed.v1"

    why: Literal["late", "paused", "overlap", "excluded", "gap", "dropped"]


class FiringCancelled(Event, frozen=True, kw_only=True):
    """What a firing began is to be stopped: the next one, `by`, takes its place."""

    topic = "planning.firing_cancelled.v1"

    schedule: str
    firing: str
    by: str


class FiringFinished(Event, frozen=True, kw_only=True):
    """What a firing began is over."""

    topic = "planning.firing_finished.v1"

    schedule: str
    firing: str
    outcome: Literal["done", "failed"]
    why: str | None = None


class PlannedSchedule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A schedule as a manifest declares it."""

    schedule: str
    zone: str
    steps: tuple[Step, ...]
    overlap: Literal["skip", "buffer", "cancel", "allow"] = "skip"
    catch_up: int
    jitter: int = 0
    exclude: tuple[date, ...] = ()
    pause_on_failure: bool = False


class Anchors(msgspec.Struct, frozen=True, kw_only=True):
    """When an occurrence is."""

    zone: str
    doors: datetime
    start: datetime
    end: datetime


class _Planned(Event, frozen=True, kw_only=True):
    """`dropped`: schedules that `owner` had before."""

    owner: str
    schedules: tuple[PlannedSchedule, ...]
    dropped: tuple[str, ...] = ()


class SchedulesPlanned(_Planned, frozen=True, kw_only=True):
    """What an occurrence declares to be done when, in full. `anchors`: None without a time."""

    topic = "planning.schedules_planned.v1"

    anchors: Anchors | None = None


class SeriesSchedulesPlanned(_Planned, frozen=True, kw_only=True):
    """What a series declares to be done again and again, in full."""

    topic = "planning.series_schedules_planned.v1"
