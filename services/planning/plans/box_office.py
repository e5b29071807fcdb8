"""From a manifest to the box office that it declares: pools, ticket types, allotments."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from roadcase.money import Money
from services.planning.events import (
    MembersFirst,
    PlannedAllotment,
    PlannedBoxOffice,
    PlannedType,
    PriceUntil,
)
from services.planning.manifest.goods import Ticket, Window
from services.planning.plans.declared import Declared

PLACES: Final = "places"  # the pool of all places
ENDLESS: Final = 1_000_000
LONGEST: Final = 64  # characters of an id


def box_office_of(declared: Declared, tenant: str) -> PlannedBoxOffice | None:
    """None where nothing is sold. The tenant is the seller where no other one is named.

    Each ticket takes a place for everybody whom it admits, in the house and in its zone, and one of
    its own quantity if there are fewer of it than places.
    """
    spec = declared.manifest.spec
    catalogue = spec.catalogue
    if catalogue is None or not catalogue.tickets:
        return None
    pools = dict(_places(declared))
    types = []
    for each in catalogue.tickets:
        draws = dict.fromkeys(_pools_of(each, pools), each.admits)
        if each.quantity is not None and each.quantity * each.admits < min(
            (pools[pool] for pool in draws), default=ENDLESS + 1
        ):
            own = pool_of("ticket", each.key)
            pools[own] = each.quantity
            draws[own] = 1
        types.append(_type(declared, each, draws, catalogue.seller or tenant))
    return PlannedBoxOffice(
        name=spec.title,
        starts_at=declared.starts,
        ends_at=declared.ends,
        zone=declared.zone.key,
        pools=pools,
        ticket_types=tuple(types),
        allotments=tuple(_allotments(declared)),
        per_order_max=catalogue.per_order,
    )


def _places(declared: Declared) -> Iterator[tuple[str, int]]:
    capacity = declared.manifest.spec.capacity
    yield PLACES, capacity.total if capacity else ENDLESS
    for each in capacity.zones if capacity else ():
        yield zone_pool(each.key), each.places


def breaks(declared: Declared) -> Iterator[tuple[str, datetime, datetime]]:
    """Tickets whose sale closes before it opens again: a box office cannot do that."""
    catalogue = declared.manifest.spec.catalogue
    for ticket in catalogue.tickets if catalogue else ():
        public = [each for each in opened(declared, ticket) if not each.members]
        for each, following in itertools.pairwise(public):
            if each.closes and following.opens and each.closes < following.opens:
                yield ticket.key, each.closes, following.opens


def pool_of(kind: str, key: str) -> str:
    """The id of a pool. A long key is cut, and told from others that begin alike."""
    whole = f"{kind}-{key}"
    if len(whole) <= LONGEST:
        return whole
    return f"{whole[: LONGEST - 17]}-{sha256(key.encode()).hexdigest()[:16]}"


def zone_pool(key: str) -> str:
    """The pool of a zone."""
    return pool_of("zone", key)


def _pools_of(ticket: Ticket, pools: dict[str, int]) -> list[str]:
    zone = zone_pool(ticket.zone) if ticket.zone else None
    return [PLACES, *([zone] if zone in pools else [])]


def _type(declared: Declared, ticket: Ticket, draws: dict[str, int], seller: str) -> PlannedType:
    windows = list(opened(declared, ticket))
    public = [each for each in windows if not each.members]
    return PlannedType(
        id=ticket.key,
        name=ticket.title,
        price=_last_price(ticket, public),
        seller=seller,
        draws=draws,
        admits=ticket.admits,
        per_person_max=ticket.per_person,
        sale_from=public[0].opens if public else None,
        sale_until=public[-1].closes if public else None,
        levels=tuple(_levels(ticket, public)),
        presales=tuple(
            MembersFirst(sale_from=each.opens, sale_until=each.closes)
            for each in windows
            if each.members
        ),
    )


class Opened(NamedTuple):
    """A window of a sale, in moments."""

    window: Window
    opens: datetime | None
    closes: datetime | None

    @property
    def members(self) -> bool:
        return self.window.members is not None


def opened(declared: Declared, ticket: Ticket) -> Iterator[Opened]:
    """The windows by when they open; those that were open before all others first."""
    found = (
        Opened(each, declared.moment(each.opens), declared.moment(each.closes))
        for each in ticket.windows
    )
    yield from sorted(found, key=lambda each: each.opens.timestamp() if each.opens else 0.0)


def _last_price(ticket: Ticket, public: list[Opened]) -> Money:
    """What it costs after all levels: in the last window that is for everybody."""
    last = public[-1].window.price if public else None
    return last if last is not None else ticket.price


def _levels(ticket: Ticket, public: list[Opened]) -> Iterator[PriceUntil]:
    """A price holds until its window closes, or until the next one opens with another."""
    for number, (each, following) in enumerate(itertools.pairwise(public), 1):
        price = each.window.price or ticket.price
        until = each.closes or following.opens
        if until is not None and price != (following.window.price or ticket.price):
            yield PriceUntil(id=f"window-{number}", price=price, until=until)


def _allotments(declared: Declared) -> Iterator[PlannedAllotment]:
    catalogue = declared.manifest.spec.catalogue
    for each in catalogue.allotments if catalogue else ():
        yield PlannedAllotment(
            id=each.key,
            name=each.title,
            pool=zone_pool(each.zone) if each.zone else PLACES,
            units=each.units,
            kind=each.kind,
            release_at=declared.moment(each.releases),
        )
