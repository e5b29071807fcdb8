"""The mails to the crew: who is asked is written to, with the link at which they answer."""

from __future__ import annotations

from typing import Final

from roadcase.errors import Invalid
from roadcase.keyring import Contact, Erased, Keyring
from roadcase.markup import fill, join
from roadcase.outbox import Mail, Nowhere, Sender, Smtp, Waiting
from roadcase.running import Running
from roadcase.secret import Secret
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.views import Views
from services.planning.domain.crew_refusals import NoPosition
from services.planning.feeds.crew_page import times
from services.planning.guest.crew_mail import CrewMail
from services.planning.queries.crew_asked import invited
from services.planning.reactions.crew import INVITED
from services.planning.reactions.triggers import TOLD
from services.planning.signing import Asked, CrewLinks

_TEXT: Final = """{title}
{place}

Will you be there? {role}:
{shifts}

Say yes or no: {link}

Whoever has the link can answer for you: keep it to yourself.
"""
_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1 dir="auto">{title}</h1>
<p dir="auto">{place}</p>
<p>Will you be there? {role}:</p>
<ul>{shifts}</ul>
<p><a href="{link}">Say yes or no</a></p>
<p>Whoever has the link can answer for you: keep it to yourself.</p>
</body>
</html>
"""


def mailer(running: Running, settings: Settings) -> Worker:
    """Without a mail server messages wait in the outbox."""
    if settings.smtp_url is None or running.keyring is None:
        return Nowhere()
    keyring = running.keyring
    views = Views(running.url, running.service.name)
    return Sender(
        running.dispatch,
        views,
        Smtp(settings.smtp_url),
        sender=settings.mail_from,
        write={
            INVITED: InvitationMail(views, running.secret, settings.public_url).write,
            TOLD: CrewMail(views).write,
        },
        open_=lambda tenant, sealed: _address(keyring, tenant, sealed),
    )


class InvitationMail:
    """Writes the mail when it is sent, from the read models as they are then."""

    def __init__(self, views: Views, secret: Secret, base: str) -> None:
        self._views = views
        self._links = CrewLinks(secret)
        self._base = base.rstrip("/")

    async def write(self, waiting: Waiting) -> Mail | None:
        """None when they need not answer any more."""
        asked = Asked(waiting.tenant, **waiting.about)
        try:
            of = await invited(self._views.of(waiting.tenant), asked)
        except NoPosition:
            return None
        if of.stands not in ("asked", "swap"):
            return None
        said = {
            "title": of.title,
            "place": of.place,
            "role": of.role,
            "link": f"{self._base}{self._links.path(asked)}",
        }
        shifts = join(fill("<li>{when}</li>", when=when) for when in times(of))
        return Mail(
            subject=f"Will you be there? {of.title}",
            text=_TEXT.format(**said, shifts="\n".join(times(of))),
            html=fill(_HTML, **said, shifts=shifts),
        )


async def _address(keyring: Keyring, tenant: str, sealed: bytes) -> str | None:
    """None: they were erased, or gave a telephone number. Raises Invalid for a key that is lost."""
    (found,) = await keyring.open_contacts(tenant, [sealed])
    if isinstance(found, Contact):
        return found.email or None
    if isinstance(found, Erased):
        return None
    raise Invalid(f"the address cannot be opened: {found.why}")
