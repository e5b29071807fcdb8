"""What a guest can do with a ticket on the page of its order: forms that need no script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from roadcase.money import Money
from services.ticketing.guest.bought import Bought, Ticket, day, hours
from services.ticketing.guest.markup import NOTHING, Html, fill, join, page

_RENAME: Final = """
<details class="change"><summary>Change whose name is on it</summary>
<form method="post" action="{here}/rename">
  <p class="quiet">The ticket and its code stay the same.</p>
  <input type="hidden" name="ticket" value="{number}">
  <input type="hidden" name="wish" value="{wish}">
  <label>Name <input name="name" required maxlength="200" autocomplete="off"></label>
  <label>E-mail <input name="email" type="email" required autocomplete="off"></label>
  <button>Change the name</button>
</form></details>
"""
_CANCEL_IT: Final = '<p><a href="{here}/cancel?ticket={number}">Cancel this ticket</a></p>'
_TRANSFER: Final = """
<details class="change"><summary>Give it to somebody else</summary>
<form method="post" action="{here}/transfer">
  <p class="quiet">They get a new code by e-mail. This one lets nobody in any more.</p>
  <input type="hidden" name="ticket" value="{number}">
  <input type="hidden" name="wish" value="{wish}">
  <label>Their name <input name="name" required maxlength="200" autocomplete="off"></label>
  <label>Their e-mail <input name="email" type="email" required autocomplete="off"></label>
  <button>Give it to them</button>
</form></details>
"""
_CANCEL: Final = """
<header><h1>{name}</h1><p>{day}, {hours} <span class="quiet">{zone}</span></p></header>
{said}
<article class="card"><p class="row"><span class="kind">{kind}</span><span>{price}</span></p>
{offer}</article>
<p class="take"><a class="button" href="{here}">Keep it</a></p>
"""
_LINE: Final = """
<p class="row"><span>Ticket {number}: {paid} paid</span><span>{back} back</span></p>
"""
_STAYS: Final = """
<p class="row"><span>Ticket {number} stays: {paid} paid</span><span>{back} from now on</span></p>
"""
_OFFER: Final = """
{lines}
{why}
{stay}
<p>You get back <strong>{amount}</strong>. Its code lets nobody in any more.</p>
<form method="post" action="{here}/cancel">
  <input type="hidden" name="ticket" value="{number}">
  <input type="hidden" name="amount" value="{amount}">
  <button>Cancel the ticket</button>
</form>
"""


class Coming(NamedTuple):
    """A ticket of the order by its number: what is `paid` for it, and `back` or paid from then."""

    number: str
    paid: Money
    back: Money


class Offered(NamedTuple):
    """What comes back in all and ticket by ticket, `why` it is less, and what the rest costs."""

    amount: Money
    lines: Sequence[Coming]
    why: Sequence[str]
    stay: Sequence[Coming]


def changes(ticket: Ticket, here: str, wish: str) -> Html:
    """What can be asked of a ticket that is valid and was not used.

    `wish`: an id for its forms; none, they are not there. An add-on goes with its ticket.
    """
    known = {"here": here, "number": ticket.number, "wish": f"{wish}-{ticket.number}"}
    forms = ([] if ticket.addon_to else [_TRANSFER]) + [_RENAME] if wish else []
    return join(fill(form, **known) for form in (*forms, _CANCEL_IT))


def said_so(said: str) -> Html:
    return fill('<p class="said" role="alert">{said}</p>', said=said) if said else NOTHING


def cancel_page(
    bought: Bought, ticket: Ticket, here: str, offered: Offered | None, said: str = ""
) -> str:
    """`offered`: what comes back; None: it cannot be cancelled any more, and `said` says why."""
    offer = NOTHING
    if offered is not None:
        offer = fill(
            _OFFER,
            amount=offered.amount,
            lines=join(fill(_LINE, **each._asdict()) for each in offered.lines),
            why=join(fill('<p class="quiet">{why}</p>', why=why) for why in offered.why),
            stay=join(fill(_STAYS, **each._asdict()) for each in offered.stay),
            here=here,
            number=ticket.number,
        )
    body = fill(
        _CANCEL,
        name=bought.name,
        day=day(bought),
        hours=hours(bought),
        zone=bought.zone,
        said=said_so(said),
        kind=ticket.named,
        price=ticket.price if ticket.price.minor else "free",
        offer=offer,
        here=here,
    )
    return page(f"{bought.name} : cancel a ticket", body)
