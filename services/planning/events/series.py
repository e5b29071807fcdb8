"""The facts of a series: what is declared of it, and how far its nights are made."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from roadcase.decider import Event
from services.planning.events.occurrences import Used


class SeriesApplied(Event, frozen=True, kw_only=True):
    """What is declared from now on, of every night of it.

    `documents`, `source`, `declares`: what it is made with, as in ManifestApplied.
    """

    topic = "planning.series_applied.v1"

    series: str
    revision: int
    digest: str
    plan: str
    title: str
    manifest: dict[str, Any]
    approved: bool = False
    documents: tuple[Used, ...] = ()
    source: str = ""
    declares: str = ""


class NightsMade(Event, frozen=True, kw_only=True):
    """All nights up to a date are as a revision says. `refused`: those that cannot be, and why."""

    topic = "planning.nights_made.v1"

    series: str
    revision: int
    until: date
    refused: dict[str, str] = msgspec.field(default_factory=dict)
