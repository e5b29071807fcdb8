"""What is asked of kit; `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from roadcase.doors import Reader
from services.planning.domain.kit_free import free, short, taken
from services.planning.domain.kit_refusals import NoBooking
from services.planning.domain.kit_store import Item, Store
from services.planning.events import KitOwned, KitPieces, KitSentToRepair, KitSpan

Rows = list[dict[str, Any]]


class KitStands(NamedTuple):
    """An item in a time. `free` may be below 0; `short`: what bookings lack, by their names."""

    item: str
    title: str
    owned: int
    booked: int
    in_repair: int
    late: int
    free: int
    short: dict[str, int]


async def kit_store(read: Reader, since: datetime) -> Store:
    """What is owned, and who has it from a moment on: as the domain has it."""
    store = Store()
    for row in await read.fetch("SELECT * FROM kit_documents WHERE tenant = $1"):
        for each in row["items"]:
            owned = msgspec.convert(each, KitOwned)
            store.item(owned.item).owned[row["document"]] = owned
    for row in await read.fetch("SELECT * FROM kit_repairs WHERE tenant = $1"):
        repair = _of_row(row, KitSentToRepair)
        store.item(repair.item).repairs[repair.repair] = repair
    rows = await read.fetch(
        "SELECT booking, spans, pieces_out FROM kit_bookings "
        "WHERE tenant = $1 AND (until > $2 OR pieces_out <> '[]') ORDER BY number",
        since,
    )
    for row in rows:
        for each in row["spans"]:
            store.item(each["item"]).spans[row["booking"]] = msgspec.convert(each, KitSpan)
        for each in row["pieces_out"]:
            store.item(each["item"]).out[row["booking"]] = msgspec.convert(each, KitPieces)
    return store


def kit_at(store: Store, begins: datetime, ends: datetime, at: datetime) -> Iterator[KitStands]:
    """How many of each item are free from when until when, as things stand at a moment."""
    for key, item in sorted(store.items.items()):
        if item.owned:
            yield _stands(key, item, begins, ends, at)


def _stands(key: str, item: Item, begins: datetime, ends: datetime, at: datetime) -> KitStands:
    booked, mending, late = item.booked(), item.mending(), item.late(at)
    return KitStands(
        item=key,
        title=next(iter(item.owned.values())).title,
        owned=item.count,
        booked=taken(booked, begins, ends),
        in_repair=taken(mending, begins, ends),
        late=taken(late, begins, ends),
        free=free(item.count, booked + mending + late, begins, ends),
        short=short(item.count, [each for each in booked if each.ends > begins], mending + late),
    )


async def kit_booking(read: Reader, booking: str) -> dict[str, Any]:
    """Raises NoBooking."""
    rows = await read.fetch(
        "SELECT * FROM kit_bookings WHERE tenant = $1 AND booking = $2", booking
    )
    if not rows:
        raise NoBooking(booking=booking)
    return rows[0]


async def kit_bookings(read: Reader, after: str, limit: int) -> Rows:
    """By name."""
    return await read.fetch(
        "SELECT * FROM kit_bookings WHERE tenant = $1 AND booking > $2 ORDER BY booking LIMIT $3",
        after,
        limit,
    )


def _of_row(row: dict[str, Any], kind: type[KitSentToRepair]) -> KitSentToRepair:
    found = {name: value for name, value in row.items() if name != "tenant"}
    return kind(**{**found, "store": "kit", "serials": tuple(row["serials"])})
