"""What is remembered of kit: what is owned, wanted, booked, in repair and out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from roadcase.decider import Event
from services.planning.domain.kit_free import NEVER, Load, late
from services.planning.events import (
    KitBooked,
    KitCheckedIn,
    KitCheckedOut,
    KitConflict,
    KitDeclared,
    KitFreed,
    KitOverdue,
    KitOwned,
    KitPieces,
    KitRefused,
    KitRepaired,
    KitSentToRepair,
    KitSpan,
    KitWanted,
)


@dataclass(slots=True)
class Item:
    """One sort of kit. `owned`: as each document says."""

    owned: dict[str, KitOwned] = field(default_factory=dict)
    spans: dict[str, KitSpan] = field(default_factory=dict)  # by booking, who booked first first
    repairs: dict[str, KitSentToRepair] = field(default_factory=dict)
    out: dict[str, KitPieces] = field(default_factory=dict)  # by booking

    @property
    def count(self) -> int:
        return sum(each.owned for each in self.owned.values())

    @property
    def serials(self) -> tuple[str, ...]:
        return tuple(serial for each in self.owned.values() for serial in each.serials)

    @property
    def buffer(self) -> int:
        """Minutes that it is not free before and after it is used."""
        return max((each.buffer_minutes for each in self.owned.values()), default=0)

    def booked(self, besides: str = "") -> list[Load]:
        """By whom, but for one booking; who booked first first."""
        return [
            Load(each.begins, each.ends, each.quantity, booking)
            for booking, each in self.spans.items()
            if booking != besides
        ]

    def mending(self) -> list[Load]:
        return [mending(each) for each in self.repairs.values()]

    def late(self, at: datetime) -> list[Load]:
        return [
            late(booking, self.spans[booking].ends, pieces.quantity, at)
            for booking, pieces in self.out.items()
            if self.spans[booking].ends <= at
        ]

    def loads(self, at: datetime, besides: str = "") -> list[Load]:
        """Who has it when, but for one booking."""
        return self.booked(besides) + self.mending() + self.late(at)


@dataclass(slots=True)
class Booking:
    """`booked`: it has all that it wants. `told`: that it is late, of what is out now."""

    wanted: KitWanted | None = None
    booked: bool = False
    refused: tuple[KitConflict, ...] = ()
    told: bool = False


@dataclass(slots=True)
class Store:
    """`waiting`: bookings that want something and have nothing, first come first."""

    documents: dict[str, KitDeclared] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)
    out: dict[str, None] = field(default_factory=dict)  # bookings of which something is out
    repairs: dict[str, str] = field(default_factory=dict)  # the item of each

    def item(self, key: str) -> Item:
        return self.items.setdefault(key, Item())

    def pieces_out(self, booking: str) -> list[KitPieces]:
        found = (item.out.get(booking) for item in self.items.values())
        return [each for each in found if each is not None]

    def due(self, booking: str) -> datetime:
        """When all that is out with it should be back."""
        return max(item.spans[booking].ends for item in self.items.values() if booking in item.out)


def mending(repair: KitSentToRepair) -> Load:
    ends = repair.ends or NEVER
    return Load(repair.begins, ends, repair.quantity, None, repair.repair)


def _declared(store: Store, event: KitDeclared) -> None:
    for item in store.items.values():
        item.owned.pop(event.document, None)
    for each in event.items:
        store.item(each.item).owned[event.document] = each
    store.documents[event.document] = event


def _wanted(store: Store, event: KitWanted) -> None:
    _release(store, event.booking)
    booking = store.bookings.setdefault(event.booking, Booking())
    booking.wanted, booking.booked, booking.refused = event, False, ()
    store.waiting[event.booking] = None


def _release(store: Store, name: str) -> None:
    """What is out stays booked until its time is over."""
    for item in store.items.values():
        if name in item.spans and name not in item.out:
            del item.spans[name]
    store.waiting.pop(name, None)


def _booked(store: Store, event: KitBooked) -> None:
    for each in event.spans:
        store.item(each.item).spans[event.booking] = each
    booking = store.bookings[event.booking]
    booking.booked, booking.refused, booking.told = True, (), False
    store.waiting.pop(event.booking, None)


def _refused(store: Store, event: KitRefused) -> None:
    store.bookings[event.booking].refused = event.conflicts


def _freed(store: Store, event: KitFreed) -> None:
    _release(store, event.booking)
    store.bookings[event.booking] = Booking(told=store.bookings[event.booking].told)


def _sent(store: Store, event: KitSentToRepair) -> None:
    store.item(event.item).repairs[event.repair] = event
    store.repairs[event.repair] = event.item


def _repaired(store: Store, event: KitRepaired) -> None:
    del store.items[store.repairs.pop(event.repair)].repairs[event.repair]


def _checked_out(store: Store, event: KitCheckedOut) -> None:
    for each in event.pieces:
        out = store.item(each.item).out
        out[event.booking] = _with(out.get(event.booking), each)
    store.out[event.booking] = None
    store.bookings[event.booking].told = False


def _with(before: KitPieces | None, more: KitPieces) -> KitPieces:
    if before is None:
        return more
    return KitPieces(
        item=more.item,
        quantity=before.quantity + more.quantity,
        serials=before.serials + more.serials,
    )


def _checked_in(store: Store, event: KitCheckedIn) -> None:
    item = store.items[event.pieces.item]
    before = item.out[event.booking]
    left = before.quantity - event.pieces.quantity
    if left:
        serials = tuple(each for each in before.serials if each not in event.pieces.serials)
        item.out[event.booking] = msgspec.structs.replace(before, quantity=left, serials=serials)
    else:
        del item.out[event.booking]
        if not store.bookings[event.booking].booked:
            item.spans.pop(event.booking, None)  # it was freed while this was out
    if not store.pieces_out(event.booking):
        del store.out[event.booking]


def _overdue(store: Store, event: KitOverdue) -> None:
    store.bookings[event.booking].told = True


EVOLVE: Final[Mapping[type[Event], Callable[[Store, Any], None]]] = {
    KitDeclared: _declared,
    KitWanted: _wanted,
    KitBooked: _booked,
    KitRefused: _refused,
    KitFreed: _freed,
    KitSentToRepair: _sent,
    KitRepaired: _repaired,
    KitCheckedOut: _checked_out,
    KitCheckedIn: _checked_in,
    KitOverdue: _overdue,
}


def evolve(store: Store, event: Event) -> None:
    EVOLVE[type(event)](store, event)


def with_contents(store: Store, needs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What a booking uses: who takes a container takes what is in it."""
    found: dict[str, int] = {}
    for key, quantity in needs:
        found[key] = max(found.get(key, 0), quantity)
        for each in contents(store, key):
            found[each.item] = max(found.get(each.item, 0), each.owned)
    return found


def contents(store: Store, container: str) -> list[KitOwned]:
    """What should be in a container, as the documents say."""
    return [
        each
        for item in store.items.values()
        for each in item.owned.values()
        if each.container == container
    ]
