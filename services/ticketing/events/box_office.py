"""The facts of a box office: what it offers, and the holds on it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from roadcase.money import Money


class BoxOfficeOpened(Event, frozen=True, kw_only=True):
    """Times are local to the venue; UTC is derived with `zone`."""

    topic = "ticketing.box_office_opened.v1"

    occurrence: str
    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    per_order_max: int | None = None
    per_person_max: int | None = None


class BoxOfficeChanged(Event, frozen=True, kw_only=True):
    """How it is now, in full."""

    topic = "ticketing.box_office_changed.v1"

    occurrence: str
    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    per_order_max: int | None = None
    per_person_max: int | None = None


class CapacitySet(Event, frozen=True, kw_only=True):
    topic = "ticketing.capacity_set.v1"

    occurrence: str
    pool: str
    capacity: int


class Level(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A price until just before `until`, and for the first `quantity` tickets of its type."""

    id: str
    price: Money
    until: datetime | None = None
    quantity: int | None = None


class Fee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of each ticket that is not free: `fixed`, and so many thousandths of its price."""

    fixed: Money | None = None
    permille: int = 0
    borne_by: Literal["guest", "organiser"] = "guest"


class Presale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From `sale_from` until just before `sale_until`, for members or for who has a code."""

    members: bool = False
    codes: tuple[str, ...] = ()
    sale_from: datetime | None = None
    sale_until: datetime | None = None


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """The time that a ticket is for: one of the slots `of` a rule, as instants."""

    of: str
    starts: datetime
    ends: datetime


class TicketTypeSet(Event, frozen=True, kw_only=True):
    """How it is now, in full. `draws`: units that one ticket takes from each pool.

    `addon_to`: the types that it comes with, and how many at least and at most with each ticket of
    them. `bundle`: what it is made of; then it draws nothing itself. `levels`: prices before
    `price`. `lowest`: what its buyer pays at least, who says how much; `price` is then suggested.
    `unlocked_by`: it is hidden from who has none of these codes. `valid_from` and `valid_until`:
    when its tickets let somebody in, both inclusive; neither: all night. `slot`: the time it is
    for.
    """

    topic = "ticketing.ticket_type_set.v1"

    occurrence: str
    ticket_type: str
    name: str
    price: Money
    seller: str
    draws: dict[str, int]
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    per_order_min: int = 1
    per_order_max: int | None = None
    per_person_max: int | None = None
    active: bool = True
    addon_to: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    bundle: dict[str, int] = msgspec.field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    lowest: Money | None = None
    admits: int = 1
    fee: Fee | None = None
    presales: tuple[Presale, ...] = ()
    unlocked_by: tuple[str, ...] = ()
    policy: str | None = None
    approval: bool = False
    deliver: Literal["both", "phone", "print"] = "both"
    no_show_after: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    slot: Slot | None = None


Channel = Literal["web", "drop", "till", "offer", "order", "import", "given"]


class Earned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What one ticket costs when its order no longer has all that made it cheaper, as it was sold.

    `price` while it has. Its voucher holds for `least` tickets that say so; without it one costs
    `plain`. A bundle has so many `units` of its type; outside of a whole one it costs `alone`, and
    `bare` without the voucher too. `minimum` tickets of its type are paid for in any order of it.
    """

    price: Money
    least: int = 1
    plain: Money | None = None
    units: int = 0
    alone: Money | None = None
    bare: Money | None = None
    minimum: int = 1


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tickets of one type, at the terms of the moment in which they were held.

    Of each ticket: `price` is what its guest pays for it, and `listed` what it costs without the
    `voucher`; `fee` is paid on top of it, `fee_within` is a part of it that its organiser bears;
    `tier` is the price level. `admits`: how many people come in with it. `seats` has one for each
    ticket, if it has seats. `addon`: it comes with other tickets of its order. `bundle`: the ticket
    type that was bought, and of which this is a part. `discount`: what the voucher took off.
    `kept`: units of all its tickets that had been kept aside, in `reserve`. `reservation`: where
    its uses of a voucher over several occurrences were reserved, for nobody else if `personal`.
    `earned`: what its price depends on, if the order must keep something for it.
    """

    ticket_type: str
    quantity: int
    price: Money
    seller: str
    draws: dict[str, int]
    fee: Money | None = None
    fee_within: Money | None = None
    tier: str | None = None
    listed: Money | None = None
    voucher: str | None = None
    admits: int = 1
    seats: tuple[str, ...] = ()
    addon: bool = False
    discount: Money | None = None
    reserve: str | None = None
    kept: dict[str, int] = msgspec.field(default_factory=dict)
    bundle: str | None = None
    policy: str | None = None
    reservation: str | None = None
    personal: bool = False
    earned: Earned | None = None


class TicketsHeld(Event, frozen=True, kw_only=True):
    """Kept for somebody: a cart, an `offer` to who waited, an `order` that is not paid yet.

    Of an offer: the `entry` that waited, the units that it `waited` for and nobody waits for any
    more, those that had been kept for it and are `less` now, and the `contact` it is sent to.
    """

    topic = "ticketing.tickets_held.v1"

    occurrence: str
    hold: str
    lines: tuple[Line, ...]
    until: datetime
    channel: Channel
    subject: str | None = None
    promo: str | None = None
    entry: str | None = None
    waited: dict[str, int] = msgspec.field(default_factory=dict)
    less: dict[str, int] = msgspec.field(default_factory=dict)
    contact: bytes | None = None


class HoldExtended(Event, frozen=True, kw_only=True):
    topic = "ticketing.hold_extended.v1"

    occurrence: str
    hold: str
    until: datetime


class HoldEnded(Event, frozen=True, kw_only=True):
    """Its units are free again, or sold: then a TicketSold for each ticket follows.

    `kept`: units that go back to where they were kept aside, by reserve.
    """

    topic = "ticketing.hold_ended.v1"

    occurrence: str
    hold: str
    why: Literal["sold", "released", "expired"]
    lines: tuple[Line, ...]
    kept: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
