"""What planning does because of triggers: those of ticketing, and cues that start or are called."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import msgspec

from roadcase.decider import Command, Heard
from roadcase.outbox import QueueMessage
from roadcase.reaction import Reaction
from roadcase.triggers import Action, Value
from services.planning.commands import HearFiring, NoteCue, StartCue, TellCrew

TOLD: Final = "planning.crew_told"


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


class CrewTold(Heard, frozen=True, kw_only=True):
    topics = ("planning.crew_told.v1",)

    occurrence: str
    telling: str
    text: str
    roles: tuple[str, ...] = ()


class Member(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    contact: bytes | None = None


class MembersTold(Heard, frozen=True, kw_only=True):
    topics = ("planning.crew_members_told.v1",)

    occurrence: str
    telling: str
    text: str
    members: tuple[Member, ...] = ()


def note_cue(event: CueStarted) -> list[Command]:
    return [NoteCue(occurrence=event.occurrence, cue=event.cue)]


def start_cue(event: CueCalled) -> list[Command]:
    return [StartCue(occurrence=event.occurrence, cue=event.cue)]


def tell_crew(event: CrewTold) -> list[Command]:
    return [TellCrew(**msgspec.structs.asdict(event))]


def tell_by_mail(event: MembersTold) -> list[Command]:
    """Once for each person and telling, if they said how to be reached."""
    return [
        QueueMessage(
            message=_message(f"crew/{event.occurrence}/{event.telling}/{each.person}"),
            kind=TOLD,
            about={"occurrence": event.occurrence, "text": event.text},
            recipient=each.contact,
        )
        for each in event.members
        if each.contact is not None
    ]


def _message(about: str) -> str:
    return f"msg_{sha256(about.encode()).hexdigest()[:40]}"


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
    Reaction("tell-crews", CrewTold, tell_crew, from_start=True),
    Reaction("tell-crews-by-mail", MembersTold, tell_by_mail, from_start=True),
)
