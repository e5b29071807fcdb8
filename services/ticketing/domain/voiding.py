"""Cancelling and refunding: tickets become void, and their units are free again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from roadcase.decider import Event
from roadcase.money import Money, allocate
from services.ticketing.commands import CancelOrder, RefundTickets
from services.ticketing.domain.guest_refusals import RefundChanged
from services.ticketing.domain.office import (
    BoxOffice,
    Kind,
    Order,
    Void,
    has_room,
    must_be_open,
    number_of,
    starts_at,
)
from services.ticketing.domain.policies import given_back
from services.ticketing.domain.refusals import (
    RefundTooHigh,
    UnknownOrder,
    UnknownTicket,
)
from services.ticketing.domain.rerating import UNCHANGED, Part, Rated, rated
from services.ticketing.domain.transfer_refusals import NotValid
from services.ticketing.events import TicketCancelled, TicketRefunded, TicketRerated


class _Chosen(NamedTuple):
    ticket: str
    kind: Kind
    void: Void | None
    subject: str | None
    seat: str | None
    back: int = 0  # minor units that went back before

    @property
    def left(self) -> int:
        """Minor units that may still go back."""
        return self.kind.paid.minor - self.back

    @property
    def number(self) -> int:
        return number_of(self.ticket)

    def at(self, anew: Rated) -> _Chosen:
        """At its new price, if it has one."""
        minor = anew.prices.get(self.number)
        if minor is None:
            return self
        price = Money(minor, self.kind.price.currency)
        return self._replace(kind=self.kind._replace(price=price))


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
                seat=each.seat,
                kept=_kept(office, each.kind),
                **_use(each.kind),
            )


def refund(office: BoxOffice, cmd: RefundTickets, at: datetime) -> Iterator[Event]:
    chosen = list(_chosen(office, cmd))
    order = office.orders[cmd.order]
    some = cmd.amount is not None and not cmd.by_policy
    if some and cmd.refund_reference in (order.references or ()):
        return  # asked twice, happened once
    if cmd.by_policy:
        chosen = [each for each in chosen if each.void is None]
    elif not some:
        chosen = [each for each in chosen if each.void != "refunded"]
    anew = rated(parts_of(order), {each.number for each in chosen}) if cmd.by_policy else UNCHANGED
    chosen = [each.at(anew) for each in chosen]
    amounts = _amounts(office, cmd, chosen, at, must_confirm=bool(anew.prices))
    yield from _rerated(cmd, order, anew)
    for each, amount in zip(chosen, amounts, strict=True):
        yield TicketRefunded(
            occurrence=cmd.occurrence,
            order=cmd.order,
            ticket=each.ticket,
            ticket_type=each.kind.ticket_type,
            draws={} if each.void else each.kind.draws,
            reason=cmd.reason,
            kept={} if each.void else _kept(office, each.kind),
            amount=amount,
            seller=each.kind.seller,
            refund_reference=cmd.refund_reference,
            subject=each.subject,
            seat=None if each.void else each.seat,
            by_policy=cmd.by_policy,
            **({} if each.void else _use(each.kind)),
        )


def parts_of(order: Order) -> list[Part]:
    """All its tickets, as they are rated."""
    void, back = order.void or {}, order.given_back or ()
    return [
        Part(
            number=number,
            ticket_type=kind.ticket_type,
            bundle=kind.bundle,
            price=kind.price.minor,
            earned=kind.earned,
            counts=number not in back,
            valid=number not in void,
        )
        for number, kind in enumerate(order.tickets, 1)
    ]


def _rerated(cmd: RefundTickets, order: Order, anew: Rated) -> Iterator[TicketRerated]:
    for number, minor in sorted(anew.prices.items()):
        kind = order.tickets[number - 1]
        yield TicketRerated(
            occurrence=cmd.occurrence,
            order=cmd.order,
            ticket=f"{cmd.order}-{number}",
            ticket_type=kind.ticket_type,
            seller=kind.seller,
            price=Money(minor, kind.price.currency),
            before=kind.price,
            why=anew.why,
        )


def _amounts(
    office: BoxOffice,
    cmd: RefundTickets,
    chosen: Sequence[_Chosen],
    at: datetime,
    *,
    must_confirm: bool,
) -> list[Money]:
    """What goes back for each. Raises RefundChanged, RefundTooHigh, NotRefundable."""
    if not chosen:
        return []
    if cmd.by_policy:
        amounts = by_policy(office, [each.kind for each in chosen], at)
        total = sum((amount for amount in amounts[1:]), amounts[0])
        if cmd.amount != total and (must_confirm or cmd.amount is not None):
            raise RefundChanged(amount=str(cmd.amount or ""), total=str(total))
        return amounts
    left = [each.left for each in chosen]
    currency = chosen[0].kind.price.currency
    if cmd.amount is None:
        return [Money(minor, currency) for minor in left]
    if cmd.amount.currency != currency or cmd.amount.minor > sum(left):
        raise RefundTooHigh(amount=str(cmd.amount), left=str(Money(sum(left), currency)))
    parts = allocate(cmd.amount.minor, left) if any(left) else left
    return [Money(minor, currency) for minor in parts]


def by_policy(office: BoxOffice, kinds: Sequence[Kind], at: datetime) -> list[Money]:
    """What comes back for tickets by their policies. Those of one policy are counted together."""
    amounts: dict[int, Money] = {}
    for policy in dict.fromkeys(kind.policy for kind in kinds):
        of = [place for place, kind in enumerate(kinds) if kind.policy == policy]
        paid = [(kinds[place].price, kinds[place].fee) for place in of]
        terms = office.policies.get(policy or "")
        amounts.update(zip(of, given_back(terms, paid, starts_at(office), at), strict=True))
    return [amounts[place] for place in range(len(kinds))]


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
        kind, back = order.tickets[number - 1], (order.refunded or {}).get(number, 0)
        if void.get(number) == "transferred":
            if cmd.tickets is None or ticket not in cmd.tickets:
                continue  # it is another order's now
            raise NotValid(ticket=ticket, state="transferred")
        seat = order.seats.get(number) if order.seats else None
        yield _Chosen(ticket, kind, void.get(number), order.subject, seat, back)


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
    voucher = kind.own_voucher
    if voucher and not office.reserves.vouchers[voucher].terms.returns:
        return {}
    units = office.reserves.units_of(kind.reserve, kind.draws)
    return {kind.reserve: units} if units and has_room(office, units) else {}


def _use(kind: Kind) -> dict[str, Any]:
    """What the stream of a voucher over several occurrences has to hear."""
    if kind.reservation is None:
        return {}
    return {
        "voucher": kind.voucher,
        "reservation": kind.reservation,
        "discount": kind.discount,
    }
