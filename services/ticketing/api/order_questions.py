"""Answers of guests on the page of their order: added to those there are, sealed as they come."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from roadcase.asked import Outcome
from roadcase.clock import now
from roadcase.doors import Reader, wait_shown
from roadcase.errors import Invalid, NotFound, Refused
from roadcase.http import OPEN, Guest, Reads, needs
from roadcase.ids import new_id
from roadcase.keyring import Contact, Erased
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api import answers
from services.ticketing.api.guest import After, told
from services.ticketing.api.order_changes import Typed, form_of, said_in
from services.ticketing.guest.asking import Question, questions_page
from services.ticketing.guest.bought import Bought, find
from services.ticketing.guest.links import Links, Named
from services.ticketing.signing import Signatures

MOST = 1000  # fields of one form
CLOSED = "Answers can be given until the night begins."
TOO_LONG = "All answers together are too long: please say less."
MISSING = "Please answer: {text}"


async def guest_of(tools: Tools, read: Reader, named: Named) -> Contact:
    """Who an order's data are sealed for: its buyer. Raises NotFound for nobody, or erased."""
    rows = await queries.contact_of(read, named.occurrence, named.order)
    if tools.keyring is None or not rows or rows[0]["contact"] is None:
        raise NotFound
    (found,) = await tools.keyring.open_contacts(named.tenant, [bytes(rows[0]["contact"])])
    if not isinstance(found, Contact):
        raise NotFound
    return found


class Answering:
    """One order's questions, as its guest answers them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._links, self._signatures = Links(tools.secret), Signatures(tools.secret)

    def named(self, token: str) -> Named:
        return self._links.read("order", token)

    async def order(self, read: Reader, named: Named, after: int) -> Bought:
        """Raises NotFound: nothing is asked, or nobody is known to seal it for."""
        order = await find(read, named, self._signatures.of(named.tenant), after)
        await guest_of(self._tools, read, named)
        if not order.questions:
            raise NotFound
        return order

    async def save(
        self, read: Reader, guest: Guest, named: Named, order: Bought, typed: Typed
    ) -> Outcome | None:
        """None: nothing is said that was not said before. Raises Invalid, AnswersClosed."""
        before = await self._before(read, named)
        texts = await _merged(read, named, order.questions, typed, before)
        if texts == before:
            return None
        who = await guest_of(self._tools, read, named)
        command = commands.AnswerQuestions(
            occurrence=named.occurrence,
            order=named.order,
            answered=await answers.sealed(self._tools.people, named.tenant, who, texts),
            by_guest=True,
        )
        asked = said_in(typed)
        ask = guest(named.tenant, f"answers/{sha256(asked).hexdigest()[:40]}")
        return await ask(command, request=asked)

    async def _before(self, read: Reader, named: Named) -> answers.Texts:
        row = await queries.answers_of(read, named.occurrence, named.order)
        if row is None:
            return {}
        found = await answers.opened(self._tools.people, named.tenant, row["answers"])
        if isinstance(found, Erased):
            raise NotFound
        texts: answers.Texts = {}
        for each in found:
            place = str(each.ticket) if each.ticket else ""
            texts.setdefault(place, {})[each.question] = each.text
        return texts


async def _merged(
    read: Reader, named: Named, asked: Sequence[Question], typed: Typed, before: answers.Texts
) -> answers.Texts:
    """What was said before, with what is said now. Only a consent that is optional is taken back.

    Raises Invalid.
    """
    said = [answers.Answer(each.id, int(each.place or 0), typed.get(each.field, ""))
            for each in asked]  # fmt: skip
    new = await answers.checked(read, named.occurrence, said)
    merged = {place: dict(texts) for place, texts in before.items()}
    for each in asked:
        text = new.get(each.place, {}).get(each.id)
        there = merged.setdefault(each.place, {})
        if text is not None:
            there[each.id] = text
        elif each.kind == "consent" and not each.required:
            there.pop(each.id, None)
        elif each.required and each.id not in there:
            raise Invalid(MISSING.format(text=each.text), field=each.id)
    return {place: texts for place, texts in merged.items() if texts}


def router(tools: Tools) -> APIRouter:
    """`/order/{token}/questions`."""
    found = APIRouter(prefix="/order/{token}")
    door = Answering(tools)

    @found.api_route("/questions", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_questions(token: str, reads: Reads, after: After = 0) -> Response:
        named = door.named(token)
        order = await door.order(reads(named.tenant), named, after)
        said = CLOSED if now() >= order.starts else ""
        return _page(order, token, after, said)

    @found.post("/questions", include_in_schema=False)
    @needs(OPEN, mutates=False)  # its key is in the form: browsers send no such header
    @told
    async def answer_questions(
        token: str, request: Request, reads: Reads, guest: Guest
    ) -> Response:
        named, typed = door.named(token), await form_of(request, MOST)
        read, after = reads(named.tenant), _after(typed)
        order = await door.order(read, named, after)
        try:
            outcome = await door.save(read, guest, named, order, typed)
        except (Refused, Invalid, ValidationError) as error:
            said = TOO_LONG if isinstance(error, ValidationError) else str(error)
            return _page(order, token, after, said, 409)
        if outcome is not None:
            await wait_shown(read, "answers", outcome.position)
        return RedirectResponse(f"/order/{token}", 303)

    return found


def _page(order: Bought, token: str, after: int, said: str, status: int = 200) -> HTMLResponse:
    here, wish = f"/order/{token}", new_id("said")
    shown = questions_page(order.name, order.questions, here, wish, after=after, said=said)
    return HTMLResponse(shown, status)


def _after(typed: Typed) -> int:
    """Raises Invalid: no form of ours says so."""
    after = typed.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= len("10000")):
        raise Invalid("this is not a form")
    return int(after)
