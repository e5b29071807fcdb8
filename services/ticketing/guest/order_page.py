"""The page of an order: its night, its tickets, and both to take along."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from roadcase.spans import Span
from services.ticketing import codes
from services.ticketing.guest.asking import asked_for
from services.ticketing.guest.bought import Bought, Ticket, day, hours
from services.ticketing.guest.invoice_page import invoice_link
from services.ticketing.guest.markup import NOTHING, Html, fill, join, page, qr
from services.ticketing.guest.notice_mail import UNSAID
from services.ticketing.guest.order_forms import changes, said_so

_BODY = """
<header>
  <h1>{name}</h1>
  <p><time datetime="{iso}">{day}, {hours}</time> <span class="quiet">{zone}</span></p>
</header>
{said}
{asked}
{questions}
{tickets}
{more}
<p class="take">{paper}<a class="button" href="{here}/night.ics" download>Add to calendar</a></p>
{invoice}
<footer>Whoever has this link or one of these codes can come in with it, once. Keep it to yourself.
</footer>
"""
_ASKED = """
<form method="post" action="{here}/postponed" id="postponed">
  <p><strong>This night was postponed.</strong> Answer before {until}. {said}</p>
  <p><button class="button" name="answer" value="keep">Keep my tickets</button>
  <button class="button" name="answer" value="refund">Have my money back</button></p>
</form>
"""
_VALID = """
<article class="card" aria-label="Ticket {number}">
  {qr}
  <p class="code">{code}</p>
  <p class="row"><span class="kind">{kind}</span><span>{price}</span></p>
  {time}
  {seat}
  {came}
  {changes}
</article>
"""
_PRINTED = """
<article class="card" aria-label="Ticket {number}">
  <p class="row"><span class="kind">{kind}</span><span>{price}</span></p>
  {time}
  {seat}
  <p class="quiet">It is printed for you at the box office.</p>
</article>
"""
_VOID = """
<article class="card void" aria-label="Ticket {number}">
  <p class="row"><span class="kind">{kind}</span><strong>{state}</strong></p>
  <p class="quiet">This ticket lets nobody in any more.</p>
</article>
"""


def order_page(
    bought: Bought,
    here: str,
    after: int,
    wish: str = "",
    said: str = "",
    *,
    answering: bool = False,
    invoicing: bool = False,
) -> str:
    """`here` is the page's path. `wish`: an id for what is asked on it; none, nothing can be.

    `said`: what was wrong with what was asked. `answering`: its questions can be answered now.
    `invoicing`: an invoice can be asked for.
    """
    place = f"?after={after}" if after else ""
    small = f"{place}&size=a6" if place else "?size=a6"
    paper = fill('<a class="button main" href="{at}" download>Tickets as PDF</a> '
                 '<a class="button" href="{small}" download>for small paper</a> ',
                 at=f"{here}/tickets.pdf{place}", small=f"{here}/tickets.pdf{small}")  # fmt: skip
    more = fill('<p><a href="{at}">More tickets of this order</a></p>',
                at=f"{here}?after={bought.next}")  # fmt: skip
    body = fill(
        _BODY,
        name=bought.name,
        iso=bought.starts.isoformat(),
        day=day(bought),
        hours=hours(bought),
        zone=bought.zone,
        asked=_asked(bought, here),
        said=said_so(said),
        questions=asked_for(bought.questions, here, after) if answering else NOTHING,
        invoice=invoice_link(bought.invoice, here) if invoicing else NOTHING,
        tickets=join(_ticket(ticket, bought.zone, here, wish) for ticket in bought.tickets),
        more=more if bought.next else NOTHING,
        paper=paper if bought.valid else NOTHING,
        here=here,
    )
    return page(f"{bought.name} : your tickets", body)


def _asked(bought: Bought, here: str) -> Html:
    """What the guest of a postponed night is asked."""
    asked = bought.postponed
    if asked is None:
        return NOTHING
    until = asked["answer_until"].astimezone(ZoneInfo(bought.zone))
    said = "You keep your tickets." if asked["answer"] else UNSAID[asked["default_answer"]]
    return fill(_ASKED, here=here, until=f"{until:%A} {until.day} {until:%B %Y, %H:%M}", said=said)


def _ticket(ticket: Ticket, zone: str, here: str, wish: str) -> Html:
    if ticket.printed:
        return fill(
            _PRINTED,
            number=ticket.number,
            kind=ticket.kind,
            price=ticket.price if ticket.price.minor else "free",
            time=_time(ticket.time),
            seat=_seat(ticket),
        )
    if ticket.signed is None:
        return fill(_VOID, number=ticket.number, kind=ticket.kind, state=ticket.state.title())
    came = NOTHING
    if ticket.admitted_at is not None:
        at = ticket.admitted_at.astimezone(ZoneInfo(zone))
        came = fill('<p class="came">Came in at {at}</p>', at=f"{at:%H:%M}")
    return fill(
        _VALID,
        number=ticket.number,
        qr=qr(ticket.signed, f"QR code of ticket {ticket.number}"),
        code=codes.show(ticket.code),
        kind=ticket.kind,
        price=ticket.price if ticket.price.minor else "free",
        time=_time(ticket.time),
        seat=_seat(ticket),
        came=came,
        changes=NOTHING if came else changes(ticket, here, wish),
    )


def _time(time: Span | None) -> Html:
    if time is None:
        return NOTHING
    said = fill("<strong>{day}<br>{hours}</strong>", day=time.day, hours=time.hours)
    return fill('<p class="time"><time datetime="{iso}">{said}</time></p>',
                iso=time.starts.isoformat(), said=said)  # fmt: skip


def nowhere() -> str:
    """What every link that leads nowhere says, whether it was never right or is no more."""
    body = Html(
        "<header><h1>There is nothing here</h1></header>"
        "<p>Open the link from your mail once more, all of it. It may have been cut off.</p>"
    )
    return page("Nothing here", body)


def away() -> str:
    """While a server that we need is away."""
    body = Html(
        "<header><h1>Please try again in a moment</h1></header>"
        "<p>Your tickets are safe; we cannot show them right now.</p>"
    )
    return page("Try again", body)


def _seat(ticket: Ticket) -> Html:
    return fill('<p class="row">Seat {seat}</p>', seat=ticket.seat) if ticket.seat else NOTHING
