"""Whether a supplier may have a stall, and what follows when that changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from roadcase.decider import Event
from services.planning.domain.supplier_state import Supplier
from services.planning.events import (
    SupplierAwaited,
    SupplierDocumentFiled,
    SupplierEngaged,
    SupplierReleased,
    SupplierWaits,
)

NOT_ADDED: Final = "supplier_not_added"
SUSPENDED: Final = "supplier_suspended"
NOT_VALID: Final = "document_not_valid"
UNFIT: Final = frozenset({SUSPENDED, NOT_VALID, "supplier_not_vetted", "document_missing"})
_DAY: Final = timedelta(days=1)


class Reason(NamedTuple):
    """Why somebody may not have a stall: a code, and the kind of document, if it is about one."""

    code: str
    document: str = ""

    @property
    def told(self) -> str:
        return ": ".join(filter(None, self))


def unfit(supplier: Supplier, kinds: tuple[str, ...], first: date, last: date) -> Iterator[Reason]:
    """Why they may not have a stall from the first to the last day."""
    if supplier.suspended:
        yield Reason(SUSPENDED)
    elif not supplier.vetted:
        yield Reason("supplier_not_vetted")
    for kind in kinds:
        of_kind = [each for each in supplier.documents.values() if _same(each.kind, kind)]
        if not of_kind:
            yield Reason("document_missing", kind)
        elif not all(any(_valid(each, day) for each in of_kind) for day in _days(first, last)):
            yield Reason(NOT_VALID, kind)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _days(first: date, last: date) -> list[date]:
    return [first + number * _DAY for number in range((last - first).days + 1)]


def _valid(document: SupplierDocumentFiled, day: date) -> bool:
    begun = document.valid_from is None or document.valid_from <= day
    return begun and (document.valid_until is None or day <= document.valid_until)


def follow(supplier: Supplier, at: datetime) -> Iterator[Event]:
    """Who is not fit any more loses the stalls ahead; who is fit gets those kept for them.

    What is behind stays as it was.
    """
    has = set(supplier.engaged)
    for each in [*supplier.engaged.values()]:
        reasons = list(unfit(supplier, each.documents, each.first, each.last))
        if reasons and each.last >= at.date():
            has.remove((each.occurrence, each.stall))
            yield SupplierReleased(
                supplier=each.supplier,
                occurrence=each.occurrence,
                stall=each.stall,
                why=reasons[0].code,
            )
    waiting = [each for place, each in supplier.awaited.items() if place not in has]
    yield from _looked_at(supplier, waiting, at.date())


def _looked_at(
    supplier: Supplier, waiting: list[SupplierAwaited], today: date
) -> Iterator[SupplierEngaged | SupplierWaits]:
    number = supplier.engagements
    for each in waiting:
        place = each.occurrence, each.stall
        reasons = _why_not(supplier, each, today)
        if not reasons:
            number += 1
            yield SupplierEngaged(
                supplier=each.supplier,
                occurrence=each.occurrence,
                stall=each.stall,
                first=each.first,
                last=each.last,
                documents=each.documents,
                engagement=number,
                named=True,
            )
        elif supplier.waits.get(place) != reasons:
            yield SupplierWaits(
                supplier=each.supplier,
                occurrence=each.occurrence,
                stall=each.stall,
                reasons=reasons,
            )


def _why_not(supplier: Supplier, awaited: SupplierAwaited, today: date) -> tuple[str, ...]:
    if supplier.added is None:
        return (NOT_ADDED,)
    if awaited.last < today:
        return ("days_over",)
    found = unfit(supplier, awaited.documents, awaited.first, awaited.last)
    return tuple(each.told for each in found)
