"""What kit there is: as documents say, as it is booked, in repair and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.planning.events import (
    KitBooked,
    KitCheckedIn,
    KitCheckedOut,
    KitDeclared,
    KitFreed,
    KitOverdue,
    KitPieces,
    KitRefused,
    KitRepaired,
    KitSentToRepair,
    KitWanted,
)
from services.planning.projections.rows import there


class KitDocuments:
    """One row for each document of kit: what it says is owned."""

    name: ClassVar[str] = "kit_documents"
    key: ClassVar[tuple[str, ...]] = ("document",)
    schema: ClassVar[str] = """
        CREATE TABLE kit_documents (
            tenant text, document text, version bigint NOT NULL, items jsonb NOT NULL,
            PRIMARY KEY (tenant, document))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {KitDeclared: [(attrgetter("document"), _declared)]}


class KitRepairs:
    """One row for each repair that nobody said is over."""

    name: ClassVar[str] = "kit_repairs"
    key: ClassVar[tuple[str, ...]] = ("repair",)
    schema: ClassVar[str] = """
        CREATE TABLE kit_repairs (
            tenant text, repair text, item text NOT NULL, quantity bigint NOT NULL,
            serials jsonb NOT NULL, begins timestamptz NOT NULL, ends timestamptz,
            reason text NOT NULL, PRIMARY KEY (tenant, repair))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            KitSentToRepair: [(attrgetter("repair"), _sent)],
            KitRepaired: [(attrgetter("repair"), lambda _row, _event, _stamp: None)],
        }


class KitBookings:
    """One row for each booking. An event's has its name.

    `spans`: what it has, with buffers; `until`: the end of the last. `conflicts`: why it has
    nothing. `pieces_out`: what left and is not back. `missing`: what was not in its containers.
    """

    name: ClassVar[str] = "kit_bookings"
    key: ClassVar[tuple[str, ...]] = ("booking",)
    schema: ClassVar[str] = """
        CREATE TABLE kit_bookings (
            tenant text, booking text, planned boolean NOT NULL, state text NOT NULL,
            begins timestamptz NOT NULL, ends timestamptz NOT NULL, needs jsonb NOT NULL,
            spans jsonb NOT NULL, until timestamptz, number bigint NOT NULL,
            conflicts jsonb NOT NULL, pieces_out jsonb NOT NULL, missing jsonb NOT NULL,
            overdue boolean NOT NULL, PRIMARY KEY (tenant, booking));
        CREATE INDEX ON kit_bookings (tenant, until)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            KitWanted: _wanted,
            KitBooked: _booked,
            KitRefused: _refused,
            KitFreed: _freed,
            KitCheckedOut: _checked_out,
            KitCheckedIn: _checked_in,
            KitOverdue: _overdue,
        }
        return {event: [(attrgetter("booking"), fold)] for event, fold in folds.items()}


def _declared(_row: Row | None, event: KitDeclared, _stamp: Stamp) -> Row:
    items = [plain(each) for each in event.items]
    return {"document": event.document, "version": event.version, "items": items}


def _sent(_row: Row | None, event: KitSentToRepair, _stamp: Stamp) -> Row:
    found = msgspec.structs.asdict(event)
    del found["store"]
    return {**found, "serials": list(event.serials)}


def _wanted(row: Row | None, event: KitWanted, stamp: Stamp) -> Row:
    before: Row = row or {"spans": [], "pieces_out": [], "missing": [], "overdue": False}
    return {
        **before,
        **_spans(_of_what_is_out(before)),
        "booking": event.booking,
        "planned": event.planned,
        "state": "wanted",
        "begins": event.begins,
        "ends": event.ends,
        "needs": [plain(each) for each in event.needs],
        "number": stamp.position,
        "conflicts": [],
    }


def _booked(row: Row | None, event: KitBooked, stamp: Stamp) -> Row:
    new = there(row)
    fresh = {each.item for each in event.spans}
    kept = [each for each in _of_what_is_out(new) if each["item"] not in fresh]
    spans = _spans([*kept, *(plain(each) for each in event.spans)])
    about = {"state": "booked", "conflicts": [], "number": stamp.position, "overdue": False}
    return {**new, **spans, **about}


def _refused(row: Row | None, event: KitRefused, _stamp: Stamp) -> Row:
    conflicts = [plain(each) for each in event.conflicts]
    return {**there(row), "state": "refused", "conflicts": conflicts}


def _freed(row: Row | None, _event: KitFreed, _stamp: Stamp) -> Row:
    new = there(row)
    return {**new, **_spans(_of_what_is_out(new)), "state": "freed", "conflicts": []}


def _checked_out(row: Row | None, event: KitCheckedOut, _stamp: Stamp) -> Row:
    new = there(row)
    out = {each["item"]: each for each in new["pieces_out"]}
    for each in event.pieces:
        out[each.item] = _added(out.get(each.item), each)
    missing = [each for each in new["missing"] if each["container"] != event.container]
    missing += [{**plain(each), "container": event.container} for each in event.missing]
    return {**new, "pieces_out": [*out.values()], "missing": missing, "overdue": False}


def _added(before: Mapping[str, Any] | None, more: KitPieces) -> dict[str, Any]:
    had = before or {"quantity": 0, "serials": []}
    return {
        "item": more.item,
        "quantity": had["quantity"] + more.quantity,
        "serials": [*had["serials"], *more.serials],
    }


def _checked_in(row: Row | None, event: KitCheckedIn, _stamp: Stamp) -> Row:
    new = there(row)
    out = [_less(each, event.pieces) for each in new["pieces_out"]]
    new["pieces_out"] = [each for each in out if each["quantity"]]
    if new["state"] != "booked":
        new.update(_spans(_of_what_is_out(new)))
    return {**new, "overdue": new["overdue"] and bool(new["pieces_out"])}


def _less(had: Mapping[str, Any], back: KitPieces) -> Mapping[str, Any]:
    if had["item"] != back.item:
        return had
    left = [each for each in had["serials"] if each not in back.serials]
    return {**had, "quantity": had["quantity"] - back.quantity, "serials": left}


def _overdue(row: Row | None, _event: KitOverdue, _stamp: Stamp) -> Row:
    return {**there(row), "overdue": True}


def _of_what_is_out(row: Row) -> list[Mapping[str, Any]]:
    out = {each["item"] for each in row["pieces_out"]}
    return [each for each in row["spans"] if each["item"] in out]


def _spans(spans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    ends: Iterable[datetime] = (datetime.fromisoformat(each["ends"]) for each in spans)
    return {"spans": [*spans], "until": max(ends, default=None)}


def plain(value: Any) -> dict[str, Any]:
    """A struct as JSON has it, with everything that is left out when it is as usual."""
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found
