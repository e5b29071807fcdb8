"""The facts of a series: what is declared of it, and how far its nights are made."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from roadcase.decider import Event


class SeriesApplied(Event, frozen=True, kw_only=True):
    """What is declared from now on, of every night of it."""

    topic = "planning.series_applied.v1"

    series: str
    revision: int
    digest: str
    plan: str
    title: str
    manifest: dict[str, Any]
    approved: bool = False


class NightsMade(Event, frozen=True, kw_only=True):
    """All nights up to a date are as a revision says. `refused`: those that cannot be, and why."""

    topic = "planning.nights_made.v1"

    series: str
    revision: int
    until: date
    refused: dict[str, str] = msgspec.field(default_factory=dict)
