"""Whom each message reached that something fired: how many, and who could not be written to."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events import (
    AudienceReached,
    CrewMembersTold,
    StallholdersTold,
    SupplierTold,
)

_telling = attrgetter("occurrence", "telling")
_notice = attrgetter("occurrence", "notice")


class Tellings:
    """One row for each. `told` people; `unreached`: who said not how to be reached.

    `people`: of suppliers, who they are, since one person may be several.
    """

    name: ClassVar[str] = "tellings"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "telling")
    schema: ClassVar[str] = """
        CREATE TABLE tellings (
            tenant text, occurrence text, telling text, firing text NOT NULL,
            audience text NOT NULL, told bigint NOT NULL, unreached jsonb NOT NULL,
            people jsonb NOT NULL, PRIMARY KEY (tenant, occurrence, telling));
        CREATE INDEX ON tellings (tenant, firing)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            CrewMembersTold: [(_telling, _crew)],
            StallholdersTold: [(_telling, _suppliers)],
            SupplierTold: [(_telling, _supplier)],
            AudienceReached: [(_notice, _reached)],
        }


def _of(event: CrewMembersTold | StallholdersTold | SupplierTold, audience: str) -> Row:
    """Nobody yet. What is told is called by its firing and a number."""
    return _row(event.occurrence, event.telling, event.telling.rpartition(":")[0], audience)


def _row(occurrence: str, telling: str, firing: str, audience: str) -> Row:
    none: dict[str, Any] = {"told": 0, "unreached": [], "people": []}
    about = {"occurrence": occurrence, "telling": telling, "firing": firing}
    return {**about, "audience": audience, **none}


def _crew(_before: Row | None, event: CrewMembersTold, _stamp: Stamp) -> Row:
    unreached = [each.person for each in event.members if each.contact is None]
    told = len(event.members) - len(unreached)
    return {**_of(event, "crew"), "told": told, "unreached": unreached}


def _suppliers(row: Row | None, event: StallholdersTold, _stamp: Stamp) -> Row:
    return row or _of(event, "suppliers")


def _supplier(row: Row | None, event: SupplierTold, _stamp: Stamp) -> Row:
    row = row or _of(event, "suppliers")
    if event.contact is None:
        return {**row, "unreached": [*row["unreached"], event.supplier]}
    people = [*dict.fromkeys([*row["people"], event.person])]
    return {**row, "people": people, "told": len(people)}


def _reached(row: Row | None, event: AudienceReached, _stamp: Stamp) -> Row:
    row = row or _row(event.occurrence, event.notice, event.firing, event.audience)
    return {**row, "told": row["told"] + event.told}
