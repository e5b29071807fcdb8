"""The box office that a manifest declares, as ticketing hears it: always in full."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from roadcase.money import Money


class PriceUntil(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A price until just before a moment."""

    id: str
    price: Money
    until: datetime


class MembersFirst(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When members may buy, whatever everybody may."""

    sale_from: datetime | None = None
    sale_until: datetime | None = None


class PlannedType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ticket type. `draws`: units that one ticket takes from each pool."""

    id: str
    name: str
    price: Money
    seller: str
    draws: dict[str, int]
    admits: int = 1
    per_person_max: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    levels: tuple[PriceUntil, ...] = ()
    presales: tuple[MembersFirst, ...] = ()
    no_show_after: int | None = None


class PlannedAllotment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Units of a pool kept aside for somebody until `release_at`."""

    id: str
    name: str
    pool: str
    units: int
    kind: Literal["house", "press", "artist", "sponsor", "other"] = "other"
    release_at: datetime | None = None


class Reschedule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Guests are told of another time, and may keep their tickets or have their money back.

    `returns`: it is the time that they knew, of a night that was postponed without another one.
    """

    id: str
    answer_until: datetime
    default: Literal["keep", "refund"] = "keep"
    returns: bool = False


class TakesPlace(msgspec.Struct, frozen=True, kw_only=True):
    """When what was postponed takes place. Local times at the venue."""

    starts_at: datetime
    ends_at: datetime
    zone: str


class PlannedBoxOffice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a manifest sells. Times are local to the venue, windows are moments.

    `pools`: capacities. `per_order_max` and `per_person_max`: over all types together.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    pools: dict[str, int]
    ticket_types: tuple[PlannedType, ...] = ()
    allotments: tuple[PlannedAllotment, ...] = ()
    per_order_max: int | None = None
    per_person_max: int | None = None


class BoxOfficePlanned(Event, frozen=True, kw_only=True):
    """How the box office is to be from now on, in full.

    A type or an allotment that is not named any more is sold, or kept, no longer. `selling`:
    whether the sale is on; windows of types still hold. `reschedule`: what guests are asked because
    the time changed after they were told of it.
    """

    topic = "planning.box_office_planned.v1"

    occurrence: str
    box_office: PlannedBoxOffice
    selling: bool = False
    reschedule: Reschedule | None = None
