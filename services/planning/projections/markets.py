"""The stalls of each occurrence: planned, booked, charged."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.planning.events import (
    MarketClosed,
    MarketPlanned,
    StallBooked,
    StallFeeCharged,
    StallFeeReversed,
    StallFeeWaived,
    StallFreed,
    StallOffered,
    StallOfferWithdrawn,
    StallTakingsReported,
    SupplierEngaged,
    SupplierWaits,
)
from services.planning.projections.rows import there


class Markets:
    """One row for each that ever had a stall. `stalls` by their keys; `charges` in their order."""

    name: ClassVar[str] = "markets"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE markets (
            tenant text, occurrence text, revision bigint NOT NULL, first_day date NOT NULL,
            last_day date NOT NULL, currency text, closed boolean NOT NULL, stalls jsonb NOT NULL,
            charges jsonb NOT NULL, changed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            MarketPlanned: _planned,
            StallOffered: _offered,
            StallOfferWithdrawn: _withdrawn,
            SupplierWaits: _waits,
            SupplierEngaged: _waits,
            StallBooked: _booked,
            StallFreed: _freed,
            StallTakingsReported: _reported,
            StallFeeWaived: _waived,
            MarketClosed: _closed,
            StallFeeCharged: _charged,
            StallFeeReversed: _reversed,
        }
        return {event: [(attrgetter("occurrence"), fold)] for event, fold in folds.items()}


_STALL: Mapping[str, Any] = {
    "booked": None,
    "takings": None,
    "waived": None,
    "why": "",
    "offered": None,
    "waits": [],
}


def _planned(row: Row | None, event: MarketPlanned, stamp: Stamp) -> Row:
    """A stall that is gone is shown as long as somebody has it."""
    before = row["stalls"] if row else {}
    stalls = {key: each for key, each in before.items() if each["booked"]}
    for each in event.stalls:
        about = msgspec.to_builtins(each)
        about.pop("stall")
        none: dict[str, Any] = {"supplier": None, "documents": [], "fee": None}
        stalls[each.stall] = {**before.get(each.stall, _STALL), **none, **about}
    return {
        **(row or {"closed": False, "charges": []}),
        "occurrence": event.occurrence,
        "revision": event.revision,
        "first_day": event.first,
        "last_day": event.last,
        "currency": event.currency,
        "stalls": stalls,
        "changed_at": stamp.at,
    }


def _changed(row: Row | None, stamp: Stamp, **values: Any) -> Row:
    return {**there(row), **values, "changed_at": stamp.at}


def _stall(row: Row | None, stamp: Stamp, key: str, **values: Any) -> Row:
    """One that a manifest has no more, and nobody any more, is not shown."""
    stalls = there(row)["stalls"]
    if key not in stalls:
        return _changed(row, stamp)
    return _changed(row, stamp, stalls={**stalls, key: {**stalls[key], **values}})


def _offered(row: Row | None, event: StallOffered, stamp: Stamp) -> Row:
    return _stall(row, stamp, event.stall, offered=event.supplier, waits=[])


def _withdrawn(row: Row | None, event: StallOfferWithdrawn, stamp: Stamp) -> Row:
    return _stall(row, stamp, event.stall, offered=None, waits=[])


def _waits(row: Row | None, event: SupplierWaits | SupplierEngaged, stamp: Stamp) -> Row:
    """Why they do not have it; nothing, of who was engaged. They may not be offered it any more."""
    stall = there(row)["stalls"].get(event.stall)
    if stall is None or stall.get("offered") != event.supplier:
        return there(row)
    waits = list(event.reasons) if isinstance(event, SupplierWaits) else []
    return _stall(row, stamp, event.stall, waits=waits)


def _booked(row: Row | None, event: StallBooked, stamp: Stamp) -> Row:
    fee = msgspec.to_builtins(event.fee)
    booked = {"supplier": event.supplier, "fee": fee}
    return _stall(row, stamp, event.stall, booked=booked, why="")


def _freed(row: Row | None, event: StallFreed, stamp: Stamp) -> Row:
    if event.why == "stall_removed":
        stalls = {key: each for key, each in there(row)["stalls"].items() if key != event.stall}
        return _changed(row, stamp, stalls=stalls)
    return _stall(row, stamp, event.stall, booked=None, takings=None, waived=None, why=event.why)


def _reported(row: Row | None, event: StallTakingsReported, stamp: Stamp) -> Row:
    return _stall(row, stamp, event.stall, takings=msgspec.to_builtins(event.takings))


def _waived(row: Row | None, event: StallFeeWaived, stamp: Stamp) -> Row:
    return _stall(row, stamp, event.stall, waived=event.reason)


def _closed(row: Row | None, _event: MarketClosed, stamp: Stamp) -> Row:
    return _changed(row, stamp, closed=True)


def _charged(row: Row | None, event: StallFeeCharged, stamp: Stamp) -> Row:
    about = msgspec.to_builtins(event)
    del about["occurrence"]
    return _changed(row, stamp, charges=[*there(row)["charges"], {**about, "reversed": None}])


def _reversed(row: Row | None, event: StallFeeReversed, stamp: Stamp) -> Row:
    charges = [
        {**each, "reversed": event.reason} if each["charge"] == event.charge else each
        for each in there(row)["charges"]
    ]
    return _changed(row, stamp, charges=charges)
