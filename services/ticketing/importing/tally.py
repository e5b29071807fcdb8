"""What the log says was taken over, beside what pretix says itself: totals, taxes and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from roadcase.decider import Event
from roadcase.money import decimals
from services.ticketing.events import (
    HoldEnded,
    OrderImported,
    TicketCancelled,
    TicketImported,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
)
from services.ticketing.importing.orders import PAID, PENDING

Json = dict[str, Any]


class Numbers(NamedTuple):
    """Money in minor units; `waiting` is the price of tickets that are kept and not paid yet.

    `codes`: hashes of the codes that let in.
    """

    orders: int
    tickets: int
    total: int
    tax: int
    waiting: int
    codes: frozenset[str]

    def shown(self) -> Json:
        return {**self._asdict(), "codes": len(self.codes)}


@dataclass(slots=True)
class Tally:
    """Adds up facts, from the first one on, and by itself: it asks no state of the rules."""

    sold: dict[str, TicketSold] = field(default_factory=dict)
    told: dict[str, TicketImported] = field(default_factory=dict)
    about: dict[tuple[str, str], OrderImported] = field(default_factory=dict)
    held: dict[tuple[str, str], TicketsHeld] = field(default_factory=dict)

    def add(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case TicketSold(channel="import"):
                    self.sold[f"{event.occurrence}/{event.ticket}"] = event
                case TicketCancelled() | TicketRefunded():
                    self.sold.pop(f"{event.occurrence}/{event.ticket}", None)
                case TicketImported():
                    self.told[f"{event.occurrence}/{event.ticket}"] = event
                case OrderImported():
                    self.about[event.occurrence, event.order] = event
                case TicketsHeld(channel="order"):
                    self.held[event.occurrence, event.hold] = event
                case HoldEnded():
                    self.held.pop((event.occurrence, event.hold), None)
                case _:
                    pass

    def ticket(self, occurrence: str, order: str, position: str) -> str | None:
        """The valid ticket of a position."""
        for key, told in reversed(self.told.items()):
            if (told.occurrence, told.order, told.position) == (occurrence, order, position):
                return told.ticket if key in self.sold else None
        return None

    def numbers(self) -> Numbers:
        told = [self.told[key] for key in self.sold if key in self.told]
        fees = [(each, fee) for each in self.about.values() for fee in each.fees]
        paid = {each.order for each in told} | {each.order for each, _ in fees}
        imported = {about.hold for about in self.about.values()}
        lines = [
            line for (_, hold), held in self.held.items() if hold in imported for line in held.lines
        ]
        return Numbers(
            orders=len(paid),
            tickets=len(self.sold),
            total=sum(each.price.minor for each in self.sold.values())
            + sum(fee.price.minor for _, fee in fees),
            tax=sum(each.tax.minor for each in told) + sum(fee.tax.minor for _, fee in fees),
            waiting=sum(line.price.minor * line.quantity for line in lines),
            codes=frozenset(each.secret for each in told),
        )


def of_pretix(found: Json, hashed: Callable[[str], str]) -> Numbers:
    """Its own numbers: each order's total as pretix computed it, not the sum of its parts."""
    places = decimals(found["event"]["currency"])
    orders = [each for each in found["orders"] if not each.get("testmode")]
    paid = [each for each in orders if each["status"] == PAID]
    waiting = [
        each
        for order in orders
        for each in order["positions"]
        if order["status"] == PENDING and not each["canceled"]
    ]
    positions = [each for order in paid for each in order["positions"] if not each["canceled"]]
    fees = [each for order in paid for each in order["fees"] if not each["canceled"]]
    return Numbers(
        orders=len(paid),
        tickets=len(positions),
        total=_sum((each["total"] for each in paid), places),
        tax=_sum((each["tax_value"] for each in (*positions, *fees)), places),
        waiting=_sum((each["price"] for each in waiting), places),
        codes=frozenset(hashed(each["secret"]) for each in positions),
    )


def _sum(amounts: Iterable[str], places: int) -> int:
    return int(sum((Decimal(each) for each in amounts), Decimal(0)).scaleb(places))


def differences(there: Numbers, here: Numbers) -> list[str]:
    found = [
        f"{name}: {theirs} in pretix, {ours} here"
        for name, theirs, ours in zip(Numbers._fields, there.shown().values(),
                                      here.shown().values(), strict=True)
        if theirs != ours
    ]  # fmt: skip
    if len(there.codes) == len(here.codes) and there.codes != here.codes:
        found.append("codes: as many, and not the same")
    return found
