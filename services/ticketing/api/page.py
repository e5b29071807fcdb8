"""The live page: files for everyone, figures for whoever may read this tenant's box offices."""

from __future__ import annotations

import mimetypes
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from roadcase.errors import NotFound
from roadcase.http import OPEN, Caller, Events, Past, Read, needs
from roadcase.http.door import PAGES
from roadcase.http.files import File, answer, file
from roadcase.http.live import Lives, begun
from roadcase.markup import base_style
from roadcase.service import Tools
from services.ticketing.page import queries
from services.ticketing.page.past import Nights

READ = "ticketing:read"
_NOT_TOLD = b'<meta name="devices" content="">'
_KINDS = {".html", ".css", ".js", ".svg"}
Seconds = Annotated[int, Query(ge=0, le=366 * 86400, description="0: the whole night.")]
Until = Annotated[AwareDatetime | None, Query(description="As of then; by default now.")]


def router(tools: Tools) -> APIRouter:
    """`/` and its files, and what they ask for. Links to a night keep its token after the `#`."""
    found = APIRouter()
    _show_files(found, tools.doors.get("devices", ""))
    _show_nights(found)
    return found


def _show_files(to: APIRouter, devices: str) -> None:
    page = _files()
    page["index.html"] = _told(page["index.html"], devices)
    style = page["guest.css"]
    page["guest.css"] = file(base_style() + style.body, style.kind)
    more = {"content-security-policy": f"{PAGES}; connect-src 'self' {devices}"} if devices else {}

    @to.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_page(request: Request) -> Response:
        return answer(request, page["index.html"], more)

    @to.api_route("/gate", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_gate(request: Request) -> Response:
        return answer(request, page["gate.html"])

    @to.api_route("/page/{name}", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_file(name: str, request: Request) -> Response:
        if name not in page:
            raise NotFound
        return answer(request, page[name])


def _show_nights(to: APIRouter) -> None:
    lives, nights = Lives("board", queries.night), Nights()

    @to.get("/ticketing/occurrences/{occurrence}/live", tags=["ticketing"])
    @needs(READ)
    async def watch_night(
        occurrence: str, read: Read, past: Past, caller: Caller, events: Events
    ) -> Any:
        told = lives.watch(caller.tenant, occurrence, read, past, events.last_id)
        return events(await begun(told))

    @to.get("/ticketing/occurrences/{occurrence}/history", tags=["ticketing"])
    @needs(READ)
    async def show_history(
        occurrence: str, past: Past, caller: Caller, last: Seconds = 0
    ) -> Response:
        answer = await nights.answer(caller.tenant, occurrence, past, last)
        return Response(answer, media_type="application/json")

    @to.get("/ticketing/occurrences/{occurrence}/last-sold", tags=["ticketing"])
    @needs(READ)
    async def show_last_sold(
        occurrence: str, read: Read, until: Until = None
    ) -> list[dict[str, Any]]:
        return await queries.last_sold(read, occurrence, until=until)


def _files() -> dict[str, File]:
    """The page's files, read once: there are few, and they are small."""
    found = {}
    ours = files("services.ticketing.page")
    for path in (*ours.iterdir(), *ours.joinpath("vendor").iterdir()):
        if path.name[path.name.rfind(".") :] in _KINDS:
            body = path.read_bytes()
            kind = mimetypes.guess_type(path.name)[0] or "text/plain"
            kind = "text/javascript" if path.name.endswith(".js") else kind
            found[path.name] = file(body, kind)
    return found


def _told(page: File, devices: str) -> File:
    """The page, knowing where devices' door is if it is not behind the same address."""
    told = _NOT_TOLD.replace(b'""', f'"{devices}"'.encode())
    return file(page.body.replace(_NOT_TOLD, told), page.kind)
