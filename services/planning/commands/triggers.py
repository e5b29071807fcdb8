"""What planning asks itself because of triggers. The key is the occurrence's name."""

from __future__ import annotations

from pydantic import ConfigDict

from roadcase.decider import Command
from roadcase.triggers import Action, Value
from services.planning.commands.fields import Label
from services.planning.events import Audience


class NoteCue(Command):
    """A cue of its run of show has started: a fact that triggers may be on."""

    occurrence: Label
    cue: str


class HearFiring(Command):
    """A trigger fired on a fact of another service: do of it what is planning's."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Label
    service: str
    firing: str
    trigger: str
    fact: str
    reason: str
    about: dict[str, Value]
    actions: tuple[Action, ...]


class NoteReached(Command):
    """Ticketing told so many more people because of a firing: its notice has come to `upto`."""

    occurrence: Label
    firing: str
    notice: str
    audience: Audience
    upto: int
    told: int
