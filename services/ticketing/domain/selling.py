"""Holding and selling: all lines or none, and never one too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from roadcase.allocation import DROP, TILL, WEB
from roadcase.decider import Event
from services.ticketing import codes, commands
from services.ticketing.commands import (
    ConfirmOrder,
    ExpireHolds,
    ExtendHold,
    HoldTickets,
    ReleaseHold,
    SellTickets,
)
from services.ticketing.domain.office import (
    BoxOffice,
    Freed,
    claim,
    ended,
    freed,
    must_be_open,
)
from services.ticketing.domain.refusals import (
    AlreadyExtended,
    HoldExists,
    HoldGone,
    HoldSold,
    OrderExists,
    UnknownHold,
)
from services.ticketing.domain.terms import check_amount, check_person, check_room, left, quote
from services.ticketing.events import HoldEnded, HoldExtended, Line, TicketsHeld, TicketSold

HOLD_FOR: Final = {"web": WEB, "drop": DROP, "till": TILL}


def hold(office: BoxOffice, cmd: HoldTickets, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.hold in office.allocation.holds:
        _must_be_same_hold(office, cmd)
        return  # asked twice, happened once
    gone = freed(office, at)
    lines = quote(office, cmd.lines, at)
    check_person(office, cmd.subject, lines, gone, must_be_known=False)
    check_room(office, lines, gone)
    yield from gone.ends
    yield TicketsHeld(
        occurrence=cmd.occurrence,
        hold=cmd.hold,
        lines=lines,
        until=at + _lasting(cmd),
        channel=cmd.channel,
        subject=cmd.subject,
    )


def _lasting(cmd: HoldTickets) -> timedelta:
    longest = HOLD_FOR[cmd.channel]
    return longest if cmd.seconds is None else min(longest, timedelta(seconds=cmd.seconds))


def _must_be_same_hold(office: BoxOffice, cmd: HoldTickets) -> None:
    """One that became an order is only known by its id."""
    held = office.held.get(cmd.hold) or office.lapsed.get(cmd.hold)
    wanted = _quantities(cmd.lines)
    if held and (held.subject, _quantities(held.lines)) != (cmd.subject, wanted):
        raise HoldExists(hold=cmd.hold)


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
        yield ended(held, "released" if alive else "expired")


def expire(office: BoxOffice, _cmd: ExpireHolds, at: datetime) -> tuple[HoldEnded, ...]:
    return freed(office, at).ends


def _must_be_known(office: BoxOffice, hold: str) -> None:
    if hold not in office.allocation.holds:
        raise UnknownHold(hold=hold)


def sell(office: BoxOffice, cmd: SellTickets, at: datetime) -> Iterable[Event]:
    """The hot path: for one ticket, one event."""
    if office.opened is None:
        must_be_open(office, cmd.occurrence)
    if cmd.order in office.orders:
        _must_be_same_order(office, cmd)
        return ()
    gone = freed(office, at)
    lines = quote(office, cmd.lines, at)
    check_amount(lines, cmd.amount)
    check_person(office, cmd.subject, lines, gone)
    check_room(office, lines, gone)
    tickets = _tickets(office, cmd, lines, at, channel=cmd.channel, subject=cmd.subject)
    return [*gone.ends, *tickets] if gone.ends else tickets


def _must_be_same_order(office: BoxOffice, cmd: SellTickets) -> None:
    order = office.orders[cmd.order]
    had = Counter(kind.ticket_type for kind in order.tickets)
    if (order.hold, order.subject, had) != (None, cmd.subject, _quantities(cmd.lines)):
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
    gone = freed(office, at)
    alive = office.allocation.alive(cmd.hold, at) is not None
    held = office.held[cmd.hold] if alive else _lapsed(office, cmd.hold, gone)
    check_amount(held.lines, cmd.amount)
    buyer = cmd.subject or held.subject
    if not alive or buyer != held.subject or buyer is None:
        check_person(office, buyer, held.lines, gone)
    end = [ended(held, "sold")] if alive else []
    tickets = _tickets(
        office,
        cmd,
        held.lines,
        at,
        channel=held.channel,
        subject=buyer,
        hold=cmd.hold,
        late=not alive,
    )
    return [*gone.ends, *end, *tickets]


def _lapsed(office: BoxOffice, hold: str, gone: Freed) -> TicketsHeld:
    """Money that comes too late takes units that are still free: never paid, and no ticket."""
    held = office.lapsed.get(hold) or office.held[hold]
    pool = office.allocation.short_of(claim(held.lines), gone.units)
    if pool is not None:
        raise HoldGone(hold=hold, pool=pool, left=left(office, pool, gone.units))
    return held


def _tickets(
    office: BoxOffice,
    cmd: SellTickets | ConfirmOrder,
    lines: tuple[Line, ...],
    at: datetime,
    *,
    channel: Literal["web", "drop", "till"],
    subject: str | None,
    hold: str | None = None,
    late: bool = False,
) -> list[TicketSold]:
    each = [line for line in lines for _ in range(line.quantity)]
    sold: list[TicketSold] = []
    own: set[str] = set()  # codes of this order: the office does not know them yet
    for number, line in enumerate(each, 1):
        ticket = f"{cmd.order}-{number}"
        code = codes.fresh(cmd.code_seed, ticket, office.codes, own)
        own.add(code)
        sold.append(
            TicketSold(
                occurrence=cmd.occurrence,
                order=cmd.order,
                ticket=ticket,
                number=number,
                of=len(each),
                ticket_type=line.ticket_type,
                price=line.price,
                seller=line.seller,
                draws=line.draws,
                code=code,
                channel=channel,
                payment_reference=cmd.payment_reference,
                sold_at=at,
                subject=subject,
                contact=cmd.contact,
                hold=hold,
                late=late,
            )
        )
    return sold
