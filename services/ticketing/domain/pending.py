"""Orders that are not paid yet: they wait for approval or for money, and keep their tickets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from roadcase.decider import Event
from services.ticketing.commands import (
    ApproveOrder,
    AskApproval,
    ConfirmOrder,
    DeclineOrder,
    PlaceOrder,
)
from services.ticketing.domain import seating
from services.ticketing.domain.channels import check_channel
from services.ticketing.domain.issuing import How, issue
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    Pending,
    ended,
    freed,
    must_be_open,
    starts_at,
)
from services.ticketing.domain.refusals import (
    HoldGone,
    NotPending,
    OrderExists,
    SaleEnded,
    UnknownOrder,
)
from services.ticketing.domain.reserved import taken
from services.ticketing.domain.terms import check_person, check_room, quote, total_of
from services.ticketing.events import (
    ApprovalAsked,
    OrderApproved,
    OrderDeclined,
    OrderPlaced,
    OrderReminded,
    TicketsHeld,
)

PAY_WITHIN: Final = timedelta(days=7)
REMIND_BEFORE: Final = timedelta(days=2)
FREE: Final = "free"


def place(office: BoxOffice, cmd: PlaceOrder, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.order in office.orders or cmd.order in office.allocation.holds:
        _must_be_same(office, cmd)
        return  # asked twice, happened once
    if at >= starts_at(office):
        raise SaleEnded(sale_until=starts_at(office))
    check_channel(office, cmd.occurrence, "order")
    gone = freed(office, at)
    lines = quote(office, cmd, at, gone, placed=True)
    check_person(office, cmd.subject, lines, gone)
    check_room(office, lines, gone)
    if office.seatings:
        lines = seating.seated(office, cmd.lines, lines, at, gone, apart=cmd.seats_apart)
    approval = any(office.types[line.ticket_type].approval for line in lines)
    until = starts_at(office) if approval else _pay_until(office, cmd.pay_until, at)
    yield from gone.ends
    yield TicketsHeld(
        occurrence=cmd.occurrence,
        hold=cmd.order,
        lines=lines,
        until=until,
        channel="order",
        subject=cmd.subject,
        promo=cmd.promo,
    )
    yield OrderPlaced(
        occurrence=cmd.occurrence,
        order=cmd.order,
        total=total_of(lines),
        until=until,
        approval=approval,
        remind_at=None if approval else _remind_at(until, at),
        subject=cmd.subject,
        contact=cmd.contact,
    )
    yield from taken(cmd, lines)


def _must_be_same(office: BoxOffice, cmd: PlaceOrder) -> None:
    pending = office.pending.get(cmd.order)
    other = pending is not None and pending.placed.subject != cmd.subject
    if other or cmd.order not in office.placed:
        raise OrderExists(order=cmd.order)


def _pay_until(office: BoxOffice, asked: datetime | None, at: datetime) -> datetime:
    until = min(asked or at + PAY_WITHIN, starts_at(office))
    if until <= at:
        raise SaleEnded(sale_until=until)
    return until


def _remind_at(until: datetime, at: datetime) -> datetime | None:
    """None where there is too little time to be reminded."""
    when = until - REMIND_BEFORE
    return when if when - at >= REMIND_BEFORE / 2 else None


def approve(office: BoxOffice, cmd: ApproveOrder, at: datetime) -> Iterable[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.order in office.orders:
        return ()
    pending = _pending(office, cmd.order, at)
    if pending.approved:
        return ()
    placed = pending.placed
    if placed.total.minor:
        until = _pay_until(office, cmd.pay_until, at)
        yes = OrderApproved(
            occurrence=cmd.occurrence,
            order=cmd.order,
            until=until,
            remind_at=_remind_at(until, at),
        )
        return (yes,)
    held = office.held[cmd.order]
    free = ConfirmOrder(
        occurrence=cmd.occurrence,
        order=cmd.order,
        hold=cmd.order,
        payment_reference=FREE,
        amount=placed.total,
        code_seed=cmd.code_seed,
        contact=placed.contact,
    )
    tickets = issue(office, free, held.lines, at, How("order", placed.subject, cmd.order))
    yes = OrderApproved(occurrence=cmd.occurrence, order=cmd.order, until=placed.until)
    return [yes, ended(office, held, "sold"), *tickets]


def ask_approval(office: BoxOffice, cmd: AskApproval, at: datetime) -> Iterator[ApprovalAsked]:
    must_be_open(office, cmd.occurrence)
    pending = office.pending.get(cmd.order)
    alive = office.allocation.alive(cmd.order, at) is not None
    if pending is not None and alive and not pending.approved and not pending.asked:
        yield ApprovalAsked(occurrence=cmd.occurrence, order=cmd.order)


def decline(office: BoxOffice, cmd: DeclineOrder, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    if cmd.order in office.orders:
        raise NotPending(order=cmd.order)
    if cmd.order in office.declined:
        return
    _pending(office, cmd.order, at)
    yield ended(office, office.held[cmd.order], "released")
    yield OrderDeclined(occurrence=cmd.occurrence, order=cmd.order, reason=cmd.reason)


def _pending(office: BoxOffice, order: str, at: datetime) -> Pending:
    """Raises UnknownOrder, and HoldGone when its time is over."""
    pending = office.pending.get(order)
    if pending is None:
        if order in office.allocation.holds:
            raise HoldGone(hold=order)
        raise UnknownOrder(order=order)
    if office.allocation.alive(order, at) is None:
        raise HoldGone(hold=order)
    return pending


def check_payment(office: BoxOffice, cmd: ConfirmOrder) -> ConfirmOrder:
    """The payment of an order that was placed; others are left alone. Raises NotPending."""
    pending = office.pending.get(cmd.hold)
    if pending is None:
        may_not = cmd.hold in office.declined or cmd.hold in office.unapproved
        if may_not or (cmd.hold in office.placed and cmd.order != cmd.hold):
            raise NotPending(order=cmd.hold)  # which money that comes too late does not change
        return cmd
    if cmd.order != cmd.hold or not pending.approved:
        raise NotPending(order=cmd.hold)
    if cmd.contact is None and pending.placed.contact is not None:
        return cmd.model_copy(update={"contact": pending.placed.contact})
    return cmd


def remind(office: BoxOffice, at: datetime) -> Iterator[OrderReminded]:
    for order in office.reminders.due(at):
        placed = office.pending[order].placed
        yield OrderReminded(
            occurrence=placed.occurrence,
            order=order,
            until=office.allocation.holds.living[order].until,
            contact=placed.contact,
        )


def next_reminder(office: BoxOffice) -> datetime | None:
    return office.reminders.earliest


def _placed(office: BoxOffice, event: OrderPlaced) -> None:
    office.placed.add(event.order)
    office.pending[event.order] = Pending(event, approved=not event.approval)
    if event.remind_at is not None:
        office.reminders.set(event.order, event.remind_at)


def _approved(office: BoxOffice, event: OrderApproved) -> None:
    office.pending[event.order].approved = True
    office.allocation.move(event.order, event.until)
    if event.remind_at is not None:
        office.reminders.set(event.order, event.remind_at)


def _asked(office: BoxOffice, event: ApprovalAsked) -> None:
    office.pending[event.order].asked = True


def _declined(office: BoxOffice, event: OrderDeclined) -> None:
    office.declined.add(event.order)


def _reminded(office: BoxOffice, event: OrderReminded) -> None:
    office.reminders.drop(event.order)


def has_ended(office: BoxOffice, hold: str) -> None:
    """A fact: the hold of a placed order ended; the order is paid, or over."""
    pending = office.pending.pop(hold, None) if office.pending else None
    if pending is not None:
        office.reminders.drop(hold)
        if not pending.approved:
            office.unapproved.add(hold)


EVOLVE: Final[Evolve] = {
    OrderPlaced: _placed,
    ApprovalAsked: _asked,
    OrderApproved: _approved,
    OrderDeclined: _declined,
    OrderReminded: _reminded,
}
COMMANDS: Final[Commands] = {
    PlaceOrder: place,
    AskApproval: ask_approval,
    ApproveOrder: approve,
    DeclineOrder: decline,
}
