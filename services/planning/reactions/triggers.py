"""What planning does when triggers fire where ticketing found out their facts."""

from __future__ import annotations

from typing import Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from roadcase.triggers import Action, Value
from services.planning.commands import HearFiring


class Fired(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.sale_trigger_fired.v1", "ticketing.gate_trigger_fired.v1")

    occurrence: str
    firing: str
    trigger: str
    fact: str
    reason: str
    about: dict[str, Value]
    actions: tuple[Action, ...]


def hear_firing(event: Fired) -> list[Command]:
    """It is on record with what planning does because of it."""
    return [
        HearFiring(
            occurrence=event.occurrence,
            service="ticketing",
            firing=event.firing,
            trigger=event.trigger,
            fact=event.fact,
            reason=event.reason,
            about=event.about,
            actions=event.actions,
        )
    ]


REACTIONS: Final = (Reaction("hear-firings", Fired, hear_firing, from_start=True),)
