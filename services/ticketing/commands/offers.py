"""What is offered: ticket types with their prices, levels, fees and who may buy them when."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from services.ticketing.commands.fields import (
    MANY,
    Draws,
    Id,
    Instant,
    Name,
    Part,
    Price,
    Quantity,
    Span,
    Word,
)

LARGEST: Final = 100  # tickets in a bundle, people in a group


class Level(Part):
    """A price until just before `until`, and for the first `quantity` tickets of its type.

    What a hold keeps of it comes back when the hold ends. A ticket that is void gives nothing
    back: the next buyer does not pay less than the one before because somebody returned theirs.
    """

    id: Id
    price: Price
    until: Instant | None = None
    quantity: Quantity | None = None

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.until is None and self.quantity is None:
            raise ValueError("a level ends at a moment, after a number of tickets, or both")
        return self


class Fee(Part):
    """Of each ticket that is not free: `fixed`, and so many thousandths of its price.

    Its guest pays it on top of the price, or its organiser out of it.
    """

    fixed: Price | None = None
    permille: Annotated[int, Field(strict=True, ge=0, le=1000)] = 0
    borne_by: Literal["guest", "organiser"] = "guest"

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if not self.permille and not (self.fixed and self.fixed.minor):
            raise ValueError("a fee is fixed, a share of the price, or both")
        return self


class Presale(Part):
    """From `sale_from` until just before `sale_until`, for members or for who has a code."""

    members: bool = False
    codes: tuple[Word, ...] = Field(default=(), max_length=200)
    sale_from: Instant | None = None
    sale_until: Instant | None = None

    @model_validator(mode="after")
    def _is_for_somebody(self) -> Self:
        if not self.members and not self.codes:
            raise ValueError("a presale is for members, for who has a code, or for both")
        if self.sale_from and self.sale_until and self.sale_until <= self.sale_from:
            raise ValueError("sale_until is not after sale_from")
        return self


class TicketType(Part):
    """What a ticket costs and takes. `seller` is the merchant of record of its line.

    It is on sale from `sale_from` until just before `sale_until`.

    `addon_to`: it is only sold together with tickets of these types, for each of them the least
    and the most of it. `bundle`: it is these many tickets of other types, for one price.

    `levels` are prices before `price`, each until a moment or for so many tickets. With a `lowest`
    price its buyer says what they pay, and `price` is what is suggested. `admits`: how many come
    in with one ticket. `presales`: who may buy it at other times than everybody. `unlocked_by`:
    it is hidden from who has none of these codes. `policy`: what its buyer may have back.
    `deliver`: on the page and paper of its guest, from a printer of the house, or both.
    `approval`: it is ordered, and the organiser says whether they may have it. Its tickets let
    somebody in from `valid_from` to `valid_until`, both inclusive; with neither, all night.
    `no_show_after`: so many minutes after the start the place of who has not come is free again.
    """

    id: Id
    name: Name
    price: Price
    seller: Id
    draws: Draws = Field(default_factory=dict)
    sale_from: Instant | None = None
    sale_until: Instant | None = None
    per_order_min: Quantity = 1
    per_order_max: Quantity | None = None
    per_person_max: Quantity | None = None
    active: bool = True
    addon_to: dict[Id, Span] = Field(default_factory=dict, max_length=200)
    bundle: dict[Id, Quantity] = Field(default_factory=dict, max_length=20)
    levels: tuple[Level, ...] = Field(default=(), max_length=20)
    lowest: Price | None = None
    admits: Annotated[int, Field(strict=True, ge=1, le=LARGEST)] = 1
    fee: Fee | None = None
    presales: tuple[Presale, ...] = Field(default=(), max_length=20)
    unlocked_by: tuple[Word, ...] = Field(default=(), max_length=200)
    policy: Id | None = None
    approval: bool = False
    deliver: Literal["both", "phone", "print"] = "both"
    no_show_after: Annotated[int, Field(strict=True, ge=0, le=1440)] | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None

    @model_validator(mode="after")
    def _can_be_sold(self) -> Self:
        if self.sale_from and self.sale_until and self.sale_until <= self.sale_from:
            raise ValueError("sale_until is not after sale_from")
        highest = min(self.per_order_max or MANY, self.per_person_max or MANY)
        if self.per_order_min > highest:
            raise ValueError("per_order_min is above per_order_max or per_person_max")
        if bool(self.draws) == bool(self.bundle):
            raise ValueError("a ticket type draws on pools, or else is a bundle of others")
        if self.bundle and (self.addon_to or self.per_person_max):
            raise ValueError("a bundle has no addon_to and no per_person_max: its parts have")
        if sum(self.bundle.values()) > LARGEST:
            raise ValueError(f"a bundle is at most {LARGEST} tickets")
        self._has_one_price_list()
        self._has_a_window()
        return self

    def _has_a_window(self) -> None:
        if (self.valid_from is None) != (self.valid_until is None):
            raise ValueError("valid_from and valid_until are said together")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        if self.bundle and self.valid_from:
            raise ValueError("a bundle has no window: its parts have")

    def _has_one_price_list(self) -> None:
        prices = [self.price, *(level.price for level in self.levels)]
        fixed = self.fee.fixed if self.fee else None
        extra = [each for each in (self.lowest, fixed) if each is not None]
        if len({each.currency for each in (*prices, *extra)}) > 1:
            raise ValueError("prices and fees of a ticket type are in one currency")
        if self.lowest is not None and (self.levels or self.bundle):
            raise ValueError("a price that the buyer says has no levels, and is not of a bundle")
        if self.lowest is not None and self.lowest.minor > self.price.minor:
            raise ValueError("lowest is above the price that is suggested")
        if len({level.id for level in self.levels}) < len(self.levels):
            raise ValueError("two levels have the same id")
        if self.bundle and (self.admits > 1 or self.fee):
            raise ValueError("a bundle has no fee and no admits: its parts have")
        if self.bundle and any(level.quantity is not None for level in self.levels):
            raise ValueError("a level of a bundle ends at a moment: its parts are counted, not it")
