"""The nights of a series: from its rule, its changes and its circuit to what takes place when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from services.planning.manifest.circuit import Stop, StopTimes
from services.planning.manifest.dates import LAST, Dates
from services.planning.manifest.kinds import Series
from services.planning.manifest.night import Place, Times
from services.planning.manifest.nightly import walls_of
from services.planning.manifest.problems import Path
from services.planning.manifest.recurring import MOST
from services.planning.manifest.series import Move, MoveTimes
from services.planning.manifest.times import At, settled
from services.planning.timing.hours import Hours, Note, ats, resolved, running_time

_RECURRENCE: Final = ("spec", "recurrence")


@dataclass(frozen=True)
class Occurrence:
    """A night of a series. `on` is the date that its rule gives, and its identity for ever.

    `number` counts the dates of the rule from 0, whether or not anything takes place on them.
    """

    id: str
    on: date
    number: int
    title: str
    hours: Hours
    venue: Place | None = None
    stop: str | None = None
    change: int | None = None  # which of `recurrence.changes` it has
    cancelled: bool = False
    notes: tuple[Note, ...] = ()


class Skipped(NamedTuple):
    """A date of the rule on which nothing takes place, and why."""

    on: date
    why: Literal["excluded", "gap"]


class Found(NamedTuple):
    """Nights in the order of their dates, and the dates without. `rest`: more follow from there."""

    occurrences: tuple[Occurrence, ...]
    skipped: tuple[Skipped, ...]
    rest: date | None


def occurrences(series: Series, since: date, until: date = LAST) -> Found:
    """The nights whose date is in a window, both ends within it; at most 500 dates of it."""
    found: list[Occurrence] = []
    skipped: list[Skipped] = []
    for on, night in _nights(series, since, until):
        if len(found) + len(skipped) == MOST:
            return Found(tuple(found), tuple(skipped), on)
        if isinstance(night, Occurrence):
            found.append(night)
        else:
            skipped.append(night)
    return Found(tuple(found), tuple(skipped), None)


def occurrence(series: Series, on: date) -> Occurrence | Skipped | None:
    """The night of one date; None on a date that the rule does not give."""
    return next((night for _, night in _nights(series, on, on)), None)


def identity(series: Series, on: date) -> str:
    """What a night is called, however its series is changed or split."""
    root = series.spec.recurrence.continues or series.metadata.name
    return f"{root}-{on}"


def dates_of(series: Series) -> Dates:
    recurrence = series.spec.recurrence
    return Dates(recurrence.rule, recurrence.first, last=recurrence.missing_day == "last")


def turn(series: Series, number: int) -> Stop | None:
    """The stop whose turn it is on a date of the rule.

    Dates that are excluded, skipped or cancelled take their turn, too: what becomes of one date
    moves no other night to another venue.
    """
    circuit = series.spec.circuit
    if circuit is None:
        return None
    keys = [stop.key for stop in circuit.stops]
    begin = keys.index(circuit.begin) if circuit.begin is not None else 0
    return circuit.stops[(begin + number) % len(keys)]


def _nights(
    series: Series, since: date, until: date
) -> Iterator[tuple[date, Occurrence | Skipped]]:
    recurrence = series.spec.recurrence
    dates = dates_of(series)
    excluded = {*recurrence.exclude}
    changes = {move.on: (number, move) for number, move in enumerate(recurrence.changes)}
    for number, on in enumerate(dates.between(recurrence.first, until)):
        if on < since:
            continue
        if on in excluded:
            yield on, Skipped(on, "excluded")
        else:
            place, move = changes.get(on, (None, Move.model_construct(on=on)))
            yield on, _night(series, number, move, place, instead=dates.instead(on))


def _night(
    series: Series, number: int, move: Move, change: int | None, *, instead: bool
) -> Occurrence | Skipped:
    spec = series.spec
    stop = turn(series, number)
    if move.stop is not None and spec.circuit is not None:
        stop = next(each for each in spec.circuit.stops if each.key == move.stop)
    times = over(times_at(spec.schedule, stop), move.schedule)
    walls = walls_on(ats(times), move)
    met = settled(walls["start"], ZoneInfo(times.zone)).met
    if met == "gap" and move.to is None and spec.recurrence.gap == "skip":
        return Skipped(move.on, "gap")
    hours = resolved(walls, times, running_time(spec.programme))
    title = (stop.title if stop else None) or spec.title
    return Occurrence(
        id=identity(series, move.on),
        on=move.on,
        number=number,
        title=move.title or title,
        hours=hours,
        venue=_venue(move, stop, spec.venue),
        stop=stop.key if stop else None,
        change=change,
        cancelled=move.cancelled,
        notes=(*_changed(move, change, hours), *_instead(instead, move.on), *hours.notes),
    )


def times_at(schedule: Times, stop: Stop | None) -> Times:
    """The times of the series with those that a stop has of its own."""
    return over(schedule, stop.schedule if stop else None)


def over(schedule: Times, other: StopTimes | MoveTimes | None) -> Times:
    """With those that others name instead."""
    own = {name: getattr(other, name) for name in other.model_fields_set} if other else {}
    return schedule.model_copy(update=own)


def walls_on(hours: Mapping[str, At], move: Move) -> dict[str, datetime]:
    """The local times of a date. A start that is moved takes the others with it, but the curfew."""
    walls = walls_of(hours, move.on)
    if move.to is None:
        return walls
    day, begins = move.to.day or move.on, At(None, move.to.clock)
    later = datetime.combine(day, begins.clock) - walls["start"]
    curfew = walls_of({**hours, "start": begins}, day).get("curfew")
    moved = {name: wall + later for name, wall in walls.items()}
    return moved if curfew is None else {**moved, "curfew": curfew}


def _venue(move: Move, stop: Stop | None, venue: Place | None) -> Place | None:
    if move.venue is not None:
        return Place(ref=move.venue)
    return stop.venue if stop else venue


def _changed(move: Move, change: int | None, hours: Hours) -> Iterator[Note]:
    at: Path = (*_RECURRENCE, "changes", change or 0)
    if move.cancelled:
        yield Note("cancelled", (*at, "cancelled"), "it is cancelled")
    if move.to is not None:
        what = f"it starts on {hours.walls['start']:%Y-%m-%dT%H:%M} instead"
        yield Note("moved", (*at, "to"), what)
    if move.title is not None:
        yield Note("title", (*at, "title"), f'it is called "{move.title}"')
    if move.venue is not None:
        yield Note("venue", (*at, "venue"), f"it is at {move.venue}")
    if move.schedule is not None:
        yield Note("times", (*at, "schedule"), "it has hours of its own")
    if move.stop is not None:
        yield Note("stop", (*at, "stop"), f"it is at the stop {move.stop}")


def _instead(instead: bool, on: date) -> Iterator[Note]:  # noqa: FBT001 - a fact about `on`
    if instead:
        what = f"its month does not have the day that is meant: it is on the last one, {on.day}"
        yield Note("last_day", (*_RECURRENCE, "missingDay"), what)
