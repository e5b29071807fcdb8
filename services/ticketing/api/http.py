"""Ticketing over HTTP: what dashboards read, each answer with how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from roadcase.http import Caller, People, Read, needs
from roadcase.people.showing import matches
from roadcase.service import Tools
from services.ticketing import queries
from services.ticketing.api.slots import slots_of
from services.ticketing.projections.availability import open_to_all
from services.ticketing.projections.counts import free

READ = "ticketing:read"
PLAN = "ticketing:plan"
Occurrence = str
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str, Query(max_length=64, description="`next` of the page before.")]

_AT_ONCE = 1000  # tickets that are opened in one go while searching


class AsOf(BaseModel):
    """How far the read model had come: a position of ticketing's log, and when."""

    position: int
    at: datetime


class Page(BaseModel):
    """`next` asks for the next page; null on the last."""

    as_of: AsOf
    items: list[dict[str, Any]]
    next: str | None = None


class One(BaseModel):
    as_of: AsOf
    item: dict[str, Any]


class Search(BaseModel):
    """`text`: parts of a name or an address, each of which must be there."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=100)]
    after: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


_routes = APIRouter(prefix="/ticketing/occurrences", tags=["ticketing"])


@_routes.get("")
@needs(READ)
async def list_occurrences(read: Read) -> Page:
    return Page(as_of=await as_of(read, "board"), items=await queries.occurrences(read))


@_routes.get("/{occurrence}/availability")
@needs(READ)
async def show_availability(occurrence: Occurrence, read: Read, caller: Caller) -> One:
    """Codes, and ticket types that only a code shows, are told to who plans."""
    stands = await as_of(read, "availability")
    item = await queries.availability(read, occurrence)
    if PLAN not in caller.scopes:
        seen = {id_: item["types"][id_] for id_ in open_to_all(item)}
        item["types"] = {id_: {**kind, "presales": []} for id_, kind in seen.items()}
    item["pools"] = {name: {**pool, "free": free(pool)} for name, pool in item["pools"].items()}
    return One(as_of=stands, item=item)


@_routes.get("/{occurrence}/seats")
@needs(READ)
async def show_seats(occurrence: Occurrence, read: Read) -> One:
    """The plans of a night by pool, with the state of each seat."""
    stands = await as_of(read, "seating")
    return One(as_of=stands, item=await queries.seated_pools(read, occurrence))


@_routes.get("/{occurrence}/slots")
@needs(READ)
async def show_slots(occurrence: Occurrence, read: Read) -> One:
    """Timed entry: the slots of a night in their order, and what is left of each."""
    stands = await as_of(read, "availability")
    return One(as_of=stands, item=await slots_of(read, occurrence))


@_routes.get("/{occurrence}/board")
@needs(READ)
async def show_board(occurrence: Occurrence, read: Read) -> One:
    stands = await as_of(read, "board")
    return One(as_of=stands, item=await queries.board(read, occurrence))


@_routes.get("/{occurrence}/orders")
@needs(READ)
async def list_orders(
    occurrence: Occurrence, read: Read, people: People, after: After = "", limit: Limit = 50
) -> Page:
    """With the scope people:read, also whose they are."""
    stands = await as_of(read, "orders")
    rows = await people.shown(await queries.orders(read, occurrence, after, limit + 1))
    return _page(stands, rows, limit, "order_id")


@_routes.get("/{occurrence}/attendees")
@needs(READ)
async def list_attendees(
    occurrence: Occurrence, read: Read, people: People, after: After = "", limit: Limit = 50
) -> Page:
    """With the scope people:read, also whose they are."""
    stands = await as_of(read, "attendees")
    rows = await people.shown(await queries.attendees(read, occurrence, after, limit + 1))
    return _page(stands, rows, limit, "ticket")


@_routes.post("/{occurrence}/attendees/search")
@needs(READ, mutates=False)
async def search_attendees(
    occurrence: Occurrence, search: Search, read: Read, people: People
) -> Page:
    """Needs people:read too. What is looked for comes in the body: addresses end up in logs."""
    people.must_read()
    stands = await as_of(read, "attendees")
    found: queries.Rows = []
    after = search.after
    while len(found) <= search.limit:
        rows = await queries.attendees(read, occurrence, after, _AT_ONCE)
        found += [row for row in await people.shown(rows) if matches(row, search.text)]
        if len(rows) < _AT_ONCE:
            break
        after = rows[-1]["ticket"]
    return _page(stands, found, search.limit, "ticket")


@_routes.get("/{occurrence}/scans")
@needs(READ)
async def list_scans(
    occurrence: Occurrence, read: Read, after: After = "", limit: Limit = 50
) -> Page:
    stands = await as_of(read, "scans")
    rows = await queries.scans(read, occurrence, after, limit + 1)
    return _page(stands, rows, limit, "nonce")


@_routes.get("/{occurrence}/placed-orders")
@needs(READ)
async def list_placed_orders(
    occurrence: Occurrence, read: Read, people: People, after: After = "", limit: Limit = 50
) -> Page:
    """Orders that were not paid at once; with the scope people:read, also whose they are."""
    stands = await as_of(read, "placed_orders")
    rows = await queries.placed_orders(read, occurrence, "", after, limit + 1)
    return _page(stands, await people.shown(rows), limit, "order_id")


@_routes.get("/{occurrence}/waiting")
@needs(READ)
async def list_waiting(
    occurrence: Occurrence, read: Read, people: People, after: After = "", limit: Limit = 50
) -> Page:
    """Who waits, in their order; with the scope people:read, also who they are."""
    stands = await as_of(read, "waiting")
    rows = await people.shown(await queries.waiting(read, occurrence, after, limit + 1))
    return _page(stands, rows, limit, "entry")


def router(_tools: Tools) -> APIRouter:
    """All under `/ticketing/occurrences`, for the caller's tenant."""
    return _routes


async def as_of(read: Read, projection: str) -> AsOf:
    """Asked before the rows: they are at least as new as what is said of them."""
    position, at = await read.as_of(projection)
    return AsOf(position=position, at=at)


def _page(stands: AsOf, rows: queries.Rows, limit: int, key: str) -> Page:
    more = len(rows) > limit
    items = rows[:limit]
    return Page(as_of=stands, items=items, next=str(items[-1][key]) if more else None)
