"""Deadlines in a heap: the next one is at hand, and asking for the due ones changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import takewhile
from typing import Any, TypeVar

T = TypeVar("T", bound=Any)

SLACK = 64  # a heap this much longer than twice its living entries is rebuilt


def ascending(heap: list[T]) -> Iterator[T]:
    """The items of a binary heap in order, lazily: the first k cost O(k log k), nothing moves."""
    frontier = [(heap[0], 0)] if heap else []
    while frontier:
        item, index = heappop(frontier)
        yield item
        for child in range(2 * index + 1, min(2 * index + 3, len(heap))):
            heappush(frontier, (heap[child], child))


@dataclass(slots=True)
class Deadlines:
    """At most one deadline per id. `set` and `drop` are for evolve, the rest for anyone.

    An id that moved or left stays behind in the heap as a stale entry. Stale entries are removed
    as soon as they reach the top, so `earliest` is one look; and the heap is rebuilt before they
    outnumber the living, so `due` never walks more of them than there are ids.
    """

    of: dict[str, datetime] = field(default_factory=dict)
    heap: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def earliest(self) -> datetime | None:
        return self.heap[0][0] if self.heap else None

    def due(self, at: datetime) -> list[str]:
        """Ids whose deadline is at or before `at`, earliest first, then by id."""
        past = takewhile(lambda entry: entry[0] <= at, ascending(self.heap))
        return list(dict.fromkeys(id_ for when, id_ in past if self.of.get(id_) == when))

    def set(self, id_: str, when: datetime) -> None:
        moved = id_ in self.of
        self.of[id_] = when
        heappush(self.heap, (when, id_))
        if moved:
            self._tidy()

    def drop(self, id_: str) -> None:
        if self.of.pop(id_, None) is not None:
            self._tidy()

    def _tidy(self) -> None:
        heap, of = self.heap, self.of
        if len(heap) > 2 * len(of) + SLACK:
            heap[:] = [(when, id_) for id_, when in of.items()]
            heapify(heap)
        while heap and of.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
