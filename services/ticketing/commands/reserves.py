"""What may be asked of vouchers and allotments. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import (
    Capacity,
    Id,
    Instant,
    Lines,
    Name,
    OrderId,
    Price,
    Quantity,
    Sealed,
    Seed,
    Word,
)

COMPLIMENTARY: Final = "complimentary"


class VoucherTerms(Command):
    """What makes tickets cheaper, and for how many.

    `effect`: each ticket costs `amount`, or `amount` less, or `permille` thousandths less. It ends
    after so many `uses`, each a ticket, when its `budget` has been taken off, or at `valid_until`.
    `least`: with fewer tickets of its types in an order it does nothing. `returns`: a ticket that
    becomes void gives its use back. Set whole each time.
    """

    voucher: Word
    effect: Literal["none", "set", "subtract", "percent"] = "none"
    amount: Price | None = None
    permille: Annotated[int, Field(strict=True, ge=0, le=1000)] = 0
    ticket_types: tuple[Id, ...] = Field(default=(), max_length=200)
    uses: Quantity | None = None
    least: Quantity = 1
    per_person: Quantity | None = None
    budget: Price | None = None
    valid_until: Instant | None = None
    returns: bool = True
    active: bool = True

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.amount is not None) != (self.effect in {"set", "subtract"}):
            raise ValueError("an amount belongs to a voucher that sets or subtracts")
        if bool(self.permille) != (self.effect == "percent"):
            raise ValueError("permille belongs to a voucher of percent")
        if self.budget is not None and self.effect == "none":
            raise ValueError("a voucher that takes nothing off needs no budget")
        if self.amount and self.budget and self.amount.currency != self.budget.currency:
            raise ValueError("amount and budget are in one currency")
        return self


class SetVoucher(VoucherTerms):
    """A code that makes tickets cheaper, or keeps some aside for who has it.

    `keeps`: its uses are tickets of its one type that nobody else can have.
    """

    occurrence: Id
    keeps: bool = False

    @model_validator(mode="after")
    def _keeps_what_it_can(self) -> Self:
        if self.keeps and (self.uses is None or len(self.ticket_types) != 1):
            raise ValueError("a voucher keeps so many uses of one ticket type")
        return self


class SetAllotment(Command):
    """Units of a pool kept aside for somebody: for the house, the press, artists, sponsors.

    `units`: how many are kept from now on; what was sold from it before is sold. What is left
    becomes free at `release_at`. `codes`: who has one may buy from it. `plan`: a digest of what
    planning declares of it; asked again with the same, what became of it since stays.
    """

    occurrence: Id
    allotment: Id
    name: Name
    pool: Id
    units: Capacity
    kind: Literal["house", "press", "artist", "sponsor", "other"] = "other"
    release_at: Instant | None = None
    codes: tuple[Word, ...] = Field(default=(), max_length=200)
    plan: Annotated[str, Field(max_length=64)] = ""


class ReleaseAllotment(Command):
    """So many units of it become free, or all: then it is over."""

    occurrence: Id
    allotment: Id
    units: Quantity | None = None


class GiveTickets(Command):
    """Complimentary tickets: for nothing, whatever limits and windows say, while there is room.

    `giver` and `reason` are kept for ever: an office, not a name. `contact` is sealed before.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    order: OrderId
    lines: Lines
    giver: Name
    reason: Name
    code_seed: Seed
    allotment: Id | None = None
    subject: Id | None = None
    contact: Sealed | None = None

    @property
    def payment_reference(self) -> str:
        return COMPLIMENTARY
