"""Cancelling and refunding: tickets become void, and their units are free again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from services.ticketing.commands import CancelOrder, RefundTickets
from services.ticketing.domain.office import BoxOffice, Kind, Order, Void, has_room, must_be_open
from services.ticketing.domain.refusals import UnknownOrder, UnknownTicket
from services.ticketing.events import TicketCancelled, TicketRefunded


class _Chosen(NamedTuple):
    ticket: str
    kind: Kind
    void: Void | None
    subject: str | None


def cancel(office: BoxOffice, cmd: CancelOrder, _at: datetime) -> Iterator[TicketCancelled]:
    for each in _chosen(office, cmd):
        if each.void is None:
            yield TicketCancelled(
                occurrence=cmd.occurrence,
                order=cmd.order,
                ticket=each.ticket,
                ticket_type=each.kind.ticket_type,
                draws=each.kind.draws,
                reason=cmd.reason,
                kept=_kept(office, each.kind),
            )


def refund(office: BoxOffice, cmd: RefundTickets, _at: datetime) -> Iterator[TicketRefunded]:
    for each in _chosen(office, cmd):
        if each.void != "refunded":
            yield TicketRefunded(
                occurrence=cmd.occurrence,
                order=cmd.order,
                ticket=each.ticket,
                ticket_type=each.kind.ticket_type,
                draws={} if each.void else each.kind.draws,
                reason=cmd.reason,
                kept={} if each.void else _kept(office, each.kind),
                amount=each.kind.paid,
                seller=each.kind.seller,
                refund_reference=cmd.refund_reference,
                subject=each.subject,
            )


def _chosen(office: BoxOffice, cmd: CancelOrder | RefundTickets) -> Iterator[_Chosen]:
    """The tickets that are named, each once, or all of the order's."""
    must_be_open(office, cmd.occurrence)
    order = office.orders.get(cmd.order)
    if order is None:
        raise UnknownOrder(order=cmd.order)
    own = {f"{cmd.order}-{number}": number for number in range(1, len(order.tickets) + 1)}
    void = order.void or {}
    for ticket in _with_addons(cmd, order, own):
        number = own.get(ticket)
        if number is None:
            raise UnknownTicket(order=cmd.order, ticket=ticket)
        yield _Chosen(ticket, order.tickets[number - 1], void.get(number), order.subject)


def _with_addons(
    cmd: CancelOrder | RefundTickets, order: Order, own: Mapping[str, int]
) -> Iterable[str]:
    """Each once: an add-on is void with the ticket that it comes with."""
    if cmd.tickets is None:
        return own
    chosen: dict[str, None] = {}
    for ticket in cmd.tickets:
        chosen[ticket] = None
        for number in (order.addons or {}).get(own.get(ticket, 0), ()):
            chosen[f"{cmd.order}-{number}"] = None
    return chosen


def _kept(office: BoxOffice, kind: Kind) -> dict[str, dict[str, int]]:
    """What of its units is kept aside again, for who it was kept for."""
    if kind.reserve is None or not office.reserves.is_open(kind.reserve):
        return {}
    if kind.voucher and not office.reserves.vouchers[kind.voucher].terms.returns:
        return {}
    units = office.reserves.units_of(kind.reserve, kind.draws)
    return {kind.reserve: units} if units and has_room(office, units) else {}
