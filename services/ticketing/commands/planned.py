"""What planning asks of a box office: how it is to be, in full. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from roadcase.decider import Command
from services.ticketing.commands.fields import (
    Capacity,
    Draws,
    Id,
    Instant,
    Name,
    Part,
    Price,
    Quantity,
    Wall,
    Zone,
)
from services.ticketing.commands.offers import LARGEST, Level, Presale


class PlannedType(Part):
    """A ticket type as planning knows it. What it does not know of one stays as it is."""

    id: Id
    name: Name
    price: Price
    seller: Id
    draws: Draws
    admits: Annotated[int, Field(strict=True, ge=1, le=LARGEST)] = 1
    per_person_max: Quantity | None = None
    sale_from: Instant | None = None
    sale_until: Instant | None = None
    levels: tuple[Level, ...] = Field(default=(), max_length=20)
    presales: tuple[Presale, ...] = Field(default=(), max_length=20)
    no_show_after: Annotated[int, Field(strict=True, ge=0, le=1440)] | None = None


class Reschedule(Part):
    """What guests are asked where the time is another than they know.

    `returns`: it is the one that they knew, of a night that was postponed without another.
    """

    id: Id
    answer_until: Instant
    default: Literal["keep", "refund"] = "keep"
    returns: bool = False


class PlanBoxOffice(Command):
    """Open it like this, or change it until it is like this.

    A type that was planned and is not named any more is sold no longer, an allotment is released.
    Sales are stopped and go on when `selling` changes: what somebody else stopped stays stopped.
    """

    occurrence: Id
    name: Name
    starts_at: Wall
    ends_at: Wall
    zone: Zone
    pools: dict[Id, Capacity] = Field(min_length=1, max_length=1000)
    ticket_types: tuple[PlannedType, ...] = Field(default=(), max_length=1000)
    allotments: tuple[Id, ...] = Field(default=(), max_length=1000)
    per_order_max: Quantity | None = None
    per_person_max: Quantity | None = None
    selling: bool = False
    reschedule: Reschedule | None = None
