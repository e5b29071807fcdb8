"""What may be asked of the crew of an event."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from roadcase.decider import Command
from services.planning.commands.fields import Id, Instant, Label, Name
from services.planning.events import PlannedRole, PlannedShift

Position = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
Sealed = Annotated[bytes, Field(min_length=1, max_length=4096)]
Entry = Annotated[int, Field(strict=True, ge=1)]


class PlanCrew(Command):
    """Who is needed, by the manifest, in full; nobody if it is not taking place."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    occurrence: Label
    title: str
    zone: str
    begins: datetime
    ends: datetime
    place: str | None = None
    on: bool = True
    roles: tuple[PlannedRole, ...] = ()


class _OfPosition(Command):
    occurrence: Label
    position: Position


class InvitePerson(_OfPosition):
    """Ask somebody; several may be asked, and the first one has it."""

    person: Id
    contact: Sealed | None = None


class DeclineInvitation(_OfPosition):
    person: Id


class FillPosition(_OfPosition):
    """Somebody is free then and may do it: they have it, if nobody else does."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    person: Id
    engagement: Id
    shifts: tuple[PlannedShift, ...]


class OfferSwap(_OfPosition):
    person: Id


class WithdrawSwap(_OfPosition):
    person: Id


class VacatePosition(_OfPosition):
    """`engagement`: only if it is theirs by this one."""

    why: Name
    engagement: Id | None = None


class ClockIn(_OfPosition):
    person: Id


class ClockOut(_OfPosition):
    person: Id


class CorrectClock(Command):
    """What an entry should say. `by`: who asks, as the door knows them."""

    occurrence: Label
    entry: Entry
    begins: Instant
    ends: Instant
    by: Annotated[str, Field(min_length=1, max_length=128)]
    reason: Name


class TellCrew(Command):
    """Tell everybody who has a position, or those of some roles, once under this `telling`."""

    occurrence: Label
    telling: Annotated[str, Field(min_length=1, max_length=400)]
    text: Annotated[str, Field(min_length=1, max_length=5000)]
    roles: tuple[Id, ...] = ()
