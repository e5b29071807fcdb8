"""What guests are told of their night: a reminder, a change, or the organiser's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from roadcase.clock import now
from roadcase.outbox import Mail, Waiting
from roadcase.secret import Secret
from roadcase.views import Views
from services.ticketing import queries
from services.ticketing.events import NightTold
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.markup import NOTHING, Html, fill, join
from services.ticketing.signing import at_venue

NOTICE: Final = "ticketing.notice"
SUBJECTS: Final = {
    "change": "Changed: {night}",
    "reminder": "Soon: {night}",
    "cancellation": "Cancelled: {night}",
    "postponement": "Postponed: {night}",
    "words": "{night}",
}
_RETURNS: Final = "It takes place after all: {night}"  # postponed, and then at its time again
_LEADS: Final = {
    "change": "This night has changed.",
    "reminder": "This is soon.",
    "cancellation": "This night is cancelled.",
    "postponement": "This night is postponed.",
    "words": "",
}
UNSAID: Final = {
    "keep": "If you say nothing, you keep them.",
    "refund": "If you say nothing, your money comes back.",
}
_FIELD: Final = re.compile(r"{(\w+)}")
_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{name}</title></head>
<body>
<h1 dir="auto">{name}</h1>
{facts}
{words}
<p><a href="{link}">Your tickets</a></p>
<p>Whoever has the link can use the tickets: keep it to yourself.</p>
</body>
</html>
"""
_KEEP: Final = "Whoever has the link can use the tickets: keep it to yourself."


class Asked(NamedTuple):
    """Until when they may say whether they keep their tickets, and what holds if they do not."""

    until: datetime
    default: str


class Notice(NamedTuple):
    """What is said to everybody. `was`: the night as they know it, where it has changed."""

    kind: str
    subject: str
    text: str
    now: NightTold
    was: NightTold | None
    asked: Asked | None = None

    @property
    def returns(self) -> bool:
        """Whether it was postponed, and takes place at the time that they know."""
        return self.kind == "postponement" and self.was == self.now


class To(NamedTuple):
    """Whom it is said to: an order, how many valid tickets it has, and the link to its page."""

    order: str
    tickets: int
    link: str


class NoticeMail:
    """Writes the mail when it is sent: what the notice said, to an order as it is then."""

    def __init__(
        self, views: Views, secret: Secret, base: str, clock: Callable[[], datetime] = now
    ) -> None:
        self._views = views
        self._links = Links(secret)
        self._base = base.rstrip("/")
        self._clock = clock

    async def write(self, waiting: Waiting) -> Mail | None:
        """None for who has no ticket any more, and for a reminder that comes too late.

        Raises NotFound before it can be read.
        """
        occurrence, order = waiting.about["occurrence"], waiting.about["order"]
        read = self._views.of(waiting.tenant)
        notice = notice_of(await queries.notice(read, occurrence, waiting.about["notice"]))
        tickets = await queries.valid_tickets(read, occurrence, order)
        if notice.kind == "reminder" and self._clock() >= _starts(notice.now):
            return None
        if not tickets and notice.kind != "cancellation":
            return None  # who is told of a cancellation may have their money back by now
        link = self._base + self._links.order(Named(waiting.tenant, occurrence, order))
        return notice_mail(notice, To(order, tickets, link))


def notice_of(row: dict[str, Any]) -> Notice:
    return Notice(
        kind=row["kind"],
        subject=row["subject"],
        text=row["text"],
        now=msgspec.convert(row["now"], NightTold),
        was=msgspec.convert(row["was"], NightTold) if row["was"] else None,
        asked=Asked(row["answer_until"], row["default_answer"]) if row["answer_until"] else None,
    )


def notice_mail(notice: Notice, to: To) -> Mail:
    fields = {
        "night": notice.now.name,
        "when": _when(notice.now),
        "order": to.order,
        "tickets": str(to.tickets),
    }
    usual = _RETURNS if notice.returns else SUBJECTS[notice.kind]
    subject = filled(notice.subject.strip() or usual, fields)
    words = filled(notice.text.strip(), fields)
    facts = facts_of(notice)
    parts = [notice.now.name, "\n".join(facts), words, f"Your tickets: {to.link}", _KEEP]
    return Mail(
        subject=subject,
        text="\n\n".join(part for part in parts if part) + "\n",
        html=fill(
            _HTML,
            name=notice.now.name,
            facts=join(fill("<p>{fact}</p>", fact=fact) for fact in facts),
            words=paragraphs(words),
            link=to.link,
        ),
    )


def facts_of(notice: Notice) -> list[str]:
    """What is said of the night itself, a line each."""
    return [fact for fact in (_lead(notice), *_nights(notice), _ask(notice)) if fact]


def _lead(notice: Notice) -> str:
    if notice.returns:
        return "This night was postponed, and takes place at its first time after all."
    return _LEADS.get(notice.kind, "")


def _ask(notice: Notice) -> str:
    if notice.asked is None:
        return ""
    until = notice.asked.until.astimezone(ZoneInfo(notice.now.zone))
    return (
        f"Keep your tickets, or have your money back: say so at the link below before "
        f"{until:%A} {until.day} {until:%B %Y, %H:%M}. {UNSAID[notice.asked.default]}"
    )


def _nights(notice: Notice) -> list[str]:
    if notice.was is None or notice.returns:
        return [_when(notice.now)]
    return [f"Was: {_told(notice.was)}", f"Now: {_told(notice.now)}"]


def _told(night: NightTold) -> str:
    return f"{night.name}, {_when(night)}"


def _when(night: NightTold) -> str:
    """`Friday 1 January 2027, 20:30 to 23:00 (Europe/Berlin)`, at the venue."""
    at = night.starts_at
    ends = night.ends_at
    until = f"{ends:%H:%M}" if ends.date() == at.date() else f"{ends.day} {ends:%B, %H:%M}"
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M} to {until} ({night.zone})"


def _starts(night: NightTold) -> datetime:
    return at_venue(night.starts_at, night.zone)


def filled(words: str, fields: dict[str, str]) -> str:
    """With its fields, each once: what is filled in is not looked at again."""
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), words)


def paragraphs(words: str) -> Html:
    """Parted by blank lines, as they are shown."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", words) if block.strip()]
    return join(fill('<p dir="auto">{lines}</p>', lines=_lines(block)) for block in blocks)


def _lines(block: str) -> Html:
    shown = [fill("{line}", line=line) for line in block.split("\n")]
    return Html("<br>".join(shown)) if shown else NOTHING
