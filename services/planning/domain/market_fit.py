"""Which stalls nobody has since a supplier is not fit: told whenever that changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from services.planning.commands import NoteStallUnfit
from services.planning.domain.market_state import Market
from services.planning.events import MarketChecked, StallUnfit

SHOWN: Final = 20  # a thousand stalls are not told a thousand times over


def note(market: Market, cmd: NoteStallUnfit, _at: datetime) -> Iterator[StallUnfit]:
    """Of whom is not to have it any more nothing is said."""
    offer, known = market.offered.get(cmd.stall), market.unfit.get(cmd.stall)
    named = offer is not None and offer.supplier == cmd.supplier
    if market.over or not named:
        return
    if known is None or (known.supplier, known.reasons) != (cmd.supplier, cmd.reasons):
        yield StallUnfit(**dict(cmd))


def checked(market: Market) -> Iterator[MarketChecked]:
    if market.planned is None or market.over:
        return
    first = tuple(market.unfit[stall] for stall in sorted(market.unfit)[:SHOWN])
    others = len(market.unfit) - len(first)
    if (first, others) != market.checked:
        yield MarketChecked(occurrence=market.planned.occurrence, unfit=first, others=others)
