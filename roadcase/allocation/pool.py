"""A pool counts units of one thing: free, kept, held, leased or sold, and never one too many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Claim: TypeAlias = Mapping[str, int]
"""Units wanted of each pool, by the pool's name: `{"hall": 2, "balcony": 1}`, all of them or none.
Every number is at least 1."""

Account: TypeAlias = Literal["free", "kept", "held", "leased", "sold"]


class Impossible(AssertionError):
    """A fact contradicts the state it is applied to. A bug in a decision, never a refusal."""


def total(claims: Iterable[Claim]) -> dict[str, int]:
    """The sum of several claims: two lines on one pool are one claim on it."""
    sums: dict[str, int] = {}
    for claim in claims:
        for pool, units in claim.items():
            sums[pool] = sums.get(pool, 0) + units
    return sums


def times(claim: Claim, number: int) -> dict[str, int]:
    return {pool: units * number for pool, units in claim.items()}


@dataclass(slots=True)
class Pool:
    """Units of one capacity. Each unit is in exactly one account.

    It is free, kept aside for somebody, held in a cart, leased to a node, or sold.

    `capacity` may be set below what is already taken: then nothing is free and `overcommitted`
    says by how much. No decision adds to that, it only shrinks.
    """

    capacity: int = 0
    held: int = 0
    leased: int = 0
    sold: int = 0
    kept: int = 0

    @property
    def room(self) -> int:
        """Capacity less everything taken; below zero when overcommitted."""
        return self.capacity - self.held - self.leased - self.sold - self.kept

    @property
    def free(self) -> int:
        return max(0, self.room)

    @property
    def overcommitted(self) -> int:
        return max(0, -self.room)

    def resize(self, capacity: int) -> None:
        if capacity < 0:
            raise Impossible(f"a capacity of {capacity}")
        self.capacity = capacity

    def sell(self, units: int) -> None:
        """Apply a fact: `move` from free to sold, as nearly all do that were sold at once."""
        if not 0 <= units <= self.capacity - self.held - self.leased - self.sold - self.kept:
            self.move(units, "free", "sold")  # and say why not
        else:
            self.sold += units

    def move(self, units: int, source: Account, target: Account, *, over: bool = False) -> None:
        """Apply a fact: `units` left one account for another.

        `over` is for what happened although it did not fit: an operator's override, or the late
        sale of a lease that was written off as unsold. Everything else must fit.
        """
        if source == target:
            return
        if source == "free":  # as `room`, which every hold and sale asks for
            left = self.capacity - self.held - self.leased - self.sold - self.kept - units
        else:
            left = getattr(self, source) - units
        if units < 0 or (left < 0 and not (over and source == "free")):
            raise Impossible(f"{units} units from {source} to {target} of {self}")
        if source != "free":
            setattr(self, source, left)
        if target != "free":
            setattr(self, target, getattr(self, target) + units)
