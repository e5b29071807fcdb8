"""The dates that a rule gives: RFC 5545 for whole days, without times and zones.

A rule that never matches ends with the last year there is, in a tenth of a second; the rules of
python-dateutil go on to the year 9999, which takes seconds. Tests compare the two.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from services.planning.manifest.recurring import parts_of
from services.planning.manifest.times import YEARS

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    *("Saturday", "Sunday"),
)
LAST: Final = date(YEARS[-1], 12, 31)
_JANUARY: Final = 1
_MONTHS: Final = 12


class _Days(NamedTuple):
    """Which days a rule means. An empty set: all of them."""

    months: frozenset[int]
    of_month: frozenset[int]
    of_week: frozenset[int]
    numbered: frozenset[tuple[int, int]]  # which one of a weekday, in the month or the year
    in_year: bool
    last: bool  # instead of a day that its month does not have, the last one

    def has(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        return (not self.of_month or self._by_month(day)) and self._by_week(day)

    def instead(self, day: date) -> bool:
        """Whether it is the last of a month that does not have the day that is meant."""
        length = monthrange(day.year, day.month)[1]
        return self.last and day.day == length and max(self.of_month, default=0) > length

    def _by_month(self, day: date) -> bool:
        if day.day in self.of_month or self.instead(day):
            return True
        return day.day - monthrange(day.year, day.month)[1] - 1 in self.of_month

    def _by_week(self, day: date) -> bool:
        weekday = day.weekday()
        if weekday in self.of_week or not (self.of_week or self.numbered):
            return True
        if not self.numbered:
            return False
        if self.in_year:
            place, length = day.timetuple().tm_yday, 365 + isleap(day.year)
        else:
            place, length = day.day, monthrange(day.year, day.month)[1]
        numbers = (place - 1) // 7 + 1, -((length - place) // 7 + 1)
        return any((number, weekday) in self.numbered for number in numbers)


class Dates:
    """The dates that a rule gives from `first` on. `first` is one only if the rule gives it.

    `last`: in a month without the day that is meant it is on the last one (RFC 7529: BACKWARD).
    """

    def __init__(self, rule: str, first: date, *, last: bool = False) -> None:
        parts = explicit(parts_of(rule), first)
        self.first = first
        self.until = _date(parts["UNTIL"]) if "UNTIL" in parts else LAST
        self.count = int(parts["COUNT"]) if "COUNT" in parts else None
        self._frequency = parts["FREQ"]
        self._interval = int(parts.get("INTERVAL", "1"))
        self._week = DAYS.index(parts.get("WKST", "MO"))
        self._places = _numbers(parts.get("BYSETPOS"))
        self._days = _days(parts, last=last)

    def __iter__(self) -> Iterator[date]:
        return self.between(self.first)

    def between(self, since: date, until: date = LAST) -> Iterator[date]:
        """Those of some days. Only a rule with COUNT has to be followed from its beginning."""
        given = 0
        last = min(until, self.until)
        skipped = 0 if self.count is not None else self._periods_before(since)
        for begins in self._periods(skipped):
            if begins > last:
                return
            for each in self._picked(begins):
                if each > last or given == self.count:
                    return
                given += 1
                if each >= since:
                    yield each

    def gives(self, day: date) -> bool:
        return next(self.between(day, day), None) is not None

    def instead(self, day: date) -> bool:
        """Whether it is the last day of a month that does not have the one that is meant."""
        return self._days.instead(day) and day.day not in self._days.of_month

    def _picked(self, begins: date) -> list[date]:
        """The days of a period that are meant."""
        days = (self._end(begins) - begins).days + 1
        found = [day for n in range(days) if self._days.has(day := begins + timedelta(days=n))]
        if self._places:
            places = {place - 1 if place > 0 else len(found) + place for place in self._places}
            found = [day for place, day in enumerate(found) if place in places]
        return [day for day in found if day >= self.first]

    def _periods(self, skipped: int) -> Iterator[date]:
        """The first day of each period that the interval does not leave out."""
        number = skipped * self._interval
        while (begins := self._begin(number)) is not None:
            yield begins
            number += self._interval

    def _begin(self, number: int) -> date | None:
        """The first day of a period, counted from that of `first`; None after the last year."""
        match self._frequency:
            case "DAILY":
                days = (self.first - date.min).days + number
            case "WEEKLY":
                into = (self.first.weekday() - self._week) % 7
                days = (self.first - date.min).days - into + 7 * number
            case "MONTHLY":
                years, month = divmod(self.first.month - 1 + number, _MONTHS)
                return _begin_of(self.first.year + years, month + 1)
            case _:
                return _begin_of(self.first.year + number, _JANUARY)
        return date.min + timedelta(days=days) if days <= (LAST - date.min).days else None

    def _end(self, begins: date) -> date:
        match self._frequency:
            case "DAILY":
                return begins
            case "WEEKLY":
                return begins + timedelta(days=6)
            case "MONTHLY":
                return begins.replace(day=monthrange(begins.year, begins.month)[1])
            case _:
                return begins.replace(month=12, day=31)

    def _periods_before(self, day: date) -> int:
        """How many periods of the interval are over before a day, for certain."""
        days = max(0, (day - self.first).days)
        length = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}[self._frequency]
        return max(0, days // (length * self._interval) - 1)


def named(day: date) -> str:
    """`Friday 2027-06-18`."""
    return f"{_WEEKDAYS[day.weekday()]} {day}"


def explicit(parts: dict[str, str], first: date) -> dict[str, str]:
    """The parts with what a rule takes from its first date."""
    if "BYDAY" in parts or "BYMONTHDAY" in parts or parts["FREQ"] == "DAILY":
        return parts
    if parts["FREQ"] == "WEEKLY":
        return {**parts, "BYDAY": DAYS[first.weekday()]}
    taken = {"BYMONTHDAY": str(first.day)}
    if parts["FREQ"] == "YEARLY":
        taken = {"BYMONTH": str(first.month), **taken}
    return parts | {name: value for name, value in taken.items() if name not in parts}


def _days(parts: dict[str, str], *, last: bool) -> _Days:
    named = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    numbered = [(int(each[:-2]), DAYS.index(each[-2:])) for each in named if each[:-2]]
    return _Days(
        months=_numbers(parts.get("BYMONTH")),
        of_month=_numbers(parts.get("BYMONTHDAY")),
        of_week=frozenset(DAYS.index(each) for each in named if each in DAYS),
        numbered=frozenset(numbered),
        in_year=parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts,
        last=last,
    )


def _numbers(listed: str | None) -> frozenset[int]:
    return frozenset(int(each) for each in listed.split(",")) if listed else frozenset()


def _date(written: str) -> date:
    return date(int(written[:4]), int(written[4:6]), int(written[6:]))


def _begin_of(year: int, month: int) -> date | None:
    return date(year, month, 1) if year <= LAST.year else None
