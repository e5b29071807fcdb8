"""Messages to guests over HTTP: what was said to how many, and a preview of what would be."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from roadcase.http import Caller, Read, needs
from roadcase.service import Tools
from services.ticketing import queries
from services.ticketing.api.http import PLAN, READ, After, Limit, Page, as_of, page
from services.ticketing.api.previews import Draft, preview
from services.ticketing.commands.fields import Id
from services.ticketing.guest.links import Named


class Shown(BaseModel):
    subject: str
    text: str
    html: str


def router(tools: Tools) -> APIRouter:
    """Under `/ticketing/occurrences/{occurrence}/messages`."""
    found = APIRouter(prefix="/ticketing/occurrences/{occurrence}/messages", tags=["ticketing"])

    @found.get("")
    @needs(READ)
    async def list_messages(
        occurrence: Id, read: Read, after: After = "", limit: Limit = 50
    ) -> Page:
        """What guests were told, and how many of them so far."""
        stands = await as_of(read, "notices")
        rows = await queries.notices(read, occurrence, after, limit + 1)
        return page(stands, rows, limit, "notice")

    @found.get("/postponements")
    @needs(READ)
    async def list_postponements(occurrence: Id, read: Read) -> Page:
        """How many orders answered, and for how many the default holds."""
        stands = await as_of(read, "postponed_nights")
        return Page(as_of=stands, items=await queries.postponements(read, occurrence))

    @found.post("/preview")
    @needs(PLAN, mutates=False)
    async def preview_message(occurrence: Id, draft: Draft, read: Read, caller: Caller) -> Shown:
        """What an order would be told. Nothing is sent."""
        mail = await preview(tools, read, Named(caller.tenant, occurrence), draft)
        return Shown(subject=mail.subject, text=mail.text, html=mail.html)

    return found
