"""What triggers ask of ticketing, and what to watch for. The key is the occurrence."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from roadcase.triggers import Trigger
from services.ticketing.commands.fields import Id, OrderId

SalesChannel = Literal["web", "drop", "till", "order"]


class SetSaleTriggers(Command):
    """What the box office watches for, in full."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Id
    triggers: tuple[Trigger, ...]


class SetGateTriggers(Command):
    """What gates watch for, in full."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Id
    triggers: tuple[Trigger, ...]


class PauseChannel(Command):
    """Nothing is sold over this channel; the others go on. `order`: orders that are paid later."""

    occurrence: Id
    channel: SalesChannel


class OpenChannel(Command):
    """It sells again."""

    occurrence: Id
    channel: SalesChannel


class AskApproval(Command):
    """An order that waits for approval has it. Nothing if it waits no more."""

    occurrence: Id
    order: OrderId


class ReleaseNoShows(Command):
    """The places of who has not come by now are free again, until the night is over.

    Before the start: at the start. `ticket_types`: none are all of them.
    """

    occurrence: Id
    ticket_types: tuple[Id, ...] = Field(default=(), max_length=1000)
