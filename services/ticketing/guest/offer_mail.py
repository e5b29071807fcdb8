"""The mail that offers tickets to who waited: until when, and the link to take or refuse them."""

from __future__ import annotations

from typing import Final

from roadcase.errors import NotFound
from roadcase.outbox import Mail, Waiting
from roadcase.secret import Secret
from roadcase.views import Views
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.markup import fill
from services.ticketing.guest.offered import Offered, find_offer

OFFERED: Final = "ticketing.tickets_offered"
_TEXT: Final = """{name}
{when} ({zone})

You waited, and it is your turn: {tickets}, {total}, until {deadline}.

Take them: {link}
Refuse them, and let the next have them: {link}#refuse

After that time they go to the next. Whoever has the link can answer for you:
keep it to yourself.
"""
_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{name}</title></head>
<body>
<h1 dir="auto">{name}</h1>
<p>{when} ({zone})</p>
<p>You waited, and it is your turn: <strong>{tickets}</strong>, {total}, until {deadline}.</p>
<p><a href="{link}">Take them</a></p>
<p><a href="{link}#refuse">Refuse them, and let the next have them</a></p>
<p>After that time they go to the next. Whoever has the link can answer for you: keep it to
yourself.</p>
</body>
</html>
"""


class OfferMail:
    """Writes the mail when it is sent, from the read models as they are then."""

    def __init__(self, views: Views, secret: Secret, base: str) -> None:
        self._views = views
        self._links = Links(secret)
        self._base = base.rstrip("/")

    async def write(self, waiting: Waiting) -> Mail | None:
        """None when it is over meanwhile. Raises NotFound before it can be read."""
        named = Named(waiting.tenant, waiting.about["occurrence"], waiting.about["entry"])
        offered = await find_offer(self._views.of(waiting.tenant), named)
        if offered.hold is None:
            raise NotFound  # the read model is not there yet
        if offered.state != "offered":
            return None
        return _mail(offered, f"{self._base}{self._links.offer(*named)}")


def _mail(offered: Offered, link: str) -> Mail:
    said = {
        "name": offered.name,
        "when": offered.when,
        "zone": offered.zone,
        "tickets": offered.tickets,
        "total": offered.total,
        "deadline": offered.deadline,
        "link": link,
    }
    subject = f"It is your turn: {offered.name}"
    return Mail(subject=subject, text=_TEXT.format(**said), html=fill(_HTML, **said))
