"""The books of a box office, kept from its events alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from services.ticketing import events


class Books:
    """What the log says was sold, given back and offered, in money and units."""

    def __init__(self) -> None:
        self.sold: dict[str, events.TicketSold] = {}
        self.back: Counter[str] = Counter()
        self.void: set[str] = set()
        self.held: dict[str, events.TicketsHeld] = {}
        self.until: dict[str, Any] = {}
        self.moved = 0

    def see(self, event: Any) -> None:
        match event:
            case events.TicketSold():
                assert event.ticket not in self.sold
                self.sold[event.ticket] = event
            case events.TicketCancelled():
                self.void.add(event.ticket)
            case events.TicketRefunded():
                self.void.add(event.ticket)
                self.back[event.ticket] += event.amount.minor
            case events.TicketRerated():
                self.moved += 1
                sold = self.sold[event.ticket]
                self.sold[event.ticket] = msgspec.structs.replace(sold, price=event.price)
            case events.TicketsHeld():
                self.held[event.hold] = event
                self.until[event.hold] = event.until
            case events.HoldExtended() | events.OrderApproved():
                self.until[getattr(event, "hold", None) or event.order] = event.until
            case events.HoldEnded():
                del self.until[event.hold]
            case _:
                pass

    def orders(self) -> dict[str, tuple[int, int, int]]:
        """Of each order: what was paid, what went back, how many tickets are void."""
        sums: dict[str, tuple[int, int, int]] = {}
        for id_, sold in self.sold.items():
            paid, back, void = sums.get(sold.order, (0, 0, 0))
            cost = sold.price.minor + (sold.fee.minor if sold.fee else 0)
            assert self.back[id_] <= cost
            sums[sold.order] = (paid + cost, back + self.back[id_], void + (id_ in self.void))
        return sums


def cost_of(became: list[Any]) -> int:
    lines = [
        (each, each.quantity)
        for e in became
        if isinstance(e, events.TicketsHeld)
        if e.channel != "offer"
        for each in e.lines
    ]
    lines += [(e, 1) for e in became if isinstance(e, events.TicketSold)]
    return sum((each.price.minor + (each.fee.minor if each.fee else 0)) * n for each, n in lines)
