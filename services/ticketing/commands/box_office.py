"""What may be asked of the box office of an occurrence. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import (
    MANY,
    Capacity,
    Id,
    Lines,
    Name,
    OrderId,
    Price,
    Quantity,
    Reserved,
    Sealed,
    Seed,
    TicketId,
    Typed,
    Wall,
    Zone,
)
from services.ticketing.commands.offers import TicketType
from services.ticketing.commands.questions import Answered

Channel = Literal["web", "drop", "till"]
NoneOr = Annotated[int, Field(strict=True, ge=0, le=MANY)]


class OpenBoxOffice(Command):
    """Times are local to the venue, whose zone is `zone`; `pools` are capacities by pool id.

    `per_order_max` and `per_person_max` are limits over all ticket types together.
    """

    occurrence: Id
    name: Name
    starts_at: Wall
    ends_at: Wall
    zone: Zone
    pools: dict[Id, Capacity] = Field(min_length=1, max_length=200)
    ticket_types: tuple[TicketType, ...] = Field(default=(), max_length=200)
    per_order_max: Quantity | None = None
    per_person_max: Quantity | None = None

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        return self


class ChangeBoxOffice(Command):
    """What is not named stays as it is; a ticket type that is named is given whole.

    A pool's capacity may be set below what is sold. Nothing that was sold changes. A limit over
    all ticket types is lifted with 0.
    """

    occurrence: Id
    name: Name | None = None
    starts_at: Wall | None = None
    ends_at: Wall | None = None
    zone: Zone | None = None
    pools: dict[Id, Capacity] = Field(default_factory=dict, max_length=200)
    ticket_types: tuple[TicketType, ...] = Field(default=(), max_length=200)
    per_order_max: NoneOr | None = None
    per_person_max: NoneOr | None = None


class Buying(Command):
    """What every purchase begins with.

    `codes` are what its buyer typed, `promo` is what brought them here, and `member` is said by
    callers who know. `allotment`: what to take it from, by callers who may. `seats_apart`: the
    best seats may be in several places if so many are nowhere beside each other. `series`: uses of
    a voucher over several occurrences, which the door reserved for its
    code, one of these.
    """

    occurrence: Id
    lines: Lines
    subject: Id | None = None
    codes: tuple[Typed, ...] = Field(default=(), max_length=10)
    member: bool = False
    promo: Id | None = None
    seats_apart: bool = False
    allotment: Id | None = None
    series: Reserved | None = None


class HoldTickets(Buying):
    """All lines or none, for 10 minutes on the web, 5 in a drop, 3 at a till.

    With `seconds` for so many, if they are fewer.
    """

    hold: Id
    channel: Channel = "web"
    seconds: Annotated[int, Field(strict=True, ge=1, le=3600)] | None = None


class ExtendHold(Command):
    """Five minutes more, once, while a payment runs."""

    occurrence: Id
    hold: Id


class ReleaseHold(Command):
    occurrence: Id
    hold: Id


class CatchUp(Command):
    """The box office's own timer: whatever is due by now."""

    occurrence: Id


class Purchase(Command):
    """What every sale says. `amount` must be the total: nobody pays a price they did not see.

    `code_seed` is a secret of the door for this order, in hexadecimal and the same at every retry;
    the codes of its tickets are derived from it. `contact` and the answers are sealed before they
    get here.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    order: OrderId
    payment_reference: Name
    amount: Price
    code_seed: Seed
    subject: Id | None = None
    contact: Sealed | None = None
    answered: Answered | None = None


class ConfirmOrder(Purchase):
    """The hold becomes an order. Paid too late, it still does if its units are free.

    Its seats must be free then too, unless the guest takes `other_seats`.
    """

    hold: Id
    other_seats: bool = False


class SellTickets(Purchase, Buying):
    """Hold and confirm in one decision: tills, partners and drops."""

    channel: Channel = "drop"


class CancelOrder(Command):
    """Void tickets of an order with no money back: all of them, or those named."""

    occurrence: Id
    order: OrderId
    tickets: tuple[TicketId, ...] | None = Field(default=None, min_length=1, max_length=10_000)
    reason: Name


class RefundTickets(Command):
    """Void tickets of an order and give money back for them: for all of them, or those named.

    All that was paid, or `amount` of it, split by what each cost. `by_policy`: what their buyer may
    have by the terms of the day of purchase, which must be `amount` if that is said. It must be
    said where the rest of the order is rated again (`domain.rerating`). An amount goes back once
    under one reference, and never more than was paid. A ticket that was cancelled before can still
    be refunded.
    """

    occurrence: Id
    order: OrderId
    tickets: tuple[TicketId, ...] | None = Field(default=None, min_length=1, max_length=10_000)
    reason: Name
    refund_reference: Name
    amount: Price | None = None
    by_policy: bool = False
