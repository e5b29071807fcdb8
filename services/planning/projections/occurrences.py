"""What is declared of each occurrence, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
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
    SalesPaused,
    SalesReopened,
    StepBlocked,
    StepsScheduled,
)
from services.planning.projections.rows import there

_NEW: Mapping[str, Any] = {
    "state": "draft",
    "steps": {},
    "clearances": {},
    "selling": False,
    "paused": None,
    "postponed": None,
    "interrupted": None,
    "ended": None,
    "blocked": {},
    "sequence": 0,
    "previous_start": None,
    "previous_venue": None,
    "answer_until": None,
}


class Occurrences:
    """One row for each occurrence. Read by plans, the organiser and the public pages.

    `manifest`: what is declared, whole. `steps`: when it goes on by itself. `clearances`: by id,
    with the overrides that were asked for. `paused postponed interrupted ended`: the reason, if it
    is. `blocked`: the steps that did not happen, with the clearances that were missing.
    `sequence`: how often what people know of it has changed. `previous_start`, `previous_venue`: as
    people knew it before. `answer_until`: holders say whether they keep their tickets.
    """

    name: ClassVar[str] = "occurrences"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE occurrences (
            tenant text, occurrence text, title text NOT NULL, state text NOT NULL,
            revision bigint NOT NULL, digest text NOT NULL, series text, manifest jsonb NOT NULL,
            documents jsonb NOT NULL, box_office jsonb, venue text, steps jsonb NOT NULL,
            clearances jsonb NOT NULL, blocked jsonb NOT NULL, selling boolean NOT NULL,
            paused text, postponed text, interrupted text, ended text,
            sequence bigint NOT NULL, previous_start timestamp,
            previous_venue text, answer_until timestamptz, venue_name text,
            changed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, occurrence));
        CREATE INDEX ON occurrences (tenant, series);
        CREATE INDEX ON occurrences (tenant, venue_name)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            ManifestApplied: _applied,
            StepsScheduled: _scheduled,
            OccurrenceAdvanced: _advanced,
            StepBlocked: _blocked,
            SalesPaused: _paused,
            SalesReopened: _reopened,
            OccurrenceRescheduled: _rescheduled,
            OccurrenceMoved: _moved,
            OccurrencePostponed: _postponed,
            OccurrenceInterrupted: _interrupted,
            OccurrenceResumed: _resumed,
            OccurrenceAbandoned: _abandoned,
            OccurrenceCancelled: _cancelled,
            ClearanceSet: _cleared,
            OverrideAsked: _overridden,
            BoxOfficePlanned: _told,
        }
        return {event: [(attrgetter("occurrence"), fold)] for event, fold in folds.items()}


def _changed(row: Row | None, stamp: Stamp, **values: Any) -> Row:
    """Something that people see: calendars are told with a higher sequence."""
    new = there(row)
    return {**new, **values, "sequence": new["sequence"] + 1, "changed_at": stamp.at}


def _applied(row: Row | None, event: ManifestApplied, stamp: Stamp) -> Row:
    before: Row = row or {**_NEW, "occurrence": event.occurrence, "sequence": -1}
    box_office = msgspec.to_builtins(event.box_office) if event.box_office else None
    return _changed(
        before,
        stamp,
        title=event.title,
        revision=event.revision,
        digest=event.digest,
        series=event.series,
        manifest=event.manifest,
        documents=msgspec.to_builtins(event.documents),
        box_office=box_office,
        venue=event.venue,
        venue_name=(event.manifest.get("spec", {}).get("venue") or {}).get("ref"),
    )


def _scheduled(row: Row | None, event: StepsScheduled, _stamp: Stamp) -> Row:
    steps = {step: moment.isoformat() for step, moment in event.steps.items()}
    return {**there(row), "steps": steps, "blocked": {}}


def _advanced(row: Row | None, event: OccurrenceAdvanced, stamp: Stamp) -> Row:
    return _changed(row, stamp, state=event.state)


def _blocked(row: Row | None, event: StepBlocked, _stamp: Stamp) -> Row:
    new = there(row)
    return {**new, "blocked": {**new["blocked"], event.step: list(event.clearances)}}


def _paused(row: Row | None, event: SalesPaused, _stamp: Stamp) -> Row:
    return {**there(row), "paused": event.reason}


def _reopened(row: Row | None, _event: SalesReopened, _stamp: Stamp) -> Row:
    return {**there(row), "paused": None}


def _rescheduled(row: Row | None, event: OccurrenceRescheduled, stamp: Stamp) -> Row:
    asked = {"postponed": None, "previous_start": event.was, "answer_until": event.answer_until}
    return _changed(row, stamp, **asked)


def _moved(row: Row | None, event: OccurrenceMoved, stamp: Stamp) -> Row:
    return _changed(row, stamp, previous_venue=event.was)


def _postponed(row: Row | None, event: OccurrencePostponed, stamp: Stamp) -> Row:
    return _changed(row, stamp, postponed=event.reason)


def _interrupted(row: Row | None, event: OccurrenceInterrupted, _stamp: Stamp) -> Row:
    return {**there(row), "interrupted": event.why}


def _resumed(row: Row | None, _event: OccurrenceResumed, _stamp: Stamp) -> Row:
    return {**there(row), "interrupted": None}


def _abandoned(row: Row | None, event: OccurrenceAbandoned, stamp: Stamp) -> Row:
    return _changed(row, stamp, interrupted=None, ended=event.reason)


def _cancelled(row: Row | None, event: OccurrenceCancelled, stamp: Stamp) -> Row:
    return _changed(row, stamp, state="cancelled", ended=event.reason)


def _cleared(row: Row | None, event: ClearanceSet, _stamp: Stamp) -> Row:
    new = there(row)
    about = msgspec.to_builtins(event)
    del about["occurrence"], about["clearance"]
    one = {"legal": False, "source": "planning", **about, "overrides": []}
    return {**new, "clearances": {**new["clearances"], event.clearance: one}, "blocked": {}}


def _overridden(row: Row | None, event: OverrideAsked, _stamp: Stamp) -> Row:
    new = there(row)
    one = new["clearances"][event.clearance]
    asked = {
        "by": event.by,
        "reason": event.reason,
        "until": event.until.isoformat(),
        "needs": event.needs,
    }
    one = {**one, "overrides": [*one["overrides"], asked]}
    return {**new, "clearances": {**new["clearances"], event.clearance: one}, "blocked": {}}


def _told(row: Row | None, event: BoxOfficePlanned, _stamp: Stamp) -> Row:
    return {**there(row), "selling": event.selling}
