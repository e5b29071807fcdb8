"""What is different on one date makes an event that is right: it is held to every other rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, Final

from services.planning.manifest.dates import Dates
from services.planning.manifest.problems import dotted
from services.planning.manifest.rules.circuit import STOPS, Merged, Rule, merged
from services.planning.manifest.series import Move
from services.planning.manifest.shape import names_in
from services.planning.manifest.view import Fault, View

CHANGES: Final = ("spec", "recurrence", "changes")
_NO_SECTIONS: Final = ("on", "cancelled", "to", "venue", "stop", "schedule")
# Sections of a change that take the place of those of the series.
IN_CHANGES: Final = tuple(name for name in names_in(Move) if name not in _NO_SECTIONS)


def at_changes(rules: Sequence[Rule], view: View, known: Collection[Fault]) -> Iterator[Fault]:
    """What is wrong on one date, and not `known` of the series and its stops."""
    if not view.whole(*CHANGES) or not isinstance(view.raw("spec", "schedule"), dict):
        return
    for at in view.entries(*CHANGES):
        change = view.raw(*at)
        if not {"schedule", *IN_CHANGES} & change.keys():
            continue
        stop = _stop(view, change)
        own = merged(stop.spec, change, at, IN_CHANGES)
        there = Merged(own.spec, {**stop.origins, **own.origins})
        event = view.over({**view.data, "spec": own.spec}, there.origin)
        for fault in (fault for rule in rules for fault in rule(event)):
            path = there.origin(fault.path)
            if path != fault.path and fault._replace(path=path) not in known:
                yield fault._replace(path=path)
            elif path == fault.path and fault not in known:
                what = f"on {change['on']}: {dotted(path)}: {fault.message}"
                yield Fault(at, fault.code, what)


def _stop(view: View, change: dict[str, Any]) -> Merged:
    """The series at the stop of a date; without a circuit, as it is."""
    spec, stops = view.raw("spec"), view.raw(*STOPS)
    if not stops or not view.whole(*STOPS) or not view.whole("spec", "recurrence"):
        return merged(spec, {}, ())
    keys = [stop["key"] for stop in stops]
    key = change.get("stop")
    place = keys.index(key) if key in keys else _turn(view, keys, date.fromisoformat(change["on"]))
    return merged(spec, stops[place], (*STOPS, place))


def _turn(view: View, keys: list[str], on: date) -> int:
    recurrence = view.raw("spec", "recurrence")
    first = date.fromisoformat(recurrence["first"])
    dates = Dates(recurrence["rule"], first, last=recurrence.get("missingDay") == "last")
    begin = view.raw("spec", "circuit", "begin")
    number = sum(1 for _ in dates.between(first, on)) - 1
    return ((keys.index(begin) if begin in keys else 0) + number) % len(keys)
