"""What may be asked of a schedule: what is done when, and what becomes of what is not.

The key is the schedule's id.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from roadcase.decider import Command
from roadcase.fields import Id, Name, Zone
from roadcase.triggers import Action
from services.planning.manifest.dates import Dates
from services.planning.manifest.recurring import read_rule
from services.planning.manifest.times import Relative, read_when

DAY: Final = 24 * 3600  # seconds


def _relative(text: str) -> str:
    relative = isinstance(read_when(text), Relative)
    if not relative:
        raise ValueError('is relative to an occurrence: write "2h before doors"')
    return text


Overlap = Literal["skip", "buffer", "cancel", "allow"]
FiringKey = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,64})?$")
]
RelativeTime = Annotated[str, StringConstraints(max_length=30), AfterValidator(_relative)]
Rule = Annotated[str, StringConstraints(max_length=500), AfterValidator(read_rule)]


class Recurring(BaseModel):
    """Again and again at a time of day, from a date on, by a rule of iCalendar (RFC 5545).

    Where clocks skip that time: `skip`, which is told as missed, or `forward`, after the gap. Where
    it comes twice, it is once: the `fold` that is meant.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: date
    at: time
    rule: Rule
    missing_day: Literal["skip", "last"] = "skip"
    gap: Literal["skip", "forward"] = "forward"
    fold: Literal["first", "second"] = "first"

    @model_validator(mode="after")
    def _gives_something(self) -> Self:
        if self.at.tzinfo is not None:
            raise ValueError("at is a time of day without a zone")
        if not Dates(self.rule, self.first, last=self.missing_day == "last").gives(self.first):
            raise ValueError("first is a date that the rule gives")
        return self


class Step(BaseModel):
    """Something that is done: `once`, `relative` to each occurrence, or `recurring`.

    `action` is the name of what is done, and `does` says it whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    key: Id
    action: Id
    once: AwareDatetime | None = None
    relative: RelativeTime | None = None
    recurring: Recurring | None = None
    does: tuple[Action, ...] = ()

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if sum(each is not None for each in (self.once, self.relative, self.recurring)) != 1:
            raise ValueError("a step has one of once, relative, recurring")
        return self


class SetSchedule(Command):
    """Set what is done when. What is due until then is as it was set before.

    `overlap`: what becomes of a firing that is due while one of the same step runs: it is skipped,
    waits (one of each step), cancels the one that runs, or runs beside it. `catch_up`: a firing
    that is later than so many seconds is missed. `jitter`: each is later by at most so many
    seconds, always by the same. Nothing is done on the days in `exclude`.
    """

    schedule: Id
    zone: Zone
    steps: tuple[Step, ...] = Field(max_length=200)
    overlap: Overlap = "skip"
    catch_up: int = Field(DAY, strict=True, ge=10, le=365 * DAY)
    jitter: int = Field(0, strict=True, ge=0, le=6 * 3600)
    exclude: tuple[date, ...] = Field((), max_length=1000)
    pause_on_failure: bool = False
    owner: Annotated[str, StringConstraints(max_length=64)] = ""

    @model_validator(mode="after")
    def _each_key_once(self) -> Self:
        keys = [step.key for step in self.steps]
        if len({*keys}) < len(keys):
            raise ValueError("the key of a step is there once")
        return self


class SetAnchors(Command):
    """When an occurrence is: relative steps follow it, but for those that were done already."""

    schedule: Id
    occurrence: Id
    doors: AwareDatetime
    start: AwareDatetime
    end: AwareDatetime
    zone: Zone | None = None  # left out: that of the schedule


class DropAnchors(Command):
    """An occurrence is not to be: what was not done for it is not done."""

    schedule: Id
    occurrence: Id


class PauseSchedule(Command):
    """Start nothing any more. What falls due meanwhile is missed; what runs goes on."""

    schedule: Id
    reason: Name


class ResumeSchedule(Command):
    """Go on with what falls due from now on, and with what waited."""

    schedule: Id
    reason: Name


class BackfillSchedule(Command):
    """Do what was not done in a time that is past, one after the other where none may overlap."""

    schedule: Id
    backfill: Id
    since: AwareDatetime
    until: AwareDatetime


class FinishFiring(Command):
    """What a firing began is over."""

    schedule: Id
    firing: FiringKey
    outcome: Literal["done", "failed"] = "done"
    why: Name | None = None


class FireDue(Command):
    """Do what is due: the timer's own step."""

    schedule: Id
