"""What planning does because of triggers: those of ticketing, and cues that start or are called."""

from __future__ import annotations

from typing import Final

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from roadcase.triggers import Action, Value
from services.planning.commands import HearFiring, NoteCue, StartCue


class Fired(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.sale_trigger_fired.v1", "ticketing.gate_trigger_fired.v1")

    occurrence: str
    firing: str
    trigger: str
    fact: str
    reason: str
    about: dict[str, Value]
    actions: tuple[Action, ...]


class CueStarted(Heard, frozen=True, kw_only=True):
    topics = ("planning.cue_started.v1",)

    occurrence: str
    cue: str


class CueCalled(Heard, frozen=True, kw_only=True):
    topics = ("planning.cue_called.v1",)

    occurrence: str
    cue: str


def note_cue(event: CueStarted) -> list[Command]:
    return [NoteCue(occurrence=event.occurrence, cue=event.cue)]


def start_cue(event: CueCalled) -> list[Command]:
    return [StartCue(occurrence=event.occurrence, cue=event.cue)]


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


REACTIONS: Final = (
    Reaction("hear-firings", Fired, hear_firing, from_start=True),
    Reaction("note-cues", CueStarted, note_cue, from_start=True),
    Reaction("start-called-cues", CueCalled, start_cue, from_start=True),
)
