"""What may be bought: sale windows, limits, room in the pools, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import msgspec

from roadcase.allocation import Claim, total
from roadcase.money import Money
from services.ticketing.commands import Buying
from services.ticketing.domain.audiences import check_sale
from services.ticketing.domain.composing import composed
from services.ticketing.domain.keeping import allotment_of, drawn
from services.ticketing.domain.office import NOTHING, BoxOffice, Freed, claim
from services.ticketing.domain.policies import of_type
from services.ticketing.domain.pricing import Priced, prices, with_fee
from services.ticketing.domain.process_refusals import SalesAreStopped
from services.ticketing.domain.refusals import (
    MixedCurrencies,
    NeedsApproval,
    OrderLimit,
    PersonLimit,
    PersonUnknown,
    SoldOut,
    UnknownTicketType,
    WrongAmount,
)
from services.ticketing.domain.rerating import of_minimum
from services.ticketing.domain.usual import remember, usual
from services.ticketing.domain.vouchers import applied
from services.ticketing.events import Line, TicketTypeSet


def quote(
    office: BoxOffice,
    cmd: Buying,
    at: datetime,
    gone: Freed = NOTHING,
    *,
    placed: bool = False,
) -> tuple[Line, ...]:
    """The lines at today's terms: ten lines of one are one line of ten.

    A line whose tickets do not cost the same becomes several. `gone` are holds that are dead.
    `placed`: it is an order, which the organiser may have to approve.
    """
    if office.stopped:
        raise SalesAreStopped(occurrence=cmd.occurrence)
    known = usual(office, cmd, at, gone)
    if known is not None:
        return known
    lines = _lines(office, cmd, at, gone)
    if office.composed:
        lines = composed(office, lines)
    if not placed:
        _check_approval(office, lines)
    _check_order(office, lines)
    if cmd.codes:
        lines = applied(office, cmd, lines, at, gone)
    allotted = cmd.allotment or (cmd.codes and office.reserves.allotments)
    if office.allocation.reserves or gone.ends or allotted:
        lines = drawn(office, lines, allotment_of(office, cmd), gone)
    lines = tuple([_finished(office, line) for line in lines])
    remember(office, cmd, lines, gone)
    return lines


def _lines(office: BoxOffice, cmd: Buying, at: datetime, gone: Freed) -> tuple[Line, ...]:
    """What is asked for, at the prices of the moment."""
    if len(cmd.lines) == 1:
        (one,) = cmd.lines
        offer = _offer(office, one.ticket_type, one.quantity, cmd, at)
        if one.price is None and not offer.levels:
            return (line_at(offer, one.quantity, offer.price),)
    quantities: dict[str, int] = {}
    asked: dict[tuple[str, Money | None], int] = {}
    for each in cmd.lines:
        quantities[each.ticket_type] = quantities.get(each.ticket_type, 0) + each.quantity
        key = each.ticket_type, each.price
        asked[key] = asked.get(key, 0) + each.quantity
    offers = {id_: _offer(office, id_, number, cmd, at) for id_, number in quantities.items()}
    taken = _Taken(office, gone)
    lines = tuple(
        priced
        for (id_, said), quantity in asked.items()
        for priced in _priced(offers[id_], quantity, said, at, taken)
    )
    if len(found := {line.price.currency for line in lines}) > 1:
        raise MixedCurrencies(currencies=sorted(found))
    return lines


def _finished(office: BoxOffice, line: Line) -> Line:
    """With its fee, and the refund policy that it is sold under."""
    offer = office.types[line.ticket_type]
    line = with_fee(offer, line)
    policy = of_type(office.versions, offer.policy) if offer.policy is not None else None
    if offer.per_order_min > 1 and line.bundle is None:
        line = of_minimum(line, offer.per_order_min)
    return msgspec.structs.replace(line, policy=policy) if policy else line


def _offer(office: BoxOffice, id_: str, quantity: int, cmd: Buying, at: datetime) -> TicketTypeSet:
    offer = office.types.get(id_)
    if offer is None:
        raise UnknownTicketType(ticket_type=id_)
    check_sale(offer, at, cmd.codes, member=cmd.member)
    _check_quantity(offer, quantity)
    return offer


def _check_quantity(offer: TicketTypeSet, quantity: int) -> None:
    highest = offer.per_order_max
    if quantity < offer.per_order_min or (highest is not None and quantity > highest):
        raise OrderLimit(
            ticket_type=offer.ticket_type,
            quantity=quantity,
            lowest=offer.per_order_min,
            highest=highest,
        )


def _check_approval(office: BoxOffice, lines: Sequence[Line]) -> None:
    for line in lines:
        if office.types[line.ticket_type].approval:
            raise NeedsApproval(ticket_type=line.ticket_type)


def _check_order(office: BoxOffice, lines: Sequence[Line]) -> None:
    """The limit over all ticket types."""
    highest = office.opened.per_order_max if office.opened else None
    quantity = sum([line.quantity for line in lines])
    if highest is not None and quantity > highest:
        raise OrderLimit(quantity=quantity, highest=highest)


def _priced(
    offer: TicketTypeSet, quantity: int, said: Money | None, at: datetime, taken: _Taken
) -> Iterator[Line]:
    for each in prices(offer, quantity, said, at, partial(taken.at, offer.ticket_type)):
        taken.take(offer.ticket_type, each)
        yield line_at(offer, each.quantity, each.price, each.tier)


def line_at(offer: TicketTypeSet, quantity: int, price: Money, tier: str | None = None) -> Line:
    return Line(
        ticket_type=offer.ticket_type,
        quantity=quantity,
        price=price,
        seller=offer.seller,
        draws=offer.draws,
        tier=tier,
        admits=offer.admits,
    )


class _Taken:
    """How many tickets of each level are taken: less those of dead holds."""

    def __init__(self, office: BoxOffice, gone: Freed) -> None:
        self._levels = office.levels
        self._change = dict(gone.levels)
        for end in gone.ends:
            for line in end.lines:
                if line.tier is not None:
                    self._add(line.ticket_type, line.tier, -line.quantity)

    def at(self, ticket_type: str, level: str) -> int:
        key = ticket_type, level
        return self._levels.get(key, 0) + self._change.get(key, 0)

    def take(self, ticket_type: str, priced: Priced) -> None:
        if priced.tier is not None:
            self._add(ticket_type, priced.tier, priced.quantity)

    def _add(self, ticket_type: str, level: str, change: int) -> None:
        key = ticket_type, level
        self._change[key] = self._change.get(key, 0) + change


def check_person(
    office: BoxOffice,
    subject: str | None,
    lines: tuple[Line, ...],
    gone: Freed,
    *,
    must_be_known: bool = True,
) -> None:
    """Limits per person, over everything that this person holds and has."""
    for line in lines:
        highest = office.types[line.ticket_type].per_person_max
        if highest is None:
            continue
        if subject is None:
            if must_be_known:
                raise PersonUnknown(ticket_type=line.ticket_type)
            continue
        quantity = line.quantity
        if len(lines) > 1:
            quantity = sum(each.quantity for each in lines if each.ticket_type == line.ticket_type)
        has = _has(office, subject, line.ticket_type, gone)
        if has + quantity > highest:
            raise PersonLimit(
                ticket_type=line.ticket_type, quantity=quantity, has=has, highest=highest
            )
    if office.limited:
        _check_person_overall(office, subject, lines, gone, must_be_known=must_be_known)


def _check_person_overall(
    office: BoxOffice,
    subject: str | None,
    lines: tuple[Line, ...],
    gone: Freed,
    *,
    must_be_known: bool,
) -> None:
    """The limit over all ticket types."""
    highest = office.opened.per_person_max if office.opened else None
    if highest is None or (subject is None and not must_be_known):
        return
    if subject is None:
        raise PersonUnknown
    quantity = sum([line.quantity for line in lines])
    has = sum([_has(office, subject, id_, gone) for id_ in office.types])
    if has + quantity > highest:
        raise PersonLimit(quantity=quantity, has=has, highest=highest)


def _has(office: BoxOffice, subject: str, ticket_type: str, gone: Freed) -> int:
    person = (subject, ticket_type)
    has = office.persons.get(person, 0)
    return has - gone.persons.get(person, 0) if gone.persons else has


def check_room(office: BoxOffice, lines: tuple[Line, ...], gone: Freed) -> None:
    units = public_room(office, gone.units) if office.queue.demand else gone.units
    if office.allocation.reserves:
        units = total((units, *(line.kept for line in lines)))
    pool = office.allocation.short_of(claim(lines), units)
    if pool is not None:
        short = next(line for line in lines if pool in line.draws)
        raise SoldOut(
            pool=pool,
            ticket_type=short.ticket_type,
            left=left(office, pool, units) // short.draws[pool],
        )


def public_room(office: BoxOffice, freed: Claim) -> Claim:
    """What a decision may take beside what is free: less what somebody waits for."""
    demand = office.queue.demand
    if not demand:
        return freed
    units = dict(freed)
    for pool, waited in demand.items():
        free = max(0, office.allocation.pools[pool].room + freed.get(pool, 0))
        units[pool] = freed.get(pool, 0) - min(waited, free)
    return units


def left(office: BoxOffice, pool: str, freed: Claim) -> int:
    """Free units of a pool, with what this decision gives back."""
    return max(0, office.allocation.pools[pool].room + freed.get(pool, 0))


def check_amount(lines: tuple[Line, ...], amount: Money) -> None:
    """`lines` are in one currency."""
    if amount.minor != _minor(lines) or amount.currency != lines[0].price.currency:
        raise WrongAmount(amount=str(amount), total=str(total_of(lines)))


def total_of(lines: Sequence[Line]) -> Money:
    """What its buyer pays: prices, and the fees on top of them."""
    return Money(_minor(lines), lines[0].price.currency)


def _minor(lines: Sequence[Line]) -> int:
    minor = 0
    for line in lines:
        each = line.price.minor if line.fee is None else line.price.minor + line.fee.minor
        minor += each * line.quantity
    return minor
