"""What who waits is told of a night: the organiser's words, and the link to wait no longer."""

from __future__ import annotations

from typing import Final

from roadcase.markup import fill, join
from roadcase.outbox import Mail, Waiting
from roadcase.secret import Secret
from roadcase.views import Views
from services.ticketing import queries
from services.ticketing.guest.links import Links
from services.ticketing.guest.notice_mail import Notice, facts_of, filled, notice_of, paragraphs

TO_WAITING: Final = "ticketing.waiting_notice"
_WAITS: Final = ("waiting", "kept", "passed")
_TEXT: Final = """{name}

{facts}

{words}

You are told this because you wait for tickets. Look where you stand, or wait no longer:
{link}

Whoever has the link can answer for you: keep it to yourself.
"""
_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{name}</title></head>
<body>
<h1 dir="auto">{name}</h1>
{facts}
{words}
<p>You are told this because you wait for tickets.
<a href="{link}">Look where you stand, or wait no longer</a></p>
<p>Whoever has the link can answer for you: keep it to yourself.</p>
</body>
</html>
"""


class WaitingMail:
    """Writes the mail when it is sent, from the read models as they are then."""

    def __init__(self, views: Views, secret: Secret, base: str) -> None:
        self._views = views
        self._links = Links(secret)
        self._base = base.rstrip("/")

    async def write(self, waiting: Waiting) -> Mail | None:
        """None for who waits no longer. Raises NotFound before it can be read."""
        occurrence, entry = waiting.about["occurrence"], waiting.about["entry"]
        read = self._views.of(waiting.tenant)
        notice = notice_of(await queries.notice(read, occurrence, waiting.about["notice"]))
        row = await queries.waiting_entry(read, occurrence, entry)
        if row["state"] not in _WAITS:
            return None
        link = self._base + self._links.offer(waiting.tenant, occurrence, entry)
        return waiting_mail(notice, link)


def waiting_mail(notice: Notice, link: str) -> Mail:
    facts = facts_of(notice)
    fields = {"night": notice.now.name, "when": facts[0]}
    words = filled(notice.text.strip(), fields)
    said = {"name": notice.now.name, "link": link}
    return Mail(
        subject=filled(notice.subject.strip(), fields),
        text=_TEXT.format(**said, facts="\n".join(facts), words=words),
        html=fill(
            _HTML,
            **said,
            facts=join(fill("<p>{fact}</p>", fact=fact) for fact in facts),
            words=paragraphs(words),
        ),
    )
