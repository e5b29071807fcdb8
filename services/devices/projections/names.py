"""How occurrences and their ticket types are called, and were before: what tickets said of them."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import ClassVar, Final

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.devices.events import OccurrenceNamed, TicketTypeNamed

_KEPT: Final = 20  # names that something had, one after the other
_occurrence = attrgetter("spool", "occurrence")


class Names:
    """One row for each occurrence. `names`, each with `starts_at`; `types` by id; the latest last.

    Earlier ones stay: a ticket says what its night was called when the ticket was printed.
    """

    name: ClassVar[str] = "names"
    key: ClassVar[tuple[str, ...]] = ("spool", "occurrence")
    schema: ClassVar[str] = """
        CREATE TABLE names (
            tenant text, spool text, occurrence text, names jsonb NOT NULL, types jsonb NOT NULL,
            PRIMARY KEY (tenant, spool, occurrence))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            OccurrenceNamed: [(_occurrence, _named)],
            TicketTypeNamed: [(_occurrence, _type_named)],
        }


def _before(row: Row | None, event: OccurrenceNamed | TicketTypeNamed) -> Row:
    return row or {"spool": event.spool, "occurrence": event.occurrence, "names": [], "types": {}}


def _named(row: Row | None, event: OccurrenceNamed, _stamp: Stamp) -> Row:
    before = _before(row, event)
    starts = event.starts_at.isoformat() if event.starts_at else None
    name = {"name": event.name, "starts_at": starts}
    return {**before, "names": [*before["names"], name][-_KEPT:]}


def _type_named(row: Row | None, event: TicketTypeNamed, _stamp: Stamp) -> Row:
    before = _before(row, event)
    names = [*before["types"].get(event.ticket_type, []), event.name][-_KEPT:]
    return {**before, "types": {**before["types"], event.ticket_type: names}}
