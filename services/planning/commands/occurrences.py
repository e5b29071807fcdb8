"""What may be asked of an occurrence. The key is its name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from roadcase.triggers import Trigger
from services.planning.commands.fields import (
    Digest,
    Id,
    Instant,
    Interruption,
    KnownName,
    Label,
    Name,
    Source,
    State,
    Step,
    Words,
)
from services.planning.events import PlannedBoxOffice, PlannedWork, TakesPlace, Used
from services.planning.events.schedules import Anchors, PlannedSchedule


class ApplyManifest(Command):
    """Declare it as a plan says, which was made for `base_revision`; 0: there was none yet.

    The door has checked the manifest, and worked out from it what the rest of this says: the
    `steps` that are taken by themselves, its `triggers`, and the `box_office` it stands for.
    `answer_until`: if the time changes after people were told, until when they say whether they
    keep their tickets. `takes_place`: it is postponed, and then has this time, also if that is the
    one that it had.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Label
    base_revision: Annotated[int, Field(strict=True, ge=0)]
    digest: Digest
    plan: Digest
    title: KnownName
    manifest: dict[str, Any]
    documents: tuple[Used, ...] = ()
    series: Label | None = None
    approved: bool = False
    draft: bool = False
    steps: dict[State, Instant] = Field(default_factory=dict)
    triggers: tuple[Trigger, ...] = ()
    schedules: tuple[PlannedSchedule, ...] = ()
    anchors: Anchors | None = None
    box_office: PlannedBoxOffice | None = None
    venue: str | None = None
    work: PlannedWork | None = None
    answer_until: Instant | None = None
    default: Literal["keep", "refund"] = "keep"
    source: Source = ""
    declares: Digest | Literal[""] = ""
    takes_place: TakesPlace | None = None


class AdvanceOccurrence(Command):
    """Take the step to this state now, and those between."""

    occurrence: Label
    to: Step


class PauseSales(Command):
    """Nothing is sold until sales are opened again; the night goes on as planned."""

    occurrence: Label
    reason: Name


class ReopenSales(Command):
    occurrence: Label


class PostponeOccurrence(Command):
    """It does not take place at its time; another one is declared later, by its manifest."""

    occurrence: Label
    postponement: Id
    reason: Name


class InterruptOccurrence(Command):
    """It stops for a while: nobody knows for how long."""

    occurrence: Label
    why: Interruption
    text: Words = ""


class ResumeOccurrence(Command):
    occurrence: Label


class AbandonOccurrence(Command):
    """It was interrupted, and does not go on."""

    occurrence: Label
    reason: Name
    money_back: bool = True


class CancelOccurrence(Command):
    """It does not take place. `money_back`: every order is refunded."""

    occurrence: Label
    reason: Name
    money_back: bool = True


class SetClearance(Command):
    """What keeps it from some steps until it is `granted`. Set whole each time."""

    occurrence: Label
    clearance: Id
    granted: bool
    blocks: Annotated[tuple[State, ...], Field(min_length=1, max_length=8)]
    reason: Name
    code: Id
    legal: bool = False
    source: Id = "planning"


class KeepClearance(Command):
    """One that follows from what planning knows itself: doors wait while something is `missing`.

    Never refused. One of this name that somebody else has set is left as it is.
    """

    occurrence: Label
    clearance: Id
    missing: Annotated[tuple[str, ...], Field(max_length=10_000)] = ()
    reason: Name
    code: Id


class OverrideClearance(Command):
    """Take it on oneself that a step is taken without a clearance, until a moment.

    `by` is who asks, as the door knows them, and `needs` how many people the tenant wants.
    """

    occurrence: Label
    clearance: Id
    by: Annotated[str, Field(min_length=1, max_length=128)]
    reason: Name
    until: Instant
    needs: Literal[1, 2] = 1


class TakeSteps(Command):
    """Its own timer: whatever step is due by now."""

    occurrence: Label
