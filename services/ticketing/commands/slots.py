"""What may be asked of timed entry: slots by a rule. The key is the occurrence."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import Capacity, Id, Part
from services.ticketing.commands.offers import TicketType

MOST: Final = 500  # slots of one rule
LONGEST: Final = 50  # characters of the id that its slots' ids begin with
DAY: Final = 24 * 60


def _whole_minute(at: time) -> time:
    if at.second or at.microsecond or at.tzinfo is not None:
        raise ValueError("is a local time of day in whole minutes, such as 10:20")
    return at


WallTime = Annotated[time, AfterValidator(_whole_minute)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=7 * DAY)]


class Break(Part):
    """No slot reaches into it."""

    starts: WallTime
    ends: WallTime


class SlotRule(Part):
    """From `first`, every so many minutes, until `until`, on each day that is not `closed`.

    Times are local to the venue; one that is before `first` is on the next day. Tickets are valid
    `early` minutes before their slot starts, and `grace` minutes after it ends.
    """

    first_day: date
    last_day: date
    first: WallTime
    until: WallTime
    every: Annotated[int, Field(strict=True, ge=1, le=DAY)]
    capacity: Capacity
    closed: tuple[date, ...] = Field(default=(), max_length=400)
    breaks: tuple[Break, ...] = Field(default=(), max_length=20)
    early: Minutes = 0
    grace: Minutes = 0

    @model_validator(mode="after")
    def _makes_slots(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        minutes = _minute(self.until) - _minute(self.first)
        minutes += 0 if minutes > 0 else DAY
        if minutes < self.every:
            raise ValueError("not one slot ends by `until`")
        days = (self.last_day - self.first_day).days + 1
        if days * (minutes // self.every) > MOST:
            raise ValueError(f"a rule makes at most {MOST} slots: make them in parts")
        return self


class MakeSlots(Command):
    """A pool and a ticket type for each slot, by a rule; other slots of this name are retired.

    `offer` is what each type is: its id is what theirs begin with. In `draws` it stands for the
    pool of the slot itself; other pools are shared by all slots.
    """

    occurrence: Id
    rule: SlotRule
    offer: TicketType

    @model_validator(mode="after")
    def _offers_its_slots(self) -> Self:
        if self.offer.id not in self.offer.draws:
            raise ValueError("draws of the offer name its own id: the pool of each slot")
        if len(self.offer.id) > LONGEST:
            raise ValueError(f"the id of the offer has at most {LONGEST} characters")
        if self.offer.valid_from is not None:
            raise ValueError("tickets of slots are valid by the rule")
        return self


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
