"""Time zones in calendar files, written so that every program reads them rightly.

What is known of programs that read them, and is therefore so here:

- ical.js, which Thunderbird reads with, takes one date of an RDATE, and none of DTSTART beside it;
- Outlook approximates a VTIMEZONE by one STANDARD and one DAYLIGHT that come each year on the same
  weekday of a month (MS-OXCICAL 2.1.3.1.1.19), and drops others;
- a local time that comes twice means the first one (RFC 5545, 3.3.5), and not everyone knows.

So a zone is written as two yearly rules that hold for the years of its entries. A time that comes
twice, and a zone whose changes follow no such rules in those years, are written in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - a local time, of any zone
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Change(NamedTuple):
    """When clocks are changed: the local time that they then leave, and both offsets."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def daylight(self) -> bool:
        return self.after > self.before


def written_zone(zone: ZoneInfo, first: int, last: int) -> Timezone | None:
    """The zone from the one year to the other, if it is not UTC and is as Outlook can have it."""
    written = Timezone()
    written.add("tzid", zone.key)
    changes = list(_changes(zone, first, last))
    if not changes:
        always = datetime(first, 1, 1, tzinfo=zone)
        offset = _offset(always, zone)
        change = _Change(_EPOCH, offset, offset, always.tzname() or "")
        written.add_component(_observance(change, None))
        return written if offset else None
    for daylight in (False, True):
        ours = [change for change in changes if change.daylight is daylight]
        rule = _rule(ours)
        if rule is None or [change.wall.year for change in ours] != [*range(first, last + 1)]:
            return None  # not once in each year
        written.add_component(_observance(ours[0], rule))
    return written


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[_Change]:
    """Those of the years, by looking at each day and then for the second."""
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        low, high = at, at + timedelta(days=1)
        at = high
        before, after = _offset(low, zone), _offset(high, zone)
        if before == after:
            continue
        while high - low > timedelta(seconds=1):
            middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
            low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
        wall = (high + before).replace(tzinfo=None)
        yield _Change(wall, before, after, high.astimezone(zone).tzname() or "")


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _rule(changes: list[_Change]) -> vRecur | None:
    """The yearly rule that all follow, such as 02:00 on the last Sunday of March; None without."""
    walls = [each.wall for each in changes]
    same = {(wall.month, wall.weekday(), wall.time()) for wall in walls}
    if len(same) != 1 or len({each[1:] for each in changes}) != 1:
        return None
    first = walls[0]
    if all((wall + timedelta(days=7)).month != first.month for wall in walls):
        place = -1
    elif len(places := {(wall.day - 1) // 7 + 1 for wall in walls}) == 1:
        place = places.pop()
    else:
        return None
    day = f"{place}{_WEEKDAYS[first.weekday()]}"
    return vRecur(freq="YEARLY", bymonth=first.month, byday=day)


def _observance(change: _Change, rule: vRecur | None) -> Component:
    found = TimezoneDaylight() if change.daylight else TimezoneStandard()
    found.add("dtstart", change.wall)
    found.add("tzoffsetfrom", change.before)
    found.add("tzoffsetto", change.after)
    found.add("tzname", change.name)
    if rule is not None:
        found.add("rrule", rule)
    return found
