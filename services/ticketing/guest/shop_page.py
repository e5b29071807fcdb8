"""A small shop for one night: which ticket, how many, which seats, and no payment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from roadcase.money import Money
from services.ticketing.guest.markup import NOTHING, Html, fill, join, page
from services.ticketing.guest.seat_plan import seats_asked, words
from services.ticketing.guest.seen import OVER, SOLD_OUT, Seen
from services.ticketing.guest.timed import called, time_of
from services.ticketing.guest.wishes import MOST, NOTHING_TYPED, Typed, Wish
from services.ticketing.projections.availability import Availability, Cost
from services.ticketing.signing import at_venue

LONGEST: Final = 64  # characters of a code that somebody types, spaces among them
_BODY = """
<header><h1>{name}</h1><p>{when} <span class="quiet">{zone}</span></p></header>
{said}
{coded}
<form method="post">
  <input type="hidden" name="cart" value="{cart}">
  <input type="hidden" name="coded" value="{code}">
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
  {seats}
  {pays}
  {email}
  {code}
  {total}
  <div class="take">
    <button class="button" name="look" value="yes" formnovalidate formaction="#total">
      Show the total</button>
    <button>Get tickets</button>
  </div>
"""
_MANY = """
  <label>How many? <input name="quantity" type="number" inputmode="numeric" value="{quantity}"
    min="1" max="{most}" required></label>
"""
_CODE = """
  <details class="coded" {open}><summary>Do you have a code?</summary>
    <label>Code <input name="code" value="{typed}" maxlength="{longest}" autocomplete="off"
      autocapitalize="characters" spellcheck="false"></label>
    <button class="button" name="look" value="yes" formnovalidate>Use the code</button>
  </details>
"""
_TOTAL = """
  <p class="card" id="total" role="status">{what}<strong>{total} in all</strong></p>
  <input type="hidden" name="of" value="{key}">
  <input type="hidden" name="total" value="{total}">
"""
_CODED = """
<p class="card" role="status"><span>Your code <strong>{code}</strong> counts: this is what there is
with it.{more}</span></p>
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


class Shown(NamedTuple):
    """What stands in the form.

    `typed`: what its guest had filled in before; `said`: what was wrong with it. `total`: what a
    wish costs in all. `lost`: seats that were taken a moment ago.
    """

    cart: str
    asks_email: bool = False
    typed: Typed = NOTHING_TYPED
    said: str | Html = ""
    total: tuple[Wish, Money] | None = None
    lost: tuple[str, ...] = ()


def shop_page(seen: Seen, shown: Shown) -> str:
    """The whole page."""
    night, typed = seen.night, shown.typed
    kinds = {id_: seen.why_not(id_) for id_ in seen.types()}
    kinds = {id_: why for id_, why in kinds.items() if why != OVER or not time_of(night, id_)}
    there = [id_ for id_, why in kinds.items() if not why]
    chosen = typed.get("type", "")
    chosen = chosen if chosen in there else next(iter(there), "")
    none = Html("<p>There is no ticket to be had right now.</p>")
    starts = at_venue(night["starts_at"], night["zone"])
    waits = shown.asks_email and not seen.code
    body = fill(
        _BODY,
        name=night["name"],
        when=f"{starts:%A} {starts.day} {starts:%B %Y, %H:%M}",
        zone=night["zone"],
        cart=shown.cart,
        said=fill('<p class="said" role="alert">{said}</p>', said=shown.said)
        if shown.said
        else NOTHING,
        coded=_coded(seen),
        code=seen.code,
        types=join(_types(seen, kinds, chosen)),
        wait=_wait(night, kinds, shown) if waits else NOTHING,
        ask=_ask(seen, shown, there) if there else join([none, _code(typed)]),
    )
    return page(f"{night['name']} : tickets", body)


def _ask(seen: Seen, shown: Shown, there: list[str]) -> Html:
    """All but the ticket types."""
    typed = shown.typed
    seated = any(seen.pool_of(id_) for id_ in there)
    email = fill(_EMAIL, email=typed.get("email", ""))
    return fill(
        _ASK,
        seats=seats_asked(seen, typed, shown.lost)
        if seated
        else fill(_MANY, quantity=typed.get("quantity", "1"), most=MOST),
        pays=join(_pay(seen, id_, typed.get(f"pay_{id_}", "")) for id_ in there),
        email=email if shown.asks_email else NOTHING,
        code=_code(typed),
        total=_total(seen, *shown.total) if shown.total else NOTHING,
    )


def _code(typed: Typed) -> Html:
    code = typed.get("code", "")[:LONGEST]
    return fill(_CODE, longest=LONGEST, typed=code, open="open" if code else "")


def _coded(seen: Seen) -> Html:
    """That the code counts, and what is to be known of it."""
    if not seen.code:
        return NOTHING
    least = seen.voucher.least if seen.voucher else 1
    more = f" It is for {least} tickets or more in one order." if least > 1 else ""
    return fill(_CODED, code=seen.code, more=more)


def _total(seen: Seen, wish: Wish, total: Money) -> Html:
    name = called(seen.night, wish.kind)
    seats = f": {', '.join(wish.seats)}" if wish.seats else ""
    what = f"{name}, {wish.quantity}{seats}. "
    return fill(_TOTAL, what=what, total=total, key=wish.key)


def _wait(night: dict[str, Any], kinds: Mapping[str, str], shown: Shown) -> Html:
    """The form to wait for what is sold out; of nothing, if nothing is."""
    out = [id_ for id_, why in kinds.items() if why == SOLD_OUT]
    if not out:
        return NOTHING
    checked = "checked" if len(out) == 1 else ""
    types = join(fill(_WISH, id=id_, name=called(night, id_), checked=checked) for id_ in out)
    email = shown.typed.get("email", "")
    return fill(_WAIT, cart=shown.cart, types=types, most=MOST, email=email)


def _types(seen: Seen, kinds: Mapping[str, str], chosen: str) -> Iterator[Html]:
    """What is for all the night first, then slots by day: each day can be opened and closed."""
    night = seen.night
    days: dict[str, list[str]] = {}
    for id_, why in kinds.items():
        if time_of(night, id_) is None:
            yield _type(seen, id_, why, chosen)
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
            types=join(_type(seen, id_, kinds[id_], chosen) for id_ in slots),
        )


def _when(night: dict[str, Any], id_: str) -> str:
    """By this, slots are in their order: an instant in UTC as text."""
    slot = night["types"][id_].get("slot")
    return str(slot["starts"]) if slot else ""


def _type(seen: Seen, id_: str, why: str, chosen: str) -> Html:
    night, kind = seen.night, seen.night["types"][id_]
    first, *then = seen.costs(id_, MOST)
    more, time = _more(seen, id_, first, then), time_of(night, id_)
    if time is not None:
        left = "" if why else f"{Availability.left(night, id_)} left"
        more = ", ".join(each for each in (kind["name"], left, more) if each)
    return fill(
        _TYPE,
        id=id_,
        name=time.hours if time else kind["name"],
        why=fill(' <bdi class="quiet">{why}</bdi>', why=why) if why else NOTHING,
        price=words(first),
        more=fill('<small class="quiet">{more}</small>', more=more) if more else NOTHING,
        exact=first.total,
        checked="checked" if id_ == chosen and not why else "",
        disabled="disabled" if why else "",
    )


def _more(seen: Seen, id_: str, first: Cost, then: list[Cost]) -> str:
    """`instead of 12.00 EUR, with 0.50 EUR fee, 3 at this price, then 10.00 EUR`."""
    full = Availability.cost(seen.night, id_, seen.at).total
    said = [f"instead of {full}"] if full.minor > first.total.minor else []
    said += [f"with {first.fee} fee"] if first.fee else []
    if then:
        said += [f"{first.quantity} at this price", *(f"then {each.total}" for each in then)]
    return ", ".join(said)


def _pay(seen: Seen, id_: str, typed: str) -> Html:
    cost = Availability.cost(seen.night, id_, seen.at)
    if cost.lowest is None:
        return NOTHING
    amount, _, currency = str(cost.price).partition(" ")
    return fill(
        _PAY,
        id=id_,
        name=seen.night["types"][id_]["name"],
        lowest=str(cost.lowest).partition(" ")[0],
        currency=currency,
        suggested=amount,
        typed=typed,
    )
