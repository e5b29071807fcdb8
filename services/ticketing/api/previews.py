"""What an order would be told, before anybody is told it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from pydantic import BaseModel, ConfigDict

from roadcase.doors import Reader
from roadcase.outbox import Mail
from roadcase.service import Tools
from services.ticketing import queries
from services.ticketing.commands.fields import Id
from services.ticketing.commands.notices import Subject, Text
from services.ticketing.domain.refusals import NothingChanged
from services.ticketing.events import NightTold
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.notice_mail import Notice, To, notice_mail

EXAMPLE: Final = To("example", 2, "/order/example")


class Draft(BaseModel):
    """What is to be said. `order`: whose message is shown; none: an order that does not exist."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["words", "change", "cancellation", "reminder"]
    subject: Subject = ""
    text: Text = ""
    order: Id | None = None


async def preview(tools: Tools, read: Reader, named: Named, draft: Draft) -> Mail:
    """Raises NoBoxOffice, NotFound for the order, and NothingChanged."""
    occurrence = named.occurrence
    night = await queries.availability(read, occurrence)
    now = msgspec.convert({key: night[key] for key in NightTold.__struct_fields__}, NightTold)
    was = None
    if draft.kind == "change":
        known = await queries.known_night(read, occurrence)
        was = msgspec.convert(known["known"], NightTold)
        if was == now:
            raise NothingChanged(occurrence=occurrence)
    base = tools.public_url.rstrip("/")
    to = EXAMPLE._replace(link=base + EXAMPLE.link)
    if draft.order:
        tickets = await queries.valid_tickets(read, occurrence, draft.order)
        link = base + Links(tools.secret).order(named._replace(order=draft.order))
        to = To(draft.order, tickets, link)
    return notice_mail(Notice(draft.kind, draft.subject, draft.text, now, was), to)
