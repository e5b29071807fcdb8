"""Allotments, kept aside until a moment for the house, the press, artists; and tickets given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal

import msgspec

from roadcase.decider import Event
from roadcase.money import Money
from services.ticketing.commands import (
    GiveTickets,
    ReleaseAllotment,
    SetAllotment,
    SetVoucher,
)
from services.ticketing.domain import seating, vouchers
from services.ticketing.domain.issuing import How, issue
from services.ticketing.domain.keeping import change, drawn, keeps
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    freed,
    must_be_open,
)
from services.ticketing.domain.refusals import (
    AllotmentEmpty,
    NotAPart,
    OrderExists,
    UnknownAllotment,
    UnknownPool,
    UnknownTicketType,
)
from services.ticketing.domain.reserves import ALLOTMENT, VOUCHER, Allotment
from services.ticketing.domain.terms import check_room
from services.ticketing.events import (
    AllotmentReleased,
    AllotmentSet,
    Line,
    TicketsGiven,
    VoucherLapsed,
    VoucherSet,
)


def set_allotment(office: BoxOffice, cmd: SetAllotment, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.pool not in office.allocation.pools:
        raise UnknownPool(pool=cmd.pool, allotment=cmd.allotment)
    known = office.reserves.allotments.get(cmd.allotment)
    if known is not None and known.terms.pool != cmd.pool:
        raise UnknownPool(pool=cmd.pool, allotment=cmd.allotment, is_of=known.terms.pool)
    if cmd.plan and known is not None and known.plan == cmd.plan:
        return  # it was followed; what was sold, released or changed since stays so
    reserve = ALLOTMENT + cmd.allotment
    gone = freed(office, at)
    more, less = change(office, reserve, {cmd.pool: cmd.units} if cmd.units else {}, gone)
    terms = {name: value for name, value in cmd if name != "units"}
    event = AllotmentSet(**terms, more=more.get(cmd.pool, 0), less=less.get(cmd.pool, 0))
    same = known is not None and msgspec.structs.replace(event, plan="") == known.terms
    if known is None or known.closed or not same or known.plan != (cmd.plan or known.plan):
        yield from gone.ends
        yield event


def release_allotment(
    office: BoxOffice, cmd: ReleaseAllotment, _at: datetime
) -> Iterator[AllotmentReleased]:
    must_be_open(office, cmd.occurrence)
    allotment = office.reserves.allotments.get(cmd.allotment)
    if allotment is None:
        raise UnknownAllotment(allotment=cmd.allotment)
    left = _left(office, allotment)
    if cmd.units is not None and cmd.units > left:
        raise AllotmentEmpty(allotment=cmd.allotment, left=left)
    if not allotment.closed:
        units = left if cmd.units is None else cmd.units
        yield _released(allotment, units, "asked", closed=cmd.units is None)


def lapse(office: BoxOffice, at: datetime) -> Iterator[Event]:
    """What is kept aside no longer, now that its time is over, and dead holds have ended."""
    gone = freed(office, at)
    for reserve in office.reserves.lapses.due(at):
        id_ = reserve.partition("/")[2]
        if reserve.startswith(VOUCHER):
            yield vouchers.lapse(office, id_, gone)
        else:
            allotment = office.reserves.allotments[id_]
            left = keeps(office, reserve, gone).get(allotment.terms.pool, 0)
            yield _released(allotment, left, "time", closed=True)


def next_lapse(office: BoxOffice) -> datetime | None:
    return office.reserves.lapses.earliest


def _left(office: BoxOffice, allotment: Allotment) -> int:
    reserve = ALLOTMENT + allotment.terms.allotment
    return office.allocation.reserves.get(reserve, {}).get(allotment.terms.pool, 0)


def _released(
    allotment: Allotment, units: int, why: Literal["time", "asked"], *, closed: bool
) -> AllotmentReleased:
    terms = allotment.terms
    return AllotmentReleased(
        occurrence=terms.occurrence,
        allotment=terms.allotment,
        pool=terms.pool,
        units=units,
        why=why,
        closed=closed,
    )


def give(office: BoxOffice, cmd: GiveTickets, at: datetime) -> Iterable[Event]:
    """Tickets for nothing: no window, no limit and no level is asked, only room."""
    must_be_open(office, cmd.occurrence)
    if cmd.order in office.orders:
        _must_be_same_gift(office, cmd)
        return ()
    gone = freed(office, at)
    free = [_free(office, each.ticket_type, each.quantity) for each in cmd.lines]
    allotment = office.reserves.allotments.get(cmd.allotment) if cmd.allotment else None
    if cmd.allotment and allotment is None:
        raise UnknownAllotment(allotment=cmd.allotment)
    lines = drawn(office, free, allotment, gone)
    check_room(office, lines, gone)
    if office.seatings:
        lines = seating.seated(office, cmd.lines, lines, at, gone, apart=True)
    tickets = issue(office, cmd, lines, at, How("given", cmd.subject))
    fact = TicketsGiven(
        occurrence=cmd.occurrence,
        order=cmd.order,
        tickets=len(tickets),
        giver=cmd.giver,
        reason=cmd.reason,
        allotment=cmd.allotment,
    )
    return [*gone.ends, *tickets, fact]


def _must_be_same_gift(office: BoxOffice, cmd: GiveTickets) -> None:
    order = office.orders[cmd.order]
    wanted = Counter[str]()
    for each in cmd.lines:
        wanted[each.ticket_type] += each.quantity
    had = Counter(kind.ticket_type for kind in order.tickets)
    paid = any(kind.price.minor for kind in order.tickets)
    if paid or (order.subject, had) != (cmd.subject, wanted):
        raise OrderExists(order=cmd.order)


def _free(office: BoxOffice, id_: str, quantity: int) -> Line:
    offer = office.types.get(id_)
    if offer is None:
        raise UnknownTicketType(ticket_type=id_)
    if offer.bundle:
        raise NotAPart(ticket_type=id_)
    return Line(
        ticket_type=id_,
        quantity=quantity,
        price=Money(0, offer.price.currency),
        seller=offer.seller,
        draws=offer.draws,
        listed=offer.price,
        admits=offer.admits,
    )


def _was_set(office: BoxOffice, event: AllotmentSet) -> None:
    reserve = ALLOTMENT + event.allotment
    terms = msgspec.structs.replace(event, more=0, less=0, plan="")
    known = office.reserves.allotments.get(event.allotment)
    plan = event.plan or (known.plan if known else "")
    office.reserves.allotments[event.allotment] = Allotment(terms, plan=plan)
    more, less = ({event.pool: units} if units else {} for units in (event.more, event.less))
    office.keep(reserve, more, less)
    office.reserves.lapses.drop(reserve)
    if event.release_at is not None:
        office.reserves.lapses.set(reserve, event.release_at)


def _was_released(office: BoxOffice, event: AllotmentReleased) -> None:
    reserve = ALLOTMENT + event.allotment
    if event.units:
        office.allocation.unkeep(reserve, {event.pool: event.units})
    if event.closed:
        office.reserves.allotments[event.allotment].closed = True
        office.reserves.lapses.drop(reserve)


def _given(_office: BoxOffice, _event: TicketsGiven) -> None:
    """Its tickets are facts of their own."""


EVOLVE: Final[Evolve] = {
    VoucherSet: vouchers.was_set,
    VoucherLapsed: vouchers.has_lapsed,
    AllotmentSet: _was_set,
    AllotmentReleased: _was_released,
    TicketsGiven: _given,
}
COMMANDS: Final[Commands] = {
    SetVoucher: vouchers.set_voucher,
    SetAllotment: set_allotment,
    ReleaseAllotment: release_allotment,
    GiveTickets: give,
}
