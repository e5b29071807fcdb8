"""What may be asked of a run of show. The key is the name of its occurrence."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from roadcase.decider import Command
from services.planning.commands.fields import Instant, Label, Name, Zone
from services.planning.events import PlannedCue

CueKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


class PlanShow(Command):
    """As a manifest declares it; no cues: it declares none."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Label
    revision: Annotated[int, Field(strict=True, ge=1)]
    title: Name
    zone: Zone
    begins_at: Instant
    cues: tuple[PlannedCue, ...] = ()
    curfew: Instant | None = None


class StartShow(Command):
    """Start the first cue."""

    occurrence: Label


class StartCue(Command):
    """Start a cue that is ahead. What is running is over, and what is between is passed over."""

    occurrence: Label
    cue: CueKey


class FinishCue(Command):
    """The cue that is running is over; the next one waits to be started."""

    occurrence: Label
    cue: CueKey


class SkipCue(Command):
    """Leave a cue out that is ahead."""

    occurrence: Label
    cue: CueKey


class DelayShow(Command):
    """The next cue starts no sooner than so many minutes after it was planned; 0: as planned.

    A hard one, too: somebody has decided so. Hard cues behind it keep their times.
    """

    occurrence: Label
    minutes: Annotated[int, Field(strict=True, ge=0, le=600)]
    reason: Annotated[str, StringConstraints(max_length=200)] = ""
