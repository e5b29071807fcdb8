"""What an order would be told, before anybody is told it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from pydantic import BaseModel, ConfigDict

from roadcase.doors import Reader
from roadcase.errors import Invalid
from roadcase.outbox import Mail
from roadcase.service import Tools
from services.ticketing import queries
from services.ticketing.commands.fields import Id, Instant, Wall
from services.ticketing.commands.notices import Subject, Text
from services.ticketing.domain.notice_refusals import NothingChanged
from services.ticketing.events import NightTold
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.notice_mail import Asked, Notice, To, notice_mail

EXAMPLE: Final = To("example", 2, "/order/example")


class Draft(BaseModel):
    """What is to be said. `order`: whose message is shown; none: an order that does not exist."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["words", "change", "cancellation", "reminder", "postponement"]
    subject: Subject = ""
    text: Text = ""
    order: Id | None = None
    starts_at: Wall | None = None
    ends_at: Wall | None = None
    answer_until: Instant | None = None
    default: Literal["keep", "refund"] | None = None

    @property
    def asked(self) -> Asked | None:
        """Raises Invalid: a postponement says when it is then, and until when guests answer."""
        if self.kind != "postponement":
            return None
        if not (self.starts_at and self.ends_at and self.answer_until and self.default):
            raise Invalid("say when it is then, until when guests answer, and the default")
        return Asked(self.answer_until, self.default)


async def preview(tools: Tools, read: Reader, named: Named, draft: Draft) -> Mail:
    """Raises NoBoxOffice, NotFound for the order, and NothingChanged."""
    occurrence = named.occurrence
    night = await queries.availability(read, occurrence)
    now = msgspec.convert({key: night[key] for key in NightTold.__struct_fields__}, NightTold)
    was, asked = None, draft.asked
    if asked is not None:
        was, now = (
            now,
            msgspec.structs.replace(now, starts_at=draft.starts_at, ends_at=draft.ends_at),
        )
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
    return notice_mail(Notice(draft.kind, draft.subject, draft.text, now, was, asked), to)
