"""Suppliers: their status, documents and stalls, and how it went with them, counted."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.planning.events import (
    SupplierAdded,
    SupplierDocumentFiled,
    SupplierDocumentWithdrawn,
    SupplierEngaged,
    SupplierNoted,
    SupplierReleased,
    SupplierSuspended,
    SupplierVetted,
)
from services.planning.projections.rows import there


class Suppliers:
    """One row for each. `conduct`: how often what was noted; the score is worked out of it.

    `reachable`: they said how to be written to.
    """

    name: ClassVar[str] = "suppliers"
    key: ClassVar[tuple[str, ...]] = ("supplier",)
    schema: ClassVar[str] = """
        CREATE TABLE suppliers (
            tenant text, supplier text, title text NOT NULL, offers text NOT NULL,
            registration text NOT NULL,
            status text NOT NULL, reason text NOT NULL, documents jsonb NOT NULL,
            stalls jsonb NOT NULL, conduct jsonb NOT NULL, reachable boolean NOT NULL,
            changed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, supplier))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            SupplierAdded: _added,
            SupplierVetted: _vetted,
            SupplierSuspended: _suspended,
            SupplierDocumentFiled: _filed,
            SupplierDocumentWithdrawn: _withdrawn,
            SupplierNoted: _noted,
            SupplierEngaged: _engaged,
            SupplierReleased: _released,
        }
        return {event: [(attrgetter("supplier"), fold)] for event, fold in folds.items()}


_NEW: Mapping[str, Any] = {
    "status": "applied",
    "reason": "",
    "documents": {},
    "stalls": [],
    "conduct": {},
}


def _added(row: Row | None, event: SupplierAdded, stamp: Stamp) -> Row:
    names = ("supplier", "title", "offers", "registration")
    about = {name: getattr(event, name) for name in names}
    reachable = event.contact is not None
    return {**(row or _NEW), **about, "reachable": reachable, "changed_at": stamp.at}


def _changed(row: Row | None, stamp: Stamp, **values: Any) -> Row:
    return {**there(row), **values, "changed_at": stamp.at}


def _vetted(row: Row | None, event: SupplierVetted, stamp: Stamp) -> Row:
    return _changed(row, stamp, status="vetted", reason=event.note)


def _suspended(row: Row | None, event: SupplierSuspended, stamp: Stamp) -> Row:
    return _changed(row, stamp, status="suspended", reason=event.reason)


def _filed(row: Row | None, event: SupplierDocumentFiled, stamp: Stamp) -> Row:
    about = msgspec.to_builtins(event)
    del about["supplier"]
    documents = {**there(row)["documents"], event.document: about}
    return _changed(row, stamp, documents=documents)


def _withdrawn(row: Row | None, event: SupplierDocumentWithdrawn, stamp: Stamp) -> Row:
    documents = {**there(row)["documents"]}
    del documents[event.document]
    return _changed(row, stamp, documents=documents)


def _noted(row: Row | None, event: SupplierNoted, stamp: Stamp) -> Row:
    conduct = there(row)["conduct"]
    counted = {**conduct, event.what: conduct.get(event.what, 0) + 1}
    return _changed(row, stamp, conduct=counted)


def _engaged(row: Row | None, event: SupplierEngaged, stamp: Stamp) -> Row:
    one = {"occurrence": event.occurrence, "stall": event.stall, "last": event.last.isoformat()}
    return _changed(row, stamp, stalls=[*_others(row, event), one])


def _released(row: Row | None, event: SupplierReleased, stamp: Stamp) -> Row:
    return _changed(row, stamp, stalls=_others(row, event))


def _others(row: Row | None, event: SupplierEngaged | SupplierReleased) -> list[dict[str, Any]]:
    here = event.occurrence, event.stall
    return [each for each in there(row)["stalls"] if (each["occurrence"], each["stall"]) != here]
