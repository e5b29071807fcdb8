"""Declaring an occurrence: a plan is applied as it was seen, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from roadcase.decider import Event
from services.planning.commands import ApplyManifest
from services.planning.domain.refusals import AnswerTimes, OccurrenceEnded, PlanStale
from services.planning.domain.state import OVER, Occurrence, starts
from services.planning.domain.triggers import planned_triggers
from services.planning.events import (
    ManifestApplied,
    OccurrenceAdvanced,
    OccurrenceMoved,
    OccurrenceRescheduled,
    PlannedBoxOffice,
    StepsScheduled,
)


def apply(occurrence: Occurrence, cmd: ApplyManifest, at: datetime) -> Iterator[Event]:
    before = occurrence.applied
    if before is not None and _same(before, cmd) and not _returns(occurrence, cmd):
        if occurrence.state == "draft" and not cmd.draft:
            yield _planned(cmd)
        return  # applied twice, it happened once
    if occurrence.state in OVER:
        raise OccurrenceEnded(occurrence=cmd.occurrence, state=occurrence.state)
    revision = before.revision if before else 0
    if cmd.base_revision != revision:
        raise PlanStale(occurrence=cmd.occurrence, made_for=cmd.base_revision, now=revision)
    yield ManifestApplied(
        occurrence=cmd.occurrence,
        revision=revision + 1,
        digest=cmd.digest,
        plan=cmd.plan,
        title=cmd.title,
        manifest=cmd.manifest,
        documents=cmd.documents,
        series=cmd.series,
        approved=cmd.approved,
        box_office=cmd.box_office,
        venue=cmd.venue,
        schedules=cmd.schedules,
        anchors=cmd.anchors,
        source=cmd.source,
        declares=cmd.declares,
        work=cmd.work,
        draft=cmd.draft and occurrence.state == "draft",
    )
    if cmd.steps != occurrence.steps:
        yield StepsScheduled(occurrence=cmd.occurrence, steps=cmd.steps)
    yield from planned_triggers(occurrence, cmd, at)
    if occurrence.state == "draft" and not cmd.draft:
        yield _planned(cmd)
    if occurrence.told or occurrence.postponed is not None:
        yield from _rescheduled(occurrence, cmd, at)
    if occurrence.told:
        yield from _moved(occurrence, cmd)


def _same(before: ManifestApplied, cmd: ApplyManifest) -> bool:
    """Whether it declares the same, made with the same documents in the same way."""
    made = before.digest, before.documents, before.declares
    return made == (cmd.digest, cmd.documents, cmd.declares)


def _returns(occurrence: Occurrence, cmd: ApplyManifest) -> bool:
    """Whether what was postponed takes place as it was declared before. Asked twice, it does."""
    assert occurrence.applied is not None
    asked = cmd.takes_place is not None and cmd.base_revision == occurrence.applied.revision
    return asked and occurrence.postponed is not None


def _planned(cmd: ApplyManifest) -> OccurrenceAdvanced:
    return OccurrenceAdvanced(occurrence=cmd.occurrence, state="planned", was="draft")


def _rescheduled(
    occurrence: Occurrence, cmd: ApplyManifest, at: datetime
) -> Iterator[OccurrenceRescheduled]:
    """Another time than people knew, or the new time of what was postponed."""
    assert occurrence.applied is not None
    before, now = occurrence.applied.box_office, cmd.box_office
    moved = before is not None and now is not None and _times(before) != _times(now)
    times = (cmd.takes_place if occurrence.postponed is not None else None) or (moved and now)
    if times:
        begins = starts(times)
        until = cmd.answer_until or begins
        if not at < until <= begins:
            raise AnswerTimes(answer_until=until)
        yield OccurrenceRescheduled(
            occurrence=cmd.occurrence,
            reschedule=f"revision-{occurrence.applied.revision + 1}",
            was=None if occurrence.postponed or before is None else before.starts_at,
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            zone=times.zone,
            answer_until=until,
            default=cmd.default,
            returns=_same(occurrence.applied, cmd),
        )


def _moved(occurrence: Occurrence, cmd: ApplyManifest) -> Iterator[OccurrenceMoved]:
    """Another venue than people knew."""
    assert occurrence.applied is not None
    if cmd.venue != occurrence.applied.venue:
        yield OccurrenceMoved(
            occurrence=cmd.occurrence,
            move=f"moved-{occurrence.applied.revision + 1}",
            was=occurrence.applied.venue,
            venue=cmd.venue,
            has_box_office=occurrence.declared is not None,
        )


def _times(planned: PlannedBoxOffice) -> tuple[object, ...]:
    """When people come. That it ends at another time is no other night."""
    return planned.starts_at, planned.zone
