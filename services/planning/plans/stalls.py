"""Which stalls cannot be given to whom they are meant for, as things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from services.planning.commands import PlanMarket
from services.planning.domain.supplier_fit import NOT_ADDED, Reason, unfit
from services.planning.domain.supplier_state import Supplier
from services.planning.events import SupplierDocumentFiled
from services.planning.plans.declared import Declared
from services.planning.plans.effects import Effect
from services.planning.plans.market import market_of


def effects_of_stalls(new: Declared, known: Mapping[str, Any]) -> Iterator[Effect]:
    """`known`: suppliers that are on the list, as they are shown, by their ids."""
    market = market_of(new, 1)
    for stall in market.stalls:
        if stall.supplier is None:
            continue
        row = known.get(stall.supplier)
        found = [each.told for each in _unfit(row, stall.documents, market)] if row else [NOT_ADDED]
        if found:
            words = f"cannot give stall {stall.stall} to {stall.supplier} yet: {', '.join(found)}"
            yield Effect("planning", words)


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
