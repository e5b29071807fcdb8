"""Which seats are free, and which are the best: an index over a plan, kept seat by seat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import accumulate
from typing import Final, NamedTuple

from services.ticketing.events import Seat, SeatingPlanSet, SeatRow, seat_name

NONE: Final[frozenset[str]] = frozenset()

# What makes one block of seats better than another, the first that differs: fewer accessible
# places that nobody needs, fewer single seats left alone, the better view, closer to the focus.
# The last two say where it is: its stretch, and its first seat there.
Block = tuple[int, int, int, int, int, int]


class Asked(NamedTuple):
    """What a search takes into account beside what is recorded.

    `freed` are given back, and `taken` are given away, by the decision that searches; `kept`:
    accessible and companion places are not for everybody.
    """

    kept: bool
    freed: AbstractSet[str] = NONE
    taken: AbstractSet[str] = NONE


class _Stretch:
    """Seats beside each other, with sums over the first n of them."""

    __slots__ = ("accessible", "distance", "known", "names", "plain", "rank")

    def __init__(self, seats: Sequence[tuple[str, Seat, int]]) -> None:
        self.names = [name for name, _, _ in seats]
        self.plain = [seat.kind == "plain" for _, seat, _ in seats]
        self.rank = [0, *accumulate(seat.rank for _, seat, _ in seats)]
        self.distance = [0, *accumulate(distance for _, _, distance in seats)]
        wheels = (seat.kind == "accessible" for _, seat, _ in seats)
        self.accessible = [0, *accumulate(wheels)]
        self.known: dict[tuple[int, bool], Block | None] = {}  # the best by size, while it stands


class SeatMap:
    """The seats of a pool. `plan` and `taken` are what is remembered, the rest is found from it."""

    def __init__(self, plan: SeatingPlanSet, taken: Iterable[str] = ()) -> None:
        self.plan = plan
        self.taken = set(taken)
        self.blocked = frozenset(plan.blocked)
        self._stretches = [_Stretch(seats) for seats in _stretches(plan)]
        self.longest = max(len(each.names) for each in self._stretches)
        self._at = {
            name: number for number, each in enumerate(self._stretches) for name in each.names
        }
        self._wheels = {
            name
            for each in self._stretches
            for place, name in enumerate(each.names)
            if each.accessible[place + 1] > each.accessible[place]
        }
        self._special = {
            name
            for each in self._stretches
            for name, plain in zip(each.names, each.plain, strict=True)
            if not plain
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SeatMap) and (self.plan, self.taken) == (other.plan, other.taken)

    __hash__ = None  # type: ignore[assignment]

    @property
    def capacity(self) -> int:
        return len(self._at) - len(self.blocked)

    def sold(self, seat: str) -> bool:
        """Whether it is one that can be sold at all."""
        return seat in self._at and seat not in self.blocked

    def kept(self, seat: str) -> bool:
        return seat in self._special

    def accessible(self, seat: str) -> bool:
        return seat in self._wheels

    def keeps(self, at: datetime) -> bool:
        """Whether special places are not for everybody at this moment."""
        until = self.plan.kept_until
        return bool(self._special) and (until is None or at < until)

    def take(self, seats: Iterable[str]) -> None:
        for seat in seats:
            self.taken.add(seat)
            self._changed(seat)

    def free(self, seats: Iterable[str]) -> None:
        for seat in seats:
            self.taken.discard(seat)
            self._changed(seat)

    def _changed(self, seat: str) -> None:
        if (number := self._at.get(seat)) is not None:
            self._stretches[number].known.clear()

    def is_free(self, seat: str, asked: Asked) -> bool:
        """Of a seat that can be sold."""
        return seat not in asked.taken and (seat not in self.taken or seat in asked.freed)

    def count(self, asked: Asked) -> int:
        """How many are free for whoever asks."""
        away = self.blocked | (self.taken - asked.freed) | asked.taken
        return len(self._at) - len(away | self._special if asked.kept else away)

    def best(self, size: int, asked: Asked, accessible: int = 0) -> tuple[str, ...] | None:
        """The best seats beside each other, so many of them accessible; None: nowhere."""
        touched = {self._at[name] for name in (*asked.freed, *asked.taken) if name in self._at}
        found: Block | None = None
        key = size, asked.kept
        for number, each in enumerate(self._stretches):
            if len(each.names) < size or each.accessible[-1] < accessible:
                continue
            if accessible or number in touched:
                block = self._look(number, size, asked, accessible)
            elif key in each.known:
                block = each.known[key]
            else:
                block = each.known[key] = self._look(number, size, asked, 0)
            if block is not None and (found is None or block < found):
                found = block
        if found is None:
            return None
        *_, number, start = found
        return tuple(self._stretches[number].names[start : start + size])

    def any(self, size: int, asked: Asked) -> tuple[str, ...] | None:
        """So many that are free, row by row."""
        found: list[str] = []
        for each in self._stretches:
            for first, end in self._runs(each, asked):
                found += each.names[first:end]
            if len(found) >= size:
                return tuple(found[:size])
        return None

    def _look(self, number: int, size: int, asked: Asked, accessible: int) -> Block | None:
        """The best block of one stretch, with no more accessible places than it must have."""
        each = self._stretches[number]
        rank, distance, wheels = each.rank, each.distance, each.accessible
        found: Block | None = None
        for first, end in self._runs(each, asked):
            for start in range(first, end - size + 1):
                stop = start + size
                more = wheels[stop] - wheels[start] - accessible if accessible else 0
                if more < 0:
                    continue
                alone = (start - first == 1) + (end - stop == 1)
                block = (
                    more,
                    alone,
                    rank[stop] - rank[start],
                    distance[stop] - distance[start],
                    number,
                    start,
                )
                if found is None or block < found:
                    found = block
        return found

    def _runs(self, each: _Stretch, asked: Asked) -> Iterator[tuple[int, int]]:
        """The free seats of a stretch, as first and end of each run."""
        first: int | None = None
        for place, name in enumerate(each.names):
            usable = (
                name not in self.blocked
                and self.is_free(name, asked)
                and (each.plain[place] or not asked.kept)
            )
            if usable and first is None:
                first = place
            elif not usable and first is not None:
                yield first, place
                first = None
        if first is not None:
            yield first, len(each.names)


def _stretches(plan: SeatingPlanSet) -> Iterator[list[tuple[str, Seat, int]]]:
    """Distances are squared, in halves of a seat: then the middle of every row is a whole."""
    x, y = plan.focus
    back = -1
    for area in plan.areas:
        for row in area.rows:
            back = back + 1 if row.y is None else row.y
            stretch: list[tuple[str, Seat, int]] = []
            for place, seat in zip(across(row), row.seats, strict=True):
                if seat.gap and stretch:
                    yield stretch
                    stretch = []
                distance = (place - 2 * x) ** 2 + (2 * (back - y)) ** 2
                stretch.append((seat_name(area.name, row.name, seat.name), seat, distance))
            yield stretch


def across(row: SeatRow) -> list[int]:
    """Where each seat stands, in halves of a seat from the middle. An aisle is one seat wide."""
    places = [
        2 * (place + aisles)
        for place, aisles in enumerate(accumulate(seat.gap for seat in row.seats))
    ]
    start = -(places[0] + places[-1]) // 2 if row.x is None else 2 * row.x - places[0]
    return [place + start for place in places]
