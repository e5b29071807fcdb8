"""Kit: what is booked is booked once. All of an organiser's is decided in one stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from roadcase.decider import Decider, Event
from services.planning.commands import (
    KIT as STORE,
)
from services.planning.commands import (
    BookKit,
    CheckInKit,
    CheckOutContainer,
    CheckOutKit,
    DeclareKit,
    EndRepair,
    FreeKit,
    LookForLate,
    PlanKit,
    SendToRepair,
)
from services.planning.domain import kit_out
from services.planning.domain.kit_free import Load, conflict, in_words
from services.planning.domain.kit_refusals import KitNotFree, KitOfEvent, KitTimes, NoBooking
from services.planning.domain.kit_store import EVOLVE, Booking, Store, evolve, with_contents
from services.planning.events import (
    KitBooked,
    KitConflict,
    KitDeclared,
    KitFreed,
    KitRefused,
    KitSpan,
    KitWanted,
)

NOTHING: Final[Mapping[str, list[Load]]] = {}


def declare(store: Store, cmd: DeclareKit, _at: datetime) -> Iterator[Event]:
    before = store.documents.get(cmd.document)
    if before is None or before.version < cmd.version:
        yield KitDeclared(**dict(cmd))


def plan(store: Store, cmd: PlanKit, _at: datetime) -> Iterator[Event]:
    before = store.bookings.get(cmd.booking, Booking()).wanted
    if cmd.needs:
        event = KitWanted(**dict(cmd), planned=True)
        if event != before:
            yield event
    elif before is not None:
        yield KitFreed(store=STORE, booking=cmd.booking, why="it is not taking place then")


def book(store: Store, cmd: BookKit, at: datetime) -> Iterator[Event]:
    if not (at < cmd.ends and cmd.begins < cmd.ends):
        raise KitTimes(begins=cmd.begins, ends=cmd.ends)
    before = _may_change(store, cmd.booking)
    event = KitWanted(**dict(cmd))
    if before is not None and before.wanted == event:
        return
    if conflicts := conflicts_of(store, event, at):
        words = ". ".join(in_words(each) for each in conflicts)
        raise KitNotFree(words, conflicts=msgspec.to_builtins(conflicts))
    yield event


def free(store: Store, cmd: FreeKit, _at: datetime) -> Iterator[Event]:
    before = _may_change(store, cmd.booking)
    if before is None:
        raise NoBooking(booking=cmd.booking)
    if before.wanted is not None:
        yield KitFreed(**dict(cmd))


def _may_change(store: Store, name: str) -> Booking | None:
    found = store.bookings.get(name)
    if found is not None and found.wanted is not None and found.wanted.planned:
        raise KitOfEvent(booking=name)
    return found


def follow(store: Store, at: datetime) -> Iterator[Event]:
    """Who waits has all that it wants once it is free, first come first; told why until then."""
    made: dict[str, list[Load]] = {}
    for name in tuple(store.waiting):
        booking = store.bookings[name]
        wanted = booking.wanted
        assert wanted is not None
        if wanted.ends <= at:
            continue
        conflicts = conflicts_of(store, wanted, at, made)
        if not conflicts:
            spans = tuple(_spans(store, wanted))
            for each in spans:
                load = Load(each.begins, each.ends, each.quantity, name)
                made.setdefault(each.item, []).append(load)
            yield KitBooked(store=STORE, booking=name, spans=spans)
        elif conflicts != booking.refused:
            yield KitRefused(store=STORE, booking=name, conflicts=conflicts)


def conflicts_of(
    store: Store, wanted: KitWanted, at: datetime, made: Mapping[str, list[Load]] = NOTHING
) -> tuple[KitConflict, ...]:
    """What is not free. Of what nobody owns as many are free as anybody wants: it is hired."""
    found = []
    for span in _spans(store, wanted):
        item = store.items.get(span.item)
        if item is not None and item.owned:
            loads = item.loads(at, besides=wanted.booking) + made.get(span.item, [])
            why = conflict(item.count, loads, span)
            found += [why] if why else []
    return tuple(found)


def _spans(store: Store, wanted: KitWanted) -> Iterator[KitSpan]:
    needs = ((each.item, each.quantity) for each in wanted.needs)
    for key, quantity in with_contents(store, needs).items():
        item = store.items.get(key)
        buffer = timedelta(minutes=item.buffer if item else 0)
        begins, ends = wanted.begins - buffer, wanted.ends + buffer
        yield KitSpan(item=key, quantity=quantity, begins=begins, ends=ends)


def deadline(store: Store) -> datetime | None:
    dues = (store.due(name) for name in store.out if not store.bookings[name].told)
    return min(dues, default=None)


KIT: Final = Decider(
    category="kit",
    key="store",
    initial=Store,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        DeclareKit: declare,
        PlanKit: plan,
        BookKit: book,
        FreeKit: free,
        SendToRepair: kit_out.send_to_repair,
        EndRepair: kit_out.end_repair,
        CheckOutKit: kit_out.check_out,
        CheckOutContainer: kit_out.check_out_container,
        CheckInKit: kit_out.check_in,
        LookForLate: kit_out.look_for_late,
    },
    deadline=deadline,
    on_due=lambda _store: LookForLate(),
    follow=follow,
)
