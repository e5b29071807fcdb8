"""What may be asked of seats: a plan for a pool. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Instant, Part, SeatName
from services.ticketing.events import seat_name

MOST: Final = 20_000  # seats of one plan
Printed = Annotated[str, StringConstraints(pattern=r"^[^\W_]{1,8}$")]  # letters and digits
AreaName = Annotated[
    str, StringConstraints(pattern=r"^([^\W_]{1,24}( [^\W_]{1,24}){0,3})?$")
]  # none, or words
Place = Annotated[int, Field(strict=True, ge=-10_000, le=10_000)]
Rank = Annotated[int, Field(strict=True, ge=0, le=9)]


class Seat(Part):
    """`gap`: an aisle before it. `rank`: 0 is a good view, and higher is worse."""

    name: Printed
    kind: Literal["plain", "accessible", "companion"] = "plain"
    rank: Rank = 0
    gap: bool = False


class SeatRow(Part):
    """Seats from left to right: the first at `x`, or the row centred; `y` rows from the front."""

    name: Printed
    seats: tuple[Seat, ...] = Field(min_length=1, max_length=500)
    x: Place | None = None
    y: Place | None = None


class SeatArea(Part):
    """Rows from front to back."""

    rows: tuple[SeatRow, ...] = Field(min_length=1, max_length=500)
    name: AreaName = ""


class SetSeatingPlan(Command):
    """The pool's seats from now on; what is sold or held keeps its seat.

    Its capacity is the number of seats that are not `blocked`. The best seats are those closest to
    `focus`. Accessible and companion places are for who needs them until `kept_until`.
    """

    occurrence: Id
    pool: Id
    areas: tuple[SeatArea, ...] = Field(min_length=1, max_length=50)
    focus: tuple[Place, Place] = (0, 0)
    kept_until: Instant | None = None
    blocked: tuple[SeatName, ...] = Field(default=(), max_length=MOST)

    @model_validator(mode="after")
    def _names_each_seat_once(self) -> Self:
        names = [
            seat_name(area.name, row.name, seat.name)
            for area in self.areas
            for row in area.rows
            for seat in row.seats
        ]
        there = set(names)
        if len(names) > MOST:
            raise ValueError(f"a plan has at most {MOST} seats")
        if len(there) < len(names):
            raise ValueError("two seats have the same name")
        if unknown := sorted(set(self.blocked) - there):
            raise ValueError(f"no such seats to block: {', '.join(unknown[:5])}")
        return self
