"""An occurrence: how it remembers, what it decides, and what ticketing is told because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from roadcase.decider import Decider, Event
from services.planning.commands import (
    AbandonOccurrence,
    AdvanceOccurrence,
    ApplyManifest,
    CancelOccurrence,
    HearFiring,
    InterruptOccurrence,
    KeepClearance,
    NoteCue,
    NoteReached,
    OverrideClearance,
    PauseSales,
    PostponeOccurrence,
    ReopenSales,
    ResumeOccurrence,
    SetClearance,
    TakeSteps,
)
from services.planning.commands.jobs import DoJob
from services.planning.domain import applying, clearances, jobs, lifecycle, reached, timed, triggers
from services.planning.domain.state import RANK, Occurrence
from services.planning.domain.work import work_planned
from services.planning.events import (
    BoxOfficePlanned,
    ClearanceSet,
    ManifestApplied,
    OccurrenceAbandoned,
    OccurrenceAdvanced,
    OccurrenceCancelled,
    OccurrenceInterrupted,
    OccurrenceMoved,
    OccurrencePostponed,
    OccurrenceRescheduled,
    OccurrenceResumed,
    OverrideAsked,
    Reschedule,
    SalesPaused,
    SalesReopened,
    StepBlocked,
    StepsScheduled,
    WorkPlanned,
)
from services.planning.events.schedules import SchedulesPlanned


def follow(occurrence: Occurrence, _at: datetime) -> Iterator[Event]:
    """Others are told whenever what they should do is not what they were told last."""
    planned = _planned(occurrence)
    if planned is not None and planned != occurrence.declared:
        yield planned
    work = work_planned(occurrence)
    if work is not None and work != occurrence.work:
        yield work
    yield from timed.of_occurrence(occurrence)


def _planned(occurrence: Occurrence) -> BoxOfficePlanned | None:
    applied, told = occurrence.applied, occurrence.declared
    if applied is None or occurrence.state == "draft":
        return None
    box_office = applied.box_office
    if box_office is None:
        if told is None:
            return None
        box_office = msgspec.structs.replace(told.box_office, ticket_types=(), allotments=())
    return BoxOfficePlanned(
        occurrence=applied.occurrence,
        box_office=box_office,
        selling=occurrence.selling and applied.box_office is not None,
        reschedule=_reschedule(occurrence.rescheduled),
    )


def _reschedule(event: OccurrenceRescheduled | None) -> Reschedule | None:
    if event is None:
        return None
    return Reschedule(
        id=event.reschedule,
        answer_until=event.answer_until,
        default=event.default,
        returns=event.returns,
    )


def _applied(occurrence: Occurrence, event: ManifestApplied) -> None:
    occurrence.applied = event


def _scheduled(occurrence: Occurrence, event: StepsScheduled) -> None:
    occurrence.steps = {**event.steps}
    occurrence.blocked.clear()


def _advanced(occurrence: Occurrence, event: OccurrenceAdvanced) -> None:
    occurrence.state = event.state
    if RANK[event.state] >= RANK["closed"]:
        occurrence.interrupted = False


def _blocked(occurrence: Occurrence, event: StepBlocked) -> None:
    occurrence.blocked.add(event.step)


def _paused(occurrence: Occurrence, _event: SalesPaused) -> None:
    occurrence.paused = True


def _reopened(occurrence: Occurrence, _event: SalesReopened) -> None:
    occurrence.paused = False


def _rescheduled(occurrence: Occurrence, event: OccurrenceRescheduled) -> None:
    occurrence.rescheduled = event
    occurrence.postponed = None


def _postponed(occurrence: Occurrence, event: OccurrencePostponed) -> None:
    occurrence.postponed = event.postponement


def _interrupted(occurrence: Occurrence, event: OccurrenceInterrupted) -> None:
    occurrence.interrupted = True
    occurrence.interruptions.append(event.why)


def _resumed(occurrence: Occurrence, _event: OccurrenceResumed) -> None:
    occurrence.interrupted = False


def _abandoned(occurrence: Occurrence, _event: OccurrenceAbandoned) -> None:
    occurrence.abandoned = True


def _cancelled(occurrence: Occurrence, _event: OccurrenceCancelled) -> None:
    occurrence.state = "cancelled"


def _timed(occurrence: Occurrence, event: SchedulesPlanned) -> None:
    occurrence.timed = event


def _told(occurrence: Occurrence, event: BoxOfficePlanned) -> None:
    occurrence.declared = event


def _work_told(occurrence: Occurrence, event: WorkPlanned) -> None:
    occurrence.work = event


_EVOLVE: Final[Mapping[type[Event], Callable[[Occurrence, Any], None]]] = {
    ManifestApplied: _applied,
    StepsScheduled: _scheduled,
    OccurrenceAdvanced: _advanced,
    StepBlocked: _blocked,
    SalesPaused: _paused,
    SalesReopened: _reopened,
    OccurrenceRescheduled: _rescheduled,
    OccurrenceMoved: lambda _occurrence, _event: None,
    OccurrencePostponed: _postponed,
    OccurrenceInterrupted: _interrupted,
    OccurrenceResumed: _resumed,
    OccurrenceAbandoned: _abandoned,
    OccurrenceCancelled: _cancelled,
    ClearanceSet: clearances.was_set,
    OverrideAsked: clearances.was_asked,
    BoxOfficePlanned: _told,
    SchedulesPlanned: _timed,
    **triggers.EVOLVE,
    **reached.EVOLVE,
    WorkPlanned: _work_told,
}


def _evolve(occurrence: Occurrence, event: Event) -> None:
    _EVOLVE[type(event)](occurrence, event)


def _take_due(occurrence: Occurrence, cmd: TakeSteps, at: datetime) -> Iterator[Event]:
    """Whatever its timer is for: steps first, then triggers whose time has come."""
    step = occurrence.state
    for event in lifecycle.take_steps(occurrence, cmd, at):
        step = event.state if isinstance(event, OccurrenceAdvanced) else step
        yield event
    yield from triggers.fire_due(occurrence, cmd.occurrence, at, step)


def _deadline(occurrence: Occurrence) -> datetime | None:
    moments = lifecycle.deadline(occurrence), triggers.deadline(occurrence)
    return min((each for each in moments if each is not None), default=None)


OCCURRENCE: Final = Decider(
    category="occurrence",
    key="occurrence",
    initial=Occurrence,
    evolve=_evolve,
    events=tuple(_EVOLVE),
    commands={
        ApplyManifest: applying.apply,
        AdvanceOccurrence: lifecycle.advance,
        PauseSales: lifecycle.pause,
        ReopenSales: lifecycle.reopen,
        PostponeOccurrence: lifecycle.postpone,
        InterruptOccurrence: lifecycle.interrupt,
        ResumeOccurrence: lifecycle.resume,
        AbandonOccurrence: lifecycle.abandon,
        CancelOccurrence: lifecycle.cancel,
        SetClearance: clearances.set_clearance,
        KeepClearance: clearances.keep,
        OverrideClearance: clearances.override,
        TakeSteps: _take_due,
        HearFiring: triggers.hear,
        NoteCue: triggers.note_cue,
        NoteReached: reached.note_reached,
        DoJob: jobs.do_job,
    },
    deadline=_deadline,
    on_due=lambda occurrence: TakeSteps(occurrence=occurrence),
    follow=follow,
    notice=triggers.notice,
)
