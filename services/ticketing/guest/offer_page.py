"""The page of somebody who waits: accept what is offered, refuse it, or wait no longer."""

from __future__ import annotations

from typing import Final

from services.ticketing.guest.markup import NOTHING, Html, fill, page
from services.ticketing.guest.offered import Offered

_BODY: Final = """
<header><h1>{name}</h1><p>{when} <span class="quiet">{zone}</span></p></header>
{said}
{stands}
<footer>Whoever has this link can answer for you: keep it to yourself.</footer>
"""
_OFFER: Final = """
<p>For you: <strong>{tickets}</strong>, {total}, until {deadline}.</p>
{accept}
<form method="post" id="refuse">
  <input type="hidden" name="answer" value="refuse">
  <button>No, thank you: let the next have them</button>
</form>
"""
_ACCEPT: Final = """
<form method="post">
  <input type="hidden" name="answer" value="accept">
  <input type="hidden" name="total" value="{total}">
  <button>Get tickets</button>
</form>
<p class="quiet">Nothing is paid here: this shop is here to be tried.</p>
"""
_ASK: Final = "<p>To buy them, tell the box office this: <code>{hold}</code></p>"
_WAITS: Final = """
<p>You wait for <strong>{tickets}</strong>. As soon as it is your turn, they are offered to you
here, and by e-mail.</p>
<form method="post">
  <input type="hidden" name="answer" value="refuse">
  <button>Wait no longer</button>
</form>
"""
_OVER: Final = {
    "bought": "You have bought these tickets: the link to them is in your mail.",
    "lapsed": "This offer is over: the tickets went to the next.",
    "left": "You do not wait any longer.",
}


def offer_page(offered: Offered, *, sells: bool, said: str = "") -> str:
    """`sells`: it can be bought here. `said`: what was wrong."""
    body = fill(
        _BODY,
        name=offered.name,
        when=offered.when,
        zone=offered.zone,
        said=fill('<p class="said" role="alert">{said}</p>', said=said) if said else NOTHING,
        stands=_stands(offered, sells=sells),
    )
    return page(f"{offered.name} : waiting list", body)


def _stands(offered: Offered, *, sells: bool) -> Html:
    if offered.state in _OVER:
        return fill("<p>{over}</p>", over=_OVER[offered.state])
    if offered.state != "offered":
        return fill(_WAITS, tickets=offered.tickets)
    accept = fill(_ACCEPT, total=offered.total) if sells else fill(_ASK, hold=offered.hold)
    return fill(
        _OFFER,
        tickets=offered.tickets,
        total=offered.total,
        deadline=offered.deadline,
        accept=accept,
    )
