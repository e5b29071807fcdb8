"""Makes a call sheet of what is known, with the names and addresses that its reader may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from roadcase.doors import Reader
from roadcase.keyring import Contact, Keyring
from services.planning import queries
from services.planning.domain.refusals import NoOccurrence
from services.planning.feeds.call_sheet import Call, CallSheet

Known = Mapping[str, Contact | None]


async def call_sheet(
    read: Reader, people: Keyring, tenant: str, occurrence: str, *, everybody: bool
) -> CallSheet:
    """`everybody`: with all addresses; otherwise of those who share theirs. Raises NoOccurrence."""
    event = await queries.crew_event(read, occurrence)
    if event is None:
        raise NoOccurrence(occurrence=occurrence)
    rows = await queries.crew_positions(read, occurrence)
    known = await names(people, tenant, rows)
    return CallSheet(
        title=event["title"],
        zone=event["zone"],
        begins=event["begins"],
        place=event["place"] or "",
        calls=[call for row in rows for call in _calls(row, known, everybody=everybody)],
    )


async def names(people: Keyring, tenant: str, rows: list[dict[str, Any]]) -> Known:
    """By the ids of people; None: erased."""
    sealed = {row["person"]: row["contact"] for row in rows if row["contact"] is not None}
    opened = await people.open_contacts(tenant, [*sealed.values()])
    return {
        person: each if isinstance(each, Contact) else None
        for person, each in zip(sealed, opened, strict=True)
    }


def _calls(row: dict[str, Any], known: Known, *, everybody: bool) -> Iterator[Call]:
    contact = known.get(row["person"])
    shares = everybody or row["shares_contact"]
    for shift in queries.shifts_of(row):
        yield Call(
            shift=shift,
            role=row["title"],
            who=(contact.name if contact else "") or row["person"] or "",
            contact=(contact.phone or contact.email) if contact and shares else "",
        )
