"""Dates and times as organisers write them, and what they are in the zone of a venue."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

Fold = Literal["first", "second"]

YEARS: Final = range(1970, 2200)

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_RELATIVE: Final = re.compile(
    r"([0-9]{1,4}) ?(m|h|d|w) (before|after) (doors|start|end)(?: at ([0-9:]+))?"
)
_MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_AS_CLOCK, _AS_DAY = 'write "20:30"', 'write "2027-06-18"'
_AS_AT: Final = 'write "20:30", or "2027-06-18T20:30"'
_AS_WHEN: Final = (
    'write "2027-06-18T20:30", "2h before doors" (m, h, d, w; doors, start, end), '
    'or "7d before doors at 10:00"'
)


class TimeProblem(ValueError):
    """A time that cannot be, with the code of its problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class At(NamedTuple):
    """A time of day at the venue; without a day, on that of the event."""

    day: date | None
    clock: time


class Relative(NamedTuple):
    """So many minutes after `anchor`; before it if they are negative.

    `by_days`: they were said in days or weeks, and count by the calendar. `clock`: at this time of
    that day, and not at the time of the anchor.
    """

    minutes: int
    anchor: str
    by_days: bool = False
    clock: time | None = None


class Settled(NamedTuple):
    """The moment of a local time, and what clocks do then."""

    moment: datetime
    met: Literal["gap", "fold"] | None


def read_day(text: str) -> date:
    """`2027-06-18`. Raises TimeProblem."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise TimeProblem("date", f"is a date: {_AS_DAY}")
    year, month, day = (int(part) for part in found.groups())
    if year not in YEARS:
        raise TimeProblem("date", f"is a year from {YEARS[0]} to {YEARS[-1]}")
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= len(_MONTHS) or not 1 <= day <= 31:  # noqa: PLR2004
            raise TimeProblem("date", f"is a date: {_AS_DAY}") from None
        named = f"{day} {_MONTHS[month - 1]}"
        raise TimeProblem("date", f"there is no {named} in {year}") from None


def read_clock(text: str) -> time:
    """`20:30`. Raises TimeProblem."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise TimeProblem("time", f"is a time of day: {_AS_CLOCK}")
    return time(int(found[1]), int(found[2]))


def read_at(text: str) -> At:
    """`20:30` or `2027-06-18T20:30`. Raises TimeProblem."""
    if _CLOCK.fullmatch(text):
        return At(None, read_clock(text))
    return _with_day(text, _AS_AT)


def read_when(text: str) -> At | Relative:
    """`2027-06-18T20:30`, `2h before doors` or `7d before doors at 10:00`. Raises TimeProblem."""
    if found := _RELATIVE.fullmatch(text):
        minutes = int(found[1]) * _MINUTES[found[2]]
        minutes = -minutes if found[3] == "before" else minutes
        clock = read_clock(found[5]) if found[5] else None
        by_days = found[2] in "dw"
        if clock is not None and not by_days:
            raise TimeProblem("time", 'has a time of day only with days or weeks: "7d before"')
        return Relative(minutes, found[4], by_days, clock)
    return _with_day(text, _AS_WHEN)


def _with_day(text: str, how: str) -> At:
    day, _, clock = text.replace(" ", "T", 1).partition("T")
    if not _DAY.fullmatch(day) or not _CLOCK.fullmatch(clock):
        raise TimeProblem("time", f"is a local date and time: {how}")
    return At(read_day(day), read_clock(clock))


def instant(wall: datetime, zone: ZoneInfo, fold: Fold | None = None) -> datetime:
    """The moment, in UTC, of a local time. Raises TimeProblem where clocks are changed.

    A time that clocks skip is none. One that comes twice needs a `fold` that says which is meant.
    """
    first, second = _both(wall, zone)
    if first == second:
        return first
    change = _change(min(first, second), max(first, second), zone)
    before, after = change - timedelta(minutes=1), change
    told = f"{wall:%H:%M} on {wall.day} {_MONTHS[wall.month - 1]} {wall.year}"
    clocks = f"clocks go from {_clock(before, zone, minutes=1)} to {_clock(after, zone)}"
    if first > second:
        raise TimeProblem("time_in_gap", f"{told} does not exist in {zone.key}: {clocks}")
    if fold is None:
        said = f"{told} comes twice in {zone.key}: {clocks}. Say which with schedule.fold"
        raise TimeProblem("time_in_fold", f"{said}: first, or second")
    return first if fold == "first" else second


def settled(wall: datetime, zone: ZoneInfo, fold: Fold = "first") -> Settled:
    """The moment, in UTC, of a local time, whatever clocks do.

    One that they skip counts by the clocks of before, as RFC 5545 (3.3.5) has it: where they go
    from 02:00 to 03:00, 02:30 is 03:30. Of one that comes twice `fold` is meant.
    """
    first, second = _both(wall, zone)
    if first == second:
        return Settled(first, None)
    if first > second:
        return Settled(first, "gap")
    return Settled(first if fold == "first" else second, "fold")


def moment_of(when: Relative, anchor: datetime, zone: ZoneInfo, fold: Fold = "first") -> datetime:
    """The moment, in UTC, that is so long before or after another.

    A day before is the same time of the day before, however long that day was. This is the one rule
    for it, wherever a manifest has such a time.
    """
    if not when.by_days or not (when.minutes or when.clock):
        return anchor + timedelta(minutes=when.minutes)
    wall = local(anchor, zone) + timedelta(minutes=when.minutes)
    if when.clock is not None:
        wall = datetime.combine(wall.date(), when.clock)
    return settled(wall, zone, fold).moment


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks show then."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _both(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The same moment twice; the later one first where clocks skip the time."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The minute in which the offset of the zone changes between the two."""
    low, high = low - timedelta(days=1), high + timedelta(days=1)
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle in (low, high):
            break
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


def _clock(moment: datetime, zone: ZoneInfo, minutes: int = 0) -> str:
    local = moment.astimezone(zone).replace(tzinfo=None) + timedelta(minutes=minutes)
    return f"{local:%H:%M}"
