"""What is remembered of the stalls of an occurrence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from roadcase.decider import Event
from services.planning.events import (
    MarketClosed,
    MarketPlanned,
    PlannedStall,
    StallBooked,
    StallChanged,
    StallFeeCharged,
    StallFeeReversed,
    StallFeeWaived,
    StallFreed,
    StallNotBooked,
    StallTakingsReported,
)


@dataclass(slots=True)
class Market:
    """By the keys of stalls. `charged`: what stands; `charges`: how many there ever were."""

    planned: MarketPlanned | None = None
    booked: dict[str, StallBooked] = field(default_factory=dict)
    takings: dict[str, StallTakingsReported] = field(default_factory=dict)
    reports: set[str] = field(default_factory=set)
    charged: dict[str, StallFeeCharged] = field(default_factory=dict)
    charges: int = 0
    waived: dict[str, str] = field(default_factory=dict)
    closed: bool = False

    @property
    def stalls(self) -> dict[str, PlannedStall]:
        return {each.stall: each for each in self.planned.stalls} if self.planned else {}


def _planned(market: Market, event: MarketPlanned) -> None:
    market.planned = event


def _booked(market: Market, event: StallBooked) -> None:
    market.booked[event.stall] = event


def _was_freed(market: Market, event: StallFreed) -> None:
    del market.booked[event.stall]
    market.takings.pop(event.stall, None)
    market.waived.pop(event.stall, None)


def _reported(market: Market, event: StallTakingsReported) -> None:
    market.takings[event.stall] = event
    market.reports.add(event.report)


def _was_waived(market: Market, event: StallFeeWaived) -> None:
    market.waived[event.stall] = event.reason


def _closed(market: Market, _event: MarketClosed) -> None:
    market.closed = True


def _charged(market: Market, event: StallFeeCharged) -> None:
    market.charged[event.stall] = event
    market.charges += 1


def _was_reversed(market: Market, event: StallFeeReversed) -> None:
    del market.charged[event.stall]


EVOLVE: Final[Mapping[type[Event], Callable[[Market, Any], None]]] = {
    MarketPlanned: _planned,
    StallBooked: _booked,
    StallNotBooked: lambda _market, _event: None,
    StallChanged: lambda _market, _event: None,
    StallFreed: _was_freed,
    StallTakingsReported: _reported,
    StallFeeWaived: _was_waived,
    MarketClosed: _closed,
    StallFeeCharged: _charged,
    StallFeeReversed: _was_reversed,
}


def evolve(market: Market, event: Event) -> None:
    EVOLVE[type(event)](market, event)
