"""What a ticket costs: price levels, prices that buyers say, and fees, exact to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from roadcase.money import Money, allocate
from services.ticketing.domain.office import BoxOffice
from services.ticketing.domain.refusals import PriceFixed, PriceTooLow, WrongCurrency
from services.ticketing.events import Line, TicketTypeSet, VoucherSet

Taken = Callable[[str], int]  # tickets held and ever sold at a level, by its id
HALF = 500


class Priced(NamedTuple):
    """So many tickets at one price. `tier`: the level whose price it is."""

    quantity: int
    price: Money
    tier: str | None = None


def prices(
    offer: TicketTypeSet, quantity: int, said: Money | None, at: datetime, taken: Taken
) -> Iterator[Priced]:
    """What these tickets cost now, cheapest level first. Raises PriceFixed, PriceTooLow."""
    if offer.lowest is not None:
        yield Priced(quantity, _said(offer, offer.lowest, said))
        return
    if said is not None:
        raise PriceFixed(ticket_type=offer.ticket_type)
    for level in offer.levels:
        if not quantity:
            return
        if level.until is not None and at >= level.until:
            continue
        room = quantity
        if level.quantity is not None:
            room = min(quantity, max(0, level.quantity - taken(level.id)))
        if room:
            yield Priced(room, level.price, level.id)
            quantity -= room
    if quantity:
        yield Priced(quantity, offer.price)


def _said(offer: TicketTypeSet, lowest: Money, said: Money | None) -> Money:
    if said is None:
        return offer.price
    if said.currency != lowest.currency:
        raise WrongCurrency(ticket_type=offer.ticket_type, currency=lowest.currency)
    if said.minor < lowest.minor:
        raise PriceTooLow(ticket_type=offer.ticket_type, price=str(said), lowest=str(lowest))
    return said


def shares(
    bundle: TicketTypeSet, price: Money, types: Mapping[str, TicketTypeSet]
) -> Counter[tuple[str, Money]]:
    """A bundle's price, split by what its tickets cost alone: how many of each, at which price."""
    parts = [types[id_] for id_, units in bundle.bundle.items() for _ in range(units)]
    weights = [part.price.minor for part in parts]
    minors = allocate(price.minor, weights if any(weights) else [1] * len(parts))
    return Counter(
        (part.ticket_type, Money(minor, price.currency))
        for part, minor in zip(parts, minors, strict=True)
    )


def discount(terms: VoucherSet, price: Money) -> int:
    """Minor units off a ticket; half a unit is rounded up. A price never rises, nor below 0."""
    amount = terms.amount.minor if terms.amount else 0
    match terms.effect:
        case "none":
            off = 0
        case "set":
            off = price.minor - amount
        case "subtract":
            off = amount
        case "percent":
            off = (price.minor * terms.permille + HALF) // 1000
    return min(max(0, off), price.minor)


def fee_of(offer: TicketTypeSet, price: Money) -> Money | None:
    """The fee of a ticket at this price: none of a free one. Half a unit is rounded up."""
    if offer.fee is None or not price.minor:
        return None
    share = (price.minor * offer.fee.permille + HALF) // 1000
    fixed = offer.fee.fixed.minor if offer.fee.fixed else 0
    return Money(fixed + share, price.currency)


def guest_fee(offer: TicketTypeSet, price: Money) -> Money | None:
    """The fee that is paid on top of this price."""
    on_top = offer.fee is not None and offer.fee.borne_by == "guest"
    return fee_of(offer, price) if on_top else None


def bundle_fee(
    bundle: TicketTypeSet, price: Money, types: Mapping[str, TicketTypeSet]
) -> Money | None:
    """The fees that are paid on top of a bundle's price: those of its tickets."""
    minor = 0
    for (id_, share), units in shares(bundle, price, types).items():
        if fee := guest_fee(types[id_], share):
            minor += fee.minor * units
    return Money(minor, price.currency) if minor else None


def with_fee(offer: TicketTypeSet, line: Line) -> Line:
    """The line with its fee: on top of the price, or within it, but never more than it."""
    fee = fee_of(offer, line.price)
    if offer.fee is None or fee is None:
        return line
    if offer.fee.borne_by == "guest":
        return msgspec.structs.replace(line, fee=fee)
    within = Money(min(fee.minor, line.price.minor), fee.currency)
    return msgspec.structs.replace(line, fee_within=within)


def count_level(office: BoxOffice, ticket_type: str, tier: str, change: int) -> None:
    """A level that was sold stays sold when its ticket is void: prices do not fall again."""
    office.levels[ticket_type, tier] = office.levels.get((ticket_type, tier), 0) + change
