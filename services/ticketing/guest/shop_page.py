"""A small shop for one night: which ticket, how many, and no payment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from services.ticketing.guest.markup import NOTHING, Html, fill, join, page
from services.ticketing.guest.timed import called, time_of
from services.ticketing.projections.availability import Availability, Cost, open_to_all
from services.ticketing.signing import at_venue

MOST: Final = 10  # tickets in one order of a guest, where its type says nothing

SOLD_OUT: Final = "sold out"
OVER: Final = "sale has ended"
_BODY = """
<header><h1>{name}</h1><p>{when} <span class="quiet">{zone}</span></p></header>
{said}
<form method="post">
  <input type="hidden" name="cart" value="{cart}">
  <fieldset>
    <legend class="quiet">Which ticket?</legend>
    {types}
  </fieldset>
  {ask}
</form>
{wait}
<footer>This shop takes no payment: it is here to be tried.</footer>
"""
_ASK = """
  <label>How many? <input name="quantity" type="number" inputmode="numeric" value="{quantity}"
    min="1" max="{most}" required></label>
  {pays}
  {email}
  <button>Get tickets</button>
"""
_EMAIL = """
  <label>Your e-mail, if we may send you the tickets
    <input name="email" type="email" autocomplete="email" maxlength="254" value="{email}"></label>
"""
_WAIT = """
<form method="post" id="wait">
  <h2>Waiting list</h2>
  <p>What becomes free is offered to who waited longest, by e-mail.</p>
  <input type="hidden" name="cart" value="{cart}">
  <input type="hidden" name="wait" value="yes">
  <fieldset>
    <legend class="quiet">Any of these</legend>
    {types}
  </fieldset>
  <label>How many together? <input name="quantity" type="number" inputmode="numeric" value="1"
    min="1" max="{most}" required></label>
  <label>Your e-mail
    <input name="email" type="email" autocomplete="email" maxlength="254" required
      value="{email}"></label>
  <button>Join the waiting list</button>
</form>
"""
_WISH = """
<label class="card"><input type="checkbox" name="wait_{id}" value="yes" {checked}>
  <span class="kind">{name}</span></label>
"""
_TYPE = """
<label class="card">
  <input type="radio" name="type" value="{id}" required {checked} {disabled}>
  <span class="kind">{name}{why}{more}</span><span class="price">{price}</span>
  <input type="hidden" name="price_{id}" value="{exact}">
</label>
"""
_DAY = """
<details class="day" {open}><summary>{day} <span class="quiet">{left}</span></summary>
  <div class="slots">{types}</div></details>
"""
_PAY = """
<label>What you pay for {name}, in {currency}: {lowest} or more
  <input name="pay_{id}" inputmode="decimal" placeholder="{suggested}" value="{typed}"></label>
"""


def shop_page(
    night: dict[str, Any], cart: str, at: datetime, said: str | Html = "", **typed: str
) -> str:
    """`typed`: what a guest had filled in before; `said`: what was wrong with it."""
    kinds = {id_: why_not(night, id_, at) for id_ in sold_here(night)}
    kinds = {id_: why for id_, why in kinds.items() if why != OVER or not time_of(night, id_)}
    there = [id_ for id_, why in kinds.items() if not why]
    chosen = typed.get("type") or (there[0] if there else "")
    ask = fill(
        _ASK,
        quantity=typed.get("quantity", "1"),
        most=MOST,
        pays=join(_pay(night, id_, at, typed.get(f"pay_{id_}", "")) for id_ in there),
        email=fill(_EMAIL, email=typed.get("email", "")) if "email" in typed else NOTHING,
    )
    starts = at_venue(night["starts_at"], night["zone"])
    body = fill(
        _BODY,
        name=night["name"],
        when=f"{starts:%A} {starts.day} {starts:%B %Y, %H:%M}",
        zone=night["zone"],
        cart=cart,
        said=fill('<p class="said" role="alert">{said}</p>', said=said) if said else NOTHING,
        types=join(_types(night, kinds, chosen, at)),
        wait=_wait(night, kinds, cart, typed["email"]) if "email" in typed else NOTHING,
        ask=ask if there else Html("<p>There is no ticket to be had right now.</p>"),
    )
    return page(f"{night['name']} : tickets", body)


def _wait(night: dict[str, Any], kinds: dict[str, str], cart: str, email: str) -> Html:
    """The form to wait for what is sold out; of nothing, if nothing is."""
    out = [id_ for id_, why in kinds.items() if why == SOLD_OUT]
    if not out:
        return NOTHING
    checked = "checked" if len(out) == 1 else ""
    types = join(fill(_WISH, id=id_, name=called(night, id_), checked=checked) for id_ in out)
    return fill(_WAIT, cart=cart, types=types, most=MOST, email=email)


def why_not(night: dict[str, Any], id_: str, at: datetime) -> str:
    """Why this type cannot be had now, in words for a guest; empty if it can."""
    kind = night["types"][id_]
    starts, ends = (kind[name] and datetime.fromisoformat(kind[name]) for name in _WINDOW)
    reasons = {
        "not for sale": not kind["active"],
        "not on sale yet": starts is not None and at < starts,
        OVER: ends is not None and at >= ends,
        SOLD_OUT: Availability.left(night, id_) < kind["per_order_min"],
    }
    return next((why for why, true in reasons.items() if true), "")


_WINDOW: Final = ("sale_from", "sale_until")


def sold_here(night: dict[str, Any]) -> list[str]:
    """Ticket types for everybody that can be had by themselves."""
    return [id_ for id_ in open_to_all(night) if not night["types"][id_].get("addon_to")]


def _types(
    night: dict[str, Any], kinds: dict[str, str], chosen: str, at: datetime
) -> Iterator[Html]:
    """What is for all the night first, then slots by day: each day can be opened and closed."""
    days: dict[str, list[str]] = {}
    for id_, why in kinds.items():
        if time_of(night, id_) is None:
            yield _type(night, id_, why, chosen, at)
    for id_ in sorted(kinds, key=lambda id_: (_when(night, id_), id_)):
        if (time := time_of(night, id_)) is not None:
            days.setdefault(time.day, []).append(id_)
    for day, slots in days.items():
        left = sum(1 for id_ in slots if not kinds[id_])
        yield fill(
            _DAY,
            day=day,
            left=f"{left} of {len(slots)} times free" if left else SOLD_OUT,
            open="open" if len(days) == 1 or chosen in slots else "",
            types=join(_type(night, id_, kinds[id_], chosen, at) for id_ in slots),
        )


def _when(night: dict[str, Any], id_: str) -> str:
    """By this, slots are in their order: an instant in UTC as text."""
    slot = night["types"][id_].get("slot")
    return str(slot["starts"]) if slot else ""


def _type(night: dict[str, Any], id_: str, why: str, chosen: str, at: datetime) -> Html:
    kind = night["types"][id_]
    first, *then = Availability.costs(night, id_, MOST, at)
    more, time = _more(first, then), time_of(night, id_)
    if time is not None:
        left = "" if why else f"{Availability.left(night, id_)} left"
        more = ", ".join(each for each in (kind["name"], left, more) if each)
    return fill(
        _TYPE,
        id=id_,
        name=time.hours if time else kind["name"],
        why=fill(' <bdi class="quiet">{why}</bdi>', why=why) if why else NOTHING,
        price=_price(first),
        more=fill('<small class="quiet">{more}</small>', more=more) if more else NOTHING,
        exact=first.total,
        checked="checked" if id_ == chosen and not why else "",
        disabled="disabled" if why else "",
    )


def _price(cost: Cost) -> str:
    if cost.lowest is not None:
        return f"from {cost.lowest}" if cost.lowest.minor else "what you can"
    if not cost.total.minor:
        return "free"
    return str(cost.total)


def _more(first: Cost, then: list[Cost]) -> str:
    """`with 0.50 EUR fee, 3 at this price, then 10.00 EUR`."""
    said = [f"with {first.fee} fee"] if first.fee else []
    if then:
        said += [f"{first.quantity} at this price", *(f"then {each.total}" for each in then)]
    return ", ".join(said)


def _pay(night: dict[str, Any], id_: str, at: datetime, typed: str) -> Html:
    cost = Availability.cost(night, id_, at)
    if cost.lowest is None:
        return NOTHING
    amount, _, currency = str(cost.price).partition(" ")
    return fill(
        _PAY,
        id=id_,
        name=night["types"][id_]["name"],
        lowest=str(cost.lowest).partition(" ")[0],
        currency=currency,
        suggested=amount,
        typed=typed,
    )
