"""The facts of triggers: what is watched for, what fired and why, and what the crew is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from roadcase.triggers import Action, Trigger, Value

Audience = Literal["holders", "waiting"]


class TriggersPlanned(Event, frozen=True, kw_only=True):
    """What is watched for from now on, in full, by planning and by whoever finds out facts.

    `since`: when each trigger was first declared. `new`: those that were not watched for before.
    """

    topic = "planning.triggers_planned.v1"

    occurrence: str
    triggers: tuple[Trigger, ...]
    since: dict[str, datetime]
    new: tuple[str, ...] = ()


class TriggerFired(Event, frozen=True, kw_only=True):
    """A trigger fired on a fact of planning, or at its time. Whose an action is does it.

    `firing`: the same id however often it is heard. `about`: the fields of the fact.
    """

    topic = "planning.trigger_fired.v1"

    occurrence: str
    firing: str
    trigger: str
    fact: str
    reason: str
    about: dict[str, Value]
    actions: tuple[Action, ...]


class TriggerPassed(Event, frozen=True, kw_only=True):
    """The time of a trigger came. `fired`: false if its condition did not hold then."""

    topic = "planning.trigger_passed.v1"

    occurrence: str
    trigger: str
    moment: datetime
    fired: bool


class FiringHeard(Event, frozen=True, kw_only=True):
    """A trigger fired where another service found out its fact."""

    topic = "planning.firing_heard.v1"

    occurrence: str
    service: str
    firing: str
    trigger: str
    fact: str
    reason: str
    about: dict[str, Value] = msgspec.field(default_factory=dict)
    actions: tuple[Action, ...] = ()


class CrewTold(Event, frozen=True, kw_only=True):
    """The crew is told something; without `roles` all of them. `telling`: told once under this."""

    topic = "planning.crew_told.v1"

    occurrence: str
    telling: str
    text: str
    roles: tuple[str, ...] = ()
    reason: str = ""


class CueCalled(Event, frozen=True, kw_only=True):
    """A cue of the run of show is called because of a trigger."""

    topic = "planning.cue_called.v1"

    occurrence: str
    cue: str
    call: str
    reason: str = ""


class SuppliersCalled(Event, frozen=True, kw_only=True):
    """Who has a stall is told something. `telling`: told once under this."""

    topic = "planning.suppliers_called.v1"

    occurrence: str
    telling: str
    subject: str
    text: str
    reason: str = ""


class AudienceReached(Event, frozen=True, kw_only=True):
    """Ticketing told so many more people because of a firing: its notice has come to `upto`."""

    topic = "planning.audience_reached.v1"

    occurrence: str
    firing: str
    notice: str
    audience: Audience
    upto: int
    told: int
