"""The crew of each event: its positions, who has them, and when they worked."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.planning.events import (
    ClockCorrected,
    ClockedIn,
    ClockedOut,
    CrewPlanned,
    InvitationDeclined,
    PersonInvited,
    PositionAccepted,
    PositionAdded,
    PositionChanged,
    PositionRemoved,
    PositionSwapped,
    PositionVacated,
    SwapOffered,
    SwapWithdrawn,
)
from services.planning.projections.rows import there


class CrewEvents:
    """One row for each event that needs a crew. `on`: it takes place then."""

    name: ClassVar[str] = "crew_events"
    key: ClassVar[tuple[str, ...]] = ("occurrence",)
    schema: ClassVar[str] = """
        CREATE TABLE crew_events (
            tenant text, occurrence text, title text NOT NULL, zone text NOT NULL,
            begins timestamptz NOT NULL, ends timestamptz NOT NULL, place text,
            takes_place boolean NOT NULL, PRIMARY KEY (tenant, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {CrewPlanned: [(attrgetter("occurrence"), _planned)]}


class CrewPositions:
    """One row for each position. `invited`, `declined`: people. `person`: who has it.

    `offered`: they would give it to somebody else.
    """

    name: ClassVar[str] = "crew_positions"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "position")
    schema: ClassVar[str] = """
        CREATE TABLE crew_positions (
            tenant text, occurrence text, position text, role text NOT NULL, title text NOT NULL,
            shifts jsonb NOT NULL, certificates jsonb NOT NULL, invited jsonb NOT NULL,
            declined jsonb NOT NULL, person text, offered boolean NOT NULL,
            PRIMARY KEY (tenant, occurrence, position))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            PositionAdded: _added,
            PositionChanged: _changed,
            PositionRemoved: lambda _row, _event, _stamp: None,
            PersonInvited: _invited,
            InvitationDeclined: _declined,
            PositionAccepted: _taken,
            PositionSwapped: _swapped,
            PositionVacated: _vacated,
            SwapOffered: _offered,
            SwapWithdrawn: _withdrawn,
        }
        return {event: [(_position, fold)] for event, fold in folds.items()}


class CrewClock:
    """One row for each entry of the clock. `corrected_by`, `reason`: of the last correction."""

    name: ClassVar[str] = "crew_clock"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "entry")
    schema: ClassVar[str] = """
        CREATE TABLE crew_clock (
            tenant text, occurrence text, entry text, number bigint NOT NULL,
            position text NOT NULL, person text NOT NULL, begins timestamptz NOT NULL,
            ends timestamptz, corrected_by text, reason text,
            PRIMARY KEY (tenant, occurrence, entry))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            ClockedIn: _in,
            ClockedOut: lambda row, event, _stamp: {**there(row), "ends": event.at},
            ClockCorrected: _corrected,
        }
        return {event: [(_entry, fold)] for event, fold in folds.items()}


def _position(event: Any) -> tuple[str, str]:
    return event.occurrence, event.position


def _entry(event: Any) -> tuple[str, str]:
    return event.occurrence, str(event.entry)


def _planned(_row: Row | None, event: CrewPlanned, _stamp: Stamp) -> Row:
    found = msgspec.structs.asdict(event)
    takes_place = found.pop("on")
    return {**found, "takes_place": takes_place}


def _added(_row: Row | None, event: PositionAdded, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "position": event.position,
        "role": event.role,
        **_needed(event),
        "invited": [],
        "declined": [],
        "person": None,
        "offered": False,
    }


def _needed(event: PositionAdded | PositionChanged) -> dict[str, Any]:
    return {
        "title": event.title,
        "shifts": msgspec.to_builtins(event.shifts),
        "certificates": list(event.certificates),
    }


def _changed(row: Row | None, event: PositionChanged, _stamp: Stamp) -> Row:
    return {**there(row), **_needed(event)}


def _invited(row: Row | None, event: PersonInvited, _stamp: Stamp) -> Row:
    new = there(row)
    declined = [each for each in new["declined"] if each != event.person]
    return {**new, "invited": [*new["invited"], event.person], "declined": declined}


def _declined(row: Row | None, event: InvitationDeclined, _stamp: Stamp) -> Row:
    new = _without(there(row), event.person)
    return {**new, "declined": [*new["declined"], event.person]}


def _without(row: dict[str, Any], person: str) -> dict[str, Any]:
    return {**row, "invited": [each for each in row["invited"] if each != person]}


def _taken(row: Row | None, event: PositionAccepted, _stamp: Stamp) -> Row:
    return {**there(row), "person": event.person}


def _swapped(row: Row | None, event: PositionSwapped, _stamp: Stamp) -> Row:
    return {**_without(there(row), event.before), "person": event.person, "offered": False}


def _vacated(row: Row | None, event: PositionVacated, _stamp: Stamp) -> Row:
    return {**_without(there(row), event.person), "person": None, "offered": False}


def _offered(row: Row | None, _event: SwapOffered, _stamp: Stamp) -> Row:
    return {**there(row), "offered": True}


def _withdrawn(row: Row | None, _event: SwapWithdrawn, _stamp: Stamp) -> Row:
    return {**there(row), "offered": False}


def _in(_row: Row | None, event: ClockedIn, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "entry": str(event.entry),
        "number": event.entry,
        "position": event.position,
        "person": event.person,
        "begins": event.at,
        "ends": None,
        "corrected_by": None,
        "reason": None,
    }


def _corrected(row: Row | None, event: ClockCorrected, _stamp: Stamp) -> Row:
    said = {"begins": event.begins, "ends": event.ends}
    return {**there(row), **said, "corrected_by": event.by, "reason": event.reason}
