"""To whom stalls are offered: those whom the manifest names, until the night is over."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.domain.market_state import Market
from services.planning.events import (
    MarketPlanned,
    PlannedStall,
    StallOffered,
    StallOfferWithdrawn,
)


def offers(market: Market, planned: MarketPlanned) -> Iterator[StallOffered | StallOfferWithdrawn]:
    """What changes by what is planned now.

    It is said before what becomes of stalls that are booked: else who loses one would get it again.
    """
    if market.over or planned.draft:
        return
    stalls = {each.stall: each for each in planned.stalls}
    for was in market.offered.values():
        now = stalls.get(was.stall)
        if now is None or now.supplier != was.supplier:
            yield withdrawn(market, was, "supplier_changed" if now else "stall_removed")
    for stall in planned.stalls:
        if stall.supplier is None or market.freed.get(stall.stall) == stall.supplier:
            continue
        before = market.offered.get(stall.stall)
        new = offer_of(planned, stall, stall.supplier)
        if before is None or _terms(before) != _terms(new):
            yield new


def offer_of(planned: MarketPlanned, stall: PlannedStall, supplier: str) -> StallOffered:
    return StallOffered(
        occurrence=planned.occurrence,
        stall=stall.stall,
        supplier=supplier,
        revision=planned.revision,
        first=planned.first,
        last=planned.last,
        documents=stall.documents,
    )


def none_any_more(market: Market, why: str) -> Iterator[StallOfferWithdrawn]:
    yield from (withdrawn(market, each, why) for each in market.offered.values())


def withdrawn(market: Market, offer: StallOffered, why: str) -> StallOfferWithdrawn:
    return StallOfferWithdrawn(
        occurrence=offer.occurrence,
        stall=offer.stall,
        supplier=offer.supplier,
        revision=market.planned.revision if market.planned else offer.revision,
        why=why,
    )


def _terms(offer: StallOffered) -> tuple[object, ...]:
    return offer.supplier, offer.first, offer.last, offer.documents
