"""Happenings as calendars that people subscribe to: of a venue, a series or a creator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from roadcase.calendar import Entry, Status, Subscribed, calendar
from services.planning.feeds.happening import OFF, Happening, address
from services.planning.feeds.words import said, title, where

KEPT: Final = timedelta(days=90)  # that what was cancelled stays, after its end and the news of it
_PRODUCT: Final = "Events"


def feed(happenings: Iterable[Happening], name: str, link: str, at: datetime) -> bytes:
    """One entry for each UID. `name`: of the calendar; `link`: where it is; `at`: now."""
    newest: dict[str, Happening] = {}
    for each in happenings:
        there = newest.get(each.uid)
        if each.listed and not _forgotten(each, at):
            newer = there is None or (each.sequence, each.changed) > (there.sequence, there.changed)
            newest[each.uid] = each if newer or there is None else there
    return calendar(map(_entry, newest.values()), _PRODUCT, Subscribed(name, link))


def single(happening: Happening) -> bytes:
    """One alone, to be added to a calendar."""
    return calendar([_entry(happening)], _PRODUCT)


def _forgotten(happening: Happening, at: datetime) -> bool:
    if happening.state not in OFF:
        return False
    return max(happening.span.ends, happening.changed) + KEPT <= at


def _entry(happening: Happening) -> Entry:
    span, venue = happening.span, happening.venue
    doors = happening.doors
    told = [
        *said(happening),
        f"Doors {happening.at(doors):%H:%M}." if doors is not None else "",
        happening.text.strip(),
        address(happening.link),
    ]
    return Entry(
        uid=happening.uid,
        starts=span.starts,
        ends=span.ends,
        name=title(happening),
        stamp=happening.changed,
        sequence=happening.sequence,
        status=_status(happening),
        text="\n\n".join(part for part in told if part),
        link=address(happening.link),
        place=where(happening),
        position=venue.position if venue is not None else None,
        busy=False,
    )


def _status(happening: Happening) -> Status:
    if happening.state in OFF:
        return "CANCELLED"
    return "TENTATIVE" if happening.state == "postponed" else "CONFIRMED"
