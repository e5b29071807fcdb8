"""Assigned seats: chosen ones or the best, and never one in two tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from roadcase.decider import Event
from services.ticketing.commands import HoldTickets, SetSeatingPlan
from services.ticketing.commands import Line as Wish
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    Freed,
    Order,
    freed,
    must_be_open,
)
from services.ticketing.domain.refusals import HoldExists, SoldOut, UnknownPool
from services.ticketing.domain.seat_map import Asked, SeatMap
from services.ticketing.domain.seat_refusals import (
    BeyondSeats,
    NoSeats,
    NotOneSeat,
    PoolInUse,
    SeatsApart,
    SeatsKept,
    SeatsTaken,
    UnknownSeat,
)
from services.ticketing.events import CapacitySet, Line, SeatArea, SeatingPlanSet, TicketSold

SHOWN: Final = 20  # seats that a refusal names
MANY: Final = 50  # more than these are not shared out into the largest blocks, but row by row


def set_plan(office: BoxOffice, cmd: SetSeatingPlan, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    pool = office.allocation.pools.get(cmd.pool)
    if pool is None:
        raise UnknownPool(pool=cmd.pool)
    event = _planned(cmd)
    now, plan = office.seatings.get(cmd.pool), SeatMap(event)
    if now is not None and now.plan == event:
        return
    seated = {**office.seatings, cmd.pool: plan}
    for offer in office.types.values():
        check_draws(seated, offer.ticket_type, offer.draws)
    gone = freed(office, at)
    if now is None and pool.sold + pool.held - gone.units.get(cmd.pool, 0):
        raise PoolInUse(pool=cmd.pool)
    if now is not None:
        taken = now.taken - _given_back(gone, cmd.pool)
        if lost := [seat for seat in taken if not plan.sold(seat)]:
            raise SeatsTaken(pool=cmd.pool, seats=sorted(lost)[:SHOWN])
    yield from gone.ends
    yield event
    if pool.capacity != plan.capacity:
        yield CapacitySet(occurrence=cmd.occurrence, pool=cmd.pool, capacity=plan.capacity)


def _planned(cmd: SetSeatingPlan) -> SeatingPlanSet:
    areas = [area.model_dump() for area in cmd.areas]
    return SeatingPlanSet(
        occurrence=cmd.occurrence,
        pool=cmd.pool,
        areas=msgspec.convert(areas, tuple[SeatArea, ...]),
        focus=cmd.focus,
        kept_until=cmd.kept_until,
        blocked=tuple(sorted(set(cmd.blocked))),
    )


def check_draws(
    seatings: Mapping[str, SeatMap], ticket_type: str, draws: Mapping[str, int]
) -> None:
    units = [number for pool, number in draws.items() if pool in seatings]
    if units and units != [1]:
        raise NotOneSeat(ticket_type=ticket_type)


def check_capacity(office: BoxOffice, pool: str, capacity: int) -> None:
    """Fewer may be sold than there are seats, and not more."""
    seats = office.seatings.get(pool)
    if seats is not None and capacity > seats.capacity:
        raise BeyondSeats(pool=pool, seats=seats.capacity)


def seated(
    office: BoxOffice,
    wishes: Iterable[Wish],
    lines: tuple[Line, ...],
    at: datetime,
    gone: Freed,
    *,
    apart: bool,
) -> tuple[Line, ...]:
    """The lines with their seats: those that were chosen, and together the best for all others."""
    chosen: dict[str, list[str]] = {}
    accessible: dict[str, int] = {}
    for wish in wishes:
        pool = _pool_of(office, office.types[wish.ticket_type].draws)
        if wish.seats and pool is None:
            raise NoSeats(ticket_type=wish.ticket_type)
        chosen.setdefault(wish.ticket_type, []).extend(wish.seats)
        if pool is not None:
            accessible[pool] = accessible.get(pool, 0) + wish.accessible
    by_pool = _by_pool(office, lines)
    dealt: dict[str, list[str]] = {}
    for pool, types in by_pool.items():
        own = [seat for id_ in types for seat in chosen.get(id_, ())]
        needing = accessible.get(pool, 0)
        asked = _asked(office, pool, at, gone)
        needing -= _check_chosen(office.seatings[pool], pool, own, needing, asked)
        asked = asked._replace(taken=frozenset(own))
        rest = sum(types.values()) - len(own)
        best = iter(_best(office, pool, rest, needing, asked, apart=apart))
        for id_, number in types.items():
            mine = chosen.get(id_, [])
            dealt[id_] = [*mine, *(next(best) for _ in range(number - len(mine)))]
    return _with_seats(lines, dealt)


def confirmed(
    office: BoxOffice, lines: tuple[Line, ...], at: datetime, gone: Freed, *, others: bool
) -> tuple[Line, ...]:
    """The lines of a hold that ended, or that kept units with no word of seats.

    Raises SeatsTaken where its own are not free any more and no others are wanted.
    """
    dealt: dict[str, list[str]] = {}
    for pool, types in _by_pool(office, lines).items():
        seats, asked = office.seatings[pool], _asked(office, pool, at, gone)
        own = [seat for line in lines if pool in line.draws for seat in line.seats]
        lost = [s for s in own if not (seats.sold(s) and seats.is_free(s, asked))]
        if lost and not others:
            raise SeatsTaken(pool=pool, seats=lost[:SHOWN])
        total = sum(types.values())
        if not own or lost:
            needing = sum(seats.accessible(seat) for seat in own)
            if seats.count(asked) < total:  # what was paid for is kept for nobody else
                asked = asked._replace(kept=False)
            own = [*_best(office, pool, total, needing, asked, apart=True)]
        best = iter(own)
        for id_, number in types.items():
            dealt[id_] = [next(best) for _ in range(number)]
    return _with_seats(lines, dealt)


def has_seats(office: BoxOffice, lines: Iterable[Line]) -> bool:
    return all(line.seats or _pool_of(office, line.draws) is None for line in lines)


def must_be_chosen(lines: Iterable[Line], cmd: HoldTickets) -> None:
    """A hold that is asked for again has the seats that are chosen again."""
    held = {seat for line in lines for seat in line.seats}
    if held and not held.issuperset(seat for wish in cmd.lines for seat in wish.seats):
        raise HoldExists(hold=cmd.hold)


def _check_chosen(seats: SeatMap, pool: str, own: Sequence[str], needing: int, asked: Asked) -> int:
    """How many accessible places are among them."""
    if unknown := [seat for seat in own if not seats.sold(seat)]:
        raise UnknownSeat(pool=pool, seats=unknown[:SHOWN])
    twice = [seat for seat, number in Counter(own).items() if number > 1]
    if taken := twice or [seat for seat in own if not seats.is_free(seat, asked)]:
        raise SeatsTaken(pool=pool, seats=taken[:SHOWN])
    wheels = sum(seats.accessible(seat) for seat in own)
    kept = [seat for seat in own if seats.kept(seat)]
    if asked.kept and kept and (not needing or wheels > needing):
        raise SeatsKept(pool=pool, seats=kept[:SHOWN])
    return min(wheels, needing)


def _best(
    office: BoxOffice, pool: str, size: int, needing: int, asked: Asked, *, apart: bool
) -> tuple[str, ...]:
    """Raises SoldOut, SeatsApart."""
    if not size:
        return ()
    seats = office.seatings[pool]
    if needing:
        asked = asked._replace(kept=False)  # places beside a wheelchair are for who comes along
    found = seats.best(size, asked, needing)
    if found is None and apart:
        found = _apart(seats, size, needing, asked)
    if found is None:
        left = seats.count(asked)
        if left < size:
            raise SoldOut(pool=pool, left=left)
        raise SeatsApart(pool=pool, quantity=size, accessible=needing)
    return found


def _apart(seats: SeatMap, size: int, needing: int, asked: Asked) -> tuple[str, ...] | None:
    """The largest blocks there are, and none of one while they can be shared out otherwise."""
    if size > MANY:
        return seats.any(size, asked) if not needing else None
    found: list[str] = []
    largest = seats.longest
    while len(found) < size:
        rest = size - len(found)
        block = None
        for many in range(min(rest, largest), 0, -1):
            if rest - many == 1 and many > 2:  # noqa: PLR2004 - then two fewer sit alone
                continue
            wheels = min(needing, many)
            if (block := seats.best(many, asked, wheels)) is not None:
                break
        if block is None:
            return None
        found += block
        largest = seats.longest if needing else len(block) + 1
        needing -= min(needing, sum(seats.accessible(seat) for seat in block))
        asked = asked._replace(taken=asked.taken | set(block))
    return tuple(found)


def _asked(office: BoxOffice, pool: str, at: datetime, gone: Freed) -> Asked:
    seats = office.seatings[pool]
    return Asked(seats.keeps(at), _given_back(gone, pool))


def _given_back(gone: Freed, pool: str) -> frozenset[str]:
    return frozenset(
        seat for end in gone.ends for line in end.lines if pool in line.draws for seat in line.seats
    )


def _by_pool(office: BoxOffice, lines: Iterable[Line]) -> dict[str, dict[str, int]]:
    """How many tickets of each type have a seat in each pool."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        if (pool := _pool_of(office, line.draws)) is not None:
            types = found.setdefault(pool, {})
            types[line.ticket_type] = types.get(line.ticket_type, 0) + line.quantity
    return found


def _pool_of(office: BoxOffice, draws: Mapping[str, int]) -> str | None:
    return next((pool for pool in draws if pool in office.seatings), None)


def _with_seats(lines: tuple[Line, ...], dealt: Mapping[str, list[str]]) -> tuple[Line, ...]:
    seats = {id_: iter(each) for id_, each in dealt.items()}
    return tuple(
        msgspec.structs.replace(
            line, seats=tuple(next(seats[line.ticket_type]) for _ in range(line.quantity))
        )
        if line.ticket_type in seats
        else line
        for line in lines
    )


def take(office: BoxOffice, lines: Iterable[Line]) -> None:
    for line in lines:
        if line.seats and (pool := _pool_of(office, line.draws)) is not None:
            office.seatings[pool].take(line.seats)


def free(office: BoxOffice, lines: Iterable[Line]) -> None:
    for line in lines:
        if line.seats and (pool := _pool_of(office, line.draws)) is not None:
            office.seatings[pool].free(line.seats)


def sit(office: BoxOffice, order: Order, event: TicketSold) -> None:
    if event.seat is not None and (pool := _pool_of(office, event.draws)) is not None:
        office.seatings[pool].take([event.seat])
        order.seats = order.seats or {}
        order.seats[event.number] = event.seat


def leave(office: BoxOffice, draws: Mapping[str, int], seat: str) -> None:
    if (pool := _pool_of(office, draws)) is not None:
        office.seatings[pool].free([seat])


def _set(office: BoxOffice, event: SeatingPlanSet) -> None:
    before = office.seatings.get(event.pool)
    office.seatings[event.pool] = SeatMap(event, before.taken if before else ())


EVOLVE: Final[Evolve] = {SeatingPlanSet: _set}
COMMANDS: Final[Commands] = {SetSeatingPlan: set_plan}
