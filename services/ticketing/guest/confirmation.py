"""The mail that confirms an order: its link, its tickets as PDF, its night for the calendar."""

from __future__ import annotations

import asyncio
from typing import Final

from roadcase.outbox import Attached, Mail, Waiting
from roadcase.secret import Secret
from roadcase.views import Views
from services.ticketing import codes
from services.ticketing.guest.bought import Bought, day, find, hours
from services.ticketing.guest.files import calendar, tickets_pdf
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.markup import fill, page
from services.ticketing.signing import Signatures

KIND: Final = "ticketing.order_confirmed"
_TEXT: Final = """{name}
{when} ({zone})

Your tickets: {link}

{codes}

Show the QR code of each ticket at the door, on your phone or on the paper
that is attached, or say its code. Whoever has the link can use the tickets:
keep it to yourself.
"""
_HTML: Final = """<h1>{name}</h1>
<p>{when} ({zone})</p>
<p><a href="{link}">Your tickets</a></p>
<p>Show the QR code of each ticket at the door, on your phone or on the paper that is attached.
Whoever has the link can use the tickets: keep it to yourself.</p>
"""


class Confirmation:
    """Writes the mail when it is sent, from the read models as they are then."""

    def __init__(self, views: Views, secret: Secret, base: str) -> None:
        self._views = views
        self._links = Links(secret)
        self._signatures = Signatures(secret)
        self._base = base.rstrip("/")

    async def write(self, waiting: Waiting) -> Mail | None:
        """None when every ticket is void meanwhile. Raises NotFound before it can be read."""
        named = Named(waiting.tenant, waiting.about["occurrence"], waiting.about["order"])
        signature = self._signatures.of(waiting.tenant)
        bought = await find(self._views.of(waiting.tenant), named, signature)
        if not bought.valid:
            return None
        link = f"{self._base}{self._links.order(named)}"
        return await asyncio.to_thread(_mail, bought, named, link)


def _mail(bought: Bought, named: Named, link: str) -> Mail:
    said = {"name": bought.name, "when": f"{day(bought)}, {hours(bought)}", "zone": bought.zone}
    listed = "\n".join(f"{codes.show(each.code)}  {each.kind}" for each in bought.valid)
    more = "" if bought.next is None else "\nand more, at the link"
    return Mail(
        subject=f"Your tickets: {bought.name}",
        text=_TEXT.format(**said, link=link, codes=listed + more),
        html=page(bought.name, fill(_HTML, **said, link=link)),
        attached=(
            Attached("tickets.pdf", "application/pdf", tickets_pdf(bought)),
            Attached("night.ics", "text/calendar", calendar(bought, named, link)),
        ),
    )
