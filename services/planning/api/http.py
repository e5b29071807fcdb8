"""Planning over HTTP: what dashboards read, each answer with how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from roadcase.doors import Reader
from roadcase.http import Read, needs
from roadcase.service import Tools
from services.planning import queries

READ = "planning:read"
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str, Query(max_length=64, description="`next` of the page before.")]


class AsOf(BaseModel):
    """How far the read model had come: a position of planning's log, and when."""

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
        stands = await as_of(read, "firings")
        await queries.must_be_declared(read, occurrence)
        rows = await queries.firings(read, occurrence, after, limit + 1)
        more = rows[limit - 1]["number"] if len(rows) > limit else None
        return Page(as_of=stands, items=rows[:limit], next=more)

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
