"""What is remembered of the stalls of an occurrence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from roadcase.decider import Event
from services.planning.domain.supplier_fit import UNFIT
from services.planning.events import (
    MarketCalledOff,
    MarketChecked,
    MarketClosed,
    MarketOpened,
    MarketPlanned,
    PlannedStall,
    StallBooked,
    StallChanged,
    StallFeeCharged,
    StallFeeReversed,
    StallFeeWaived,
    StallFreed,
    StallholdersTold,
    StallNotBooked,
    StallOffered,
    StallOfferWithdrawn,
    StallTakingsReported,
    StallUnfit,
    UnfitStall,
)

FREED: Final = "freed"  # by hand


@dataclass(slots=True)
class Market:
    """By the keys of stalls. `charged`: what stands; `charges`: how many there ever were.

    `offered`: to whom they are offered, also once they have them; `freed`: who was to have one by
    the manifest, and lost it by hand. `unfit`: stalls that nobody has since a supplier is not fit;
    `checked`: the first of those that were told, and how many others.
    """

    planned: MarketPlanned | None = None
    booked: dict[str, StallBooked] = field(default_factory=dict)
    takings: dict[str, StallTakingsReported] = field(default_factory=dict)
    reports: set[str] = field(default_factory=set)
    charged: dict[str, StallFeeCharged] = field(default_factory=dict)
    charges: int = 0
    waived: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    called_off: bool = False
    offered: dict[str, StallOffered] = field(default_factory=dict)
    freed: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)  # what their suppliers were told
    unfit: dict[str, UnfitStall] = field(default_factory=dict)
    checked: tuple[tuple[UnfitStall, ...], int] = ((), 0)

    @property
    def over(self) -> bool:
        return self.closed or self.called_off

    @property
    def stalls(self) -> dict[str, PlannedStall]:
        return {each.stall: each for each in self.planned.stalls} if self.planned else {}


def _planned(market: Market, event: MarketPlanned) -> None:
    """Who was freed by hand is not named by the same words again: only once somebody else was."""
    market.planned = event
    named = {each.stall: each.supplier for each in event.stalls}
    market.freed = {stall: who for stall, who in market.freed.items() if named.get(stall) == who}
    market.unfit = {stall: each for stall, each in market.unfit.items() if stall in named}


def _opened(market: Market, _event: MarketOpened) -> None:
    assert market.planned is not None
    market.planned = msgspec.structs.replace(market.planned, draft=False)


def _offered(market: Market, event: StallOffered) -> None:
    market.offered[event.stall] = event
    if event.stall in market.unfit and market.unfit[event.stall].supplier != event.supplier:
        del market.unfit[event.stall]


def _withdrawn(market: Market, event: StallOfferWithdrawn) -> None:
    del market.offered[event.stall]
    market.unfit.pop(event.stall, None)
    if event.why == FREED:
        market.freed[event.stall] = event.supplier


def _booked(market: Market, event: StallBooked) -> None:
    market.booked[event.stall] = event
    market.freed.pop(event.stall, None)
    market.unfit.pop(event.stall, None)


def _was_freed(market: Market, event: StallFreed) -> None:
    del market.booked[event.stall]
    market.takings.pop(event.stall, None)
    market.waived.pop(event.stall, None)
    if event.why in UNFIT:
        lost = UnfitStall(stall=event.stall, supplier=event.supplier, reasons=(event.why,))
        market.unfit[event.stall] = lost


def _checked(market: Market, event: MarketChecked) -> None:
    market.checked = event.unfit, event.others


def _unfit(market: Market, event: StallUnfit) -> None:
    market.unfit[event.stall] = UnfitStall(
        stall=event.stall, supplier=event.supplier, reasons=event.reasons
    )


def _reported(market: Market, event: StallTakingsReported) -> None:
    market.takings[event.stall] = event
    market.reports.add(event.report)


def _was_waived(market: Market, event: StallFeeWaived) -> None:
    market.waived[event.stall] = event.reason


def _closed(market: Market, _event: MarketClosed) -> None:
    market.closed = True


def _was_called_off(market: Market, _event: MarketCalledOff) -> None:
    market.called_off = True


def _charged(market: Market, event: StallFeeCharged) -> None:
    market.charged[event.stall] = event
    market.charges += 1


def _was_reversed(market: Market, event: StallFeeReversed) -> None:
    del market.charged[event.stall]


def _told(market: Market, event: StallholdersTold) -> None:
    market.told.add(event.telling)


EVOLVE: Final[Mapping[type[Event], Callable[[Market, Any], None]]] = {
    MarketPlanned: _planned,
    MarketOpened: _opened,
    StallOffered: _offered,
    StallOfferWithdrawn: _withdrawn,
    StallBooked: _booked,
    StallNotBooked: lambda _market, _event: None,
    StallChanged: lambda _market, _event: None,
    StallFreed: _was_freed,
    StallTakingsReported: _reported,
    MarketChecked: _checked,
    StallUnfit: _unfit,
    StallFeeWaived: _was_waived,
    MarketClosed: _closed,
    MarketCalledOff: _was_called_off,
    StallFeeCharged: _charged,
    StallFeeReversed: _was_reversed,
    StallholdersTold: _told,
}


def evolve(market: Market, event: Event) -> None:
    EVOLVE[type(event)](market, event)
