"""Kit that leaves and comes back, piece by piece; what breaks; what is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from roadcase.decider import Event
from services.planning.commands import KIT as STORE
from services.planning.commands import (
    CheckInKit,
    CheckOutContainer,
    CheckOutKit,
    EndRepair,
    LookForLate,
    SendToRepair,
)
from services.planning.domain.kit_refusals import (
    KitNotBooked,
    KitNotHere,
    KitNotOut,
    KitSerials,
    KitTimes,
    NoBooking,
    NoKit,
    NoRepair,
)
from services.planning.domain.kit_store import Item, Store, contents, mending
from services.planning.events import (
    KitCheckedIn,
    KitCheckedOut,
    KitOverdue,
    KitOwned,
    KitPieces,
    KitRepaired,
    KitSentToRepair,
)


def send_to_repair(store: Store, cmd: SendToRepair, _at: datetime) -> Iterator[Event]:
    """What is booked may break: its bookings lack it then, and are listed."""
    event = KitSentToRepair(**dict(cmd))
    item = _owned(store, cmd.item)
    if item.repairs.get(cmd.repair) == event:
        return
    if cmd.repair in store.repairs or (cmd.ends is not None and cmd.ends <= cmd.begins):
        raise KitTimes(repair=cmd.repair)
    _named(item, cmd.item, cmd.quantity, cmd.serials)
    others = [each for each in item.repairs.values() if _meets(each, event)]
    broken = {serial for each in others for serial in each.serials}
    if sum(each.quantity for each in others) + cmd.quantity > item.count or broken & {*cmd.serials}:
        raise KitNotHere(item=cmd.item, owned=item.count)
    yield event


def _meets(one: KitSentToRepair, other: KitSentToRepair) -> bool:
    first, second = mending(one), mending(other)
    return first.begins < second.ends and second.begins < first.ends


def end_repair(store: Store, cmd: EndRepair, _at: datetime) -> Iterator[Event]:
    if cmd.repair not in store.repairs:
        raise NoRepair(repair=cmd.repair)
    yield KitRepaired(**dict(cmd))


def check_out(store: Store, cmd: CheckOutKit, at: datetime) -> Iterator[Event]:
    if len({each.item for each in cmd.pieces}) < len(cmd.pieces):
        raise KitSerials(item="each once")
    for each in cmd.pieces:
        item = _owned(store, each.item)
        _named(item, each.item, each.quantity, each.serials)
        _must_be_booked(store, cmd.booking, each, at)
        if each.quantity > _here(item, at) or {*each.serials} - {*_serials_here(item, at)}:
            raise KitNotHere(item=each.item, here=max(_here(item, at), 0))
    yield KitCheckedOut(store=STORE, booking=cmd.booking, pieces=cmd.pieces)


def check_out_container(store: Store, cmd: CheckOutContainer, at: datetime) -> Iterator[Event]:
    """The case, and of what should be in it all that is here and not out with it already."""
    _owned(store, cmd.container)
    pieces, missing = [], []
    for each in _with_its_contents(store, cmd.container):
        taken, lacks = _split(store.items[each.item], each, at)
        if taken.quantity:
            _must_be_booked(store, cmd.booking, taken, at)
            pieces.append(taken)
        if lacks.quantity:
            missing.append(lacks)
    if not any(each.item == cmd.container for each in pieces):
        raise KitNotHere(item=cmd.container, here=0)
    yield KitCheckedOut(
        store=STORE,
        booking=cmd.booking,
        container=cmd.container,
        pieces=tuple(pieces),
        missing=tuple(missing),
    )


def _with_its_contents(store: Store, container: str) -> Iterator[KitPieces]:
    yield from (_whole(each) for each in store.items[container].owned.values())
    yield from (_whole(each) for each in contents(store, container))


def _whole(owned: KitOwned) -> KitPieces:
    return KitPieces(item=owned.item, quantity=owned.owned, serials=owned.serials)


def check_in(store: Store, cmd: CheckInKit, _at: datetime) -> Iterator[Event]:
    out = _owned(store, cmd.pieces.item).out.get(cmd.booking)
    pieces = cmd.pieces
    if out is None or pieces.quantity > out.quantity or {*pieces.serials} - {*out.serials}:
        raise KitNotOut(item=pieces.item, out=out.quantity if out else 0)
    _as_many(pieces.item, pieces.quantity, pieces.serials, known=out.serials)
    yield KitCheckedIn(**dict(cmd))


def look_for_late(store: Store, _cmd: LookForLate, at: datetime) -> Iterator[Event]:
    for name in store.out:
        if not store.bookings[name].told and store.due(name) <= at:
            yield KitOverdue(store=STORE, booking=name, pieces=tuple(store.pieces_out(name)))


def _owned(store: Store, key: str) -> Item:
    item = store.items.get(key)
    if item is None or not (item.owned or item.out):
        raise NoKit(item=key)
    return item


def _must_be_booked(store: Store, booking: str, pieces: KitPieces, at: datetime) -> None:
    if booking not in store.bookings:
        raise NoBooking(booking=booking)
    item = store.items[pieces.item]
    span = item.spans.get(booking)
    out = item.out.get(booking)
    booked = span.quantity - (out.quantity if out else 0) if span is not None else 0
    if span is None or not span.begins <= at < span.ends or pieces.quantity > booked:
        raise KitNotBooked(item=pieces.item, booked=booked)


def _here(item: Item, at: datetime) -> int:
    out = sum(each.quantity for each in item.out.values())
    broken = sum(each.quantity for each in item.repairs.values() if _now(each, at))
    return item.count - out - broken


def _serials_here(item: Item, at: datetime) -> tuple[str, ...]:
    away = {serial for each in item.out.values() for serial in each.serials}
    for each in item.repairs.values():
        away |= {*each.serials} if _now(each, at) else set()
    return tuple(serial for serial in item.serials if serial not in away)


def _now(repair: KitSentToRepair, at: datetime) -> bool:
    load = mending(repair)
    return load.begins <= at < load.ends


def _split(item: Item, should: KitPieces, at: datetime) -> tuple[KitPieces, KitPieces]:
    """What of it is here, and what is missing."""
    here = max(min(_here(item, at), should.quantity), 0)
    there = [serial for serial in should.serials if serial in _serials_here(item, at)]
    if should.serials:
        here = min(here, len(there))
    taken = tuple(there[:here])
    lacks = tuple(serial for serial in should.serials if serial not in taken)
    return (
        KitPieces(item=should.item, quantity=here, serials=taken),
        KitPieces(item=should.item, quantity=should.quantity - here, serials=lacks),
    )


def _named(item: Item, key: str, quantity: int, serials: Sequence[str]) -> None:
    """Pieces with serial numbers are named one by one. Raises KitSerials."""
    if {*serials} - {*item.serials}:
        raise KitSerials(item=key, unknown=sorted({*serials} - {*item.serials}))
    _as_many(key, quantity, serials, known=item.serials)


def _as_many(key: str, quantity: int, serials: Sequence[str], *, known: Sequence[str]) -> None:
    wanted = quantity if known else 0
    if quantity < 1 or len({*serials}) != len(serials) or len(serials) != wanted:
        raise KitSerials(item=key, quantity=quantity, serials=list(serials))
