"""The request for an invoice on the page of an order: a form that needs no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.ticketing.guest.markup import NOTHING, Html, fill, page

_PAGE: Final = """
<header><h1>{name}</h1></header>
{said}
{state}
{form}
<p class="take"><a class="button" href="{here}">Back to the tickets</a></p>
"""
_FORM: Final = """
<form method="post" action="{here}/invoice">
  <input type="hidden" name="wish" value="{wish}">
  <label>Name or company
    <input name="name" required maxlength="200" autocomplete="organization"></label>
  <label>Address, first line <input name="street" required maxlength="240"
    autocomplete="address-line1"></label>
  <label>Address, second line <input name="place" maxlength="250"
    autocomplete="address-line2"></label>
  <label>VAT id, if you have one <input name="vat_id" maxlength="30" autocomplete="off"></label>
  <button>{button}</button>
</form>
"""
_MAIL: Final = "It will be sent by mail to the address that the tickets were sent to."


def invoice_page(
    name: str, asked: Mapping[str, Any] | None, here: str, wish: str, said: str = ""
) -> str:
    """`name`: of the night. `asked`: what was asked for before. What it says is not shown again."""
    made = asked["number"] if asked else None
    button = "Change what it says" if asked else "Ask for the invoice"
    body = fill(
        _PAGE,
        name=name,
        said=fill('<p class="said" role="alert">{said}</p>', said=said) if said else NOTHING,
        state=_state(asked),
        form=NOTHING if made else fill(_FORM, here=here, wish=wish, button=button),
        here=here,
    )
    return page(f"{name} : invoice", body)


def _state(asked: Mapping[str, Any] | None) -> Html:
    if asked is None:
        return fill("<p>The invoice is not made at once. {mail}</p>", mail=_MAIL)
    if asked["number"] is None:
        return fill("<p>You asked for an invoice. {mail}</p>", mail=_MAIL)
    return fill("<p>The invoice {number} is made, and changes no more.</p>", number=asked["number"])


def invoice_link(asked: Mapping[str, Any] | None, here: str) -> Html:
    """The way to the form, from the page of the order."""
    words = "Ask for an invoice"
    if asked is not None:
        words = "You asked for an invoice" if asked["number"] is None else "Your invoice is made"
    return fill('<p><a href="{here}/invoice">{words}</a></p>', here=here, words=words)
