"""Which stalls cannot be given to whom they are meant for, as things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from services.planning.commands import PlanMarket
from services.planning.domain.clearances import SUPPLIERS, in_words
from services.planning.domain.supplier_fit import NOT_ADDED, NOT_VALID, SUSPENDED, Reason, unfit
from services.planning.domain.supplier_state import Supplier
from services.planning.events import SupplierDocumentFiled
from services.planning.plans.changes import Change
from services.planning.plans.classes import Classed
from services.planning.plans.declared import Declared, digest_of
from services.planning.plans.effects import Effect
from services.planning.plans.market import market_of
from services.planning.plans.shapes import Gate
from services.planning.plans.standing import Standing


class Waiting(NamedTuple):
    """A stall that its supplier cannot have yet, and why."""

    stall: str
    supplier: str
    reasons: tuple[Reason, ...]


def waiting(new: Declared, known: Mapping[str, Any]) -> Iterator[Waiting]:
    """`known`: suppliers that are on the list, as they are shown, by their ids."""
    market = market_of(new, 1)
    for stall in market.stalls:
        if stall.supplier is None:
            continue
        row = known.get(stall.supplier)
        found = _unfit(row, stall.documents, market) if row else [Reason(NOT_ADDED)]
        if reasons := tuple(found):
            yield Waiting(stall.stall, stall.supplier, reasons)


def effects_of_stalls(new: Declared, known: Mapping[str, Any]) -> Iterator[Effect]:
    for each in waiting(new, known):
        told = ", ".join(reason.told for reason in each.reasons)
        yield Effect("planning", f"cannot give stall {each.stall} to {each.supplier} yet: {told}")


def supplier_not_fit(new: Declared, standing: Standing) -> Iterator[Classed]:
    """It may be applied: who is suspended, or whose documents end too soon, has no stall then.

    Who is only not known yet, or has not shown everything, is told of and nothing more.
    """
    if standing.manifest and digest_of(standing.manifest) == new.digest:
        return  # nothing is changed by it
    for each in waiting(new, standing.suppliers):
        grave = [reason.told for reason in each.reasons if reason.code in (SUSPENDED, NOT_VALID)]
        if grave:
            path = f"spec.stalls[{each.stall}].supplier"
            why = f"{each.supplier} is not fit for that night: {', '.join(grave)}"
            yield Classed(Change(path, None, each.supplier), "approval", "supplier_not_fit", why)


def gates_of_stalls(new: Declared, known: Mapping[str, Any]) -> Iterator[Gate]:
    """What keeps doors closed once it is applied, as long as it stays so."""
    found = list(waiting(new, known))
    if found:
        told = in_words(f"{each.stall} {each.supplier}: {each.reasons[0].told}" for each in found)
        yield Gate(
            clearance=SUPPLIERS,
            blocks=("doors",),
            code="supplier_not_fit",
            reason=f"Not fit: {told}",
            legal=False,
        )


def _unfit(
    row: Mapping[str, Any], documents: tuple[str, ...], market: PlanMarket
) -> Iterator[Reason]:
    supplier = Supplier(
        vetted=row["status"] == "vetted",
        suspended=row["status"] == "suspended",
        documents={
            key: msgspec.convert({**each, "supplier": row["supplier"]}, SupplierDocumentFiled)
            for key, each in row["documents"].items()
        },
    )
    return unfit(supplier, documents, market.first, market.last)
