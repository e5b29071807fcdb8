"""A series begins on a date that its rule gives, and names no other dates than those."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from services.planning.manifest.dates import LAST, Dates, named
from services.planning.manifest.fields import LONGEST_NAME
from services.planning.manifest.problems import Path
from services.planning.manifest.recurring import MOST
from services.planning.manifest.shape import EACH
from services.planning.manifest.times import TimeProblem, read_day
from services.planning.manifest.view import Fault, View

_HERE: Final = ("spec", "recurrence")
_RULE: Final = (*_HERE, "rule")
_EXCLUDED: Final = (*_HERE, "exclude")
# A night is named by its series and its date, and is a name of a manifest itself.
LONGEST: Final = LONGEST_NAME - len("-2027-06-18")


def recurrence(view: View) -> Iterator[Fault]:
    if not isinstance(view.raw(*_HERE), dict):
        return
    yield from _names(view)
    rule, first = view.text(*_RULE), _day(view, (*_HERE, "first"))
    if rule is None or first is None or not view.whole(*_HERE, "missingDay"):
        return
    dates = Dates(rule, first, last=view.text(*_HERE, "missingDay") == "last")
    given = next(iter(dates), None)
    if dates.until < first:
        yield Fault(_RULE, "rrule_until", f"ends on {dates.until}, before the first date, {first}")
    elif given is None:
        yield Fault(_RULE, "rrule_never", f"never matches from {first} on")
    elif given != first:
        what = f"is {named(first)}, which the rule does not give; the next it gives is"
        yield Fault((*_HERE, "first"), "rrule_first", f"{what} {named(given)}")
    else:
        yield from _too_many(dates)
        yield from _others(view, dates)


def _too_many(dates: Dates) -> Iterator[Fault]:
    if dates.until < LAST and len(list(islice(dates, MOST + 1))) > MOST:
        what = f"gives more than {MOST} dates until {dates.until}: a series has at most so many"
        yield Fault(_RULE, "rrule", what)


def _others(view: View, dates: Dates) -> Iterator[Fault]:
    """What exclude and changes name is a date of the rule, and something is left."""
    excluded = dict(_days(view, (*_EXCLUDED, EACH)))
    all_named = excluded | dict(_days(view, (*_HERE, "changes", EACH, "on")))
    if not all_named:
        return
    gone = {*excluded.values()}
    given = {*dates.between(min(all_named.values()), max(all_named.values()))}
    for path, day in all_named.items():
        if day not in given:
            near = _near(dates, day)
            yield Fault(path, "rrule_date", f"is {named(day)}, which the rule does not give{near}")
        elif day in gone and path not in excluded:
            yield Fault(path, "rrule_date", f"{day} is excluded: nothing of it can change")
    left = next((day for day in dates if day not in gone), None)
    if left is None:
        yield Fault(_EXCLUDED, "series_empty", "excludes every date that the rule gives")


def _near(dates: Dates, day: date) -> str:
    found = next(dates.between(day), None)
    return f"; the next it gives is {named(found)}" if found else ""


def _names(view: View) -> Iterator[Fault]:
    for path in (("metadata", "name"), (*_HERE, "continues")):
        name = view.text(*path)
        if name is not None and len(name) > LONGEST:
            what = f"has at most {LONGEST} characters in a series, not {len(name)}"
            yield Fault(path, "too_long", f"{what}: its nights are called {name[:8]}…-2027-06-18")


def _days(view: View, pattern: Path) -> Iterator[tuple[Path, date]]:
    for path in view.matching(pattern):
        day = _day(view, path)
        if day is not None:
            yield path, day


def _day(view: View, path: Path) -> date | None:
    text = view.text(*path)
    try:
        return read_day(text) if text is not None else None
    except TimeProblem:
        return None
