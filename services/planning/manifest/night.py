"""When and where: schedule, venue, capacity, staffing, programme."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.planning.manifest.fields import (
    MANY,
    Amount,
    At,
    BasisPoints,
    Clock,
    Count,
    Currency,
    Day,
    Key,
    Keys,
    Label,
    Latitude,
    Longitude,
    Minutes,
    Name,
    Names,
    Places,
    Section,
    Text,
    When,
    Zone,
)
from services.planning.manifest.times import Fold


class Times(Section):
    """Local times at the venue. One after start that reads as morning is on the next day."""

    zone: Zone
    load_in: At | None = None
    doors: At | None = None
    start: At
    end: At | None = Field(None, description="Left out: when the programme is over.")
    load_out: At | None = None
    curfew: At | None = Field(None, description="When it must be over; left out: no limit.")
    fold: Fold | None = Field(None, description="Which one is meant where a time comes twice.")


class Schedule(Times):
    """The day of the event, and local times at the venue."""

    date: Day


class Place(Section):
    """Where it is: a Venue by its name, or written out here."""

    ref: Label | None = Field(None, description="The metadata.name of a Venue.")
    title: Name | None = None
    address: Text | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class Area(Section):
    """A part of the venue with a number of places of its own."""

    key: Key
    title: Name | None = None
    places: Places
    seated: bool = False
    accessible: Places = 0


class Capacity(Section):
    """How many people may be there at once, in all and in each zone."""

    total: Count
    zones: Annotated[tuple[Area, ...], Field(max_length=MANY)] = ()


class Shift(Section):
    """From when until when somebody works."""

    starts: When
    ends: When


class Role(Section):
    """So many people who do the same."""

    key: Key
    role: Name
    count: Count
    certificates: Names = ()
    shifts: Annotated[tuple[Shift, ...], Field(max_length=100)] = ()


Roles = Annotated[tuple[Role, ...], Field(max_length=MANY)]


class HireTerms(Section):
    """What showing a work costs: a fee, a share of the takings with a minimum, or both."""

    fee: Amount | None = None
    share: BasisPoints | None = None
    minimum: Amount | None = None


class Work(Section):
    """What is shown or played."""

    key: Key
    title: Name
    year: Annotated[int, Field(ge=1800, le=2200)] | None = None
    minutes: Minutes
    age_rating: Name | None = None
    format: Name | None = None
    rights_holder: Name | None = None
    screening_licence: Name | None = None
    hire_terms: HireTerms | None = None


class Interval(Section):
    """A break after a work."""

    after: Key
    minutes: Minutes
    title: Name | None = None


class Programme(Section):
    """Works in their order, and the breaks between them. It says when the event ends."""

    works: Annotated[tuple[Work, ...], Field(min_length=1, max_length=200)]
    order: Annotated[Keys, Field(description="Keys of works; left out: as they are written.")] = ()
    intervals: Annotated[tuple[Interval, ...], Field(max_length=200)] = ()
    opening: Annotated[int, Field(ge=0, le=600)] = Field(
        0, description="Minutes from start until the first work."
    )


class House(Section):
    """A venue that events name by its metadata.name."""

    title: Name
    zone: Zone
    address: Text | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    capacity: Capacity | None = None
    curfew: Clock | None = None
    currency: Currency | None = None
