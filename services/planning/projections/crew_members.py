"""Who works: their certificates, and where they are when. Contacts stay sealed."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

import msgspec

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.planning.events import (
    CertificateRecorded,
    CertificateWithdrawn,
    MemberEngaged,
    MemberMoved,
    MemberRegistered,
    MemberReleased,
)
from services.planning.projections.rows import there


class CrewMembers:
    """One row for each person. `certificates`: their last days by name; `engagements`: by id."""

    name: ClassVar[str] = "crew_members"
    key: ClassVar[tuple[str, ...]] = ("person",)
    schema: ClassVar[str] = """
        CREATE TABLE crew_members (
            tenant text, person text, subject text NOT NULL, contact bytea NOT NULL,
            travel_minutes bigint NOT NULL, shares_contact boolean NOT NULL,
            certificates jsonb NOT NULL, engagements jsonb NOT NULL, PRIMARY KEY (tenant, person))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            MemberRegistered: _registered,
            CertificateRecorded: _recorded,
            CertificateWithdrawn: _withdrawn,
            MemberEngaged: _engaged,
            MemberMoved: _moved,
            MemberReleased: _released,
        }
        return {event: [(attrgetter("person"), fold)] for event, fold in folds.items()}


def _registered(row: Row | None, event: MemberRegistered, _stamp: Stamp) -> Row:
    before: Row = row or {"certificates": {}, "engagements": {}}
    return {**before, **msgspec.structs.asdict(event)}


def _recorded(row: Row | None, event: CertificateRecorded, _stamp: Stamp) -> Row:
    new = there(row)
    until = event.valid_until.isoformat() if event.valid_until else None
    return {**new, "certificates": {**new["certificates"], event.certificate: until}}


def _withdrawn(row: Row | None, event: CertificateWithdrawn, _stamp: Stamp) -> Row:
    return _less(there(row), "certificates", event.certificate)


def _engaged(row: Row | None, event: MemberEngaged, _stamp: Stamp) -> Row:
    new = there(row)
    about = msgspec.to_builtins(msgspec.structs.asdict(event))
    del about["person"], about["engagement"]
    return {**new, "engagements": {**new["engagements"], event.engagement: about}}


def _moved(row: Row | None, event: MemberMoved, _stamp: Stamp) -> Row:
    new = there(row)
    shifts = msgspec.to_builtins(event.shifts)
    about = {**new["engagements"][event.engagement], "shifts": shifts}
    return {**new, "engagements": {**new["engagements"], event.engagement: about}}


def _released(row: Row | None, event: MemberReleased, _stamp: Stamp) -> Row:
    return _less(there(row), "engagements", event.engagement)


def _less(row: dict[str, Any], column: str, name: str) -> dict[str, Any]:
    left = {each: value for each, value in row[column].items() if each != name}
    return {**row, column: left}
