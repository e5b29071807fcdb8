"""Planning over HTTP: what dashboards read, each answer with how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from roadcase.clock import now
from roadcase.doors import Reader
from roadcase.http import Caller, Read, needs
from roadcase.http.files import answer, file
from roadcase.service import Tools
from services.planning import queries
from services.planning.api.timeline import as_calendar, timeline_of
from services.planning.plans.agenda import Status

READ = "planning:read"
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str, Query(max_length=64, description="`next` of the page before.")]


Firing = Annotated[str, Query(max_length=200, description="`next` of the page before.")]


class AsOf(BaseModel):
    """How far the read model had come: a position of planning's log, and when."""

    position: int
    at: datetime


class Page(BaseModel):
    """`next` asks for the next page; null on the last."""

    as_of: AsOf
    items: list[dict[str, Any]]
    next: str | None = None


class DeadlineShown(BaseModel):
    """`by`: the service that acts then; empty: people do."""

    at: datetime
    local: datetime
    kind: str
    what: str
    source: str
    relative: str | None
    by: str
    status: Status
    why: str


class TimelineShown(BaseModel):
    """`series`: whose manifest the paths are in; empty: that of the event."""

    occurrence: str
    title: str
    zone: str
    series: str
    entries: list[DeadlineShown]


class One(BaseModel):
    as_of: AsOf
    item: dict[str, Any]


def router(_tools: Tools) -> APIRouter:
    """What was declared, and how far it has come."""
    found = APIRouter(prefix="/planning/occurrences", tags=["planning"])

    @found.get("")
    @needs(READ)
    async def list_occurrences(read: Read, after: After = "", limit: Limit = 50) -> Page:
        stands = await as_of(read, "occurrences")
        rows = await queries.occurrences(read, after, limit + 1)
        more = rows[limit - 1]["occurrence"] if len(rows) > limit else None
        return Page(as_of=stands, items=rows[:limit], next=more)

    @found.get("/{occurrence}")
    @needs(READ)
    async def show_occurrence(occurrence: str, read: Read) -> One:
        stands = await as_of(read, "occurrences")
        return One(as_of=stands, item=await queries.occurrence(read, occurrence))

    @found.get("/{occurrence}/firings")
    @needs(READ)
    async def list_firings(
        occurrence: str, read: Read, after: After = "", limit: Limit = 50
    ) -> Page:
        stands = await as_of(read, "schedule_firings")
        await queries.must_be_declared(read, occurrence)
        rows = await queries.firings(read, occurrence, after, limit + 1)
        more = rows[limit - 1]["number"] if len(rows) > limit else None
        return Page(as_of=stands, items=rows[:limit], next=more)

    return found


def schedules(_tools: Tools) -> APIRouter:
    """What is declared to be done when, and what became of each time that it was due."""
    found = APIRouter(prefix="/planning/schedules", tags=["planning"])

    @found.get("")
    @needs(READ)
    async def list_schedules(
        read: Read, owner: After = "", after: After = "", limit: Limit = 50
    ) -> Page:
        stands = await as_of(read, "schedules")
        rows = await queries.schedules(read, owner, after, limit + 1)
        more = rows[limit - 1]["schedule"] if len(rows) > limit else None
        return Page(as_of=stands, items=rows[:limit], next=more)

    @found.get("/{schedule}/firings")
    @needs(READ)
    async def list_firings(
        schedule: str, read: Read, after: Firing = "", limit: Limit = 50
    ) -> Page:
        stands = await as_of(read, "schedule_firings")
        rows = await queries.schedule_firings(read, schedule, after, limit + 1)
        more = rows[limit - 1]["firing"] if len(rows) > limit else None
        return Page(as_of=stands, items=rows[:limit], next=more)

    return found


def timelines(tools: Tools) -> APIRouter:
    """Every deadline of an event in order; the same as a calendar for who runs it."""
    found = APIRouter(prefix="/planning/occurrences", tags=["planning"])

    @found.get("/{occurrence}/timeline")
    @needs(READ)
    async def show_timeline(occurrence: str, read: Read, caller: Caller) -> TimelineShown:
        shown = await timeline_of(tools, read, caller.tenant, occurrence)
        items = [
            DeadlineShown(**each.deadline._asdict(), **each._asdict()) for each in shown.entries
        ]
        about = shown._asdict()
        return TimelineShown(**{**about, "entries": items})

    @found.get("/{occurrence}/timeline.ics")
    @needs(READ)
    async def show_timeline_as_calendar(
        occurrence: str, read: Read, caller: Caller, request: Request
    ) -> Response:
        shown = await timeline_of(tools, read, caller.tenant, occurrence)
        found = as_calendar(shown, caller.tenant, now())
        return answer(request, file(found, "text/calendar; charset=utf-8"))

    return found


def series(_tools: Tools) -> APIRouter:
    """How far the nights of each series are made, and which of them cannot be, with why."""
    found = APIRouter(prefix="/planning/series", tags=["planning"])

    @found.get("")
    @needs(READ)
    async def list_series(read: Read, after: After = "", limit: Limit = 50) -> Page:
        stands = await as_of(read, "series")
        rows = await queries.all_series(read, after, limit + 1)
        more = rows[limit - 1]["series"] if len(rows) > limit else None
        return Page(as_of=stands, items=rows[:limit], next=more)

    return found


async def as_of(read: Reader, projection: str) -> AsOf:
    position, at = await read.as_of(projection)
    return AsOf(position=position, at=at)
