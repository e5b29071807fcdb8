"""The facts of a show: its run as it was planned, and what has really happened."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event

CueState = Literal["waiting", "running", "finished", "skipped"]


class CueAct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is done when a cue starts. `target`: which device role, which drop."""

    to: Literal["devices", "media", "drops"]
    do: str
    target: str | None = None


class PlannedCue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of the show. `at`: when a hard one starts; a soft one follows the one before."""

    key: str
    title: str
    minutes: int
    at: datetime | None = None
    who: tuple[str, ...] = ()
    acts: tuple[CueAct, ...] = ()


class TimedCue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cue as it is or will be. `planned_at`: when it starts if all goes as it was planned.

    `gap_seconds`: nothing happens for so long before it. `overlap_seconds`: so long the one before
    is not over yet.
    """

    key: str
    title: str
    start: Literal["soft", "hard"]
    state: CueState
    minutes: int
    planned_at: datetime
    starts_at: datetime
    ends_at: datetime
    gap_seconds: int = 0
    overlap_seconds: int = 0
    who: tuple[str, ...] = ()
    acts: tuple[CueAct, ...] = ()


class ShowPlanned(Event, frozen=True, kw_only=True):
    """Its cues from now on, in full. `begins_at`: when a soft first one starts."""

    topic = "planning.show_planned.v1"

    occurrence: str
    revision: int
    title: str
    zone: str
    begins_at: datetime
    cues: tuple[PlannedCue, ...]
    curfew: datetime | None = None


class CueStarted(Event, frozen=True, kw_only=True):
    topic = "planning.cue_started.v1"

    occurrence: str
    cue: str
    at: datetime
    acts: tuple[CueAct, ...] = ()


class CueFinished(Event, frozen=True, kw_only=True):
    topic = "planning.cue_finished.v1"

    occurrence: str
    cue: str
    at: datetime


class CueSkipped(Event, frozen=True, kw_only=True):
    topic = "planning.cue_skipped.v1"

    occurrence: str
    cue: str


class ShowDelayed(Event, frozen=True, kw_only=True):
    """A cue starts no sooner than so many minutes after it was planned."""

    topic = "planning.show_delayed.v1"

    occurrence: str
    cue: str
    minutes: int
    reason: str = ""


class RundownTimed(Event, frozen=True, kw_only=True):
    """The whole run of show as it is now, for whoever acts on it: one message says all.

    `late_seconds`: how much later than planned it is now, or earlier if negative. `delay`: why, if
    somebody said so.
    """

    topic = "planning.rundown_timed.v1"

    occurrence: str
    revision: int
    title: str
    zone: str
    cues: tuple[TimedCue, ...]
    late_seconds: int = 0
    curfew: datetime | None = None
    delay: str = ""
