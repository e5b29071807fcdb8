"""The facts of a series: what is declared of it, and how far its nights are made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from roadcase.decider import Event
from services.planning.events.occurrences import Used
from services.planning.events.schedules import PlannedSchedule


class Follows(msgspec.Struct, frozen=True, kw_only=True):
    """The series that goes on where this one ends: it is declared next, and continues it.

    `schedules`: what it does again and again. `documents`, `source`, `declares`: what it is made
    with, as in SeriesApplied; `kept`: of its nights, as there.
    """

    series: str
    title: str
    digest: str
    manifest: dict[str, Any]
    schedules: tuple[PlannedSchedule, ...] = ()
    documents: tuple[Used, ...] = ()
    source: str = ""
    declares: str = ""
    kept: dict[str, str] = msgspec.field(default_factory=dict)


class SeriesApplied(Event, frozen=True, kw_only=True):
    """What is declared from now on, of every night of it.

    `follows`: it was split, and what follows is a series of its own. `answer_until`, `default`: of
    nights whose time changes by this. `documents`, `source`, `declares`: what it is made with, as
    in ManifestApplied. `kept`: nights that stay as they were declared before, and the code of why.
    """

    topic = "planning.series_applied.v1"

    series: str
    revision: int
    digest: str
    plan: str
    title: str
    manifest: dict[str, Any]
    approved: bool = False
    follows: Follows | None = None
    answer_until: datetime | None = None
    default: Literal["keep", "refund"] = "keep"
    documents: tuple[Used, ...] = ()
    source: str = ""
    declares: str = ""
    kept: dict[str, str] = msgspec.field(default_factory=dict)


class NightsMade(Event, frozen=True, kw_only=True):
    """All nights up to a date are as a revision says. `refused`: those that cannot be, and why.

    `seen`: how those stood then; when one of them changes later it is tried again.
    """

    topic = "planning.nights_made.v1"

    series: str
    revision: int
    until: date
    refused: dict[str, str] = msgspec.field(default_factory=dict)
    seen: datetime | None = None
