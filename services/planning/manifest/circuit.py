"""A series that goes round: its occurrences take turns at the stops of a circuit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.planning.manifest import goods, night, people
from services.planning.manifest.fields import At, Key, Name, Section, Zone
from services.planning.manifest.times import Fold


class StopTimes(Section):
    """What is different of the schedule at a stop."""

    zone: Zone | None = None
    load_in: At | None = None
    doors: At | None = None
    start: At | None = None
    end: At | None = None
    load_out: At | None = None
    curfew: At | None = None
    fold: Fold | None = None


class Stop(Section):
    """A venue of a circuit. A section that is here takes the place of that of the series."""

    key: Key
    venue: night.Place
    title: Name | None = None
    schedule: StopTimes | None = Field(
        None, description="Only these times are different; the others are those of the series."
    )
    capacity: night.Capacity | None = None
    staffing: night.Roles = ()
    kit: goods.KitLines = ()
    catalogue: goods.Catalogue | None = None
    permits: people.Permits | None = None
    split: goods.Split | None = None
    tax: goods.Tax | None = None
    suppliers: people.Suppliers = ()
    stalls: people.Stalls = ()
    notifications: people.Notices = ()


class Circuit(Section):
    """Where the dates of a series are: one stop after the other, and from the first again.

    Each date that the rule gives takes its turn, whether or not anything takes place on it.
    """

    stops: Annotated[tuple[Stop, ...], Field(min_length=1, max_length=100)]
    order: Literal["rotate"] = "rotate"
    begin: Key | None = Field(None, description="The stop of the first date; left out: the first.")
