"""Series for tests, as data that checks clean."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from services.planning.manifest import check
from services.planning.manifest.kinds import Series
from services.planning.timing.nights import plain, series_of
from services.planning.timing.occurrences import Occurrence, occurrences

HOURS = {"zone": "Europe/Berlin", "doors": "20:00", "start": "20:30", "end": "23:00"}


def series(
    rule: str, first: str, hours: dict[str, Any] | None = None, /, **spec: Any
) -> dict[str, Any]:
    """`recurrence` of the spec is put over the rule and the first date."""
    recurrence = {"first": first, "rule": rule, **spec.pop("recurrence", {})}
    data = {
        "apiVersion": "roadcase/v1",
        "kind": "Series",
        "metadata": {"name": "films"},
        "spec": {"title": "Films", "schedule": hours or HOURS, "recurrence": recurrence, **spec},
    }
    return sound(data)


def sound(data: dict[str, Any]) -> dict[str, Any]:
    problems = check(json.dumps(data).encode()).problems
    assert problems == [], [each.shown("") for each in problems]
    whole: dict[str, Any] = plain(data)
    return whole


def model(*args: Any, **spec: Any) -> Series:
    return series_of(series(*args, **spec))


def nights(of: Series, since: str = "1970-01-01", until: str = "2199-12-31") -> list[Occurrence]:
    window = date.fromisoformat(since), date.fromisoformat(until)
    return list(occurrences(of, *window).occurrences)
