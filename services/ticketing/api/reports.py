"""What a night comes to: sales, attendance and no-shows; and every list of it as a file."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from roadcase.doors import Reader
from roadcase.http import People, Read, needs
from roadcase.http.sheets import Format, Opened, Stands, Style, each, sheet
from roadcase.http.visit import Visit, visit_of
from roadcase.listed import Listed
from roadcase.people import showing
from roadcase.service import Tools
from services.ticketing import queries
from services.ticketing.api.answers import read_by
from services.ticketing.api.by_answer import by_answer
from services.ticketing.api.http import READ, AsOf, Page, as_of
from services.ticketing.commands.fields import Id
from services.ticketing.projections import reports as sums
from services.ticketing.projections.lists import LISTS, SAID

CONTACT = ("contact_state", "contact_name", "contact_email", "contact_phone")
By = Literal["type", "hour", "channel", "voucher", "promo"]
Of = Literal[
    "orders",
    "attendees",
    "scans",
    "waiting",
    "sales",
    "vouchers",
    "allotments",
    "questions",
    "placed",
    "policies",
    "answers",
    "invoices",
    "outbox",
]

_routes = APIRouter(prefix="/ticketing/occurrences", tags=["ticketing"])


@_routes.get("/{occurrence}/reports/sales")
@needs(READ)
async def report_sales(occurrence: Id, by: By, read: Read) -> Page:
    """By currency, too. Hours are those of the night's zone, told with their offset from UTC."""
    night = await queries.availability(read, occurrence)
    stands = _less(await as_of(read, "attendees"), await as_of(read, "orders"))
    return Page(as_of=stands, items=await sums.sales(read, occurrence, by, night["zone"]))


@_routes.get("/{occurrence}/reports/attendance")
@needs(READ)
async def report_attendance(occurrence: Id, read: Read) -> Page:
    """Every 5 minutes in which somebody came or went: `entered`, `left`, and then `inside`."""
    await queries.availability(read, occurrence)
    stands = await as_of(read, "scans")
    return Page(as_of=stands, items=await sums.attendance(read, occurrence))


@_routes.get("/{occurrence}/reports/no-shows")
@needs(READ)
async def report_no_shows(occurrence: Id, read: Read) -> Page:
    """By type: `valid` tickets, of which so many `came` and so many are `no_shows`."""
    await queries.availability(read, occurrence)
    stands = await as_of(read, "attendees")
    return Page(as_of=stands, items=await sums.no_shows(read, occurrence))


@_routes.get("/{occurrence}/reports/answers")
@needs(READ)
async def report_answers(occurrence: Id, read: Read, people: People, request: Request) -> Page:
    """Valid tickets by question, answer and currency. Needs the scope people:read, too."""
    await queries.availability(read, occurrence)
    stands, items = await by_answer(read, people, visit_of(request), occurrence)
    return Page(as_of=AsOf(**stands._asdict()), items=items)


class Asked(NamedTuple):
    """Who asks for a list, and what the door gives them."""

    read: Reader
    people: showing.People
    visit: Visit


def _asked(read: Read, people: People, request: Request) -> Asked:
    return Asked(read, people, visit_of(request))


@_routes.get("/{occurrence}/{of}.{kind}", response_class=StreamingResponse)
@needs(READ)
async def export(
    occurrence: Id,
    of: Of,
    kind: Format,
    style: Annotated[Style, Query()],
    asked: Annotated[Asked, Depends(_asked)],
) -> StreamingResponse:
    """A whole list as it was at one moment. With the scope people:read, also whose they are."""
    await queries.availability(asked.read, occurrence)
    listed = LISTS[of]
    more = SAID if of == "answers" else CONTACT if listed.contact and kind == "csv" else ()
    may = showing.READ in asked.visit.identity.scopes
    source = opened(asked, listed, occurrence, (*listed.columns, *(more if may else ())))
    return await sheet(f"{occurrence}-{of}.{kind}", kind, "ticketing", source, style)


async def opened(
    asked: Asked, listed: Listed, occurrence: str, columns: Sequence[str]
) -> AsyncGenerator[Opened]:
    """The list, what is sealed in it opened batch by batch for whoever may read people."""

    async def shown(rows: queries.Rows) -> queries.Rows:
        asked.visit.check()  # a token may be revoked half-way
        if SAID[-1] in columns:
            said = await read_by(asked.people, [row["answers"] for row in rows])
            return [row | each._asdict() for row, each in zip(rows, said, strict=True)]
        found = await asked.people.shown(rows) if listed.contact else rows
        return [flat(row) for row in found] if CONTACT[0] in columns else found

    async with aclosing(asked.read.stream(listed.table, listed.sql, occurrence)) as source:
        stands = Stands(**(await anext(source))[0])
        async with (
            aclosing(each(source, shown)) as rows,
            aclosing(listed.unfolded(rows)) as batches,
        ):
            yield Opened(columns, stands, batches)


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """A shown contact in columns of its own. Nobody is known: they are empty."""
    contact = row["contact"] or {}
    return row | {name: contact.get(name.removeprefix("contact_")) for name in CONTACT}


def _less(one: AsOf, other: AsOf) -> AsOf:
    return min(one, other, key=lambda each: each.position)


def router(_tools: Tools) -> APIRouter:
    """Reports and exports under `/ticketing/occurrences/{occurrence}`."""
    return _routes
