"""The facts of kit: what is owned, who has it booked, what is in repair, out, and late."""

from __future__ import annotations

from datetime import datetime

import msgspec

from roadcase.decider import Event


class KitOwned(msgspec.Struct, frozen=True, kw_only=True):
    """Equipment of one sort. `container`: the item that it travels in."""

    item: str
    title: str
    owned: int
    serials: tuple[str, ...] = ()
    container: str | None = None
    device_profile: str | None = None
    buffer_minutes: int = 60


class KitNeeded(msgspec.Struct, frozen=True, kw_only=True):
    item: str
    quantity: int


class KitSpan(msgspec.Struct, frozen=True, kw_only=True):
    """So many of an item from when until when, its buffer on both sides included."""

    item: str
    quantity: int
    begins: datetime
    ends: datetime


class KitTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Who has it: another booking, or a repair, whose end may not be known."""

    quantity: int
    begins: datetime
    booking: str | None = None
    repair: str | None = None
    ends: datetime | None = None


class KitConflict(msgspec.Struct, frozen=True, kw_only=True):
    """`free_from`: when as many are free for as long; None: nobody knows, or so many never are."""

    item: str
    wanted: int
    free: int
    taken: tuple[KitTaken, ...] = ()
    free_from: datetime | None = None


class KitPieces(msgspec.Struct, frozen=True, kw_only=True):
    """So many of an item; which ones, where they have serial numbers."""

    item: str
    quantity: int
    serials: tuple[str, ...] = ()


class KitDeclared(Event, frozen=True, kw_only=True):
    """What a document of kit says is owned, in full; several documents add up."""

    topic = "planning.kit_declared.v1"

    store: str
    document: str
    version: int
    items: tuple[KitOwned, ...]


class KitWanted(Event, frozen=True, kw_only=True):
    """What a booking is to have, in full. What it had before is free.

    `planned`: it follows from the manifest of the event that it is named after.
    """

    topic = "planning.kit_wanted.v1"

    store: str
    booking: str
    begins: datetime
    ends: datetime
    needs: tuple[KitNeeded, ...]
    planned: bool = False


class KitBooked(Event, frozen=True, kw_only=True):
    """All that it wants, and nobody else has these in this time."""

    topic = "planning.kit_booked.v1"

    store: str
    booking: str
    spans: tuple[KitSpan, ...]


class KitRefused(Event, frozen=True, kw_only=True):
    """Not everything was free, so nothing is booked. It is booked once it is all free."""

    topic = "planning.kit_refused.v1"

    store: str
    booking: str
    conflicts: tuple[KitConflict, ...]


class KitFreed(Event, frozen=True, kw_only=True):
    """It needs nothing any more. What is out stays out until it comes back."""

    topic = "planning.kit_freed.v1"

    store: str
    booking: str
    why: str


class KitSentToRepair(Event, frozen=True, kw_only=True):
    """`ends`: when it is back; None: nobody knows."""

    topic = "planning.kit_sent_to_repair.v1"

    store: str
    repair: str
    item: str
    quantity: int
    begins: datetime
    ends: datetime | None = None
    serials: tuple[str, ...] = ()
    reason: str = ""


class KitRepaired(Event, frozen=True, kw_only=True):
    """It may be booked again."""

    topic = "planning.kit_repaired.v1"

    store: str
    repair: str


class KitCheckedOut(Event, frozen=True, kw_only=True):
    """Pieces left with a booking. `missing`: what should be in the container and was not."""

    topic = "planning.kit_checked_out.v1"

    store: str
    booking: str
    pieces: tuple[KitPieces, ...]
    container: str | None = None
    missing: tuple[KitPieces, ...] = ()


class KitCheckedIn(Event, frozen=True, kw_only=True):
    """Pieces came back."""

    topic = "planning.kit_checked_in.v1"

    store: str
    booking: str
    pieces: KitPieces


class KitOverdue(Event, frozen=True, kw_only=True):
    """The time of the booking is over, and these are not back."""

    topic = "planning.kit_overdue.v1"

    store: str
    booking: str
    pieces: tuple[KitPieces, ...]
