"""What came out of the printers last, for who watches a night: facts, live, and pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from roadcase.doors import Reader
from roadcase.http import Caller, Events, Past, Read, needs
from roadcase.http.live import Lives, begun
from roadcase.service import Tools
from services.devices import queries
from services.devices.pictures import Pictures

READ: Final = "devices:read"
Until = Annotated[AwareDatetime | None, Query(description="As of then; by default now.")]


class Printed(BaseModel):
    """Jobs of one night as of a position of devices' log, the last first."""

    position: int
    at: datetime
    printed: list[dict[str, Any]]


async def _stands(read: Reader, occurrence: str) -> dict[str, Any]:
    return {"printed": await queries.printed_last(read, occurrence)}


def router(_tools: Tools) -> APIRouter:
    """Under `/devices`. A picture is as good as its ticket: whoever has it comes in with it."""
    found = APIRouter(prefix="/devices", tags=["devices"])
    _show_last(found)
    _show_pictures(found)
    return found


def _show_last(to: APIRouter) -> None:
    lives = Lives("jobs", _stands)

    @to.get("/occurrences/{occurrence}/printed")
    @needs(READ)
    async def show_printed(occurrence: str, read: Read, until: Until = None) -> Printed:
        position, at = await read.as_of("jobs")
        rows = await queries.printed_last(read, occurrence, until)
        return Printed(position=position, at=at, printed=rows)

    @to.get("/occurrences/{occurrence}/printed/live")
    @needs(READ)
    async def watch_printed(
        occurrence: str, read: Read, past: Past, caller: Caller, events: Events
    ) -> Any:
        told = lives.watch(caller.tenant, occurrence, read, past, events.last_id)
        return events(await begun(told))


def _show_pictures(to: APIRouter) -> None:
    pictures = Pictures()

    @to.get("/jobs/{job}/picture", response_class=Response, responses=_PNG)
    @needs(READ)
    async def show_picture(job: str, read: Read, caller: Caller, request: Request) -> Response:
        """Drawn from the facts of the job, as its printer drew it. Only what was printed has one.

        `as-printed` is false where it is not to the byte what was sent: drawn by another version.
        """
        row = await queries.printed(read, job)
        headers = {"etag": f'"{row["sha256"][:32]}"', **_PRIVATE}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        drawn = await pictures.of(caller.tenant, row)
        headers["as-printed"] = "true" if drawn.as_printed else "false"
        return Response(drawn.png, headers=headers, media_type="image/png")


# A browser keeps it for its user, and asks each time whether its token still may.
_PRIVATE: Final = {"cache-control": "private, no-cache", "vary": "authorization"}
_PNG: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"image/png": {}}}}
