"""How an occurrence goes on: step by step, asked or by its time, and what stops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from roadcase.decider import Event
from services.planning.commands import (
    AbandonOccurrence,
    AdvanceOccurrence,
    CancelOccurrence,
    InterruptOccurrence,
    PauseSales,
    PostponeOccurrence,
    ReopenSales,
    ResumeOccurrence,
    TakeSteps,
)
from services.planning.domain.clearances import missing
from services.planning.domain.refusals import (
    Interrupted,
    NoTime,
    NotInterrupted,
    NotUnderWay,
    StepNotCleared,
    StepTaken,
    UnderWay,
)
from services.planning.domain.state import (
    ORDER,
    RANK,
    UNDER_WAY,
    Occurrence,
    must_not_be_over,
)
from services.planning.events import (
    OccurrenceAbandoned,
    OccurrenceAdvanced,
    OccurrenceCancelled,
    OccurrenceInterrupted,
    OccurrencePostponed,
    OccurrenceResumed,
    SalesPaused,
    SalesReopened,
    State,
    StepBlocked,
)

_IMPLIED = ("planned", "announced")  # whoever sells has announced it


def advance(occurrence: Occurrence, cmd: AdvanceOccurrence, at: datetime) -> Iterator[Event]:
    must_not_be_over(occurrence, cmd.occurrence)
    if cmd.to == occurrence.state:
        return
    if RANK[cmd.to] < RANK[occurrence.state]:
        raise StepTaken(to=cmd.to, state=occurrence.state)
    if occurrence.postponed and RANK[cmd.to] >= RANK["doors"]:
        raise NoTime(occurrence=cmd.occurrence)
    if occurrence.interrupted:
        raise Interrupted(occurrence=cmd.occurrence)
    steps = _steps(occurrence.state, cmd.to)
    found = {step: missing(occurrence, step, at) for step in steps}
    if stops := sorted({name for names in found.values() for name in names}):
        reasons = {name: occurrence.clearances[name].code for name in stops}
        raise StepNotCleared(to=cmd.to, clearances=reasons)
    yield from _taken(occurrence, cmd.occurrence, steps, "asked")


def _steps(state: State, to: State) -> list[State]:
    """The steps to a state: what it implies on the way, and itself."""
    between = ORDER[RANK[state] + 1 : RANK[to]]
    return [*(step for step in between if step in _IMPLIED), to]


def _taken(
    occurrence: Occurrence, name: str, steps: list[State], why: str
) -> Iterator[OccurrenceAdvanced]:
    was = occurrence.state
    for step in steps:
        yield OccurrenceAdvanced(occurrence=name, state=step, was=was, why=why)  # type: ignore[arg-type]
        was = step


def take_steps(occurrence: Occurrence, cmd: TakeSteps, at: datetime) -> Iterator[Event]:
    """The furthest step that is due and cleared; of the others it is told once that they are not.

    After a time without power several may be due: those between happened to nobody.
    """
    if occurrence.applied is None:
        return
    for step in _due(occurrence, at):
        if names := missing(occurrence, step, at):
            yield StepBlocked(occurrence=cmd.occurrence, step=step, clearances=names)
        else:
            steps = _steps(occurrence.state, step)
            yield from _taken(occurrence, cmd.occurrence, steps, "scheduled")
            return


def _due(occurrence: Occurrence, at: datetime) -> list[State]:
    """Scheduled steps whose time has come, the furthest first."""
    if _waits(occurrence):
        return []
    ahead = (step for step in occurrence.steps if RANK[step] > RANK[occurrence.state])
    due = [step for step in ahead if occurrence.steps[step] <= at and _may(occurrence, step)]
    return sorted(due, key=lambda step: -RANK[step])


def _may(occurrence: Occurrence, step: State) -> bool:
    if step in occurrence.blocked:
        return False
    return not (occurrence.postponed and RANK[step] >= RANK["doors"])


def _waits(occurrence: Occurrence) -> bool:
    over = occurrence.applied is None or RANK[occurrence.state] >= RANK["settled"]
    return over or occurrence.interrupted or occurrence.state == "draft"


def deadline(occurrence: Occurrence) -> datetime | None:
    """When the next step is due that nothing is known to keep it from."""
    if _waits(occurrence):
        return None
    ahead = (
        moment
        for step, moment in occurrence.steps.items()
        if RANK[step] > RANK[occurrence.state] and _may(occurrence, step)
    )
    return min(ahead, default=None)


def pause(occurrence: Occurrence, cmd: PauseSales, _at: datetime) -> Iterator[SalesPaused]:
    must_not_be_over(occurrence, cmd.occurrence)
    if not occurrence.paused:
        yield SalesPaused(occurrence=cmd.occurrence, reason=cmd.reason)


def reopen(occurrence: Occurrence, cmd: ReopenSales, _at: datetime) -> Iterator[SalesReopened]:
    must_not_be_over(occurrence, cmd.occurrence)
    if occurrence.paused:
        yield SalesReopened(occurrence=cmd.occurrence)


def postpone(
    occurrence: Occurrence, cmd: PostponeOccurrence, _at: datetime
) -> Iterator[OccurrencePostponed]:
    must_not_be_over(occurrence, cmd.occurrence)
    if RANK[occurrence.state] >= RANK["doors"]:
        raise UnderWay(occurrence=cmd.occurrence)
    if occurrence.postponed is None:
        yield OccurrencePostponed(**dict(cmd), has_box_office=occurrence.declared is not None)


def interrupt(
    occurrence: Occurrence, cmd: InterruptOccurrence, _at: datetime
) -> Iterator[OccurrenceInterrupted]:
    must_not_be_over(occurrence, cmd.occurrence)
    if occurrence.state not in UNDER_WAY:
        raise NotUnderWay(occurrence=cmd.occurrence, state=occurrence.state)
    if not occurrence.interrupted:
        yield OccurrenceInterrupted(**dict(cmd))


def resume(
    occurrence: Occurrence, cmd: ResumeOccurrence, _at: datetime
) -> Iterator[OccurrenceResumed]:
    must_not_be_over(occurrence, cmd.occurrence)
    if occurrence.interrupted:
        yield OccurrenceResumed(occurrence=cmd.occurrence)


def abandon(occurrence: Occurrence, cmd: AbandonOccurrence, _at: datetime) -> Iterator[Event]:
    must_not_be_over(occurrence, cmd.occurrence)
    if occurrence.abandoned:
        return
    if not occurrence.interrupted:
        raise NotInterrupted(occurrence=cmd.occurrence)
    yield OccurrenceAbandoned(**dict(cmd), has_box_office=occurrence.declared is not None)
    yield from _taken(occurrence, cmd.occurrence, ["closed"], "asked")


def cancel(
    occurrence: Occurrence, cmd: CancelOccurrence, _at: datetime
) -> Iterator[OccurrenceCancelled]:
    if occurrence.state == "cancelled":
        return
    must_not_be_over(occurrence, cmd.occurrence)
    if RANK[occurrence.state] >= RANK["doors"]:
        raise UnderWay(occurrence=cmd.occurrence, state=occurrence.state)
    yield OccurrenceCancelled(
        **dict(cmd), was=occurrence.state, has_box_office=occurrence.declared is not None
    )
