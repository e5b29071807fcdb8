"""What a schedule remembers: what is set, what is next, what runs, what was done and missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from roadcase.allocation.ordered import Deadlines
from roadcase.decider import Event
from services.planning.domain.firings import Firing, once, recurring, relative
from services.planning.events.schedules import (
    AnchorsDropped,
    AnchorsSet,
    FiringBuffered,
    FiringCancelled,
    FiringFinished,
    FiringMade,
    FiringMissed,
    ScheduleBackfilled,
    SchedulePaused,
    ScheduleResumed,
    ScheduleSet,
    Step,
)

_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Schedule:
    """`next` has one deadline for each recurring step, by its key, and for each other firing."""

    plan: ScheduleSet | None = None
    steps: dict[str, Step] = field(default_factory=dict)
    anchors: dict[str, AnchorsSet] = field(default_factory=dict)
    paused: bool = False
    next: Deadlines = field(default_factory=Deadlines)
    through: dict[str, date] = field(default_factory=dict)  # of a recurring step: told until then
    made: dict[str, str] = field(default_factory=dict)  # firing to step; also those that wait
    missed: dict[str, datetime] = field(default_factory=dict)  # firing to its nominal moment then
    running: dict[str, list[str]] = field(default_factory=dict)  # step to firings
    waiting: dict[str, list[FiringBuffered]] = field(default_factory=dict)
    backfills: dict[str, ScheduleBackfilled] = field(default_factory=dict)


def due(state: Schedule, at: datetime) -> Iterator[Firing]:
    """What is due and not told yet, each step's in order."""
    for id_ in state.next.due(at):
        step = state.steps.get(id_)
        if step is not None and step.recurring is not None:
            for firing in coming(state, step):
                if firing.due > at:
                    break
                yield firing
        else:
            yield planned(state, id_)


def coming(state: Schedule, step: Step) -> Iterator[Firing]:
    """The firings of a recurring step that are not told yet."""
    assert state.plan is not None
    since = state.through[step.key] + _DAY
    return (each for each in recurring(state.plan, step, since) if each.firing not in state.made)


def planned(state: Schedule, firing: str) -> Firing:
    """A firing of a step that does not recur."""
    assert state.plan is not None
    step, _, occurrence = firing.partition(":")
    if occurrence:
        return relative(state.plan, state.steps[step], state.anchors[occurrence])
    return once(state.plan, state.steps[step])


def _was_set(state: Schedule, event: ScheduleSet) -> None:
    """What is due later than `since` follows; of what does not recur also what is past."""
    state.plan = event
    state.steps = {step.key: step for step in event.steps}
    state.next = Deadlines()
    for step in event.steps:
        if step.recurring is not None:
            since = event.since.date() - 2 * _DAY  # wherever its zone is, and with any jitter
            ahead = recurring(event, step, since)
            first = next((each for each in ahead if each.due > event.since), None)
            before = first.on if first is not None and first.on is not None else event.since.date()
            state.through[step.key] = before - _DAY
            _advance(state, step)
        elif step.once is not None:
            _await(state, step.key)
        else:
            for occurrence in state.anchors:
                _await(state, f"{step.key}:{occurrence}")


def _advance(state: Schedule, step: Step) -> None:
    following = next(coming(state, step), None)
    if following is None:
        state.next.drop(step.key)
    else:
        state.next.set(step.key, following.due)


def _await(state: Schedule, firing: str) -> None:
    """It is done once. One that was missed is due again if it is at another time now."""
    found = planned(state, firing)
    if firing in state.made or state.missed.get(firing) == found.nominal:
        state.next.drop(firing)
    else:
        state.next.set(firing, found.due)


def _anchors_set(state: Schedule, event: AnchorsSet) -> None:
    state.anchors[event.occurrence] = event
    for step in state.steps.values():
        if step.relative is not None:
            _await(state, f"{step.key}:{event.occurrence}")


def _anchors_dropped(state: Schedule, event: AnchorsDropped) -> None:
    del state.anchors[event.occurrence]
    for step in state.steps:
        state.next.drop(f"{step}:{event.occurrence}")


def _paused(state: Schedule, _event: SchedulePaused) -> None:
    state.paused = True


def _resumed(state: Schedule, _event: ScheduleResumed) -> None:
    state.paused = False


def _backfilled(state: Schedule, event: ScheduleBackfilled) -> None:
    state.backfills[event.backfill] = event


def _told(state: Schedule, event: FiringMade | FiringBuffered | FiringMissed) -> None:
    step = state.steps.get(event.step)
    if event.on is None or step is None or step.recurring is None:
        state.next.drop(event.firing)
        return
    if event.backfill is None:
        state.through[event.step] = max(event.on, state.through.get(event.step, event.on))
    _advance(state, step)


def _made(state: Schedule, event: FiringMade) -> None:
    waiting = state.waiting.get(event.step, [])
    state.waiting[event.step] = [each for each in waiting if each.firing != event.firing]
    state.running.setdefault(event.step, []).append(event.firing)
    state.made[event.firing] = event.step
    state.missed.pop(event.firing, None)
    _told(state, event)


def _buffered(state: Schedule, event: FiringBuffered) -> None:
    state.waiting.setdefault(event.step, []).append(event)
    state.made[event.firing] = event.step
    state.missed.pop(event.firing, None)
    _told(state, event)


def _missed(state: Schedule, event: FiringMissed) -> None:
    waiting = state.waiting.get(event.step, [])
    state.waiting[event.step] = [each for each in waiting if each.firing != event.firing]
    state.made.pop(event.firing, None)
    if event.why != "dropped":
        state.missed[event.firing] = event.nominal
    _told(state, event)


def _over(state: Schedule, event: FiringCancelled | FiringFinished) -> None:
    state.running[state.made[event.firing]].remove(event.firing)


EVOLVE: Final[Mapping[type[Event], Callable[[Schedule, Any], None]]] = {
    ScheduleSet: _was_set,
    AnchorsSet: _anchors_set,
    AnchorsDropped: _anchors_dropped,
    SchedulePaused: _paused,
    ScheduleResumed: _resumed,
    ScheduleBackfilled: _backfilled,
    FiringMade: _made,
    FiringBuffered: _buffered,
    FiringMissed: _missed,
    FiringCancelled: _over,
    FiringFinished: _over,
}


def evolve(state: Schedule, event: Event) -> None:
    EVOLVE[type(event)](state, event)
