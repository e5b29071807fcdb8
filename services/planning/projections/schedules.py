"""What is done when, and what became of each time that it was due."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events.schedules import (
    FiringBuffered,
    FiringCancelled,
    FiringFinished,
    FiringMade,
    FiringMissed,
    SchedulePaused,
    ScheduleResumed,
    ScheduleSet,
)
from services.planning.projections.rows import there

_schedule = attrgetter("schedule")
_firing = attrgetter("schedule", "firing")


class Schedules:
    """One row for each. `paused`: why, if it is. `missed`, `failed`: how often, ever."""

    name: ClassVar[str] = "schedules"
    key: ClassVar[tuple[str, ...]] = ("schedule",)
    schema: ClassVar[str] = """
        CREATE TABLE schedules (
            tenant text, schedule text, owner text NOT NULL, zone text NOT NULL,
            steps jsonb NOT NULL, overlap text NOT NULL, catch_up bigint NOT NULL,
            jitter bigint NOT NULL, exclude jsonb NOT NULL, paused text, made bigint NOT NULL,
            missed bigint NOT NULL, failed bigint NOT NULL, changed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, schedule))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            ScheduleSet: [(_schedule, _set)],
            SchedulePaused: [(_schedule, _paused)],
            ScheduleResumed: [(_schedule, _resumed)],
            FiringMade: [(_schedule, _made)],
            FiringMissed: [(_schedule, _missed)],
            FiringFinished: [(_schedule, _finished)],
        }


def _set(row: Row | None, event: ScheduleSet, stamp: Stamp) -> Row:
    before: Row = row or {"paused": None, "made": 0, "missed": 0, "failed": 0}
    names = ("schedule", "owner", "zone", "overlap", "catch_up", "jitter")
    return {
        **before,
        **{name: getattr(event, name) for name in names},
        "steps": msgspec.to_builtins(event.steps),
        "exclude": [str(day) for day in event.exclude],
        "changed_at": stamp.at,
    }


def _paused(row: Row | None, event: SchedulePaused, _stamp: Stamp) -> Row:
    return {**there(row), "paused": event.reason}


def _resumed(row: Row | None, _event: ScheduleResumed, _stamp: Stamp) -> Row:
    return {**there(row), "paused": None}


def _made(row: Row | None, _event: FiringMade, _stamp: Stamp) -> Row:
    return _counted(row, "made")


def _missed(row: Row | None, _event: FiringMissed, _stamp: Stamp) -> Row:
    return _counted(row, "missed")


def _finished(row: Row | None, event: FiringFinished, _stamp: Stamp) -> Row:
    return _counted(row, "failed") if event.outcome == "failed" else there(row)


def _counted(row: Row | None, name: str) -> Row:
    new = there(row)
    return {**new, name: new[name] + 1}


class ScheduleFirings:
    """One row for each. `state`: running, waiting, missed, cancelled, done or failed; `why`."""

    name: ClassVar[str] = "schedule_firings"
    key: ClassVar[tuple[str, ...]] = ("schedule", "firing")
    schema: ClassVar[str] = """
        CREATE TABLE schedule_firings (
            tenant text, schedule text, firing text, step text NOT NULL, action text NOT NULL,
            does jsonb NOT NULL, occurrence text, nominal timestamptz NOT NULL,
            due timestamptz NOT NULL, state text NOT NULL, why text NOT NULL,
            changed_at timestamptz NOT NULL, PRIMARY KEY (tenant, schedule, firing));
        CREATE INDEX ON schedule_firings (due) WHERE state = 'running'
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            FiringMade: [(_firing, _runs)],
            FiringBuffered: [(_firing, _waits)],
            FiringMissed: [(_firing, _was_missed)],
            FiringCancelled: [(_firing, _was_cancelled)],
            FiringFinished: [(_firing, _is_over)],
        }


_Told = FiringMade | FiringBuffered | FiringMissed


def _row(event: _Told, stamp: Stamp, state: str, why: str = "") -> Row:
    names = ("schedule", "firing", "step", "action", "occurrence", "nominal", "due")
    about: dict[str, Any] = {name: getattr(event, name) for name in names}
    does = msgspec.to_builtins(event.does)
    return {**about, "does": does, "state": state, "why": why, "changed_at": stamp.at}


def _runs(_before: Row | None, event: FiringMade, stamp: Stamp) -> Row:
    return _row(event, stamp, "running")


def _waits(_before: Row | None, event: FiringBuffered, stamp: Stamp) -> Row:
    return _row(event, stamp, "waiting")


def _was_missed(_before: Row | None, event: FiringMissed, stamp: Stamp) -> Row:
    return _row(event, stamp, "missed", event.why)


def _was_cancelled(row: Row | None, event: FiringCancelled, stamp: Stamp) -> Row:
    why = f"{event.by} took its place"
    return {**there(row), "state": "cancelled", "why": why, "changed_at": stamp.at}


def _is_over(row: Row | None, event: FiringFinished, stamp: Stamp) -> Row:
    over = {"state": event.outcome, "why": event.why or "", "changed_at": stamp.at}
    return {**there(row), **over}
