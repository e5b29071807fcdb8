"""The facts of what is kept aside: vouchers and allotments."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from roadcase.money import Money


class VoucherSet(Event, frozen=True, kw_only=True):
    """How it is now, in full.

    `effect`: each ticket costs `amount`, `amount` less, or `permille` thousandths less; or nothing
    changes. `uses` and `budget` end it: tickets, and what it takes off in all. `keeps`: for each
    use that is left a ticket of its one type is kept aside. `more`: units that are kept from now
    on, `less`: that are not any more.
    """

    topic = "ticketing.voucher_set.v1"

    occurrence: str
    voucher: str
    effect: Literal["none", "set", "subtract", "percent"] = "none"
    amount: Money | None = None
    permille: int = 0
    ticket_types: tuple[str, ...] = ()
    uses: int | None = None
    least: int = 1
    per_person: int | None = None
    budget: Money | None = None
    valid_until: datetime | None = None
    keeps: bool = False
    returns: bool = True
    active: bool = True
    more: dict[str, int] = msgspec.field(default_factory=dict)
    less: dict[str, int] = msgspec.field(default_factory=dict)


class VoucherLapsed(Event, frozen=True, kw_only=True):
    """Its time is over: `less`, what it still kept, is free."""

    topic = "ticketing.voucher_lapsed.v1"

    occurrence: str
    voucher: str
    less: dict[str, int] = msgspec.field(default_factory=dict)


class AllotmentSet(Event, frozen=True, kw_only=True):
    """How it is now, in full: units of `pool` are kept aside until `release_at`.

    `more`: units that are kept from now on, `less`: that are not any more. `codes`: who has one may
    buy from it. `plan`: of what planning declared, if it did.
    """

    topic = "ticketing.allotment_set.v1"

    occurrence: str
    allotment: str
    name: str
    pool: str
    more: int = 0
    less: int = 0
    kind: Literal["house", "press", "artist", "sponsor", "other"] = "other"
    release_at: datetime | None = None
    codes: tuple[str, ...] = ()
    plan: str = ""


class AllotmentReleased(Event, frozen=True, kw_only=True):
    """`units` of it are free. `closed`: it is over, and keeps nothing that comes back."""

    topic = "ticketing.allotment_released.v1"

    occurrence: str
    allotment: str
    pool: str
    units: int
    why: Literal["time", "asked"]
    closed: bool


class TicketsGiven(Event, frozen=True, kw_only=True):
    """An order of complimentary tickets: who gave them, and why."""

    topic = "ticketing.tickets_given.v1"

    occurrence: str
    order: str
    tickets: int
    giver: str
    reason: str
    allotment: str | None = None
