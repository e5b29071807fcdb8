"""Which stalls nobody has since a supplier is not fit: told in full, whenever that changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from services.planning.commands import NoteStallUnfit
from services.planning.domain.market_state import Market
from services.planning.events import MarketChecked, UnfitStall


def note(market: Market, cmd: NoteStallUnfit, _at: datetime) -> Iterator[MarketChecked]:
    """Of whom is not to have it any more nothing is said."""
    offer = market.offered.get(cmd.stall)
    named = offer is not None and offer.supplier == cmd.supplier
    if market.over or not named:
        return
    new = UnfitStall(stall=cmd.stall, supplier=cmd.supplier, reasons=cmd.reasons)
    yield from _told(market, cmd.occurrence, {**market.unfit, cmd.stall: new})


def checked(market: Market) -> Iterator[MarketChecked]:
    if market.planned is not None and not market.over:
        yield from _told(market, market.planned.occurrence, market.unfit)


def _told(
    market: Market, occurrence: str, unfit: Mapping[str, UnfitStall]
) -> Iterator[MarketChecked]:
    whole = tuple(each for _, each in sorted(unfit.items()))
    if whole != market.checked:
        yield MarketChecked(occurrence=occurrence, unfit=whole)
