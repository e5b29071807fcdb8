"""The night at a glance, for the live page, and how it sold from minute to minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from functools import lru_cache
from operator import attrgetter
from typing import Any, ClassVar

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.ticketing.events import (
    Admitted,
    BoxOfficeChanged,
    BoxOfficeOpened,
    CapacitySet,
    Exited,
    GuestsCounted,
    HoldEnded,
    ScanAnnulled,
    ScanRefused,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
)
from services.ticketing.projections import counts
from services.ticketing.projections.counts import there

_occurrence = attrgetter("occurrence")
_NONE = {
    "pools": {},
    "orders": 0,
    "tickets_held": 0,
    "tickets_sold": 0,
    "tickets_void": 0,
    "takings": {},
    "refunds": {},
    "last_sale_at": None,
    "last_ticket": None,
    "admitted": 0,
    "inside": 0,
    "scans_refused": 0,
}


class Board:
    """One row for each occurrence.

    `capacity held sold free` are units over all pools, as many as tickets where each ticket takes
    one unit of one pool; `pools` has them apart. `tickets_sold` are valid, `tickets_void` were
    cancelled or refunded. `takings` and `refunds`: minor units by currency.
    """

    name: ClassVar[str] = "board"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE board (
            tenant text, occurrence text, name text NOT NULL,
            capacity bigint NOT NULL, held bigint NOT NULL, sold bigint NOT NULL,
            free bigint NOT NULL, pools jsonb NOT NULL, orders bigint NOT NULL,
            tickets_held bigint NOT NULL, tickets_sold bigint NOT NULL,
            tickets_void bigint NOT NULL, takings jsonb NOT NULL, refunds jsonb NOT NULL,
            last_sale_at timestamptz, last_ticket text, admitted bigint NOT NULL,
            inside bigint NOT NULL, scans_refused bigint NOT NULL,
            PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            BoxOfficeOpened: _described,
            BoxOfficeChanged: _described,
            CapacitySet: _sized,
            TicketsHeld: _held,
            HoldEnded: _ended,
            TicketSold: _sold,
            TicketCancelled: _void,
            TicketRefunded: _void,
            **dict.fromkeys(counts.RESERVED, _reserved),
            Admitted: _admitted,
            Exited: _exited,
            ScanRefused: _scan_refused,
            ScanAnnulled: _annulled,
            GuestsCounted: _counted,
        }
        return {event: [(_occurrence, fold)] for event, fold in folds.items()}


def _with(row: dict[str, Any], pools: counts.Pools) -> dict[str, Any]:
    capacity = held = sold = free = 0
    for pool in pools.values():
        capacity += pool["capacity"]
        held += pool["held"]
        sold += pool["sold"]
        free += counts.free(pool)
    row.update(pools=pools, capacity=capacity, held=held, sold=sold, free=free)
    return row


def _described(row: Row | None, event: BoxOfficeOpened | BoxOfficeChanged, _stamp: Stamp) -> Row:
    new = dict(row) if row else _with({"occurrence": event.occurrence, **_NONE}, {})
    new["name"] = event.name
    return new


def _sized(row: Row | None, event: CapacitySet, _stamp: Stamp) -> Row:
    new = there(row)
    return _with(new, counts.resized(new["pools"], event))


def _held(row: Row | None, event: TicketsHeld, _stamp: Stamp) -> Row:
    new = there(row)
    new["tickets_held"] += counts.quantity(event.lines)
    return _with(new, counts.held(new["pools"], event))


def _ended(row: Row | None, event: HoldEnded, _stamp: Stamp) -> Row:
    new = there(row)
    new["tickets_held"] -= counts.quantity(event.lines)
    return _with(new, counts.ended(new["pools"], event))


def _sold(row: Row | None, event: TicketSold, _stamp: Stamp) -> Row:
    new = there(row)
    new["orders"] += event.number == 1
    new["tickets_sold"] += 1
    new["takings"] = counts.added(new["takings"], counts.paid(event))
    new["last_sale_at"] = event.sold_at
    new["last_ticket"] = event.ticket
    pools = counts.sold(new["pools"], event)
    return new if pools is new["pools"] else _with(new, pools)


def _void(row: Row | None, event: TicketCancelled | TicketRefunded, _stamp: Stamp) -> Row:
    new = there(row)
    if isinstance(event, TicketRefunded):
        new["refunds"] = counts.added(new["refunds"], event.amount)
    if event.draws:
        new["tickets_sold"] -= 1
        new["tickets_void"] += 1
    return _with(new, counts.given_back(new["pools"], event))


def _reserved(row: Row | None, event: Any, _stamp: Stamp) -> Row:
    new = there(row)
    return _with(new, counts.reserved(new["pools"], event))


def _admitted(row: Row | None, event: Admitted, _stamp: Stamp) -> Row | None:
    inside = row["inside"] + event.change if row else 0
    return row and {**row, "admitted": row["admitted"] + 1, "inside": inside}


def _exited(row: Row | None, event: Exited, _stamp: Stamp) -> Row | None:
    return row and {**row, "inside": row["inside"] - event.guests}


def _annulled(row: Row | None, event: ScanAnnulled, _stamp: Stamp) -> Row | None:
    if row is None:
        return None
    admitted = row["admitted"] - (event.direction == "entry")
    return {**row, "admitted": admitted, "inside": row["inside"] + event.change}


def _counted(row: Row | None, event: GuestsCounted, _stamp: Stamp) -> Row | None:
    return row and {**row, "inside": row["inside"] + event.change}


def _scan_refused(row: Row | None, _event: ScanRefused, _stamp: Stamp) -> Row | None:
    return row and {**row, "scans_refused": row["scans_refused"] + 1}


class SalesByMinute:
    """How many tickets were sold in each minute, and for how much. `minute`: UTC, as text."""

    name: ClassVar[str] = "sales_by_minute"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "minute")
    schema: ClassVar[str] = """
        CREATE TABLE sales_by_minute (
            tenant text, occurrence text, minute text, sold bigint NOT NULL,
            takings jsonb NOT NULL, PRIMARY KEY (tenant, occurrence, minute))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {TicketSold: [(_minute, _sold_in_minute)]}


def _minute(event: TicketSold) -> tuple[str, str]:
    at = event.sold_at.astimezone(UTC)
    return event.occurrence, _text(at.date(), at.hour, at.minute)


@lru_cache(maxsize=1024)  # of a drop, thousands are sold in one minute
def _text(day: date, hour: int, minute: int) -> str:
    return f"{day}T{hour:02}:{minute:02}Z"


def _sold_in_minute(row: Row | None, event: TicketSold, _stamp: Stamp) -> Row:
    before = row or _new_minute(event)
    takings = counts.added(before["takings"], counts.paid(event))
    return {**before, "sold": before["sold"] + 1, "takings": takings}


def _new_minute(event: TicketSold) -> Row:
    occurrence, minute = _minute(event)
    return {"occurrence": occurrence, "minute": minute, "sold": 0, "takings": {}}
