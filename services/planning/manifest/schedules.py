"""What is done again and again, or at its time, and what becomes of it when it cannot be."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import Field

from services.planning.manifest.fields import (
    MANY,
    Clock,
    Day,
    Key,
    Section,
    When,
    from_text,
    schema,
)
from services.planning.manifest.recurring import Rule
from services.planning.manifest.times import Fold
from services.planning.manifest.triggers import Action

_SPAN: Final = "([0-9]{1,4}) ?(m|h|d|w)"
_SECONDS: Final = {"m": 60, "h": 3600, "d": 24 * 3600, "w": 7 * 24 * 3600}


def read_span(text: str) -> int:
    found = re.fullmatch(_SPAN, text)
    if found is None:
        raise ValueError('is how long: write "90m", "6h", "2d" or "1w"')
    return int(found[1]) * _SECONDS[found[2]]


Span = Annotated[
    int, from_text("malformed", read_span), schema(pattern=f"^{_SPAN}$", examples=["90m", "6h"])
]


class Every(Section):
    """Again and again at a time of day, from a date on, by a rule of iCalendar (RFC 5545)."""

    first: Day
    at: Clock
    rule: Rule
    missing_day: Literal["skip", "last"] = Field(
        "skip", description="In a month without that day: not, or on its last day."
    )
    gap: Literal["skip", "forward"] = Field(
        "forward", description="On a day when clocks skip that time: not, or after the gap."
    )
    fold: Fold = "first"


class Job(Section):
    """It is done `at` a time, or `every` time that a rule gives. In a series a time is relative."""

    key: Key
    at: When | None = None
    every: Every | None = None
    do: Annotated[tuple[Action, ...], Field(min_length=1, max_length=20)]


class Schedule(Section):
    """Jobs that are paused, caught up and kept apart together."""

    key: Key
    overlap: Literal["skip", "buffer", "cancel", "allow"] = Field(
        "skip", description="Of a job that is due while it runs still: see the page on schedules."
    )
    catch_up: Span | None = Field(
        None, description="What is later than so long is missed; left out: a day."
    )
    jitter: Span | None = Field(
        None, description="Later by at most so long, always by the same; left out: not."
    )
    exclude: Annotated[tuple[Day, ...], Field(max_length=MANY)] = ()
    pause_on_failure: bool = Field(default=False, description="Until somebody resumes it.")
    jobs: Annotated[tuple[Job, ...], Field(min_length=1, max_length=200)]


Schedules = Annotated[tuple[Schedule, ...], Field(max_length=50)]
