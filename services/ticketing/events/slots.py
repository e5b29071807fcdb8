"""The fact of timed entry: by which rule slots were made."""

from __future__ import annotations

from datetime import date, datetime, time

import msgspec

from roadcase.decider import Event


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """No slot reaches into it. Local times."""

    starts: time
    ends: time


class SlotRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """On each day, from `first` every so many minutes, until `until`: local times.

    Each slot has room for `capacity`. Its tickets are valid `early` minutes before it starts, and
    `grace` minutes after it ends.
    """

    first_day: date
    last_day: date
    first: time
    until: time
    every: int
    capacity: int
    closed: tuple[date, ...] = ()
    breaks: tuple[Break, ...] = ()
    early: int = 0
    grace: int = 0


class SlotsMade(Event, frozen=True, kw_only=True):
    """A CapacitySet and a TicketTypeSet for each slot that changed follow.

    Local times at which there is no slot: `missing`, since clocks went forward over them. `twice`:
    those that clocks went back over, where the slot is the first of the two.
    """

    topic = "ticketing.slots_made.v1"

    occurrence: str
    slots: str
    zone: str
    rule: SlotRule
    number: int
    missing: tuple[datetime, ...] = ()
    twice: tuple[datetime, ...] = ()
