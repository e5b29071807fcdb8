"""How many of an item are free: what is owned less what is booked, in repair and late. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from services.planning.events import KitConflict, KitSpan, KitTaken

LATE: Final = timedelta(days=7)  # what is late is not counted on for so long
NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Load(NamedTuple):
    """Who has so many from when until when. It begins before it ends."""

    begins: datetime
    ends: datetime
    quantity: int
    booking: str | None = None
    repair: str | None = None


def late(booking: str, due: datetime, quantity: int, at: datetime) -> Load:
    """What should be back: nobody knows when it will be."""
    return Load(due, at + LATE, quantity, booking)


def taken(loads: Iterable[Load], begins: datetime, ends: datetime) -> int:
    """The most that are in use at one instant of a time."""
    steps: list[tuple[datetime, int]] = []
    for each in overlapping(loads, begins, ends):
        steps += [(max(each.begins, begins), each.quantity), (each.ends, -each.quantity)]
    most = now = 0
    for _, change in sorted(steps):  # at one instant, what ends goes before what begins
        now += change
        most = max(most, now)
    return most


def overlapping(loads: Iterable[Load], begins: datetime, ends: datetime) -> Iterator[Load]:
    return (each for each in loads if each.begins < ends and begins < each.ends)


def free(owned: int, loads: Iterable[Load], begins: datetime, ends: datetime) -> int:
    """How many are free all the time; below 0 where more are booked than there are."""
    return owned - taken(loads, begins, ends)


def free_from(
    owned: int, loads: Sequence[Load], wanted: int, begins: datetime, ends: datetime
) -> datetime | None:
    """The first moment from which so many are free for as long."""
    for moment in sorted({each.ends for each in loads if begins < each.ends < NEVER}):
        if free(owned, loads, moment, moment + (ends - begins)) >= wanted:
            return moment
    return None


def conflict(owned: int, loads: Sequence[Load], wanted: KitSpan) -> KitConflict | None:
    """Why so many cannot be had; None: they can."""
    begins, ends, quantity = wanted.begins, wanted.ends, wanted.quantity
    left = free(owned, loads, begins, ends)
    if left >= quantity:
        return None
    return KitConflict(
        item=wanted.item,
        wanted=quantity,
        free=max(left, 0),
        taken=tuple(_taken(each) for each in sorted(overlapping(loads, begins, ends), key=_order)),
        free_from=free_from(owned, loads, quantity, begins, ends),
    )


def _order(load: Load) -> tuple[datetime, datetime]:
    return load.begins, load.ends


def _taken(load: Load) -> KitTaken:
    return KitTaken(
        booking=load.booking,
        repair=load.repair,
        quantity=load.quantity,
        begins=load.begins,
        ends=load.ends if load.ends < NEVER else None,
    )


def in_words(conflict: KitConflict) -> str:
    """Who has it, how many are free, and from when as many as are needed are."""
    words = f"{conflict.wanted} {conflict.item} {_are(conflict.wanted)} needed"
    words += f" and {conflict.free} {_are(conflict.free)} free"
    if conflict.taken:
        words += ": " + ", ".join(_who(each) for each in conflict.taken)
    if conflict.free_from is not None:
        words += f"; {conflict.wanted} {_are(conflict.wanted)} free"
        words += f" from {conflict.free_from:%Y-%m-%d %H:%M} UTC"
    return words


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _who(taken: KitTaken) -> str:
    who = f"in repair ({taken.repair})" if taken.repair else f"booked by {taken.booking}"
    until = f" until {taken.ends:%Y-%m-%d %H:%M} UTC" if taken.ends else ""
    return f"{taken.quantity} {who}{until}"


def short(owned: int, booked: Sequence[Load], others: Sequence[Load]) -> dict[str, int]:
    """How many each booking lacks, because something broke or is late after it was booked.

    Who booked first has it first.
    """
    held, lacks = list(others), dict[str, int]()
    for each in booked:
        kept = min(each.quantity, max(free(owned, held, each.begins, each.ends), 0))
        if kept < each.quantity and each.booking is not None:
            lacks[each.booking] = each.quantity - kept
        if kept:
            held.append(each._replace(quantity=kept))
    return lacks
