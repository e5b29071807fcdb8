"""The facts of the crew of an event: positions, who is asked, who has them, when they worked."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from services.planning.events.work import PlannedShift

Unfilled = Literal["not_invited", "taken", "gone"]


class MissingRole(msgspec.Struct, frozen=True, kw_only=True):
    """How many people are missing of a role."""

    role: str
    title: str
    count: int


class CrewPlanned(Event, frozen=True, kw_only=True):
    """What the event is, as its crew is told. `on`: it takes place then."""

    topic = "planning.crew_planned.v1"

    occurrence: str
    title: str
    zone: str
    begins: datetime
    ends: datetime
    place: str | None = None
    on: bool = True


class PositionAdded(Event, frozen=True, kw_only=True):
    """Somebody is needed: `{role}-{number}`."""

    topic = "planning.position_added.v1"

    occurrence: str
    position: str
    role: str
    title: str
    shifts: tuple[PlannedShift, ...]
    certificates: tuple[str, ...] = ()


class PositionChanged(Event, frozen=True, kw_only=True):
    """In full. `person`: who has it, and still does unless they work elsewhere then."""

    topic = "planning.position_changed.v1"

    occurrence: str
    position: str
    title: str
    shifts: tuple[PlannedShift, ...]
    certificates: tuple[str, ...] = ()
    person: str | None = None
    engagement: str | None = None


class PositionRemoved(Event, frozen=True, kw_only=True):
    """Nobody is needed there any more. `person`: who had it."""

    topic = "planning.position_removed.v1"

    occurrence: str
    position: str
    person: str | None = None
    engagement: str | None = None


class CrewCounted(Event, frozen=True, kw_only=True):
    """Which roles have positions that nobody has: in full, whenever that changes."""

    topic = "planning.crew_counted.v1"

    occurrence: str
    missing: tuple[MissingRole, ...] = ()


class PersonInvited(Event, frozen=True, kw_only=True):
    """Somebody is asked to take a position. `contact`: theirs, sealed. `number`: of such events."""

    topic = "planning.person_invited.v1"

    occurrence: str
    position: str
    person: str
    contact: bytes | None = None
    number: int = 1


class InvitationDeclined(Event, frozen=True, kw_only=True):
    topic = "planning.invitation_declined.v1"

    occurrence: str
    position: str
    person: str


class PositionAccepted(Event, frozen=True, kw_only=True):
    """Somebody has it. `engagement`: theirs, in their own stream."""

    topic = "planning.position_accepted.v1"

    occurrence: str
    position: str
    person: str
    engagement: str


class PositionRefused(Event, frozen=True, kw_only=True):
    """Somebody wanted it and does not have it: they are free again."""

    topic = "planning.position_refused.v1"

    occurrence: str
    position: str
    person: str
    engagement: str
    why: Unfilled


class SwapOffered(Event, frozen=True, kw_only=True):
    """Who has it would give it to somebody else, and has it until then."""

    topic = "planning.swap_offered.v1"

    occurrence: str
    position: str
    person: str


class SwapWithdrawn(Event, frozen=True, kw_only=True):
    topic = "planning.swap_withdrawn.v1"

    occurrence: str
    position: str
    person: str


class PositionSwapped(Event, frozen=True, kw_only=True):
    """From one to another in one moment. `before`: who had it."""

    topic = "planning.position_swapped.v1"

    occurrence: str
    position: str
    person: str
    engagement: str
    before: str
    before_engagement: str


class PositionVacated(Event, frozen=True, kw_only=True):
    """Somebody has it no more, and nobody has."""

    topic = "planning.position_vacated.v1"

    occurrence: str
    position: str
    person: str
    engagement: str
    why: str


class ClockedIn(Event, frozen=True, kw_only=True):
    """At this moment, not rounded. `entry`: counted in each event."""

    topic = "planning.clocked_in.v1"

    occurrence: str
    position: str
    person: str
    entry: int
    at: datetime


class ClockedOut(Event, frozen=True, kw_only=True):
    topic = "planning.clocked_out.v1"

    occurrence: str
    position: str
    person: str
    entry: int
    at: datetime


class ClockCorrected(Event, frozen=True, kw_only=True):
    """What an entry should say, in full; what it said before stays in the log."""

    topic = "planning.clock_corrected.v1"

    occurrence: str
    position: str
    person: str
    entry: int
    begins: datetime
    ends: datetime
    by: str
    reason: str


class ToldMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody of the crew. `contact`: theirs when they were asked, sealed."""

    person: str
    contact: bytes | None = None


class CrewMembersTold(Event, frozen=True, kw_only=True):
    """What the crew is told, and who of them: those who have a position then."""

    topic = "planning.crew_members_told.v1"

    occurrence: str
    telling: str
    text: str
    members: tuple[ToldMember, ...] = ()
