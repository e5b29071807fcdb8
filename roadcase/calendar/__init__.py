"""Calendar files (RFC 5545): entries that every program reads as the same instants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]


class Entry(NamedTuple):
    """One entry. `starts` and `ends` have a ZoneInfo.

    `stamp`: since when it is so, the same as long as it is. `sequence`: how often it was changed.
    `place`: in words; `position`: degrees north and east. `busy`: whoever has the entry is.
    """

    uid: str
    starts: datetime
    ends: datetime
    name: str
    stamp: datetime
    sequence: int = 0
    status: Status | None = None
    text: str = ""
    link: str = ""
    place: str = ""
    position: tuple[float, float] | None = None
    busy: bool = True


class Subscribed(NamedTuple):
    """What a calendar that is asked for again and again is called, where it is, and how often."""

    name: str
    link: str
    refresh: timedelta = timedelta(hours=1)


def calendar(entries: Iterable[Entry], product: str, subscribed: Subscribed | None = None) -> bytes:
    """The entries as a file: the same bytes for the same entries, in the order of their start.

    Half a millisecond for each, and more the first time: call it in a thread.
    """
    from roadcase.calendar import written  # noqa: PLC0415 - its library takes a while to load

    return written.calendar(entries, product, subscribed)
