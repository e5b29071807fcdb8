"""A schedule: what is done when, what is late, what overlaps, and what is missed, never silently.

Whatever is asked, what is due by then comes first: it is decided as it was set when it was due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from roadcase.decider import Decider, Event
from services.planning.commands.schedules import (
    BackfillSchedule,
    DropAnchors,
    FinishFiring,
    FireDue,
    PauseSchedule,
    ResumeSchedule,
    SetAnchors,
    SetSchedule,
)
from services.planning.domain.firings import Firing, once, recurring, relative
from services.planning.domain.schedule_refusals import (
    BackfillExists,
    BackfillNotPast,
    ScheduleIsPaused,
    TooManyOccurrences,
    TooMuchToBackfill,
    UnknownFiring,
    WrongAnchors,
)
from services.planning.domain.schedule_state import EVOLVE, Schedule, evolve
from services.planning.domain.schedule_turn import AT_ONCE, Turn
from services.planning.events.schedules import (
    AnchorsDropped,
    AnchorsSet,
    FiringFinished,
    Recurring,
    ScheduleBackfilled,
    SchedulePaused,
    ScheduleResumed,
    ScheduleSet,
    Step,
)

OCCURRENCES: Final = 1000


def set_schedule(state: Schedule, cmd: SetSchedule, at: datetime) -> Iterator[Event]:
    fields = cmd.model_dump(exclude={"steps"})
    steps = tuple(_step(each.model_dump()) for each in cmd.steps)
    if state.plan is None:
        yield ScheduleSet(**fields, steps=steps, since=at)
        return
    turn = Turn(state, at)
    turn.settle()
    event = ScheduleSet(**fields, steps=steps, since=state.plan.since)
    if event != state.plan:
        left = {step.key for step in steps}
        for waits in [each for some in turn.waiting.values() for each in some]:
            if waits.step not in left:
                turn.drop(waits)
        turn.events.append(ScheduleSet(**fields, steps=steps, since=at))
    yield from turn.events


def set_anchors(state: Schedule, cmd: SetAnchors, at: datetime) -> Iterator[Event]:
    turn = Turn(state, at)
    turn.settle()
    if not cmd.doors <= cmd.start < cmd.end:
        raise WrongAnchors(occurrence=cmd.occurrence)
    if len(state.anchors.keys() | {cmd.occurrence}) > OCCURRENCES:
        raise TooManyOccurrences(schedule=cmd.schedule)
    zone = cmd.zone or turn.plan.zone
    event = AnchorsSet(**{**dict(cmd), "zone": zone})
    yield from turn.events
    if event != state.anchors.get(cmd.occurrence):
        yield event


def drop_anchors(state: Schedule, cmd: DropAnchors, at: datetime) -> Iterator[Event]:
    turn = Turn(state, at)
    turn.settle()
    if cmd.occurrence in state.anchors:
        for waits in [each for some in turn.waiting.values() for each in some]:
            if waits.occurrence == cmd.occurrence:
                turn.drop(waits)
        turn.events.append(AnchorsDropped(**dict(cmd)))
    yield from turn.events


def pause(state: Schedule, cmd: PauseSchedule, at: datetime) -> Iterator[Event]:
    turn = Turn(state, at)
    turn.settle()
    yield from turn.events
    if not state.paused:
        yield SchedulePaused(**dict(cmd))


def resume(state: Schedule, cmd: ResumeSchedule, at: datetime) -> Iterator[Event]:
    turn = Turn(state, at)
    turn.settle()
    if state.paused:
        turn.events.append(ScheduleResumed(**dict(cmd)))
        turn.paused = False
        for step in turn.waiting:
            turn.start_next(step)
    yield from turn.events


def finish(state: Schedule, cmd: FinishFiring, at: datetime) -> Iterator[Event]:
    turn = Turn(state, at)
    turn.settle()
    step = state.made.get(cmd.firing)
    if step is None:
        raise UnknownFiring(firing=cmd.firing)
    if cmd.firing in turn.running.get(step, []):
        turn.events.append(FiringFinished(**dict(cmd)))
        turn.running[step].remove(cmd.firing)
        if cmd.outcome == "failed" and turn.plan.pause_on_failure and not turn.paused:
            reason = f"{cmd.firing} failed"
            turn.events.append(SchedulePaused(schedule=cmd.schedule, reason=reason))
            turn.paused = True
        turn.start_next(step)
    yield from turn.events


def backfill(state: Schedule, cmd: BackfillSchedule, at: datetime) -> Iterator[Event]:
    turn = Turn(state, at)
    turn.settle()
    known = state.backfills.get(cmd.backfill)
    if known is not None and (known.since, known.until) != (cmd.since, cmd.until):
        raise BackfillExists(backfill=cmd.backfill)
    if known is None:
        if turn.paused:
            raise ScheduleIsPaused(schedule=cmd.schedule)
        if not cmd.since <= cmd.until <= at:
            raise BackfillNotPast(until=cmd.until)
        _do_after_all(turn, cmd)
    yield from turn.events


def _do_after_all(turn: Turn, cmd: BackfillSchedule) -> None:
    """Those that may not overlap wait for each other, however many they are."""
    some = (each for each in _between(turn, cmd) if not turn.knows(each.firing))
    firings = list(islice(some, AT_ONCE + 1))
    if len(firings) > AT_ONCE:
        raise TooMuchToBackfill(most=AT_ONCE)
    turn.events.append(ScheduleBackfilled(**dict(cmd), firings=len(firings)))
    for firing in sorted(firings, key=lambda each: (each.nominal, each.firing)):
        busy = turn.running.get(firing.step) or turn.waiting.get(firing.step)
        if turn.plan.overlap == "allow" or not busy:
            turn.make(firing, cmd.backfill)
        else:
            turn.wait(firing, cmd.backfill)


def _between(turn: Turn, cmd: BackfillSchedule) -> Iterator[Firing]:
    """Whatever is declared to be between two moments, but for what is excluded."""
    for step in turn.plan.steps:
        found = _all_of(turn, step, cmd)
        yield from (
            each for each in found if each.never is None and cmd.since <= each.nominal <= cmd.until
        )


def _all_of(turn: Turn, step: Step, cmd: BackfillSchedule) -> Iterator[Firing]:
    if step.recurring is not None:
        for firing in recurring(turn.plan, step, cmd.since.date() - timedelta(days=2)):
            if firing.nominal > cmd.until:
                return
            yield firing
    elif step.once is not None:
        yield once(turn.plan, step)
    else:
        for anchors in turn.state.anchors.values():
            yield relative(turn.plan, step, anchors)


def fire_due(state: Schedule, _cmd: FireDue, at: datetime) -> Iterator[Event]:
    turn = Turn(state, at)
    turn.settle(AT_ONCE)
    yield from turn.events


def _step(fields: dict[str, Any]) -> Step:
    rule = fields.pop("recurring")
    return Step(**fields, recurring=Recurring(**rule) if rule else None)


def deadline(state: Schedule) -> datetime | None:
    return state.next.earliest


SCHEDULE: Final = Decider(
    category="schedule",
    key="schedule",
    initial=Schedule,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        SetSchedule: set_schedule,
        SetAnchors: set_anchors,
        DropAnchors: drop_anchors,
        PauseSchedule: pause,
        ResumeSchedule: resume,
        BackfillSchedule: backfill,
        FinishFiring: finish,
        FireDue: fire_due,
    },
    deadline=deadline,
    on_due=lambda schedule: FireDue(schedule=schedule),
)
