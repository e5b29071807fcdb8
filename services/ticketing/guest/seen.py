"""A night as a guest sees it in the shop, and at which prices, with the code that they typed.

It is told from the read models, which follow; the box office decides when something is bought.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from roadcase.doors import Reader
from roadcase.errors import RoadcaseError
from roadcase.money import Money
from services.ticketing import queries
from services.ticketing.commands.fields import word
from services.ticketing.domain.audiences import check_sale
from services.ticketing.domain.composing import parts
from services.ticketing.domain.pricing import with_fee
from services.ticketing.domain.refusals import (
    NotForSale,
    NotInOrder,
    NotOnSaleYet,
    SaleEnded,
    UnknownCode,
    VoucherExpired,
    VoucherNeedsMore,
    VoucherUsedUp,
)
from services.ticketing.domain.terms import line_at, total_of
from services.ticketing.domain.vouchers import ENDLESS, Left, apply, is_for
from services.ticketing.events import Line, TicketTypeSet, VoucherSet
from services.ticketing.projections.availability import Availability, Cost, open_to, terms

SOLD_OUT: Final = "sold out"
OVER: Final = "sale has ended"
OTHER: Final = "not with this code"
_WHY: Final[Mapping[type[RoadcaseError], str]] = {
    NotForSale: "not for sale",
    NotOnSaleYet: "not on sale yet",
    SaleEnded: OVER,
}
_CODE: Final = re.compile(r"[A-Z0-9_-]{1,32}")  # as in `commands.fields.Word`
NO_SEATS: Final[Mapping[str, Any]] = {}


class Seen(NamedTuple):
    """`night`: a row of `availability`, with what is kept for who has the `code`.

    `voucher`: the one of this code, with so many `uses` left. `plans`: of seats, by pool.
    """

    night: dict[str, Any]
    at: datetime
    plans: Mapping[str, Any] = NO_SEATS
    code: str = ""
    voucher: VoucherSet | None = None
    uses: int = ENDLESS

    def types(self) -> list[str]:
        """The ticket types that can be had by themselves, for who has this code."""
        kinds = self.night["types"]
        return [id_ for id_ in open_to(self.night, self.code) if not kinds[id_].get("addon_to")]

    def why_not(self, id_: str) -> str:
        """Why this type cannot be had now, in words for a guest; empty if it can."""
        try:
            check_sale(terms(self.night, id_), self.at, (self.code,) if self.code else ())
        except tuple(_WHY) as error:
            return _WHY[type(error)]
        if self.voucher is not None and not self._is_for(id_):
            return OTHER
        least: int = self.night["types"][id_]["per_order_min"]
        return SOLD_OUT if Availability.left(self.night, id_) < least else ""

    def pool_of(self, id_: str) -> str | None:
        """The pool whose plan has the seats of this type."""
        draws = self.night["types"][id_].get("draws") or ()
        return next((pool for pool in draws if pool in self.plans), None)

    def costs(self, id_: str, quantity: int) -> list[Cost]:
        """What so many cost one by one, cheapest first; of a bundle, what one costs."""
        plain = Availability.costs(self.night, id_, quantity, self.at)
        if self.voucher is None or plain[0].lowest is not None:
            return plain
        if not self.night["types"][id_].get("bundle"):
            lines = self._lines(id_, plain)
            return [Cost(each.quantity, each.price, each.fee, each.tier, None) for each in lines]
        one = self._lines(id_, Availability.costs(self.night, id_, 1, self.at))
        total = total_of(one)
        fee = sum(line.fee.minor * line.quantity for line in one if line.fee)
        price, on_top = Money(total.minor - fee, total.currency), Money(fee, total.currency)
        return [Cost(quantity, price, on_top if fee else None, None, None)]

    def total(self, id_: str, quantity: int, said: Money | None) -> Money:
        """Of so many together. `said`: what their buyer wants to pay for each.

        Raises NotInOrder, VoucherNeedsMore.
        """
        plain = Availability.costs(self.night, id_, quantity, self.at, said)
        if self.voucher is not None and plain[0].lowest is None:
            lines = self._lines(id_, plain)
            types, of = self._types(id_), self.voucher
            counted = sum(line.quantity for line in lines if is_for(types, of, line))
            if counted < of.least:
                raise VoucherNeedsMore if counted else NotInOrder
            return total_of(lines)
        minor = sum(each.total.minor * each.quantity for each in plain)
        return Money(minor, plain[0].price.currency)

    def _lines(self, id_: str, plain: list[Cost]) -> list[Line]:
        """The lines of a purchase as the box office makes them of these prices."""
        assert self.voucher is not None
        types = self._types(id_)
        lines = [
            part
            for each in plain
            for part in parts(types, line_at(types[id_], each.quantity, each.price, each.tier))
        ]
        budget = self.voucher.budget.minor if self.voucher.budget else ENDLESS
        cheaper = apply(types, self.voucher, lines, Left(self.uses, budget))
        return [with_fee(types[line.ticket_type], line) for line in cheaper]

    def _types(self, id_: str) -> dict[str, TicketTypeSet]:
        """It, and if it is a bundle its parts."""
        of = self.night["types"][id_].get("bundle") or ()
        return {each: terms(self.night, each) for each in (id_, *of)}

    def _is_for(self, id_: str) -> bool:
        assert self.voucher is not None
        types = self._types(id_)
        one = line_at(types[id_], 1, types[id_].price)
        money = self.voucher.amount or self.voucher.budget
        if money is not None and money.currency != one.price.currency:
            return False
        return any(is_for(types, self.voucher, part) for part in parts(types, one))


async def with_code(read: Reader, seen: Seen, typed: str) -> Seen:
    """The night for who typed this. Raises UnknownCode, VoucherExpired, VoucherUsedUp."""
    code, night = word(typed), seen.night
    if not code:
        return seen
    if not _CODE.fullmatch(code):
        raise UnknownCode
    occurrence = night["occurrence"]
    allotment = await queries.allotment_of(read, occurrence, code)
    voucher = await queries.voucher(read, occurrence, code)
    if voucher is not None and not voucher["terms"]["active"]:
        voucher = None
    if voucher is None and allotment is None and not _opens(night, code):
        voucher = next(iter(await queries.series_vouchers(read, [code])), None)
        if voucher is None or not voucher["terms"]["active"]:
            raise UnknownCode
    if allotment is not None:
        night = _allotted(night, allotment)
    seen = seen._replace(night=night, code=code)
    return seen if voucher is None else _with_voucher(seen, voucher)


def _opens(night: Mapping[str, Any], code: str) -> bool:
    """Whether it shows a type, or lets somebody buy one before others may."""
    return any(
        code in (kind.get("unlocked_by") or ())
        or any(code in each["codes"] for each in kind.get("presales") or ())
        for kind in night["types"].values()
    )


def _allotted(night: dict[str, Any], allotment: Mapping[str, Any]) -> dict[str, Any]:
    """All that draws on its pool comes from it: at most what is kept there for anybody."""
    pool = allotment["terms"]["pool"]
    kept = 0 if allotment["closed"] else night["pools"][pool]["kept"]
    only = {"capacity": kept, "held": 0, "sold": 0, "kept": 0, "waited": 0}
    return {**night, "pools": {**night["pools"], pool: only}}


def _with_voucher(seen: Seen, voucher: Mapping[str, Any]) -> Seen:
    fields = {"occurrence": seen.night["occurrence"], "voucher": voucher["voucher"]}
    of = msgspec.convert(voucher["terms"] | fields, VoucherSet)
    if of.valid_until is not None and seen.at >= of.valid_until:
        raise VoucherExpired
    uses = ENDLESS if of.uses is None else of.uses - voucher.get("sold", 0)
    if uses <= 0:
        raise VoucherUsedUp
    pools = seen.night["pools"]
    if of.keeps and not voucher["lapsed"]:
        kept = seen.night["types"][of.ticket_types[0]]["draws"]
        less = {pool: min(pools[pool]["kept"], units * uses) for pool, units in kept.items()}
        pools = pools | {
            pool: {**pools[pool], "kept": pools[pool]["kept"] - units}
            for pool, units in less.items()
        }
    return seen._replace(night={**seen.night, "pools": pools}, voucher=of, uses=uses)
