"""The seats of a night: its plans, and which of their seats are held or sold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    HoldEnded,
    SeatingPlanSet,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
)


class Seating:
    """One row for each occurrence that has seats. Both columns are by pool.

    `plans` are as the event has them; `taken` says of each seat that is not free: held or sold.
    """

    name: ClassVar[str] = "seating"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE seating (
            tenant text, occurrence text, plans jsonb NOT NULL, taken jsonb NOT NULL,
            PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            SeatingPlanSet: [(_night, _planned)],
            TicketsHeld: [(_night_of_lines, _held)],
            HoldEnded: [(_night_of_lines, _ended)],
            TicketSold: [(_night_of_seat, _sold)],
            TicketCancelled: [(_night_of_seat, _void)],
            TicketRefunded: [(_night_of_seat, _void)],
        }


def _night(event: Any) -> tuple[str]:
    return (event.occurrence,)


def _night_of_lines(event: TicketsHeld | HoldEnded) -> tuple[str] | None:
    return _night(event) if any(line.seats for line in event.lines) else None


def _night_of_seat(event: TicketSold | TicketCancelled | TicketRefunded) -> tuple[str] | None:
    """None for a ticket without a seat: nearly all of a drop."""
    return _night(event) if event.seat else None


def _planned(row: Row | None, event: SeatingPlanSet, _stamp: Stamp) -> Row:
    plans: Any = dict(row["plans"]) if row else {}
    plans[event.pool] = {
        "areas": [_area(area) for area in msgspec.to_builtins(event.areas)],
        "focus": list(event.focus),
        "kept_until": event.kept_until.isoformat() if event.kept_until else None,
        "blocked": list(event.blocked),
    }
    return {"occurrence": event.occurrence, "plans": plans, "taken": row["taken"] if row else {}}


def _area(area: dict[str, Any]) -> dict[str, Any]:
    """With all that its event leaves out."""
    usual = {"kind": "plain", "rank": 0, "gap": False}
    rows = [
        {"x": None, "y": None, **row, "seats": [usual | seat for seat in row["seats"]]}
        for row in area["rows"]
    ]
    return {"name": "", **area, "rows": rows}


def _held(row: Row | None, event: TicketsHeld, _stamp: Stamp) -> Row | None:
    for line in event.lines:
        row = _set(row, line.draws, line.seats, "held")
    return row


def _ended(row: Row | None, event: HoldEnded, _stamp: Stamp) -> Row | None:
    for line in event.lines:
        row = _set(row, line.draws, line.seats, None)
    return row


def _sold(row: Row | None, event: TicketSold, _stamp: Stamp) -> Row | None:
    return _set(row, event.draws, [event.seat] if event.seat else (), "sold")


def _void(row: Row | None, event: TicketCancelled | TicketRefunded, _stamp: Stamp) -> Row | None:
    return _set(row, event.draws, [event.seat] if event.seat else (), None)


def _set(
    row: Row | None, draws: Mapping[str, int], seats: Iterable[str], state: str | None
) -> Row | None:
    """Nothing for a night without seats, and for a ticket without one."""
    if row is None or not seats:
        return row
    pool = next((pool for pool in draws if pool in row["plans"]), None)
    if pool is None:
        return row
    taken = dict(row["taken"].get(pool, {}))
    for seat in seats:
        if state is None:
            taken.pop(seat, None)
        else:
            taken[seat] = state
    return {**row, "taken": {**row["taken"], pool: taken}}
