"""Tickets that go to somebody else, a guest who is another one, a mail that is sent again.

A transfer takes part in two streams, so it is steps that can be gone on with. First the gates
give the ticket up (`giving_up.give_up`), which they refuse once it was used; then the box office
makes it another guest's. So there is a moment with no valid code, and never one with two. Who died
between asks again under the same id. If the box office refuses, the transfer is ended, for good,
and only then the gates take the ticket again: what ended can never be issued later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from roadcase.decider import Event
from services.ticketing import codes
from services.ticketing.commands import EndTransfer, RenameTicket, ResendOrder, TransferTicket
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    Kind,
    Order,
    freed,
    must_be_open,
    number_of,
)
from services.ticketing.domain.refusals import OrderExists, UnknownOrder, UnknownTicket
from services.ticketing.domain.terms import check_person
from services.ticketing.domain.transfer_refusals import (
    AddonStays,
    NotValid,
    ResentTooOften,
    TransferGone,
    TransferMade,
)
from services.ticketing.events import (
    Line,
    OrderResent,
    TicketRenamed,
    TicketTransferred,
    TransferEnded,
)

HOUR: Final = timedelta(hours=1)
IN_AN_HOUR: Final = 3


class _Moved(NamedTuple):
    number: int
    kind: Kind


def came_from(ticket: str) -> str:
    """Where the order of a transfer comes from, in the place of a hold: no hold is called so."""
    return f"transfer/{ticket}"


def transfer(office: BoxOffice, cmd: TransferTicket, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    made = office.orders.get(cmd.transfer)
    if made is not None:
        if (made.hold, made.subject) != (came_from(cmd.ticket), cmd.subject):
            raise OrderExists(order=cmd.transfer)
        return  # asked twice, happened once
    if cmd.transfer in office.transfers_ended:
        raise TransferGone(transfer=cmd.transfer)
    if cmd.transfer in office.allocation.holds:
        raise OrderExists(order=cmd.transfer)
    order, number = _valid(office, cmd)
    if any(number in addons for addons in (order.addons or {}).values()):
        raise AddonStays(ticket=cmd.ticket)
    gone = freed(office, at)
    moved = _moved(order, number)
    if cmd.subject != order.subject:
        check_person(office, cmd.subject, tuple(_line(each.kind) for each in moved), gone)
    yield from gone.ends
    yield from _issued(office, cmd, order, moved)


def _valid(office: BoxOffice, cmd: TransferTicket | RenameTicket) -> tuple[Order, int]:
    """The order and the number of a ticket. Raises UnknownOrder, UnknownTicket, NotValid."""
    order = office.orders.get(cmd.order)
    if order is None:
        raise UnknownOrder(order=cmd.order)
    last = cmd.ticket.rpartition("-")[2]
    number = int(last) if last.isascii() and last.isdigit() else 0
    if cmd.ticket != f"{cmd.order}-{number}" or not 1 <= number <= len(order.tickets):
        raise UnknownTicket(order=cmd.order, ticket=cmd.ticket)
    if order.void and number in order.void:
        raise NotValid(ticket=cmd.ticket, state=order.void[number])
    return order, number


def _moved(order: Order, number: int) -> list[_Moved]:
    """The ticket, then its add-ons that are valid."""
    void = order.void or {}
    numbers = [number, *(order.addons or {}).get(number, ())]
    return [_Moved(each, order.tickets[each - 1]) for each in numbers if each not in void]


def _line(kind: Kind) -> Line:
    return Line(
        ticket_type=kind.ticket_type,
        quantity=1,
        price=kind.price,
        seller=kind.seller,
        draws=kind.draws,
    )


def _issued(
    office: BoxOffice, cmd: TransferTicket, order: Order, moved: Sequence[_Moved]
) -> Iterator[TicketTransferred]:
    assert order.sale is not None
    own: set[str] = set()
    for number, each in enumerate(moved, 1):
        ticket, kind = f"{cmd.transfer}-{number}", each.kind
        code = codes.fresh(cmd.code_seed, ticket, office.codes, own)
        own.add(code)
        yield TicketTransferred(
            occurrence=cmd.occurrence,
            order=cmd.transfer,
            ticket=ticket,
            number=number,
            of=len(moved),
            from_order=cmd.order,
            from_ticket=f"{cmd.order}-{each.number}",
            code=code,
            **msgspec.structs.asdict(order.sale),
            subject=cmd.subject,
            contact=cmd.contact,
            seat=order.seats.get(each.number) if order.seats else None,
            addon_to=f"{cmd.transfer}-1" if number > 1 else None,
            **_terms(kind),
        )


def _terms(kind: Kind) -> dict[str, Any]:
    """All but what its price depends on: the order where that counts is another one's."""
    return {name: value for name, value in kind._asdict().items() if name != "earned"}


def end(office: BoxOffice, cmd: EndTransfer, _at: datetime) -> Iterator[TransferEnded]:
    must_be_open(office, cmd.occurrence)
    if cmd.transfer in office.orders:
        raise TransferMade(transfer=cmd.transfer)
    if cmd.transfer not in office.transfers_ended:
        yield TransferEnded(occurrence=cmd.occurrence, transfer=cmd.transfer)


def rename(office: BoxOffice, cmd: RenameTicket, _at: datetime) -> Iterator[TicketRenamed]:
    must_be_open(office, cmd.occurrence)
    _valid(office, cmd)
    if office.renamed.get(cmd.ticket) != cmd.contact:
        yield TicketRenamed(
            occurrence=cmd.occurrence,
            order=cmd.order,
            ticket=cmd.ticket,
            contact=cmd.contact,
            subject=cmd.subject,
        )


def resend(office: BoxOffice, cmd: ResendOrder, at: datetime) -> Iterator[OrderResent]:
    must_be_open(office, cmd.occurrence)
    order = office.orders.get(cmd.order)
    if order is None:
        raise UnknownOrder(order=cmd.order)
    sent = office.resent.get(cmd.order, {})
    if cmd.resend in sent:
        return  # asked twice, happened once
    if len(order.void or ()) == len(order.tickets):
        raise NotValid(order=cmd.order)
    last = list(sent.values())[-IN_AN_HOUR:]
    if len(last) == IN_AN_HOUR and at - last[0] < HOUR:
        raise ResentTooOften(again_at=last[0] + HOUR)
    yield OrderResent(
        occurrence=cmd.occurrence,
        order=cmd.order,
        resend=cmd.resend,
        resent_at=at,
        contact=cmd.contact,
    )


def _was_transferred(office: BoxOffice, event: TicketTransferred) -> None:
    old, number = office.orders[event.from_order], number_of(event.from_ticket)
    kind = old.tickets[number - 1]._replace(earned=None)
    new = office.orders.get(event.order)
    if new is None:
        hold = came_from(event.from_ticket)
        new = office.orders[event.order] = Order(event.subject, hold, sale=old.sale)
    new.tickets.append(kind)
    old.void = old.void or {}
    old.void[number] = "transferred"
    if event.seat is not None:
        new.seats = new.seats or {}
        new.seats[event.number] = event.seat
    if event.addon_to is not None:
        new.addons = new.addons or {}
        new.addons.setdefault(1, []).append(event.number)
    office.codes.add(event.code)
    office.count(old.subject, kind.ticket_type, -1)
    office.count(event.subject, kind.ticket_type, 1)
    if kind.own_voucher is not None:
        minor = kind.discount.minor if kind.discount else 0
        office.reserves.vouchers[kind.own_voucher].count(old.subject, -1, -minor)
        office.reserves.vouchers[kind.own_voucher].count(event.subject, 1, minor)


def _has_ended(office: BoxOffice, event: TransferEnded) -> None:
    office.transfers_ended.add(event.transfer)


def _was_renamed(office: BoxOffice, event: TicketRenamed) -> None:
    office.renamed[event.ticket] = event.contact


def _was_resent(office: BoxOffice, event: OrderResent) -> None:
    office.resent.setdefault(event.order, {})[event.resend] = event.resent_at


EVOLVE: Final[Evolve] = {
    TicketTransferred: _was_transferred,
    TransferEnded: _has_ended,
    TicketRenamed: _was_renamed,
    OrderResent: _was_resent,
}
COMMANDS: Final[Commands] = {
    TransferTicket: transfer,
    EndTransfer: end,
    RenameTicket: rename,
    ResendOrder: resend,
}
