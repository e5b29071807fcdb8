"""What planning does when a series was split: what follows is declared as a series of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.commands import ApplySeries
from services.planning.events import Used
from services.planning.events.schedules import PlannedSchedule


class Follows(msgspec.Struct, frozen=True, kw_only=True):
    series: str
    title: str
    digest: str
    manifest: dict[str, Any]
    schedules: tuple[PlannedSchedule, ...] = ()
    documents: tuple[Used, ...] = ()
    source: str = ""
    declares: str = ""
    kept: dict[str, str] = msgspec.field(default_factory=dict)


class SeriesApplied(Heard, frozen=True, kw_only=True):
    topics = ("planning.series_applied.v1",)

    plan: str
    approved: bool = False
    follows: Follows | None = None
    answer_until: datetime | None = None
    default: Literal["keep", "refund"] = "keep"


def declare_what_follows(event: SeriesApplied) -> list[Command]:
    """The second part of a split, once, also by a process that starts after the one that split."""
    if event.follows is None:
        return []
    about = msgspec.structs.asdict(event.follows)
    return [
        ApplySeries(
            **about,
            base_revision=0,
            plan=event.plan,
            approved=event.approved,
            answer_until=event.answer_until,
            default=event.default,
        )
    ]


REACTIONS: Final = (Reaction("split-series", SeriesApplied, declare_what_follows, from_start=True),)
