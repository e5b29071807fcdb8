"""Who waits, in the order in which they are served."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from roadcase.allocation.ordered import Deadlines
from services.ticketing.events import WaitingJoined

Place = tuple[int, int, str]  # less the priority, sequence, entry
_WHOLE: Final = ""  # no pool has this name


@dataclass(slots=True)
class Waiter:
    """`waited`: units that are for nobody behind them. `pools`: where they wait in line."""

    joined: WaitingJoined
    place: Place
    waited: Mapping[str, int]
    pools: frozenset[str]


@dataclass(slots=True)
class Queue:
    """`living` wait; `offered` have a hold, by its entry; `known` ever joined.

    `lines` has for each pool the places of who waits for units of it, so that nobody is looked at
    who wants what is not free. `demand` is the sum of what is waited for. To join and to leave is
    O(log n), and moves memory.
    """

    living: dict[str, Waiter] = field(default_factory=dict)
    lines: dict[str, list[Place]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    offered: dict[str, str] = field(default_factory=dict)  # entry to hold
    wishes: set[tuple[str, str]] = field(default_factory=set)  # subject and ticket type
    demand: dict[str, int] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)  # groups that wait for all at once
    patience: Deadlines = field(default_factory=Deadlines)
    ends: Deadlines = field(default_factory=Deadlines)

    def wanting(self, room: Mapping[str, int], whole: Iterable[str] = ()) -> Iterator[Waiter]:
        """Who waits for units of a pool with room, and the `whole`, in their order.

        `room` may shrink meanwhile.
        """
        lines = {**self.lines, _WHOLE: sorted(self.living[entry].place for entry in whole)}
        next_ = dict.fromkeys(lines, 0)
        seen: set[str] = set()
        while heads := [
            (line[next_[pool]], pool)
            for pool, line in lines.items()
            if (pool == _WHOLE or room.get(pool, 0) > 0) and next_[pool] < len(line)
        ]:
            (_, _, entry), pool = min(heads)
            next_[pool] += 1
            if entry not in seen:
                seen.add(entry)
                yield self.living[entry]

    def join(self, event: WaitingJoined, pools: Iterable[str]) -> None:
        place = (-event.priority, len(self.known), event.entry)
        self.known.add(event.entry)
        waiter = Waiter(event, place, event.waited, frozenset(pools))
        self.living[event.entry] = waiter
        self._line_up(waiter)
        self._count(event.waited, 1)
        self.wishes.update((event.subject, id_) for id_ in event.ticket_types)

    def leave(self, entry: str) -> Waiter:
        waiter = self.living.pop(entry)
        self._step_out(waiter)
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

    def move(self, ticket_type: str, pools: Callable[[WaitingJoined], Iterable[str]]) -> None:
        """A type draws other pools from now on: who waits for it does so there."""
        for waiter in self.living.values():
            if ticket_type in waiter.joined.ticket_types:
                self._step_out(waiter)
                waiter.pools = frozenset(pools(waiter.joined))
                self._line_up(waiter)

    def _line_up(self, waiter: Waiter) -> None:
        for pool in waiter.pools:
            insort(self.lines.setdefault(pool, []), waiter.place)

    def _step_out(self, waiter: Waiter) -> None:
        for pool in waiter.pools:
            line = self.lines[pool]
            del line[bisect_left(line, waiter.place)]
            if not line:
                del self.lines[pool]

    def _count(self, waited: Mapping[str, int], sign: int) -> None:
        for pool, units in waited.items():
            self.demand[pool] = self.demand.get(pool, 0) + sign * units
            if not self.demand[pool]:
                del self.demand[pool]
