"""The facts of somebody who works: who they are, what they may do, where they are when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from roadcase.decider import Event
from services.planning.events.work import PlannedShift

Released = Literal["asked", "elsewhere"]


class MemberRegistered(Event, frozen=True, kw_only=True):
    """In full. `contact`: name and addresses, sealed. `shares_contact`: with who works with them.

    `travel_minutes`: what they need between two events.
    """

    topic = "planning.member_registered.v1"

    person: str
    subject: str
    contact: bytes
    travel_minutes: int = 60
    shares_contact: bool = False


class CertificateRecorded(Event, frozen=True, kw_only=True):
    """`valid_until`: the last day; None: for ever."""

    topic = "planning.certificate_recorded.v1"

    person: str
    certificate: str
    valid_until: date | None = None


class CertificateWithdrawn(Event, frozen=True, kw_only=True):
    topic = "planning.certificate_withdrawn.v1"

    person: str
    certificate: str


class MemberEngaged(Event, frozen=True, kw_only=True):
    """They are there then, and nowhere else. `override_*`: who took a conflict on themselves."""

    topic = "planning.member_engaged.v1"

    person: str
    engagement: str
    occurrence: str
    position: str
    title: str
    shifts: tuple[PlannedShift, ...]
    override_by: str | None = None
    override_reason: str | None = None


class MemberMoved(Event, frozen=True, kw_only=True):
    """They are there at other times."""

    topic = "planning.member_moved.v1"

    person: str
    engagement: str
    shifts: tuple[PlannedShift, ...]


class MemberReleased(Event, frozen=True, kw_only=True):
    """They are free. `elsewhere`: the times were changed, and they work somewhere else then."""

    topic = "planning.member_released.v1"

    person: str
    engagement: str
    occurrence: str
    position: str
    why: Released = "asked"
