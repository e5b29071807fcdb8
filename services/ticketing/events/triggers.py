"""The facts of triggers in ticketing: what is watched for, what fired, and what was done."""

from __future__ import annotations

from roadcase.decider import Event
from roadcase.triggers import Action, Trigger, Value


class SaleTriggersSet(Event, frozen=True, kw_only=True):
    """What the box office watches for from now on, in full. `new`: what it did not before."""

    topic = "ticketing.sale_triggers_set.v1"

    occurrence: str
    triggers: tuple[Trigger, ...]
    new: tuple[str, ...] = ()


class GateTriggersSet(Event, frozen=True, kw_only=True):
    """What gates watch for from now on, in full. `new`: what they did not before."""

    topic = "ticketing.gate_triggers_set.v1"

    occurrence: str
    triggers: tuple[Trigger, ...]
    new: tuple[str, ...] = ()


class SaleTriggerFired(Event, frozen=True, kw_only=True):
    """A trigger fired on a fact of the box office. Whose an action is does it.

    `firing`: the same id however often it is heard. `about`: the fields of the fact.
    """

    topic = "ticketing.sale_trigger_fired.v1"

    occurrence: str
    firing: str
    trigger: str
    fact: str
    reason: str
    about: dict[str, Value]
    actions: tuple[Action, ...]


class GateTriggerFired(Event, frozen=True, kw_only=True):
    """A trigger fired on a fact of the gates; see SaleTriggerFired."""

    topic = "ticketing.gate_trigger_fired.v1"

    occurrence: str
    firing: str
    trigger: str
    fact: str
    reason: str
    about: dict[str, Value]
    actions: tuple[Action, ...]


class ChannelPaused(Event, frozen=True, kw_only=True):
    """Nothing is sold over this channel until it is opened. Who has a cart may still pay."""

    topic = "ticketing.channel_paused.v1"

    occurrence: str
    channel: str


class ChannelOpened(Event, frozen=True, kw_only=True):
    topic = "ticketing.channel_opened.v1"

    occurrence: str
    channel: str


class ApprovalAsked(Event, frozen=True, kw_only=True):
    """An order that waits for approval is to have it: a worker gives it, who has its codes."""

    topic = "ticketing.approval_asked.v1"

    occurrence: str
    order: str
