"""Jobs have one time each, which can be, and do what can be done without a fact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.planning.manifest.dates import Dates, named
from services.planning.manifest.problems import Path
from services.planning.manifest.rules.triggers import doable, each_of, is_filled
from services.planning.manifest.schedules import read_span
from services.planning.manifest.times import Relative, TimeProblem, read_day, read_when
from services.planning.manifest.view import Fault, View

NOTICES: Final = "notifications"  # the schedule of notices, which has no other name
_HERE: Final = ("spec", "schedules")
_FIELDS: Final = {
    "holders": ("night", "when", "order", "tickets"),
    "waiting": ("night", "when"),
}
_DAY: Final = 24 * 3600
_LIMITS: Final = {"catchUp": (60, 365 * _DAY, "1m to 365d"), "jitter": (0, 6 * 3600, "at most 6h")}


def schedules(view: View) -> Iterator[Fault]:
    for path in view.entries(*_HERE):
        if view.text(*path, "key") == NOTICES:
            what = f"{NOTICES} are a schedule of their own: choose another key"
            yield Fault((*path, "key"), "duplicate_key", what)
        yield from _limits(view, path)
        for job in each_of(view, (*path, "jobs")):
            yield from _job(view, job)
    for path in view.entries("spec", NOTICES):
        yield from _notice(view, path)


def _limits(view: View, path: Path) -> Iterator[Fault]:
    for name, (least, most, told) in _LIMITS.items():
        text = view.text(*path, name)
        if text is not None and not least <= read_span(text) <= most:
            yield Fault((*path, name), "out_of_range", f"is {told}")


def _job(view: View, path: Path) -> Iterator[Fault]:
    if sum(view.raw(*path, name) is not None for name in ("at", "every")) != 1:
        yield Fault(path, "unclear", "is done at a time or again and again: write at or every")
    at = view.text(*path, "at") if view.text("kind") == "Series" else None
    if at is not None and not isinstance(read_when(at), Relative):
        what = 'is of every night: say it relative to doors, start or end, "2h before doors"'
        yield Fault((*path, "at"), "time", what)
    yield from _first(view, (*path, "every"))
    for done in each_of(view, (*path, "do")):
        for fault in doable(view, path, done):
            signup = fault.path[-1] == "confirmSignup"
            what = "confirms the order of a fact, which a schedule has not: write a trigger"
            yield fault._replace(message=what) if signup else fault


def _first(view: View, path: Path) -> Iterator[Fault]:
    rule, first = view.text(*path, "rule"), view.text(*path, "first")
    if rule is None or first is None:
        return
    try:
        day = read_day(first)
    except TimeProblem:
        return
    given = next(iter(Dates(rule, day, last=view.text(*path, "missingDay") == "last")), None)
    if given is None:
        yield Fault((*path, "rule"), "rrule_never", f"never matches from {day} on")
    elif given != day:
        what = f"is {named(day)}, which the rule does not give; the next it gives is"
        yield Fault((*path, "first"), "rrule_first", f"{what} {named(given)}")


def _notice(view: View, path: Path) -> Iterator[Fault]:
    """Holders are told with the fields of their order, who waits with those of the night."""
    to = view.text(*path, "to")
    if to == "members":
        what = "nobody can be written to: the addresses of members are kept nowhere; choose another"
        yield Fault((*path, "to"), "nobody", what)
    known = _FIELDS.get(to or "")
    if known is None:
        return
    for name in ("subject", "text"):
        text = view.text(*path, name)
        if text is not None and not is_filled(text, known):
            listed = ", ".join(f"{{{each}}}" for each in known)
            yield Fault((*path, name), "malformed", f"braces are for {listed} only")
