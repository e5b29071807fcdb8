"""The run of show over HTTP: its page for the crew, live, and what they do there."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from roadcase.errors import NotFound
from roadcase.http import OPEN, Caller, Dispatch, Events, Past, Read, needs
from roadcase.http.files import File, answer, file
from roadcase.http.live import Lives, begun
from roadcase.markup import base_style
from roadcase.service import Tools
from services.planning import commands, queries
from services.planning.api.http import One, as_of

SHOW: Final = "planning:show"
_KINDS: Final = {"css": "text/css", "js": "text/javascript"}
Occurrence = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,63}$")]
Cue = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


class Delay(BaseModel):
    """`minutes`: the next cue starts no sooner than so long after it was planned."""

    minutes: Annotated[int, Field(ge=0, le=600)]
    reason: Annotated[str, Field(max_length=200)] = ""


def router(_tools: Tools) -> APIRouter:
    """`/show/{occurrence}#token=…` is the page; its link keeps the token from the server's log."""
    found = APIRouter()
    _page(found)
    _shown(found)
    _cues(found)
    _whole(found)
    return found


def _page(to: APIRouter) -> None:
    ours = files("services.planning.page")
    page = file(ours.joinpath("show.html").read_bytes(), "text/html; charset=utf-8")
    parts: dict[str, File] = {}
    for name in ("show.css", "show.js", "line.js"):
        body = ours.joinpath(name).read_bytes()
        kind = name.rpartition(".")[2]
        parts[name] = file(base_style() + body if kind == "css" else body, _KINDS[kind])

    @to.api_route("/show/{occurrence}", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_crew_page(request: Request) -> Response:
        return answer(request, page)

    @to.api_route("/show/files/{name}", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_crew_file(name: str, request: Request) -> Response:
        if name not in parts:
            raise NotFound
        return answer(request, parts[name])


def _shown(to: APIRouter) -> None:
    lives = Lives("rundowns", queries.rundown)

    @to.get("/planning/shows/{occurrence}", tags=["planning"])
    @needs(SHOW)
    async def show_rundown(occurrence: Occurrence, read: Read) -> One:
        stands = await as_of(read, "rundowns")
        return One(as_of=stands, item=await queries.rundown(read, occurrence))

    @to.get("/planning/shows/{occurrence}/live", tags=["planning"])
    @needs(SHOW)
    async def watch_rundown(
        occurrence: Occurrence, read: Read, past: Past, caller: Caller, events: Events
    ) -> Any:
        told = lives.watch(caller.tenant, occurrence, read, past, events.last_id)
        return events(await begun(told))


def _cues(to: APIRouter) -> None:
    @to.post("/planning/shows/{occurrence}/cues/{cue}/start", status_code=204, tags=["planning"])
    @needs(SHOW)
    async def start_cue(occurrence: Occurrence, cue: Cue, dispatch: Dispatch) -> None:
        await dispatch(commands.StartCue(occurrence=occurrence, cue=cue))

    @to.post("/planning/shows/{occurrence}/cues/{cue}/finish", status_code=204, tags=["planning"])
    @needs(SHOW)
    async def finish_cue(occurrence: Occurrence, cue: Cue, dispatch: Dispatch) -> None:
        await dispatch(commands.FinishCue(occurrence=occurrence, cue=cue))

    @to.post("/planning/shows/{occurrence}/cues/{cue}/skip", status_code=204, tags=["planning"])
    @needs(SHOW)
    async def skip_cue(occurrence: Occurrence, cue: Cue, dispatch: Dispatch) -> None:
        await dispatch(commands.SkipCue(occurrence=occurrence, cue=cue))


def _whole(to: APIRouter) -> None:
    @to.post("/planning/shows/{occurrence}/start", status_code=204, tags=["planning"])
    @needs(SHOW)
    async def start_show(occurrence: Occurrence, dispatch: Dispatch) -> None:
        await dispatch(commands.StartShow(occurrence=occurrence))

    @to.post("/planning/shows/{occurrence}/delay", status_code=204, tags=["planning"])
    @needs(SHOW)
    async def delay_show(occurrence: Occurrence, delay: Delay, dispatch: Dispatch) -> None:
        command = commands.DelayShow(
            occurrence=occurrence, minutes=delay.minutes, reason=delay.reason
        )
        await dispatch(command)
