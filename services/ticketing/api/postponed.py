"""The answer of a guest whose night is postponed, from the page of their order."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from roadcase.doors import wait_shown
from roadcase.errors import Invalid, Refused
from roadcase.http import OPEN, Guest, Reads, needs
from roadcase.ids import new_id
from roadcase.service import Tools
from services.ticketing import commands
from services.ticketing.api.guest import told
from services.ticketing.guest.links import Links


def router(tools: Tools) -> APIRouter:
    """`/order/{token}/postponed`. A refused answer leads back to the page, which shows why."""
    found = APIRouter(prefix="/order/{token}")
    links = Links(tools.secret)

    @found.post("/postponed", include_in_schema=False)
    @needs(OPEN, mutates=False)  # an answer that was given decides nothing the second time
    @told
    async def answer_postponed(
        token: str, request: Request, reads: Reads, guest: Guest
    ) -> Response:
        named = links.read("order", token)
        said = await _said(request)
        ask = guest(named.tenant, f"postponed:{new_id('ask')}")
        command = commands.AnswerPostponement(
            occurrence=named.occurrence, order=named.order, answer=said
        )
        with suppress(Refused):
            outcome = await ask(command)
            await wait_shown(reads(named.tenant), "attendees", outcome.position)
            await wait_shown(reads(named.tenant), "postponed_orders", outcome.position)
        return RedirectResponse(links.order(named), 303)

    return found


async def _said(request: Request) -> Literal["keep", "refund"]:
    """Raises Invalid for what no browser sends."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=5)
    except ValueError:
        raise Invalid("this is not a form") from None
    match fields.get("answer"):
        case ["keep"]:
            return "keep"
        case ["refund"]:
            return "refund"
        case _:
            raise Invalid("keep or refund", field="answer")
