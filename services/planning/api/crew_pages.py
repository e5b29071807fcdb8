"""Pages of the crew: where somebody answers at their link, and the call sheet to print."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from roadcase.asked import Outcome
from roadcase.decider import Command
from roadcase.doors import Reader
from roadcase.errors import Invalid, NotFound, Refused
from roadcase.http import OPEN, Caller, Guest, Read, Reads, needs
from roadcase.ids import ID, new_id
from roadcase.people.showing import READ as PEOPLE
from roadcase.service import Tools
from services.planning import commands
from services.planning.api import crew_steps
from services.planning.api.crew_sheet import call_sheet
from services.planning.domain.crew_refusals import NoPosition
from services.planning.feeds.call_sheet import as_page, as_text
from services.planning.feeds.crew_page import ANSWERS, crew_page, gone_page
from services.planning.feeds.nothing import NO_LINK, nothing_page
from services.planning.queries.crew_asked import invited
from services.planning.signing import Asked, CrewLinks

CREW: Final = "planning:crew"
_COMMANDS: Final[dict[str, type[Command]]] = {
    "decline": commands.DeclineInvitation,
    "offer": commands.OfferSwap,
    "withdraw": commands.WithdrawSwap,
}


def router(tools: Tools) -> APIRouter:
    """`/crew/{token}` for who is asked; the call sheet for who may see it."""
    found = APIRouter(tags=["crew"])
    links = CrewLinks(tools.secret)
    _answers(found, links)
    _sheets(found, tools, links)
    return found


def _answers(to: APIRouter, links: CrewLinks) -> None:
    @to.api_route("/crew/{token}", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_invitation(token: str, reads: Reads) -> Response:
        try:
            asked = links.read(token)
            invitation = await invited(reads(asked.tenant), asked)
        except NoPosition:
            return HTMLResponse(gone_page())
        except NotFound:
            return HTMLResponse(nothing_page(NO_LINK), 404)
        return HTMLResponse(crew_page(invitation, links.path(asked), new_id("wish")))

    @to.post("/crew/{token}", include_in_schema=False)
    @needs(OPEN, mutates=False)  # the form names its wish
    async def answer_invitation(
        token: str, request: Request, reads: Reads, guest: Guest
    ) -> Response:
        asked = links.read(token)
        answer, wish = await _typed(request)

        async def ask(command: Command, key: str) -> Outcome:
            return await guest(asked.tenant, key)(command)

        read = reads(asked.tenant)
        try:
            await _answer(ask, read, asked, answer, f"crew:{asked.person}:{wish}")
        except Refused as refusal:
            invitation = await invited(read, asked)
            page = crew_page(invitation, links.path(asked), new_id("wish"), str(refusal))
            return HTMLResponse(page, 409)
        return RedirectResponse(links.path(asked), 303)


def _sheets(to: APIRouter, tools: Tools, links: CrewLinks) -> None:
    @to.api_route("/crew/{token}/sheet", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_sheet(token: str, reads: Reads) -> Response:
        asked = links.read(token)
        read = reads(asked.tenant)
        if (await invited(read, asked)).stands not in ("has", "offered"):
            raise NotFound
        sheet = await call_sheet(
            read, tools.people, asked.tenant, asked.occurrence, everybody=False
        )
        return HTMLResponse(as_page(sheet))

    @to.get("/planning/occurrences/{occurrence}/call-sheet")
    @needs(CREW)
    async def print_sheet(
        occurrence: str, caller: Caller, read: Read, *, text: bool = False
    ) -> Response:
        caller.require(PEOPLE)
        sheet = await call_sheet(read, tools.people, caller.tenant, occurrence, everybody=True)
        return PlainTextResponse(as_text(sheet)) if text else HTMLResponse(as_page(sheet))


async def _answer(ask: crew_steps.Ask, read: Reader, asked: Asked, answer: str, key: str) -> None:
    about = {"occurrence": asked.occurrence, "position": asked.position, "person": asked.person}
    if answer == "accept":
        await crew_steps.accept(ask, read, crew_steps.Wish(**about), key)
        return
    await ask(_COMMANDS[answer](**about), key)


async def _typed(request: Request) -> tuple[str, str]:
    """The answer, and what names it. Raises Invalid for what no browser sends."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=10)
    except ValueError:
        raise Invalid("this is not a form") from None
    answer, wish = (fields.get(name, [""])[-1] for name in ("answer", "wish"))
    known = {each for answers in ANSWERS.values() for each in answers}
    if answer not in known or not ID.fullmatch(wish):
        raise Invalid("answer accept, decline, offer or withdraw", field="answer")
    return answer, wish
