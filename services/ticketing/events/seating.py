"""The facts of seats: the plan of a pool that has them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event

SeatKind = Literal["plain", "accessible", "companion"]


class Seat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A seat, an accessible place for a wheelchair, or one for a companion beside it.

    `gap`: an aisle before it, so that it is not beside the seat before. `rank`: 0 is a good view,
    and higher is worse.
    """

    name: str
    kind: SeatKind = "plain"
    rank: int = 0
    gap: bool = False


class SeatRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Seats from left to right.

    `x`: where the first stands, in widths of a seat from the middle; not said, the row is centred.
    `y`: how far back, in rows; not said, one behind the row before.
    """

    name: str
    seats: tuple[Seat, ...]
    x: int | None = None
    y: int | None = None


class SeatArea(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Rows from front to back. Its name may be empty: then its seats are called by row alone."""

    rows: tuple[SeatRow, ...]
    name: str = ""


class SeatingPlanSet(Event, frozen=True, kw_only=True):
    """How it is now, in full. A seat is called `A-12`, or `Balcony A-12` where areas have names.

    The best seats are those closest to `focus`, as `x` and `y` of a row. Accessible and companion
    places are kept for who needs them until `kept_until`; None: always. `blocked` are not sold.
    """

    topic = "ticketing.seating_plan_set.v1"

    occurrence: str
    pool: str
    areas: tuple[SeatArea, ...]
    focus: tuple[int, int] = (0, 0)
    kept_until: datetime | None = None
    blocked: tuple[str, ...] = ()


def seat_name(area: str, row: str, seat: str) -> str:
    """What a seat is called, everywhere: on tickets, in commands and in events."""
    return f"{area} {row}-{seat}" if area else f"{row}-{seat}"
