"""What may be asked to take over an order that was sold elsewhere. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import (
    MANY,
    Id,
    Instant,
    Name,
    OrderId,
    Part,
    Price,
    Sealed,
    Seed,
)

Rate = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$")]  # percent
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Taxed(Part):
    """What was charged of tax in a price, and at which rate: kept as it was decided there."""

    price: Price
    tax: Price
    rate: Rate = "0"
    tax_code: Id | None = None

    @model_validator(mode="after")
    def _is_a_part(self) -> Self:
        if self.tax.currency != self.price.currency or self.tax.minor > self.price.minor:
            raise ValueError("tax is a part of its price, in the same currency")
        return self


class ImportedTicket(Taxed):
    """`position` is its id there, and `secret` a keyed hash of the code that it has there.

    `held`: it is not paid yet. `addon_to`: the position that it comes with.
    """

    position: Id
    ticket_type: Id
    secret: Hash
    state: Literal["valid", "held", "cancelled", "refunded"] = "valid"
    addon_to: Id | None = None


class ImportedFee(Taxed):
    """What an order cost beside its tickets."""

    kind: Id


class ImportOrder(Command):
    """An order as it is elsewhere, whole each time: only what changed there since happens here.

    No window and no limit is asked, only room. Nobody is written to, nothing is printed.
    `until`: so long are tickets held that are not paid yet.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    order: OrderId
    source: Id
    reference: Name
    sold_at: Instant
    payment_reference: Name
    tickets: tuple[ImportedTicket, ...] = Field(min_length=1, max_length=MANY)
    fees: tuple[ImportedFee, ...] = Field(default=(), max_length=100)
    until: Instant | None = None
    code_seed: Seed
    subject: Id | None = None
    contact: Sealed | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if len({each.position for each in self.tickets}) < len(self.tickets):
            raise ValueError("a position is named twice")
        if len({each.price.currency for each in (*self.tickets, *self.fees)}) > 1:
            raise ValueError("an order is in one currency")
        if self.until is None and any(each.state == "held" for each in self.tickets):
            raise ValueError("tickets that are not paid are held until a moment")
        return self
