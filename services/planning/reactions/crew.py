"""How the streams of events and of people agree: each step follows from the one before.

Somebody is engaged in their own stream, where nobody is in two places; then the event fills the
position, where nobody else has it, or refuses, and they are released. Killed between two steps, the
next one follows when this runs again.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from roadcase.decider import Command, Heard
from roadcase.outbox import QueueMessage
from roadcase.reaction import Reaction
from services.planning.commands import (
    FillPosition,
    MoveMember,
    PlanCrew,
    ReleaseMember,
    VacatePosition,
)
from services.planning.events import PlannedRole, PlannedShift
from services.planning.events.crew_members import Released

INVITED: Final = "planning.person_invited"
WHY: Final[dict[Released, str]] = {
    "asked": "They were released",
    "elsewhere": "Its times were changed, and they work elsewhere then",
}


class Work(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    zone: str
    begins: datetime
    ends: datetime
    place: str | None = None
    roles: tuple[PlannedRole, ...] = ()


class StaffPlanned(Heard, frozen=True, kw_only=True):
    topics = ("planning.work_planned.v1",)

    occurrence: str
    work: Work
    on: bool = True


class Invited(Heard, frozen=True, kw_only=True):
    topics = ("planning.person_invited.v1",)

    occurrence: str
    position: str
    person: str
    contact: bytes | None = None
    number: int = 1


class Engaged(Heard, frozen=True, kw_only=True):
    topics = ("planning.member_engaged.v1",)

    person: str
    engagement: str
    occurrence: str
    position: str
    shifts: tuple[PlannedShift, ...]


class FreeAgain(Heard, frozen=True, kw_only=True):
    topics = ("planning.member_released.v1",)

    engagement: str
    occurrence: str
    position: str
    why: Released = "asked"


class NotTheirs(Heard, frozen=True, kw_only=True):
    topics = ("planning.position_refused.v1", "planning.position_vacated.v1")

    person: str
    engagement: str


class Gone(Heard, frozen=True, kw_only=True):
    topics = ("planning.position_removed.v1",)

    person: str | None = None
    engagement: str | None = None


class Swapped(Heard, frozen=True, kw_only=True):
    topics = ("planning.position_swapped.v1",)

    before: str
    before_engagement: str


class Changed(Heard, frozen=True, kw_only=True):
    topics = ("planning.position_changed.v1",)

    shifts: tuple[PlannedShift, ...]
    person: str | None = None
    engagement: str | None = None


def plan_crew(event: StaffPlanned) -> list[Command]:
    work = msgspec.structs.asdict(event.work)
    return [PlanCrew(occurrence=event.occurrence, on=event.on, **work)]


def invite_by_mail(event: Invited) -> list[Command]:
    """Once for each invitation: who declined and is asked again is written to again."""
    if event.contact is None:
        return []
    named = f"invited/{event.occurrence}/{event.number}"
    return [
        QueueMessage(
            message=f"msg_{sha256(named.encode()).hexdigest()[:40]}",
            kind=INVITED,
            about={name: getattr(event, name) for name in ("occurrence", "position", "person")},
            recipient=event.contact,
        )
    ]


def fill_position(event: Engaged) -> list[Command]:
    return [FillPosition(**msgspec.structs.asdict(event))]


def vacate(event: FreeAgain) -> list[Command]:
    return [
        VacatePosition(
            occurrence=event.occurrence,
            position=event.position,
            engagement=event.engagement,
            why=WHY[event.why],
        )
    ]


def release(event: NotTheirs) -> list[Command]:
    return [ReleaseMember(person=event.person, engagement=event.engagement)]


def release_gone(event: Gone) -> list[Command]:
    if event.person is None or event.engagement is None:
        return []
    return [ReleaseMember(person=event.person, engagement=event.engagement)]


def release_swapped(event: Swapped) -> list[Command]:
    return [ReleaseMember(person=event.before, engagement=event.before_engagement)]


def move(event: Changed) -> list[Command]:
    if event.person is None or event.engagement is None:
        return []
    return [MoveMember(person=event.person, engagement=event.engagement, shifts=event.shifts)]


REACTIONS: Final = (
    Reaction("invite-by-mail", Invited, invite_by_mail, from_start=True),
    Reaction("plan-crew", StaffPlanned, plan_crew, from_start=True),
    Reaction("fill-positions", Engaged, fill_position, from_start=True),
    Reaction("vacate-positions", FreeAgain, vacate, from_start=True),
    Reaction("release-refused", NotTheirs, release, from_start=True),
    Reaction("release-removed", Gone, release_gone, from_start=True),
    Reaction("release-swapped", Swapped, release_swapped, from_start=True),
    Reaction("move-members", Changed, move, from_start=True),
)
