"""What the rest of an order costs when some of it goes back, by the terms it was bought at.

Frozen at the sale (`Earned`): what each ticket costs without its voucher and outside of its bundle.
Nothing else is looked at, so the prices of today change nothing. A ticket never costs less than it
was sold for, and a fee stays as it was. What the rest costs more is paid from what was paid for the
tickets that go, never beyond it: the prices of an order always add up to what was paid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from roadcase.money import Money, allocate
from services.ticketing.events import Earned, Line

Cause = Literal["voucher", "bundle", "minimum"]
WHY: Final[Mapping[Cause, str]] = {
    "voucher": "The voucher was for more tickets than you keep: those cost more without it.",
    "bundle": "A bundle is no longer whole: what you keep of it costs what it costs alone.",
    "minimum": "You keep fewer than the least that is sold at once: that many stay paid.",
}


class Part(NamedTuple):
    """One ticket of an order. `price`: minor units paid for it now, without its fee.

    `counts`: its guest did not give it back. `valid`: it is not void in any way.
    """

    number: int
    ticket_type: str
    bundle: str | None
    price: int
    earned: Earned | None
    counts: bool
    valid: bool


class Rated(NamedTuple):
    """The new `prices`, in minor units by number, of those that change, and why they do."""

    prices: dict[int, int]
    why: tuple[Cause, ...]


UNCHANGED: Final = Rated({}, ())


def rated(parts: Sequence[Part], going: AbstractSet[int]) -> Rated:
    """The prices of an order's valid tickets when those in `going`, by number, go back.

    `parts` are all tickets that it ever had. The prices add up to the same as before.
    """
    leaving = [part for part in parts if part.valid and part.number in going]
    staying = [part for part in parts if part.valid and part.number not in going]
    if not leaving or not any(part.earned for part in staying):
        return UNCHANGED
    rest = _Rest(parts, going)
    wanted = {part.number: rest.costs(part) for part in staying}
    for number, more in rest.minimums(staying):
        wanted[number] += more
    why = tuple(rest.why(part for part in staying if wanted[part.number] > part.price))
    prices = _paid(leaving, staying, wanted)
    return Rated({part.number: prices[part.number] for part in (*leaving, *staying)
                  if prices[part.number] != part.price}, why)  # fmt: skip


def _paid(
    leaving: Sequence[Part], staying: Sequence[Part], wanted: Mapping[int, int]
) -> dict[int, int]:
    """What was paid, split anew: those that stay get what they cost, as far as it reaches."""
    money = sum(part.price for part in (*leaving, *staying))
    kept = {part.number: min(part.price, wanted[part.number]) for part in staying}
    missing = [wanted[part.number] - kept[part.number] for part in staying]
    more = min(sum(missing), money - sum(kept.values()))
    for part, minor in zip(staying, allocate(more, missing), strict=True):
        kept[part.number] += minor
    rest = money - sum(kept.values())
    weights = [part.price for part in leaving]
    parts = allocate(rest, weights if any(weights) else [1] * len(weights))
    return kept | {part.number: minor for part, minor in zip(leaving, parts, strict=True)}


class _Rest:
    """What stays of an order, and what of its terms that still earns."""

    def __init__(self, parts: Sequence[Part], going: AbstractSet[int]) -> None:
        self._parts = [part for part in parts if part.earned]
        self._there = [part for part in parts if part.counts and part.number not in going]
        least = max((part.earned.least for part in self._parts if part.earned), default=1)
        for_it = [part for part in self._there if part.earned and part.earned.least > 1]
        self._voucher = len(for_it) >= least or least == 1
        self._alone = {number for name in self._bundles() for number in self._outside(name)}

    def costs(self, part: Part) -> int:
        """Minor units: without a minimum."""
        earned = part.earned
        if earned is None:
            return part.price
        if part.number in self._alone:
            price = earned.alone if self._voucher else earned.bare
        else:
            price = earned.price if self._voucher else earned.plain
        return max(earned.price.minor, price.minor if price else 0)

    def minimums(self, staying: Iterable[Part]) -> Iterator[tuple[int, int]]:
        """What the rest of a type costs more, as fewer of it would not have been sold, by number.

        What is missing counts as the cheapest of its type.
        """
        types: dict[str, list[int]] = {}
        for part in staying:
            types.setdefault(part.ticket_type, []).append(part.number)
        for type_, numbers in types.items():
            of = [part.earned for part in self._parts if part.ticket_type == type_ and part.earned]
            least = max((earned.minimum for earned in of), default=1)
            missing = least - sum(part.ticket_type == type_ for part in self._there)
            if missing > 0:
                more = missing * min(earned.price.minor for earned in of)
                yield from zip(numbers, allocate(more, [1] * len(numbers)), strict=True)

    def why(self, dearer: Iterable[Part]) -> Iterator[Cause]:
        """What of it is no longer earned by these, each cause once."""
        causes = {cause for part in dearer for cause in self._causes(part)}
        return (cause for cause in WHY if cause in causes)

    def _causes(self, part: Part) -> Iterator[Cause]:
        earned = part.earned
        if earned is None:
            return
        if part.number in self._alone:
            yield "bundle"
        if not self._voucher and earned.plain is not None and earned.plain != earned.price:
            yield "voucher"
        if earned.minimum > sum(each.ticket_type == part.ticket_type for each in self._there):
            yield "minimum"

    def _bundles(self) -> Iterable[str]:
        return dict.fromkeys(part.bundle for part in self._parts if part.bundle)

    def _outside(self, bundle: str) -> Iterator[int]:
        """The numbers of its tickets that are in no whole bundle any more: the last ones."""
        of = [part for part in self._parts if part.bundle == bundle]
        units = {part.ticket_type: part.earned.units for part in of if part.earned}
        there = [part for part in self._there if part.bundle == bundle]
        have = Counter(part.ticket_type for part in there)
        whole = min(have[type_] // each for type_, each in units.items())
        inside = {type_: whole * each for type_, each in units.items()}
        for part in there:
            inside[part.ticket_type] -= 1
            if inside[part.ticket_type] < 0:
                yield part.number


def of_bundle(price: Money, alone: Money, units: int) -> Earned:
    """Of a ticket in a bundle, which has so many `units` of its type."""
    return Earned(price=price, units=units, alone=alone, bare=alone)


def of_voucher(line: Line, least: int, off: int) -> Line:
    """The line, whose voucher is for `least` tickets and takes `off` it outside of its bundle."""
    off_now = line.discount.minor if line.discount else 0
    plain = Money(line.price.minor + off_now, line.price.currency)
    earned = line.earned or Earned(price=line.price)
    alone = earned.bare and Money(earned.bare.minor - off, earned.bare.currency)
    return replace(
        line,
        earned=replace(earned, price=line.price, least=least, plain=plain, alone=alone),
    )


def of_minimum(line: Line, minimum: int) -> Line:
    """The line, of whose type so many are in an order at least."""
    earned = line.earned or Earned(price=line.price)
    return replace(line, earned=replace(earned, minimum=minimum))
