"""What may be asked of somebody who works."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from services.planning.commands.crew import Position, Sealed
from services.planning.commands.fields import Id, Label, Name
from services.planning.events import PlannedShift


class RegisterMember(Command):
    """In full. The door sealed `contact`."""

    person: Id
    subject: Id
    contact: Sealed
    travel_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 60
    shares_contact: bool = False


class RecordCertificate(Command):
    """`valid_until`: the last day."""

    person: Id
    certificate: Name
    valid_until: date | None = None


class WithdrawCertificate(Command):
    person: Id
    certificate: Name


class _AtTimes(Command):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    person: Id
    engagement: Id
    shifts: Annotated[tuple[PlannedShift, ...], Field(min_length=1)]


class EngageMember(_AtTimes):
    """They will be there then. `override_*`: who takes it on themselves that they cannot be."""

    occurrence: Label
    position: Position
    title: str
    zone: str
    certificates: tuple[str, ...] = ()
    override_by: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    override_reason: Name | None = None


class MoveMember(_AtTimes):
    """They will be there at other times, unless they are elsewhere then."""


class ReleaseMember(Command):
    person: Id
    engagement: Id
