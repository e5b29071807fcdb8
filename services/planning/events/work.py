"""What an event needs to be worked: kit and people, as its manifest comes to it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from roadcase.decider import Event
from services.planning.events.kit import KitNeeded


class PlannedShift(msgspec.Struct, frozen=True, kw_only=True):
    begins: datetime
    ends: datetime


class PlannedRole(msgspec.Struct, frozen=True, kw_only=True):
    """So many people who do the same. `shifts`: in order; each person works all of them."""

    role: str
    title: str
    count: int
    shifts: tuple[PlannedShift, ...]
    certificates: tuple[str, ...] = ()


class PlannedWork(msgspec.Struct, frozen=True, kw_only=True):
    """From load-in to load-out, or from doors to the end where they are not declared."""

    title: str
    zone: str
    begins: datetime
    ends: datetime
    place: str | None = None
    kit: tuple[KitNeeded, ...] = ()
    roles: tuple[PlannedRole, ...] = ()


class WorkPlanned(Event, frozen=True, kw_only=True):
    """What kit and crew are to follow, in full, once it is planned. `on`: False: it does not

    take place, or not at its time.
    """

    topic = "planning.work_planned.v1"

    occurrence: str
    work: PlannedWork
    on: bool = True
