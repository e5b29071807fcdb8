"""Edits of a series: of one date, of one and all that follow, of all. From manifests to manifests.

A night keeps its identity, the date that the rule gave, through every edit: tickets, orders and
box offices hang on it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from services.planning.manifest.checking import check
from services.planning.manifest.dates import Dates, explicit
from services.planning.manifest.inheritance import escaped
from services.planning.manifest.kinds import Series
from services.planning.manifest.recurring import parts_of
from services.planning.timing.differences import NightChange, changes
from services.planning.timing.nights import Data, plain, series_of
from services.planning.timing.occurrences import dates_of, turn
from services.planning.timing.refusals import EditRefused, UnknownDate

_DAY: Final = timedelta(days=1)


class Lost(NamedTuple):
    """What was declared for a date that is there no more: its change, or that it is excluded."""

    on: date
    change: Mapping[str, Any] | None


@dataclass(frozen=True)
class Edited:
    """The series as they are then: one, or two where it was split; and what that does to nights."""

    series: tuple[dict[str, Any], ...]
    nights: tuple[NightChange, ...]
    lost: tuple[Lost, ...] = ()


def edit_this(data: Data, on: date, change: Mapping[str, Any]) -> Edited:
    """Only the night of one date: `cancelled`, `to`, `title`, `venue`, `stop`; None takes back.

    It is kept when all are edited later. Raises UnknownDate, EditRefused.
    """
    before = plain(data)
    _must_give(series_of(before), on)
    recurrence = before["spec"]["recurrence"]
    others = [each for each in recurrence.get("changes", ()) if each["on"] != str(on)]
    known = [each for each in recurrence.get("changes", ()) if each["on"] == str(on)]
    changed = patched(known[0] if known else {}, change) | {"on": str(on)}
    listed = [*others, changed] if len(changed) > 1 else others
    whole = _put(before, changes=tuple(sorted(listed, key=lambda each: str(each["on"]))))
    return Edited((_sound(whole),), changes((before,), (whole,), on, on))


def edit_all(data: Data, patch: Mapping[str, Any], since: date, until: date) -> Edited:
    """Every night, by a merge patch (RFC 7396) of `spec`.

    Changes of single dates are kept where the rule still gives the date; the others are `lost`.
    `since` and `until`: between which what becomes of nights is listed. Raises EditRefused.
    """
    before = plain(data)
    whole, lost = _edited(before, patch)
    return Edited((whole,), changes((before,), (whole,), since, until), lost)


def edit_following(
    data: Data, on: date, patch: Mapping[str, Any], name: str, until: date
) -> Edited:
    """One night and all that follow, by a merge patch of `spec`: they become a series `name`.

    The first series ends on the day before; the second one `continues` it, so that nights whose
    date stays keep their identity. Raises UnknownDate, EditRefused.
    """
    before = plain(data)
    series = series_of(before)
    _must_give(series, on)
    head, tail = _split(before, series, on)
    kept = {*series.spec.recurrence.exclude}
    if all(
        day in kept for day in dates_of(series).between(series.spec.recurrence.first, on - _DAY)
    ):
        whole, lost = _edited(tail, patch)
        return Edited((whole,), changes((before,), (whole,), on, until), lost)
    if name == series.metadata.name:
        raise EditRefused("what follows needs a name of its own", name=name)
    root = series.spec.recurrence.continues or series.metadata.name
    named = {**tail, "metadata": {**tail["metadata"], "name": name}}
    whole, lost = _edited(_put(named, continues=root), patch)
    parts = _sound(head), whole
    return Edited(parts, changes((before,), parts, on, until), lost)


def patched(value: Any, patch: Any) -> Any:
    """A merge patch (RFC 7396): sections are merged, None takes away, all else replaces."""
    if not isinstance(patch, Mapping):
        return plain(patch)
    merged = dict(value) if isinstance(value, Mapping) else {}
    for name, each in patch.items():
        if each is None:
            merged.pop(name, None)
        else:
            merged[name] = patched(merged.get(name), each)
    return merged


def _edited(
    data: dict[str, Any], patch: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Lost, ...]]:
    """With the patch, from the first date that the rule then gives, without what is lost."""
    spec = plain(patched(data["spec"], patch))
    whole = {**data, "spec": spec}
    _sound(whole, but=("rrule_first", "rrule_date"))
    recurrence = spec["recurrence"]
    dates = _dates(recurrence)
    if "first" not in patch.get("recurrence", {}):
        recurrence["first"] = next(iter(dates)).isoformat()
    lost = [
        *(Lost(date.fromisoformat(each), None) for each in recurrence.get("exclude", ())),
        *(Lost(date.fromisoformat(each["on"]), each) for each in recurrence.get("changes", ())),
    ]
    lost = sorted((each for each in lost if not dates.gives(each.on)), key=lambda each: each.on)
    gone = {str(each.on) for each in lost}
    left = _put(
        whole,
        exclude=tuple(each for each in recurrence.get("exclude", ()) if each not in gone),
        changes=tuple(each for each in recurrence.get("changes", ()) if each["on"] not in gone),
    )
    return _sound(left), tuple(lost)


def _dates(recurrence: Mapping[str, Any]) -> Dates:
    first = date.fromisoformat(recurrence["first"])
    return Dates(recurrence["rule"], first, last=recurrence.get("missingDay") == "last")


def _split(data: dict[str, Any], series: Series, on: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same series until the day before, and from a date on."""
    recurrence = data["spec"]["recurrence"]
    dates = dates_of(series)
    number = sum(1 for _ in dates.between(dates.first, on - _DAY))
    parts = parts_of(recurrence["rule"])
    later = explicit(parts, dates.first) if dates.instead(on) else parts
    if dates.count is not None:
        later = {**later, "COUNT": str(dates.count - number)}
    earlier = {name: each for name, each in parts.items() if name != "COUNT"}
    earlier["UNTIL"] = f"{on - _DAY:%Y%m%d}"
    ends = str(on)  # dates as text are in the order of dates
    tail = _put(
        data,
        first=ends,
        rule=_written(later),
        exclude=tuple(each for each in recurrence.get("exclude", ()) if each >= ends),
        changes=tuple(each for each in recurrence.get("changes", ()) if each["on"] >= ends),
    )
    stop = turn(series, number)
    if stop is not None:
        circuit = {**data["spec"]["circuit"], "begin": stop.key}
        tail = {**tail, "spec": {**tail["spec"], "circuit": circuit}}
    head = _put(
        data,
        rule=_written(earlier),
        exclude=tuple(each for each in recurrence.get("exclude", ()) if each < ends),
        changes=tuple(each for each in recurrence.get("changes", ()) if each["on"] < ends),
    )
    return head, tail


def _written(parts: Mapping[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _put(data: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """With other fields of the recurrence; a list with nothing in it is left out."""
    recurrence = {**data["spec"]["recurrence"], **fields}
    recurrence = {name: each for name, each in recurrence.items() if each != ()}
    return {**data, "spec": {**data["spec"], "recurrence": recurrence}}


def _must_give(series: Series, on: date) -> None:
    if not dates_of(series).gives(on):
        raise UnknownDate(series=series.metadata.name, on=str(on))


def _sound(data: dict[str, Any], but: Collection[str] = ()) -> dict[str, Any]:
    """The same, if it is right, `but` for some codes. Raises EditRefused with every problem."""
    written = json.dumps({**data, "spec": escaped(data["spec"])}).encode()
    problems = [each for each in check(written).problems if each.code not in but]
    if problems:
        told = [f"{each.path}: {each.message}" for each in problems]
        raise EditRefused("; ".join(told), problems=told)
    return data
