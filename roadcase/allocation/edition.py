"""Numbered editions of a drop: 1 to N, each number at most once at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import chain, islice
from typing import Literal, TypeAlias

from roadcase.allocation.ordered import ascending
from roadcase.allocation.pool import Impossible

Returned: TypeAlias = Literal["retire", "reissue"]


@dataclass(slots=True)
class Editions:
    """The numbers of one drop. `returned` says what becomes of one whose sale was voided.

    `retire` never uses it again, since it may have been printed. `reissue` gives out the lowest
    returned number before any new one. All steps are O(1), or O(log n) when numbers wait.
    """

    size: int = 0
    returned: Returned = "retire"
    next_new: int = 1
    issued: set[int] = field(default_factory=set)
    waiting: list[int] = field(default_factory=list)  # a heap of numbers to reissue

    @property
    def left(self) -> int:
        return self.size - self.next_new + 1 + len(self.waiting)

    def upcoming(self, count: int) -> list[int]:
        """The numbers that the next `count` sales get, in their order; fewer if fewer are left."""
        new = range(self.next_new, self.size + 1)
        return list(islice(chain(ascending(self.waiting), new), count))

    def issue(self, number: int) -> None:
        """A number was given out: the first of `upcoming`."""
        if [number] != self.upcoming(1):
            raise Impossible(f"edition {number} of {self.size} is not the next one")
        if self.waiting:
            heappop(self.waiting)
        else:
            self.next_new += 1
        self.issued.add(number)

    def give_back(self, number: int) -> None:
        """The sale of a number was voided or refunded."""
        if number not in self.issued:
            raise Impossible(f"edition {number} is given back, but is not out")
        self.issued.remove(number)
        if self.returned == "reissue":
            heappush(self.waiting, number)
