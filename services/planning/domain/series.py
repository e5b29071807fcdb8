"""A series: declared as one, its nights made one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Decider, Event
from services.planning.commands import ApplySeries, RecordNights
from services.planning.domain import timed
from services.planning.domain.refusals import NoSeries, PlanStale
from services.planning.events import NightsMade, SeriesApplied
from services.planning.events.schedules import SeriesSchedulesPlanned


@dataclass(slots=True)
class SeriesState:
    applied: SeriesApplied | None = None
    made: NightsMade | None = None
    timed: SeriesSchedulesPlanned | None = None


def apply(series: SeriesState, cmd: ApplySeries, _at: datetime) -> Iterator[Event]:
    before = series.applied
    if before is not None and _same(before, cmd):
        return  # applied twice, it happened once
    revision = before.revision if before else 0
    if cmd.base_revision != revision:
        raise PlanStale(series=cmd.series, made_for=cmd.base_revision, now=revision)
    about = {name: value for name, value in cmd if name not in ("base_revision", "schedules")}
    yield SeriesApplied(**about, revision=revision + 1)
    yield from timed.of_series(cmd.series, cmd.schedules, series.timed)


def _same(before: SeriesApplied, cmd: ApplySeries) -> bool:
    """Whether it declares the same, made in the same way, of the same nights."""
    made = before.digest, before.documents, before.declares, before.kept
    return made == (cmd.digest, cmd.documents, cmd.declares, cmd.kept)


def record(series: SeriesState, cmd: RecordNights, _at: datetime) -> Iterator[NightsMade]:
    if series.applied is None:
        raise NoSeries(series=cmd.series)
    event = NightsMade(**dict(cmd))
    if cmd.revision == series.applied.revision and event != series.made:
        yield event


def _applied(series: SeriesState, event: SeriesApplied) -> None:
    series.applied = event


def _timed(series: SeriesState, event: SeriesSchedulesPlanned) -> None:
    series.timed = event


def _made(series: SeriesState, event: NightsMade) -> None:
    series.made = event


_EVOLVE: Final[Mapping[type[Event], Callable[[SeriesState, Any], None]]] = {
    SeriesApplied: _applied,
    NightsMade: _made,
    SeriesSchedulesPlanned: _timed,
}


def _evolve(series: SeriesState, event: Event) -> None:
    _EVOLVE[type(event)](series, event)


SERIES: Final = Decider(
    category="series",
    key="series",
    initial=SeriesState,
    evolve=_evolve,
    events=tuple(_EVOLVE),
    commands={ApplySeries: apply, RecordNights: record},
)
