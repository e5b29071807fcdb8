"""Vouchers and allotments: their terms, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    AllotmentReleased,
    AllotmentSet,
    VoucherLapsed,
    VoucherSet,
)


class Vouchers:
    """One row for each voucher of an occurrence. `terms`: the fields of VoucherSet."""

    name: ClassVar[str] = "vouchers"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "voucher")
    schema: ClassVar[str] = """
        CREATE TABLE vouchers (
            tenant text, occurrence text, voucher text, terms jsonb NOT NULL,
            lapsed boolean NOT NULL, PRIMARY KEY (tenant, occurrence, voucher))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {VoucherSet: [(_voucher, _set)], VoucherLapsed: [(_voucher, _lapsed)]}


_NOT_TERMS = {"occurrence", "voucher", "more", "less"}


def _voucher(event: VoucherSet | VoucherLapsed) -> tuple[str, str]:
    return event.occurrence, event.voucher


def _set(_row: Row | None, event: VoucherSet, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "voucher": event.voucher,
        "terms": dict(terms_of(event, _NOT_TERMS)),
        "lapsed": False,
    }


def _lapsed(row: Row | None, _event: VoucherLapsed, _stamp: Stamp) -> Row | None:
    return row and {**row, "lapsed": True}


class Allotments:
    """One row for each allotment. `kept`: units that are kept aside, before any was sold of it."""

    name: ClassVar[str] = "allotments"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "allotment")
    schema: ClassVar[str] = """
        CREATE TABLE allotments (
            tenant text, occurrence text, allotment text, terms jsonb NOT NULL,
            closed boolean NOT NULL, PRIMARY KEY (tenant, occurrence, allotment))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            AllotmentSet: [(_allotment, _allotted)],
            AllotmentReleased: [(_allotment, _released)],
        }


def _allotment(event: AllotmentSet | AllotmentReleased) -> tuple[str, str]:
    return event.occurrence, event.allotment


def _allotted(_row: Row | None, event: AllotmentSet, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "allotment": event.allotment,
        "terms": dict(terms_of(event, {"occurrence", "allotment", "more", "less"})),
        "closed": False,
    }


def _released(row: Row | None, event: AllotmentReleased, _stamp: Stamp) -> Row | None:
    return row and {**row, "closed": row["closed"] or event.closed}


def terms_of(event: Any, less: set[str]) -> Iterator[tuple[str, Any]]:
    """The fields of an event but these, as JSON has them."""
    for name in event.__struct_fields__:
        if name not in less:
            yield name, msgspec.to_builtins(getattr(event, name))
