"""The mail that confirms an order: its link, its tickets as PDF, its night for the calendar."""

from __future__ import annotations

import asyncio
from typing import Final

from roadcase.outbox import Attached, Mail, Waiting
from roadcase.secret import Secret
from roadcase.views import Views
from services.ticketing import codes
from services.ticketing.guest.bought import Bought, day, find, hours
from services.ticketing.guest.calendar import calendar
from services.ticketing.guest.files import tickets_pdf
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.markup import NOTHING, Html, fill, join
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
# Mail programs load nothing and know few styles: a page of its own, and readable without any.
_STYLE: Final = Html("""
  body { margin: 0 auto; padding: 1.5rem; max-width: 32rem; font: 1rem/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
  .button { display: inline-block; padding: 0.75rem 1.5rem; border-radius: 1.5rem;
    background: #0b6e4f; color: #ffffff; font-weight: 600; text-decoration: none; }
  li { overflow-wrap: anywhere; margin: 0.25rem 0; }
  code { font-size: 1.1rem; font-weight: 700; }
""")
_HTML: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{name}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <style>{style}</style>
</head>
<body>
<h1 dir="auto">{name}</h1>
<p>{when} ({zone})</p>
<p><a class="button" href="{link}">Your tickets</a></p>
<ul>{codes}</ul>
{more}
<p>Show the QR code of each ticket at the door, on your phone or on the paper that is attached,
or say its code. Whoever has the link can use the tickets: keep it to yourself.</p>
</body>
</html>
"""
_CODE: Final = "<li><code>{code}</code> <bdi>{kind}</bdi></li>"


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
        if not bought.valid and not any(ticket.printed for ticket in bought.tickets):
            return None
        link = f"{self._base}{self._links.order(named)}"
        return await asyncio.to_thread(_mail, bought, named, link)


def _mail(bought: Bought, named: Named, link: str) -> Mail:
    said = {"name": bought.name, "when": f"{day(bought)}, {hours(bought)}", "zone": bought.zone}
    listed = "\n".join(f"{codes.show(each.code)}  {each.named}" for each in bought.valid)
    in_html = join(
        fill(_CODE, code=codes.show(each.code), kind=each.named) for each in bought.valid
    )
    more = "" if bought.next is None else "and more, at the link"
    paper = Attached("tickets.pdf", "application/pdf", tickets_pdf(bought))
    night = Attached("night.ics", "text/calendar", calendar(bought, named, link))
    return Mail(
        subject=f"Your tickets: {bought.name}",
        text=_TEXT.format(**said, link=link, codes=f"{listed}\n{more}".rstrip()),
        html=fill(
            _HTML,
            **said,
            link=link,
            style=_STYLE,
            codes=in_html,
            more=fill("<p>{more}</p>", more=more) if more else NOTHING,
        ),
        attached=(paper, night) if bought.valid else (night,),
    )
