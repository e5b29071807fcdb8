"""The state a decider keeps: its pools, and what draws on them, always in step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from roadcase.allocation.hold import End, Hold, Holds
from roadcase.allocation.pool import Account, Claim, Impossible, Pool
from roadcase.errors import Invalid

NOTHING: Final[Mapping[str, int]] = {}
AFTER: Final[Mapping[End, Account]] = {"sold": "sold", "released": "free", "expired": "free"}


@dataclass(slots=True)
class Allocation:
    """Pools by name and the holds on them.

    Questions are for `decide` and change nothing. Facts are for `evolve`: they apply what an event
    says, in O(pools of the claim + log holds), and raise `Impossible` where it cannot be true.
    """

    pools: dict[str, Pool] = field(default_factory=dict)
    holds: Holds = field(default_factory=Holds)

    # Questions

    def short_of(self, claim: Claim, freed: Claim = NOTHING) -> str | None:
        """The first pool, by name, with too few free units for this claim; None if it fits.

        `freed` are units that the same decision gives back first, such as those of dead holds:
        `freed=total(hold.claim for hold in dead)`. A pool that does not exist is short.
        """
        if not claim or min(claim.values()) < 1:
            raise Invalid("a claim names at least one pool and at least one unit of each")
        for name in sorted(claim):
            pool = self.pools.get(name)
            if pool is None or pool.room + freed.get(name, 0) < claim[name]:
                return name
        return None

    def available(self, claim: Claim) -> int:
        """How many times this claim fits right now."""
        if self.short_of(claim) is not None:
            return 0
        return min(self.pools[name].free // units for name, units in claim.items())

    def alive(self, hold: str, at: datetime) -> Hold | None:
        """The hold if it can still be sold or extended at `at`."""
        return self.holds.alive(hold, at)

    def dead(self, at: datetime) -> list[Hold]:
        """Holds to end as expired before anything else is decided at `at`, earliest first."""
        return self.holds.dead(at)

    @property
    def deadline(self) -> datetime | None:
        """When this state wants to be looked at again."""
        return self.holds.deadlines.earliest

    # Facts

    def resize(self, pool: str, capacity: int) -> None:
        """A pool came to be, or its capacity changed; below what is taken is allowed."""
        self.pools.setdefault(pool, Pool()).resize(capacity)

    def hold(self, id_: str, claim: Claim, until: datetime) -> None:
        self.holds.start(Hold(id_, dict(claim), until))
        self._move(claim, "free", "held")

    def extend(self, id_: str, until: datetime) -> None:
        self.holds.extend(id_, until)

    def end(self, id_: str, how: End) -> None:
        self._move(self.holds.end(id_).claim, "held", AFTER[how])

    def sell(self, claim: Claim, *, over: bool = False) -> None:
        """Sold without a hold. `over`: an operator's override, counted although it does not fit."""
        self._move(claim, "free", "sold", over=over)

    def give_back(self, claim: Claim) -> None:
        """What was sold is free again: refunded, cancelled, exchanged."""
        self._move(claim, "sold", "free")

    def _move(self, claim: Claim, source: Account, target: Account, *, over: bool = False) -> None:
        for name, units in claim.items():
            if name not in self.pools:
                raise Impossible(f"there is no pool {name}")
            self.pools[name].move(units, source, target, over=over)
