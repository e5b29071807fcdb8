"""What a box office keeps aside, and for whom: the state of its vouchers and allotments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from roadcase.allocation import Claim, Pool, total
from roadcase.allocation.ordered import Deadlines
from roadcase.money import Money
from services.ticketing.events import (
    AllotmentSet,
    BoxOfficeChanged,
    BoxOfficeOpened,
    Line,
    TicketTypeSet,
    VoucherSet,
)

VOUCHER: Final = "voucher/"
ALLOTMENT: Final = "allotment/"


@dataclass(slots=True)
class Voucher:
    """`used` and `spent` count what is held and sold; `spent` is in minor units of money."""

    terms: VoucherSet
    used: int = 0
    spent: int = 0
    persons: dict[str, int] = field(default_factory=dict)
    lapsed: bool = False

    def count(self, subject: str | None, tickets: int, spent: int) -> None:
        self.used += tickets
        self.spent += spent
        if subject is not None:
            self.persons[subject] = self.persons.get(subject, 0) + tickets
            if not self.persons[subject]:
                del self.persons[subject]


@dataclass(slots=True)
class Allotment:
    """`plan`: what planning declared of it last, whatever somebody made of it since."""

    terms: AllotmentSet
    closed: bool = False
    plan: str = ""


@dataclass(slots=True)
class Reserves:
    """Vouchers and allotments by their ids; `lapses`: when what they keep is given back."""

    vouchers: dict[str, Voucher] = field(default_factory=dict)
    allotments: dict[str, Allotment] = field(default_factory=dict)
    lapses: Deadlines = field(default_factory=Deadlines)

    def is_open(self, reserve: str) -> bool:
        """Whether units that come back are kept aside again."""
        if reserve.startswith(VOUCHER):
            voucher = self.vouchers[reserve.removeprefix(VOUCHER)]
            return voucher.terms.keeps and voucher.terms.active and not voucher.lapsed
        return not self.allotments[reserve.removeprefix(ALLOTMENT)].closed

    def units_of(self, reserve: str, draws: Claim) -> dict[str, int]:
        """The units of a ticket that a reserve has to do with: an allotment only with one pool."""
        if reserve.startswith(VOUCHER):
            return dict(draws)
        pool = self.allotments[reserve.removeprefix(ALLOTMENT)].terms.pool
        return {pool: draws[pool]}

    def returned(self, lines: Iterable[Line]) -> dict[str, dict[str, int]]:
        """What of the units of these lines goes back to where it was kept, by reserve."""
        found: dict[str, dict[str, int]] = {}
        for line in lines:
            if line.reserve is not None and line.kept and self.is_open(line.reserve):
                found[line.reserve] = total((found.get(line.reserve, {}), line.kept))
        return found


def overlap(need: Claim, there: Mapping[str, int]) -> dict[str, int]:
    """The units that are needed and there, by pool."""
    both = {pool: min(units, there.get(pool, 0)) for pool, units in need.items()}
    return {pool: units for pool, units in both.items() if units > 0}


class Usual(NamedTuple):
    """Lines that were worked out, and the terms that they follow from."""

    lines: tuple[Line, ...]
    offer: TicketTypeSet
    opened: BoxOfficeOpened | BoxOfficeChanged | None
    voucher: VoucherSet | None


class Swift(msgspec.Struct, frozen=True, gc=False):
    """What is true of a ticket type whose sale needs no more than this, `domain.swift`."""

    id: str
    price: Money
    seller: str
    draws: dict[str, int]
    takes: list[tuple[str, Pool, int]]  # by the names of the pools
    opens: datetime
    closes: datetime
    most: int | None  # tickets of a person
