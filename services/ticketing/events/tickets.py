"""The facts of tickets: sold, and void again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from roadcase.money import Money
from services.ticketing.events.box_office import Channel, Earned


class TicketSold(Event, frozen=True, kw_only=True):
    """One ticket, and everything about its sale: an order is the tickets sold under one id.

    There is no event for the order beside its tickets. It would say the buyer, the payment and
    the total once, for which every sale of one ticket, nearly all sales of a drop, would be twice
    as many events to chain, store, stream and fold. So each ticket names its order, is `number`
    of the `of` tickets in it, and whoever hears one needs no other event to act on it.

    `hold`: the hold it was confirmed from, which just ended as sold and whose units these are;
    `late`: that hold had ended before, and the units were taken anew. `sold_at` is when it was
    sold, which for a till without a network is not when it was recorded.

    `fee` to `admits`, `bundle` and `discount` are as in `Line`. `kept`: units of this ticket that
    had been kept aside in `reserve` until it was sold. `addon_to` is the ticket that it comes with,
    `promo` the code that brought its buyer here, `policy` the refund policy that holds for it,
    `reservation` where its use of a voucher over several occurrences was reserved, `earned` what
    its price depends on.
    From `valid_from` to `valid_until`, both inclusive, it lets somebody in; None: all night.
    """

    topic = "ticketing.ticket_sold.v1"

    occurrence: str
    order: str
    ticket: str
    number: int
    of: int
    ticket_type: str
    price: Money
    seller: str
    draws: dict[str, int]
    code: str
    channel: Channel
    payment_reference: str
    sold_at: datetime
    subject: str | None = None
    contact: bytes | None = None
    hold: str | None = None
    late: bool = False
    fee: Money | None = None
    fee_within: Money | None = None
    tier: str | None = None
    listed: Money | None = None
    voucher: str | None = None
    admits: int = 1
    seat: str | None = None
    addon_to: str | None = None
    bundle: str | None = None
    discount: Money | None = None
    reserve: str | None = None
    kept: dict[str, int] = msgspec.field(default_factory=dict)
    promo: str | None = None
    deliver: Literal["both", "phone", "print"] = "both"
    policy: str | None = None
    reservation: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    earned: Earned | None = None


class TicketCancelled(Event, frozen=True, kw_only=True):
    """Void, with no money back. `draws` and `seat` are free; `kept`: of them, in reserves.

    `voucher`, `reservation` and `discount`: the use of a voucher over several occurrences.
    """

    topic = "ticketing.ticket_cancelled.v1"

    occurrence: str
    order: str
    ticket: str
    ticket_type: str
    draws: dict[str, int]
    reason: str
    seat: str | None = None
    kept: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    voucher: str | None = None
    reservation: str | None = None
    discount: Money | None = None


class TicketRefunded(Event, frozen=True, kw_only=True):
    """Void, and the money goes back. `draws` and `seat` are free again.

    None are if the ticket was cancelled before. `kept`: of them, what is kept aside again.
    `voucher` to `discount` are as in TicketCancelled. `by_policy`: its guest gave it back, so it
    counts no more for what the rest of its order earned.
    """

    topic = "ticketing.ticket_refunded.v1"

    occurrence: str
    order: str
    ticket: str
    ticket_type: str
    draws: dict[str, int]
    reason: str
    kept: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    amount: Money
    seller: str
    refund_reference: str
    subject: str | None = None
    seat: str | None = None
    voucher: str | None = None
    reservation: str | None = None
    discount: Money | None = None
    by_policy: bool = False


class TicketRerated(Event, frozen=True, kw_only=True):
    """What was paid for a ticket is `price` now, and `before` until now: no money moved.

    Some of an order goes back, and what stays no longer earns its price: then what was paid for
    those that go pays for those that stay. `why`: what is no longer earned. The prices of all that
    are rated at once add up to the same as before. Their fees stay as they are.
    """

    topic = "ticketing.ticket_rerated.v1"

    occurrence: str
    order: str
    ticket: str
    ticket_type: str
    seller: str
    price: Money
    before: Money
    why: tuple[Literal["voucher", "bundle", "minimum"], ...] = ()
