"""What may be bought: sale windows, limits, room in the pools, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from roadcase.allocation import Claim
from roadcase.money import Money
from services.ticketing import commands
from services.ticketing.domain.composing import composed
from services.ticketing.domain.office import BoxOffice, Freed, claim
from services.ticketing.domain.refusals import (
    MixedCurrencies,
    NotForSale,
    NotOnSaleYet,
    OrderLimit,
    PersonLimit,
    PersonUnknown,
    SaleEnded,
    SoldOut,
    UnknownTicketType,
    WrongAmount,
)
from services.ticketing.events import Line


def quote(office: BoxOffice, wanted: Sequence[commands.Line], at: datetime) -> tuple[Line, ...]:
    """The lines at today's terms, one for each type: ten lines of one are one line of ten."""
    if len(wanted) == 1:
        line = _line(office, wanted[0].ticket_type, wanted[0].quantity, at)
        return composed(office, (line,)) if office.composed else (line,)
    quantities: dict[str, int] = {}
    for each in wanted:
        quantities[each.ticket_type] = quantities.get(each.ticket_type, 0) + each.quantity
    lines = tuple(_line(office, id_, quantity, at) for id_, quantity in quantities.items())
    if len(found := {line.price.currency for line in lines}) > 1:
        raise MixedCurrencies(currencies=sorted(found))
    return composed(office, lines) if office.composed else lines


def _line(office: BoxOffice, id_: str, quantity: int, at: datetime) -> Line:
    offer = office.types.get(id_)
    if offer is None:
        raise UnknownTicketType(ticket_type=id_)
    if not offer.active:
        raise NotForSale(ticket_type=id_)
    if offer.sale_from is not None and at < offer.sale_from:
        raise NotOnSaleYet(ticket_type=id_, sale_from=offer.sale_from)
    if offer.sale_until is not None and at >= offer.sale_until:
        raise SaleEnded(ticket_type=id_, sale_until=offer.sale_until)
    highest = offer.per_order_max
    if quantity < offer.per_order_min or (highest is not None and quantity > highest):
        raise OrderLimit(
            ticket_type=id_, quantity=quantity, lowest=offer.per_order_min, highest=highest
        )
    return Line(
        ticket_type=id_,
        quantity=quantity,
        price=offer.price,
        seller=offer.seller,
        draws=offer.draws,
    )


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
        person = (subject, line.ticket_type)
        has = office.persons.get(person, 0) - gone.persons.get(person, 0)
        if has + line.quantity > highest:
            raise PersonLimit(
                ticket_type=line.ticket_type, quantity=line.quantity, has=has, highest=highest
            )


def check_room(office: BoxOffice, lines: tuple[Line, ...], gone: Freed) -> None:
    pool = office.allocation.short_of(claim(lines), gone.units)
    if pool is not None:
        short = next(line for line in lines if pool in line.draws)
        raise SoldOut(
            pool=pool,
            ticket_type=short.ticket_type,
            left=left(office, pool, gone.units) // short.draws[pool],
        )


def left(office: BoxOffice, pool: str, freed: Claim) -> int:
    """Free units of a pool, with what this decision gives back."""
    return max(0, office.allocation.pools[pool].room + freed.get(pool, 0))


def check_amount(lines: tuple[Line, ...], amount: Money) -> None:
    """`lines` are in one currency."""
    total = total_of(lines)
    if amount != total:
        raise WrongAmount(amount=str(amount), total=str(total))


def total_of(lines: Sequence[Line]) -> Money:
    """What its buyer pays: prices, and the fees on top of them."""
    minor = 0
    for line in lines:
        each = line.price.minor if line.fee is None else line.price.minor + line.fee.minor
        minor += each * line.quantity
    return Money(minor, lines[0].price.currency)
