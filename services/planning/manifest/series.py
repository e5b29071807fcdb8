"""When a series takes place, and what is different on single dates of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.planning.manifest import goods, night, people
from services.planning.manifest.fields import MANY, At, Day, Key, Label, Name, Section
from services.planning.manifest.recurring import Rule
from services.planning.manifest.times import Fold


class MoveTimes(Section):
    """What is different of the schedule on one date; `zone` and the others are of the series."""

    load_in: At | None = None
    doors: At | None = None
    start: At | None = None
    end: At | None = None
    load_out: At | None = None
    curfew: At | None = None
    fold: Fold | None = None


class Move(Section):
    """What is different on one date of the series, named by the date that its rule gives.

    A section that is here takes the place of that of the series, and of that of its stop.
    """

    on: Day
    cancelled: bool = False
    to: At | None = Field(None, description="It starts then instead.")
    title: Name | None = None
    venue: Label | None = None
    stop: Key | None = Field(None, description="Of the circuit, instead of whose turn it is.")
    schedule: MoveTimes | None = Field(
        None, description="Only these times are different; the others are those of the series."
    )
    capacity: night.Capacity | None = None
    staffing: night.Roles = ()
    kit: goods.KitLines = ()
    catalogue: goods.Catalogue | None = None
    programme: night.Programme | None = None
    stalls: people.Stalls = ()
    notifications: people.Notices = ()


class Recurrence(Section):
    """When a series takes place: from a date on, by a rule of iCalendar (RFC 5545)."""

    first: Day
    rule: Rule
    exclude: Annotated[tuple[Day, ...], Field(max_length=MANY)] = ()
    missing_day: Literal["skip", "last"] = Field(
        "skip", description="In a month without that day: no event, or on its last day."
    )
    gap: Literal["skip", "forward"] = Field(
        "skip", description="On a day when clocks skip its start: no event, or after the gap."
    )
    changes: Annotated[tuple[Move, ...], Field(max_length=MANY)] = ()
    continues: Label | None = Field(
        None, description="The series that it was a part of: its occurrences keep their names."
    )
