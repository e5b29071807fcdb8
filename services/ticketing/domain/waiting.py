"""The waiting list: who waited longest is offered what is free, before anybody else sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from roadcase.allocation import times
from roadcase.decider import Event
from roadcase.errors import NotFound, Refused
from services.ticketing.commands import HoldTickets, JoinWaitingList, LeaveWaitingList
from services.ticketing.domain.audiences import check_sale
from services.ticketing.domain.office import (
    NOTHING,
    BoxOffice,
    Commands,
    Evolve,
    Freed,
    Person,
    claim,
    ended,
    freed,
    must_be_open,
    starts_at,
)
from services.ticketing.domain.queue import Waiter
from services.ticketing.domain.refusals import (
    AlreadyWaiting,
    NeverEnough,
    PersonLimit,
    SaleEnded,
    StillOnSale,
    UnknownEntry,
    UnknownTicketType,
)
from services.ticketing.domain.reserves import overlap
from services.ticketing.domain.terms import check_person, public_room, quote
from services.ticketing.events import (
    TicketsHeld,
    WaitingJoined,
    WaitingKept,
    WaitingLeft,
    WaitingPassed,
)

OFFER: Final = timedelta(hours=12)
WAITING: Final = "waiting/"


def patience(office: BoxOffice, at: datetime) -> timedelta:
    """How long an offer stands, and how long units are kept: 12 h, or half of the time left."""
    return min(OFFER, (starts_at(office) - at) / 2)


def join(office: BoxOffice, cmd: JoinWaitingList, at: datetime) -> Iterator[WaitingJoined]:
    must_be_open(office, cmd.occurrence)
    if cmd.entry in office.queue.known:
        return  # asked twice, happened once
    if at >= starts_at(office):
        raise SaleEnded(sale_until=starts_at(office))
    needs: dict[str, int] = {}
    gone = freed(office, at)
    for id_ in dict.fromkeys(cmd.ticket_types):
        need = _need(office, cmd, id_, at)
        if office.allocation.short_of(need, public_room(office, gone.units)) is None:
            raise StillOnSale(ticket_type=id_)
        for pool, units in need.items():
            needs[pool] = max(needs.get(pool, 0), units)
    yield WaitingJoined(
        occurrence=cmd.occurrence,
        entry=cmd.entry,
        ticket_types=tuple(dict.fromkeys(cmd.ticket_types)),
        quantity=cmd.quantity,
        waited=needs,
        subject=cmd.subject,
        priority=cmd.priority,
        contact=cmd.contact,
    )


def _need(office: BoxOffice, cmd: JoinWaitingList, id_: str, at: datetime) -> dict[str, int]:
    """The units of so many tickets of a type that may be had. Raises why it may not."""
    offer = office.types.get(id_)
    if offer is None or offer.bundle or offer.addon_to:
        raise UnknownTicketType(ticket_type=id_)
    check_sale(offer, at)
    if (cmd.subject, id_) in office.queue.wishes:
        raise AlreadyWaiting(ticket_type=id_)
    wanted = {"ticket_type": id_, "quantity": cmd.quantity}
    asked = HoldTickets(
        occurrence=cmd.occurrence, hold=cmd.entry, lines=(wanted,), subject=cmd.subject
    )
    check_person(office, cmd.subject, quote(office, asked, at), NOTHING)
    need = times(offer.draws, cmd.quantity)
    for pool, units in need.items():
        if units > office.allocation.pools[pool].capacity:
            raise NeverEnough(ticket_type=id_, pool=pool)
    return need


def leave(office: BoxOffice, cmd: LeaveWaitingList, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.entry not in office.queue.known:
        raise UnknownEntry(entry=cmd.entry)
    if waiter := office.queue.living.get(cmd.entry):
        yield _left(office, waiter, "asked")
    elif held := office.held.get(office.queue.offered.get(cmd.entry, "")):
        alive = office.allocation.alive(held.hold, at)
        yield ended(office, held, "released" if alive else "expired")


def follow(office: BoxOffice, at: datetime) -> Iterable[Event]:
    """Offers of all that is free to who waits for it, in their order. A group gets all or waits.

    Whatever is free and too little for who is next is kept for them, so that it is not given away
    under a group for ever.
    """
    if not office.queue.living or office.stopped or patience(office, at) <= timedelta():
        return ()
    return _served(office, at)


def _served(office: BoxOffice, at: datetime) -> Iterator[Event]:
    room = {pool: office.allocation.pools[pool].room for pool in office.queue.lines}
    whole = [entry for entry in office.queue.patience.of if _is_whole(office, entry)]
    persons, levels = Counter[Person](), Counter[tuple[str, str]]()
    before = Freed((), {}, persons, levels)  # each offer counts for those that follow
    for waiter in office.queue.wanting(room, whole):
        for event in _serve(office, waiter, room, at, before):
            yield event
            _take(event, room)
            if isinstance(event, TicketsHeld):
                for line in event.lines:
                    persons[event.subject or "", line.ticket_type] -= line.quantity
                    levels[line.ticket_type, line.tier or ""] += line.quantity


def _is_whole(office: BoxOffice, entry: str) -> bool:
    """All that a group waits for is kept for it, and yet it was not offered: a pool was cut."""
    kept = office.allocation.reserves.get(WAITING + entry, {})
    event = office.queue.living[entry].joined
    return any(
        all(kept.get(pool, 0) >= units * event.quantity for pool, units in draws.items())
        for draws in (office.types[id_].draws for id_ in event.ticket_types)
    )


def _serve(
    office: BoxOffice, waiter: Waiter, room: Mapping[str, int], at: datetime, before: Freed
) -> Iterator[Event]:
    event = waiter.joined
    kept = office.allocation.reserves.get(WAITING + event.entry, {})
    lacks: dict[str, int] = {}
    for id_ in event.ticket_types:
        need = times(office.types[id_].draws, event.quantity)
        if all(kept.get(pool, 0) + room.get(pool, 0) >= units for pool, units in need.items()):
            yield _offer(office, waiter, id_, at, before)
            return
        for pool, units in need.items():
            lacks[pool] = max(lacks.get(pool, 0), units - kept.get(pool, 0))
    best = overlap({pool: units for pool, units in lacks.items() if units > 0}, room)
    if best and event.entry not in office.queue.passed:
        until = office.queue.patience.of.get(event.entry) or at + patience(office, at)
        yield WaitingKept(
            occurrence=event.occurrence,
            entry=event.entry,
            more=best,
            waited=overlap(best, waiter.waited),
            until=until,
        )


def _offer(office: BoxOffice, waiter: Waiter, id_: str, at: datetime, before: Freed) -> Event:
    """A hold of what they waited for; or they leave, when they may not have it any more."""
    event = waiter.joined
    hold = f"offer-{event.entry}"
    wanted = {"ticket_type": id_, "quantity": event.quantity}
    asked = HoldTickets(
        occurrence=event.occurrence, hold=hold, lines=(wanted,), subject=event.subject
    )
    try:
        lines = quote(office, asked, at, before)
        check_person(office, event.subject, lines, before)
    except PersonLimit:
        return _left(office, waiter, "limit")
    except (Refused, NotFound):
        return _left(office, waiter, "over")
    return TicketsHeld(
        occurrence=event.occurrence,
        hold=hold,
        lines=lines,
        until=at + patience(office, at),
        channel="offer",
        subject=event.subject,
        entry=event.entry,
        waited=dict(waiter.waited),
        less=dict(office.allocation.reserves.get(WAITING + event.entry, {})),
        contact=event.contact,
    )


def _take(event: Event, room: dict[str, int]) -> None:
    """What an event of this decision leaves of the room."""
    more: Mapping[str, int] = {}
    less: Mapping[str, int] = {}
    match event:
        case TicketsHeld():
            more, less = claim(event.lines), event.less
        case WaitingKept():
            more = event.more
        case WaitingLeft():
            less = event.less
    for pool in room:
        room[pool] += less.get(pool, 0) - more.get(pool, 0)


def _left(office: BoxOffice, waiter: Waiter, why: str) -> WaitingLeft:
    entry = waiter.joined.entry
    return WaitingLeft(
        occurrence=waiter.joined.occurrence,
        entry=entry,
        why=why,  # type: ignore[arg-type]
        waited=dict(waiter.waited),
        less=dict(office.allocation.reserves.get(WAITING + entry, {})),
    )


def pass_over(office: BoxOffice, at: datetime) -> Iterator[Event]:
    """Groups for whom units were kept long enough, and all, when the night begins."""
    over = set(office.queue.ends.due(at))
    for entry in office.queue.ends.due(at):
        yield _left(office, office.queue.living[entry], "over")
    for entry in office.queue.patience.due(at):
        if entry not in over:
            waiter = office.queue.living[entry]
            yield WaitingPassed(
                occurrence=waiter.joined.occurrence,
                entry=entry,
                less=dict(office.allocation.reserves.get(WAITING + entry, {})),
                waited=dict(waiter.waited),
            )


def next_in_queue(office: BoxOffice) -> datetime | None:
    moments = (office.queue.patience.earliest, office.queue.ends.earliest)
    return min((each for each in moments if each is not None), default=None)


def pools_of(office: BoxOffice, event: WaitingJoined) -> set[str]:
    """All pools of which it would take units."""
    return {pool for id_ in event.ticket_types for pool in office.types[id_].draws}


def _joined(office: BoxOffice, event: WaitingJoined) -> None:
    office.queue.join(event, pools_of(office, event))
    office.queue.ends.set(event.entry, starts_at(office))


def _was_left(office: BoxOffice, event: WaitingLeft) -> None:
    office.keep(WAITING + event.entry, {}, event.less)
    office.queue.leave(event.entry)


def _was_kept(office: BoxOffice, event: WaitingKept) -> None:
    office.keep(WAITING + event.entry, event.more, {})
    office.queue.wait_less(event.entry, event.waited)
    office.queue.patience.set(event.entry, event.until)


def _was_passed(office: BoxOffice, event: WaitingPassed) -> None:
    office.keep(WAITING + event.entry, {}, event.less)
    office.queue.wait_less(event.entry, event.waited)
    office.queue.passed.add(event.entry)
    office.queue.patience.drop(event.entry)


def was_offered(office: BoxOffice, event: TicketsHeld) -> None:
    """A fact: who waited has an offer, and waits no longer."""
    if event.entry is not None:
        office.keep(WAITING + event.entry, {}, event.less)
        office.queue.leave(event.entry)
        office.queue.offered[event.entry] = event.hold


EVOLVE: Final[Evolve] = {
    WaitingJoined: _joined,
    WaitingLeft: _was_left,
    WaitingKept: _was_kept,
    WaitingPassed: _was_passed,
}
COMMANDS: Final[Commands] = {JoinWaitingList: join, LeaveWaitingList: leave}
