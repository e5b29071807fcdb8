"""The proof, from the log alone, that the waiting list was served in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from roadcase.allocation import times
from roadcase.decider import Event
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.office import BoxOffice, claim
from services.ticketing.events import (
    TicketsHeld,
    TicketSold,
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)

Why = Literal["not_waiting", "out_of_turn", "more_than_free", "taken_from_the_list"]


class Unfair(NamedTuple):
    """The first event that was unfair: to whom it gave, and who should have had it.

    `not_waiting`: an offer to who did not wait, or had one before. `out_of_turn`: `instead` came
    first, and could have taken it, or should have been kept it. `more_than_free`: more was offered
    than there was. `taken_from_the_list`: a sale to the public of what was waited for.
    """

    position: int
    why: Why
    entry: str | None = None
    instead: str | None = None


def first_unfair(history: Iterable[tuple[int, Event]]) -> Unfair | None:
    """Of a box office's events with their positions. None: everything went by turns.

    Who waits is read here a second time, as a plain list: not by what served it.
    """
    office = BOX_OFFICE.initial()
    line = _Line()
    for position, event in history:
        offer = event if isinstance(event, TicketsHeld) and event.entry is not None else None
        if offer and (found := line.wrong_offer(office, position, offer)):
            return found
        taken = _from_free(event)
        BOX_OFFICE.evolve(office, event)
        line.see(event)
        if any(office.allocation.pools[pool].free < line.waited(pool) for pool in taken):
            return Unfair(position, "taken_from_the_list")
    return None


class _Line:
    """Who waits, as they came, and what each still waits for."""

    def __init__(self) -> None:
        self._joined: dict[str, WaitingJoined] = {}
        self._waited: dict[str, dict[str, int]] = {}
        self._kept: dict[str, dict[str, int]] = {}
        self._passed: set[str] = set()

    def see(self, event: Event) -> None:
        match event:
            case WaitingJoined():
                self._joined[event.entry] = event
                self._waited[event.entry] = dict(event.waited)
                self._kept[event.entry] = {}
            case WaitingKept():
                _add(self._kept[event.entry], event.more, 1)
                _add(self._waited[event.entry], event.waited, -1)
            case WaitingPassed():
                self._passed.add(event.entry)
                _add(self._kept[event.entry], event.less, -1)
                _add(self._waited[event.entry], event.waited, -1)
            case WaitingLeft() | TicketsHeld() if event.entry in self._joined:
                for each in (self._joined, self._waited, self._kept):
                    del each[event.entry]

    def waited(self, pool: str) -> int:
        return sum(units.get(pool, 0) for units in self._waited.values())

    def wrong_offer(self, office: BoxOffice, position: int, event: TicketsHeld) -> Unfair | None:
        """What is wrong with an offer, before it is folded."""
        if (mine := self._joined.get(event.entry or "")) is None:
            return Unfair(position, "not_waiting", event.entry)
        # Below 0 where a pool was cut: nothing is offered of it then, not even what is kept
        free = {pool: each.room for pool, each in office.allocation.pools.items()}
        takes = claim(event.lines)
        kept = self._kept[mine.entry]
        if any(units > free[pool] + kept.get(pool, 0) for pool, units in takes.items()):
            return Unfair(position, "more_than_free", mine.entry)
        fresh = {pool for pool, units in takes.items() if units > kept.get(pool, 0)}
        for other in self._before(mine):
            if self._could(office, other, free) or self._lacks(office, other, free) & fresh:
                return Unfair(position, "out_of_turn", mine.entry, other.entry)
        return None

    def _before(self, mine: WaitingJoined) -> Iterator[WaitingJoined]:
        came = False
        for other in self._joined.values():
            came = came or other is mine
            if other.priority > mine.priority or (other.priority == mine.priority and not came):
                yield other

    def _could(self, office: BoxOffice, other: WaitingJoined, free: Mapping[str, int]) -> bool:
        kept = self._kept[other.entry]
        return any(
            all(units <= free[pool] + kept.get(pool, 0) for pool, units in need.items())
            for need in _needs(office, other)
        )

    def _lacks(self, office: BoxOffice, other: WaitingJoined, free: Mapping[str, int]) -> set[str]:
        """The pools of which something free should have been kept for a group before."""
        if other.entry in self._passed:
            return set()
        kept = self._kept[other.entry]
        return {
            pool
            for need in _needs(office, other)
            for pool, units in need.items()
            if units > kept.get(pool, 0) and free[pool] > 0
        }


def _needs(office: BoxOffice, of: WaitingJoined) -> Iterator[dict[str, int]]:
    return (times(office.types[id_].draws, of.quantity) for id_ in of.ticket_types)


def _from_free(event: Event) -> set[str]:
    """The pools from whose free units somebody of the public took some."""
    match event:
        case TicketsHeld(entry=None):
            return {
                pool
                for line in event.lines
                for pool, units in times(line.draws, line.quantity).items()
                if units > line.kept.get(pool, 0)
            }
        case TicketSold() if event.hold is None or event.late:
            return {pool for pool, n in event.draws.items() if n > event.kept.get(pool, 0)}
    return set()


def _add(to: dict[str, int], units: Mapping[str, int], sign: int) -> None:
    for pool, number in units.items():
        to[pool] = to.get(pool, 0) + sign * number
