"""Holding and selling: all lines or none, and never one too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from roadcase.allocation import DROP, TILL, WEB, total
from roadcase.decider import Event
from services.ticketing import commands
from services.ticketing.commands import (
    ConfirmOrder,
    ExtendHold,
    HoldTickets,
    ReleaseHold,
    SellTickets,
)
from services.ticketing.domain import seating
from services.ticketing.domain.channels import check_channel
from services.ticketing.domain.composing import expanded
from services.ticketing.domain.issuing import How, issue
from services.ticketing.domain.keeping import drawn, unkept
from services.ticketing.domain.office import (
    BoxOffice,
    Freed,
    claim,
    ended,
    freed,
    must_be_open,
)
from services.ticketing.domain.pending import check_payment
from services.ticketing.domain.questions import answered
from services.ticketing.domain.refusals import (
    AlreadyExtended,
    HoldExists,
    HoldGone,
    HoldSold,
    OrderExists,
    UnknownHold,
)
from services.ticketing.domain.reserved import taken
from services.ticketing.domain.swift import learn, swift
from services.ticketing.domain.terms import (
    check_amount,
    check_person,
    check_room,
    left,
    public_room,
    quote,
)
from services.ticketing.domain.vouchers import check_buyer, check_late
from services.ticketing.events import HoldExtended, Line, TicketsHeld

HOLD_FOR: Final = {"web": WEB, "drop": DROP, "till": TILL}


def hold(office: BoxOffice, cmd: HoldTickets, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.hold in office.allocation.holds:
        _must_be_same_hold(office, cmd)
        return  # asked twice, happened once
    if office.paused:
        check_channel(office, cmd.occurrence, cmd.channel)
    gone = freed(office, at)
    lines = quote(office, cmd, at, gone)
    check_person(office, cmd.subject, lines, gone, must_be_known=False)
    check_room(office, lines, gone)
    if office.seatings:
        lines = seating.seated(office, cmd.lines, lines, at, gone, apart=cmd.seats_apart)
    yield from gone.ends
    yield TicketsHeld(
        occurrence=cmd.occurrence,
        hold=cmd.hold,
        lines=lines,
        until=at + _lasting(cmd),
        channel=cmd.channel,
        subject=cmd.subject,
        promo=cmd.promo,
    )
    if cmd.series is not None:
        yield from taken(cmd, lines)


def _lasting(cmd: HoldTickets) -> timedelta:
    longest = HOLD_FOR[cmd.channel]
    return longest if cmd.seconds is None else min(longest, timedelta(seconds=cmd.seconds))


def _must_be_same_hold(office: BoxOffice, cmd: HoldTickets) -> None:
    """One that became an order is only known by its id."""
    held = office.held.get(cmd.hold) or office.lapsed.get(cmd.hold)
    wanted = expanded(office, _quantities(cmd.lines))
    if held and (held.subject, _quantities(held.lines)) != (cmd.subject, wanted):
        raise HoldExists(hold=cmd.hold)
    if held and office.seatings:
        seating.must_be_chosen(held.lines, cmd)


def _quantities(lines: Iterable[Line | commands.Line]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.ticket_type] += line.quantity
    return sums


def extend(office: BoxOffice, cmd: ExtendHold, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    _must_be_known(office, cmd.hold)
    held = office.allocation.alive(cmd.hold, at)
    if held is None:
        raise HoldGone(hold=cmd.hold)
    if held.extension is None:
        raise AlreadyExtended(hold=cmd.hold, until=held.until)
    yield HoldExtended(occurrence=cmd.occurrence, hold=cmd.hold, until=held.extension)


def release(office: BoxOffice, cmd: ReleaseHold, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    _must_be_known(office, cmd.hold)
    if held := office.held.get(cmd.hold):
        alive = office.allocation.alive(cmd.hold, at)
        yield ended(office, held, "released" if alive else "expired")


def _must_be_known(office: BoxOffice, hold: str) -> None:
    if hold not in office.allocation.holds:
        raise UnknownHold(hold=hold)


def sell(office: BoxOffice, cmd: SellTickets, at: datetime) -> Iterable[Event]:
    """The hot path: for one ticket, one event."""
    if (at_once := swift(office, cmd, at)) is not None:
        return at_once
    if office.opened is None:
        must_be_open(office, cmd.occurrence)
    if cmd.order in office.orders:
        _must_be_same_order(office, cmd)
        return ()
    if office.paused:
        check_channel(office, cmd.occurrence, cmd.channel)
    gone = freed(office, at)
    lines = quote(office, cmd, at, gone)
    check_amount(lines, cmd.amount)
    check_person(office, cmd.subject, lines, gone)
    learn(office, cmd, lines)
    check_room(office, lines, gone)
    if office.seatings:
        lines = seating.seated(office, cmd.lines, lines, at, gone, apart=cmd.seats_apart)
    tickets = issue(office, cmd, lines, at, How(cmd.channel, cmd.subject, promo=cmd.promo))
    if gone.ends or office.questions or cmd.answered or cmd.codes:
        said = answered(office, cmd.occurrence, cmd.order, lines, cmd.answered)
        return [*gone.ends, *tickets, *said, *taken(cmd, lines)]
    return tickets


def _must_be_same_order(office: BoxOffice, cmd: SellTickets) -> None:
    order = office.orders[cmd.order]
    had = Counter(kind.ticket_type for kind in order.tickets)
    if (order.hold, order.subject, had) != (
        None,
        cmd.subject,
        expanded(office, _quantities(cmd.lines)),
    ):
        raise OrderExists(order=cmd.order)


def confirm(office: BoxOffice, cmd: ConfirmOrder, at: datetime) -> Iterable[Event]:
    must_be_open(office, cmd.occurrence)
    if order := office.orders.get(cmd.order):
        if order.hold == cmd.hold:
            return ()
        raise OrderExists(order=cmd.order)
    if cmd.hold in office.became:
        raise HoldSold(hold=cmd.hold, order=office.became[cmd.hold])
    _must_be_known(office, cmd.hold)
    cmd = check_payment(office, cmd)
    gone = freed(office, at)
    alive = office.allocation.alive(cmd.hold, at) is not None
    held = office.held.get(cmd.hold) or office.lapsed[cmd.hold]
    lines = held.lines if alive else _late(office, held, gone)
    check_amount(held.lines, cmd.amount)
    buyer = cmd.subject or held.subject
    if not alive or buyer != held.subject or buyer is None:
        check_person(office, buyer, held.lines, gone)
    if alive and buyer != held.subject:
        check_buyer(office, buyer, held.lines)
    end = [ended(office, held, "sold")] if alive else []
    if not alive:
        check_late(office, buyer, held.lines, gone)
    if office.seatings and not (alive and seating.has_seats(office, lines)):
        lines = seating.confirmed(office, lines, at, gone, others=cmd.other_seats)
    how = How(held.channel, buyer, cmd.hold, late=not alive, promo=held.promo)
    tickets = issue(office, cmd, lines, at, how)
    said = answered(office, cmd.occurrence, cmd.order, held.lines, cmd.answered)
    return [*gone.ends, *end, *tickets, *said]


def _late(office: BoxOffice, held: TicketsHeld, gone: Freed) -> tuple[Line, ...]:
    """Money that comes too late takes units that are free, or kept for its voucher.

    Raises HoldGone, before it is taken: nobody pays and has no ticket.
    """
    lines = drawn(office, [unkept(line) for line in held.lines], None, gone)
    units = total((public_room(office, gone.units), *(line.kept for line in lines)))
    pool = office.allocation.short_of(claim(lines), units)
    if pool is not None:
        raise HoldGone(hold=held.hold, pool=pool, left=left(office, pool, units))
    return lines
