"""From what is declared, and what ticketing has left, to what the public is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from fastapi import Request

from roadcase.clock import monotonic, now
from roadcase.errors import Unavailable
from roadcase.service import Tools
from services.planning import asking
from services.planning.feeds import Happening, Named, Offer, Venue, Work
from services.planning.feeds.happening import Available, State
from services.planning.plans.declared import Declared, declared
from services.planning.plans.run_of_show import works_at
from services.planning.plans.standing import BoxOfficeStands, TypeStands

FRESH: Final = 0.5  # seconds that what is left is remembered: sold out shows within one
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")
_MOST: Final = 2000  # nights of which it is
_SELLS: Final = frozenset({"on_sale", "doors", "live"})


class _Left(NamedTuple):
    until: float
    stands: BoxOfficeStands | None = None
    shop: str = ""


class Happenings:
    """Makes what the public is shown; asks ticketing what is left of each night."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._left: dict[tuple[str, str], _Left] = {}

    async def of(self, tenant: str, row: Mapping[str, Any], base: str) -> Happening:
        """One, with what is left of it."""
        name = row["occurrence"]
        left = await self._asked(tenant, name) if row["state"] in _SELLS else _Left(0.0)
        return happening(tenant, row, base, left.stands, left.shop)

    @staticmethod
    def all(tenant: str, rows: Iterable[Mapping[str, Any]], base: str) -> list[Happening]:
        """Many, for calendars and search engines, which are told of no prices."""
        return [happening(tenant, row, base) for row in rows]

    def base(self, request: Request) -> str:
        """Where our pages are: as the settings say; without them, where this one was asked for."""
        if self._tools.public_url:
            return self._tools.public_url.rstrip("/")
        host = request.headers.get("host", "")
        return f"http://{host}" if _HOST.fullmatch(host) else ""

    async def _asked(self, tenant: str, name: str) -> _Left:
        """What ticketing has; what it had, or nothing, while it does not answer."""
        known = self._left.get((tenant, name))
        if known is not None and monotonic() < known.until:
            return known
        try:
            async with asyncio.timeout(1):
                stands = await asking.box_office(self._tools.others, tenant, name)
                shop = await asking.shop(self._tools.owners, tenant, name) if stands else ""
        except (Unavailable, TimeoutError):
            return known or _Left(0.0)
        if len(self._left) >= _MOST:
            self._left.clear()
        found = self._left[tenant, name] = _Left(monotonic() + FRESH, stands, shop)
        return found


def happening(
    tenant: str,
    row: Mapping[str, Any],
    base: str,
    stands: BoxOfficeStands | None = None,
    shop: str = "",
) -> Happening:
    """A row of `occurrences` as the public may see it."""
    new = declared(row["manifest"])
    spec = new.manifest.spec
    name, series = row["occurrence"], row["series"]
    offers = tuple(_offers(new, stands, shop))
    return Happening(
        id=name,
        uid=f"{name}@{tenant}.roadcase",
        link=f"{base}/events/{tenant}/{name}",
        title=spec.title,
        state=_state(row),
        zone=new.zone.key,
        starts=new.starts,
        ends=new.ends,
        changed=row["changed_at"],
        doors=new.hours.walls.get("doors"),
        was=row["previous_start"],
        was_at=row["previous_venue"] or "",
        sequence=row["sequence"],
        sold_out=bool(offers) and all(each.available == "sold_out" for each in offers),
        unlisted=spec.unlisted,
        text=spec.description or "",
        venue=_venue(new),
        organiser=Named(tenant),
        series=Named(series, f"{base}/calendar/{tenant}/series/{series}.ics") if series else None,
        offers=offers,
        capacity=spec.capacity.total if spec.capacity else None,
        screening=spec.programme is not None,
        works=tuple(_works(new)),
    )


def _works(new: Declared) -> Iterable[Work]:
    """In the order of the programme, with the times that the run of show has for them."""
    programme = new.manifest.spec.programme
    if programme is None:
        return
    works = {each.key: each for each in programme.works}
    begin = works_at(new)
    for key in programme.order or works:
        each = works[key]
        about = each.format or "", each.age_rating or ""
        moment = begin.get(key)
        at = moment.astimezone(new.zone).replace(tzinfo=None) if moment else None
        yield Work(each.title, each.minutes, each.year, *about, at)


def _state(row: Mapping[str, Any]) -> State:
    """As the public knows it: what happened to it comes before how far it is."""
    state: State = row["state"]
    if state in ("draft", "planned", "cancelled", "settled"):
        return state
    if row["ended"]:
        return "abandoned"
    if row["interrupted"]:
        return "interrupted"
    return "postponed" if row["postponed"] else state


def _venue(new: Declared) -> Venue | None:
    venue = new.manifest.spec.venue
    if venue is None:
        return None
    there = venue.latitude is not None and venue.longitude is not None
    position = (venue.latitude, venue.longitude) if there else None
    return Venue(venue.title or venue.ref or "", venue.address or "", position)  # type: ignore[arg-type]


def _offers(new: Declared, stands: BoxOfficeStands | None, shop: str) -> Iterable[Offer]:
    """What everybody may buy. Without word of ticketing, what is declared."""
    catalogue = new.manifest.spec.catalogue
    if stands is None:
        for each in catalogue.tickets if catalogue else ():
            yield Offer(each.title, each.price, "pre_order")
        return
    for kind in stands.types.values():
        if kind.active and not kind.hidden:
            available = _available(kind, now())
            yield Offer(kind.name, kind.price, available, kind.sale_from, shop)


def _available(kind: TypeStands, at: datetime) -> Available:
    if kind.sale_until is not None and at >= kind.sale_until:
        return "ended"
    if kind.left <= 0:
        return "sold_out"
    return "pre_order" if kind.sale_from is not None and at < kind.sale_from else "in_stock"
