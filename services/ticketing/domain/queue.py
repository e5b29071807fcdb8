"""Who waits, in the order in which they are served."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from roadcase.allocation.ordered import Deadlines
from services.ticketing.events import WaitingJoined

Place = tuple[int, int, str]  # less the priority, sequence, entry


@dataclass(slots=True)
class Waiter:
    """`waited`: units that are for nobody behind them."""

    joined: WaitingJoined
    place: Place
    waited: Mapping[str, int]


@dataclass(slots=True)
class Queue:
    """`living` wait; `offered` have a hold, by its entry; `known` ever joined.

    `demand` is the sum of what is waited for. To join and to leave is O(log n), and moves memory.
    """

    living: dict[str, Waiter] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    offered: dict[str, str] = field(default_factory=dict)  # entry to hold
    wishes: set[tuple[str, str]] = field(default_factory=set)  # subject and ticket type
    demand: dict[str, int] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)  # groups that wait for all at once
    patience: Deadlines = field(default_factory=Deadlines)
    ends: Deadlines = field(default_factory=Deadlines)

    def __iter__(self) -> Iterator[Waiter]:
        return (self.living[entry] for _, _, entry in self.places)

    def join(self, event: WaitingJoined) -> None:
        place = (-event.priority, len(self.known), event.entry)
        self.known.add(event.entry)
        self.living[event.entry] = Waiter(event, place, event.waited)
        insort(self.places, place)
        self._count(event.waited, 1)
        self.wishes.update((event.subject, id_) for id_ in event.ticket_types)

    def leave(self, entry: str) -> Waiter:
        waiter = self.living.pop(entry)
        del self.places[bisect_left(self.places, waiter.place)]
        self._count(waiter.waited, -1)
        self.passed.discard(entry)
        self.patience.drop(entry)
        self.ends.drop(entry)
        event = waiter.joined
        self.wishes.difference_update((event.subject, id_) for id_ in event.ticket_types)
        return waiter

    def wait_less(self, entry: str, waited: Mapping[str, int]) -> None:
        waiter = self.living[entry]
        self._count(waited, -1)
        left = {pool: units - waited.get(pool, 0) for pool, units in waiter.waited.items()}
        waiter.waited = {pool: units for pool, units in left.items() if units}

    def _count(self, waited: Mapping[str, int], sign: int) -> None:
        for pool, units in waited.items():
            self.demand[pool] = self.demand.get(pool, 0) + sign * units
            if not self.demand[pool]:
                del self.demand[pool]
