"""Devices over HTTP: what operators' dashboards read, each answer with how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from roadcase.http import Read, needs
from roadcase.service import Tools
from services.devices import queries
from services.devices.events import JobState

READ = "devices:read"
State = Annotated[JobState | None, Query(description="Only jobs in this state.")]
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str, Query(max_length=64, description="`next` of the page before.")]


class Listed(BaseModel):
    """Rows as of a position of devices' log; `next` asks for the next page, null on the last."""

    position: int
    at: datetime
    items: list[dict[str, Any]]
    next: str | None = None


_routes = APIRouter(prefix="/devices", tags=["devices"])


@_routes.get("/roles")
@needs(READ)
async def list_roles(read: Read) -> Listed:
    position, at = await read.as_of("roles")
    return Listed(position=position, at=at, items=await queries.roles(read))


@_routes.get("/printers")
@needs(READ)
async def list_printers(read: Read) -> Listed:
    position, at = await read.as_of("printers")
    return Listed(position=position, at=at, items=await queries.printers(read))


@_routes.get("/jobs")
@needs(READ)
async def list_jobs(
    read: Read, state: State = None, after: After = "", limit: Limit = 50
) -> Listed:
    position, at = await read.as_of("jobs")
    rows = await queries.jobs(read, state or "", after, limit + 1)
    more = str(rows[limit - 1]["job"]) if len(rows) > limit else None
    return Listed(position=position, at=at, items=rows[:limit], next=more)


def router(_tools: Tools) -> APIRouter:
    """All under `/devices`, for the caller's tenant."""
    return _routes
