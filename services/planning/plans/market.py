"""The stalls that a manifest declares."""

from __future__ import annotations

from services.planning.commands import PlanMarket
from services.planning.domain.fees import currency_of
from services.planning.events import PlannedStall, StallFee
from services.planning.manifest.people import Stall
from services.planning.plans.declared import Declared


def market_of(new: Declared, revision: int, *, draft: bool = False) -> PlanMarket:
    """Without stalls if it has none. Suppliers are there from load-in to load-out."""
    spec, walls = new.manifest.spec, new.hours.walls
    documents = {each.key: each.documents for each in spec.suppliers}
    stalls = tuple(_stall(each, documents) for each in spec.stalls)
    currencies = (spec.currency, *(currency_of(each.fee) for each in stalls))
    return PlanMarket(
        occurrence=new.name,
        revision=revision,
        first=min((new.starts, *walls.values())).date(),
        last=max((new.ends, walls.get("loadOut", new.ends))).date(),
        stalls=stalls,
        currency=next((each for each in currencies if each), None),
        draft=draft,
    )


def _stall(stall: Stall, documents: dict[str, tuple[str, ...]]) -> PlannedStall:
    fee = stall.fee
    return PlannedStall(
        stall=stall.key,
        supplier=stall.supplier,
        documents=documents.get(stall.supplier or "", ()),
        fee=StallFee(fixed=fee.fixed, share=fee.share, floor=fee.floor, cap=fee.cap)
        if fee
        else None,
    )
