"""The facts of an occurrence: what was declared of it, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from roadcase.decider import Event
from services.planning.events.box_office import PlannedBoxOffice
from services.planning.events.schedules import Anchors, PlannedSchedule
from services.planning.events.work import PlannedWork

State = Literal[
    "draft", "planned", "announced", "on_sale", "doors", "live", "closed", "settled", "cancelled"
]
Interruption = Literal["weather", "power", "safety", "artist", "other"]


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a manifest is made with: `film-night@3` and what was in it."""

    reference: str
    digest: str


class ManifestApplied(Event, frozen=True, kw_only=True):
    """What is declared from now on: the whole manifest, with all that it extends.

    `digest`: the SHA-256 of its canonical JSON. `plan`: the digest of the plan that was applied.
    `box_office`: what it sells, if anything. `venue`: where it is, in a line. `work`: the kit and
    people that it needs, if any. Where it extends documents, `source` is the file as it was
    written, and `declares` the SHA-256 of the canonical JSON of that: a file that says the same in
    another layout has the same. `schedules`: what is done for it when; `anchors`: by when it is.
    `draft`: nobody acts on it yet.
    """

    topic = "planning.manifest_applied.v1"

    occurrence: str
    revision: int
    digest: str
    plan: str
    title: str
    manifest: dict[str, Any]
    documents: tuple[Used, ...] = ()
    series: str | None = None
    approved: bool = False
    box_office: PlannedBoxOffice | None = None
    venue: str | None = None
    schedules: tuple[PlannedSchedule, ...] = ()
    anchors: Anchors | None = None
    source: str = ""
    declares: str = ""
    work: PlannedWork | None = None
    draft: bool = False


class StepsScheduled(Event, frozen=True, kw_only=True):
    """When it goes on by itself, in full: moments by the state that it then reaches."""

    topic = "planning.steps_scheduled.v1"

    occurrence: str
    steps: dict[State, datetime]


class OccurrenceAdvanced(Event, frozen=True, kw_only=True):
    """It has come further. `why`: somebody asked, or its time had come."""

    topic = "planning.occurrence_advanced.v1"

    occurrence: str
    state: State
    was: State
    why: Literal["asked", "scheduled"] = "asked"


class StepBlocked(Event, frozen=True, kw_only=True):
    """A scheduled step was due and did not happen: what it is not cleared by."""

    topic = "planning.step_blocked.v1"

    occurrence: str
    step: State
    clearances: tuple[str, ...]


class SalesPaused(Event, frozen=True, kw_only=True):
    topic = "planning.sales_paused.v1"

    occurrence: str
    reason: str


class SalesReopened(Event, frozen=True, kw_only=True):
    topic = "planning.sales_reopened.v1"

    occurrence: str


class OccurrenceRescheduled(Event, frozen=True, kw_only=True):
    """It takes place at another time than people were told. Local times at the venue.

    `returns`: it was postponed, and takes place at the time that they were told first.
    """

    topic = "planning.occurrence_rescheduled.v1"

    occurrence: str
    reschedule: str
    was: datetime | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    answer_until: datetime
    default: Literal["keep", "refund"]
    returns: bool = False


class OccurrencePostponed(Event, frozen=True, kw_only=True):
    """It does not take place at its time, and nobody knows when it will. Tickets stay valid."""

    topic = "planning.occurrence_postponed.v1"

    occurrence: str
    postponement: str
    reason: str
    has_box_office: bool


class OccurrenceMoved(Event, frozen=True, kw_only=True):
    """It takes place elsewhere than people were told."""

    topic = "planning.occurrence_moved.v1"

    occurrence: str
    move: str
    was: str | None
    venue: str | None
    has_box_office: bool


class OccurrenceInterrupted(Event, frozen=True, kw_only=True):
    topic = "planning.occurrence_interrupted.v1"

    occurrence: str
    why: Interruption
    text: str = ""


class OccurrenceResumed(Event, frozen=True, kw_only=True):
    topic = "planning.occurrence_resumed.v1"

    occurrence: str


class OccurrenceAbandoned(Event, frozen=True, kw_only=True):
    """It was interrupted and does not go on. `money_back`: all orders are refunded."""

    topic = "planning.occurrence_abandoned.v1"

    occurrence: str
    reason: str
    money_back: bool
    has_box_office: bool


class OccurrenceCancelled(Event, frozen=True, kw_only=True):
    """It does not take place. `money_back`: all orders are refunded."""

    topic = "planning.occurrence_cancelled.v1"

    occurrence: str
    was: State
    reason: str
    money_back: bool
    has_box_office: bool


class ClearanceSet(Event, frozen=True, kw_only=True):
    """What keeps an occurrence from some steps until it is granted.

    `legal`: the law says so, and no override lifts it. `source`: who says so, such as compliance.
    `missing`: the keys of what is, such as roles.
    """

    topic = "planning.clearance_set.v1"

    occurrence: str
    clearance: str
    granted: bool
    blocks: tuple[State, ...]
    reason: str
    code: str
    legal: bool = False
    source: str = "planning"
    missing: tuple[str, ...] = ()


class OverrideAsked(Event, frozen=True, kw_only=True):
    """Somebody takes it on themselves that a step is taken without a clearance.

    It holds from when `needs` people said so, each another one, until `until`. This is the
    `number`th of them.
    """

    topic = "planning.override_asked.v1"

    occurrence: str
    clearance: str
    by: str
    reason: str
    until: datetime
    needs: int
    number: int = 1
