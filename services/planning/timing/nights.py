"""A night of a series as a manifest of its own, and where in the series each part of it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.planning.manifest.kinds import Event, Series
from services.planning.manifest.nightly import SCHEDULE
from services.planning.manifest.problems import Path
from services.planning.manifest.rules.changes import CHANGES as _CHANGES
from services.planning.manifest.rules.changes import IN_CHANGES
from services.planning.manifest.rules.circuit import STOPS, Merged, merged
from services.planning.timing.occurrences import Occurrence

Data = Mapping[str, Any]  # a manifest as it is written, in plain values

_RULE: Final = ("spec", "recurrence", "rule")


@dataclass(frozen=True)
class Night:
    """`data`: the manifest of the event. It checks as if somebody had written it."""

    data: dict[str, Any]
    merged: Merged

    @property
    def event(self) -> Event:
        return Event.model_validate(self.data)

    def origin(self, path: Path) -> Path:
        """Where in the series something of the event is declared."""
        return self.merged.origin(path)


def series_of(data: Data) -> Series:
    """The model of a series that was checked, also from JSON. Raises pydantic's ValidationError."""
    return Series.model_validate(plain(data))


def plain(value: Any) -> Any:
    """A copy with the lists of JSON as the tuples that manifests are made of."""
    match value:
        case Mapping():
            return {name: plain(each) for name, each in value.items()}
        case list() | tuple():
            return tuple(plain(each) for each in value)
        case _:
            return value


def night_of(data: Data, night: Occurrence) -> Night:
    """What is declared for one night: the series, its stop, and its change, in this order."""
    whole = plain(data)
    there = _at_stop(whole["spec"], night)
    spec, origins = there.spec, {("spec", "schedule", "date"): _RULE, **there.origins}
    if night.change is not None:
        change, at = whole["spec"]["recurrence"]["changes"][night.change], (*_CHANGES, night.change)
        own = merged(spec, change, at, IN_CHANGES)
        spec, origins = own.spec, {**origins, **own.origins}
        _change(spec, origins, change, at)
    spec["schedule"] = _schedule(spec["schedule"], night)
    _schedules(spec, origins)
    metadata = {**whole["metadata"], "name": night.id}
    event = {**whole, "kind": "Event", "metadata": metadata, "spec": spec}
    return Night(event, Merged(spec, origins))


def _at_stop(spec: dict[str, Any], night: Occurrence) -> Merged:
    if night.stop is None:
        return merged(spec, {}, ())
    stops = spec["circuit"]["stops"]
    place = [stop["key"] for stop in stops].index(night.stop)
    return merged(spec, stops[place], (*STOPS, place))


def _change(
    spec: dict[str, Any], origins: dict[Path, Path], change: dict[str, Any], at: Path
) -> None:
    if "venue" in change:
        spec["venue"] = {"ref": change["venue"]}
        origins["spec", "venue"] = origins["spec", "venue", "ref"] = (*at, "venue")
    if "to" in change:
        moved = {name for name in spec["schedule"] if name not in ("zone", "fold", "curfew")}
        origins |= {(*SCHEDULE, name): (*at, "to") for name in (*moved, "date")}


def _schedules(spec: dict[str, Any], origins: dict[Path, Path]) -> None:
    """What is done again and again is of the series; what is relative is of each night."""
    kept: list[dict[str, Any]] = []
    for number, each in enumerate(spec.pop("schedules", ())):
        jobs = [(place, job) for place, job in enumerate(each["jobs"]) if "at" in job]
        here = ("spec", "schedules", len(kept))
        for place, (was, _) in enumerate(jobs):
            origins[(*here, "jobs", place)] = ("spec", "schedules", number, "jobs", was)
        if jobs:
            kept.append({**each, "jobs": tuple(job for _, job in jobs)})
    if kept:
        spec["schedules"] = tuple(kept)


def _schedule(declared: dict[str, Any], night: Occurrence) -> dict[str, Any]:
    """The times as clocks show them that night, after gaps and folds."""
    hours = night.hours
    day = hours.walls["start"].date()
    names = [name for name in hours.walls if name in declared]
    walls = {name: _written(hours.walls[name], day) for name in names}
    fold = {"fold": "first"} if any(note.what == "fold" for note in hours.notes) else {}
    return {**fold, **declared, "date": day.isoformat(), **walls}


def _written(wall: datetime, day: date) -> str:
    return f"{wall:%H:%M}" if wall.date() == day else f"{wall:%Y-%m-%dT%H:%M}"
