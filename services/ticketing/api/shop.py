"""The door of the shop: an open form that sells, where the installation says that it may."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from roadcase.clock import now
from roadcase.doors import Reader, wait_shown
from roadcase.errors import Invalid, KeyReused, NotFound, Refused
from roadcase.http import OPEN, Guest, Reads, needs
from roadcase.ids import new_id
from roadcase.keyring import Contact, Sealed
from roadcase.money import Money
from roadcase.outbox import address_of
from roadcase.service import Tools
from services.ticketing import codes, commands, queries
from services.ticketing.api.guest import told
from services.ticketing.domain.refusals import WrongAmount
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.markup import fill
from services.ticketing.guest.shop_page import MOST, shop_page, sold_here
from services.ticketing.projections.availability import Availability

PAID: Final = "demo: nobody paid"
SAID: Final = {
    "ticketing.sold_out": "There are not that many left.",
    "ticketing.wrong_amount": "The price has changed: look at it once more.",
    "ticketing.order_limit": "That many cannot be had in one order.",
    "ticketing.person_limit": "You have had as many as one person may have.",
    "ticketing.person_unknown": "This ticket is only sold to people who say who they are.",
    "ticketing.not_on_sale_yet": "This ticket is not on sale yet.",
    "ticketing.price_too_low": "That is less than the lowest price of this ticket.",
    "ticketing.sale_ended": "The sale of this ticket has ended.",
    "ticketing.still_on_sale": "There are enough again: get them now.",
    "ticketing.already_waiting": "You wait for this ticket already.",
    "ticketing.never_enough": "There are not that many in all.",
}
_WISH: Final = "wait_"
_KEPT: Final = {"type", "quantity", "email"}
_UNCLEAR: Final = "Choose a ticket and how many, from 1 to 10."


class Shop:
    """Sells to guests by themselves, as the server: with its word instead of a payment."""

    def __init__(self, tools: Tools) -> None:
        self._open = tools.shop
        self._keyring = tools.keyring
        self.asks_email = tools.mail and tools.keyring is not None
        self._links = Links(tools.secret)
        self._seeds = tools.secret.key("ticketing/codes")

    def enter(self, token: str) -> Named:
        """The night of a shop's link. Raises NotFound, also when there is no shop here."""
        if not self._open:
            raise NotFound
        return self._links.read("shop", token)

    def cart(self, named: Named) -> str:
        """A new order to be, sealed: nobody can ask for another one's."""
        return self._links.token("cart", named._replace(order=new_id("web")))

    def order(self, named: Named, cart: str) -> Named:
        """The order of a cart of this shop. Raises NotFound."""
        wanted = self._links.read("cart", cart)
        if wanted._replace(order="") != named:
            raise NotFound
        return wanted

    async def joining(self, order: Named, typed: dict[str, str]) -> commands.JoinWaitingList:
        """Who wants to wait for what is sold out. Raises Invalid or ValidationError."""
        sealed = await self._sealed(order.tenant, typed.get("email", ""))
        if sealed is None:
            raise Invalid(_UNCLEAR, field="email")
        return commands.JoinWaitingList(
            occurrence=order.occurrence,
            entry=order.order,
            ticket_types=tuple(name[len(_WISH) :] for name in typed if name.startswith(_WISH)),
            quantity=_quantity(typed),
            subject=sealed.kid,
            contact=sealed.packed(),
        )

    def place(self, entry: Named) -> str:
        """Where somebody sees how their waiting stands."""
        return self._links.offer(*entry)

    def link(self, order: Named) -> str:
        return self._links.order(order)

    async def purchase(
        self, order: Named, typed: dict[str, str], night: dict[str, Any]
    ) -> commands.SellTickets:
        """What was asked for, at the price that was shown. Raises Invalid or ValidationError.

        The address is sealed here, before anything keeps it.
        """
        kind, quantity = typed.get("type", ""), _quantity(typed)
        sealed = await self._sealed(order.tenant, typed.get("email", ""))
        if kind not in sold_here(night):
            raise Invalid(_UNCLEAR)
        said = _said(night, kind, typed)
        costs = Availability.costs(night, kind, quantity, now(), said)
        if said is None and Money.parse(typed.get(f"price_{kind}", "")) != costs[0].total:
            raise WrongAmount(total=str(costs[0].total))
        total = sum(each.total.minor * each.quantity for each in costs)
        return commands.SellTickets(
            occurrence=order.occurrence,
            order=order.order,
            lines=(commands.Line(ticket_type=kind, quantity=quantity, price=said),),
            payment_reference=PAID,
            amount=Money(total, costs[0].price.currency),
            code_seed=codes.seed(self._seeds, order.tenant, order.occurrence, order.order),
            channel="web",
            subject=sealed.kid if sealed else None,
            contact=sealed.packed() if sealed else None,
        )

    async def _sealed(self, tenant: str, email: str) -> Sealed | None:
        if not email.strip() or self._keyring is None:
            return None
        return await self._keyring.seal(tenant, Contact(email=address_of(email)))


def router(tools: Tools) -> APIRouter:
    """`/shop/{token}`: the form, and what becomes of it."""
    found = APIRouter(prefix="/shop/{token}")
    shop = Shop(tools)

    @found.api_route("", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_shop(token: str, reads: Reads) -> Response:
        named = shop.enter(token)
        night = await _night(reads(named.tenant), named)
        kept = {"email": ""} if shop.asks_email else {}
        return HTMLResponse(shop_page(night, shop.cart(named), now(), **kept))

    @found.post("", include_in_schema=False)
    @needs(OPEN, mutates=False)  # its key is in the form: browsers send no such header
    @told
    async def buy(token: str, request: Request, reads: Reads, guest: Guest) -> Response:
        named = shop.enter(token)
        typed = await _typed(request)
        order = shop.order(named, typed.get("cart", ""))
        read = reads(named.tenant)
        try:
            if "wait" in typed:
                join = guest(named.tenant, f"wait:{order.order}")
                wish = await shop.joining(order, typed)
                outcome = await join(wish, request=_asked(wish, typed))
                await wait_shown(read, "waiting", outcome.position)
                return RedirectResponse(shop.place(order), 303)
            command = await shop.purchase(order, typed, await _night(read, order))
            sell = guest(named.tenant, f"shop:{order.order}")
            outcome = await sell(command, request=_asked(command, typed))
        except (Refused, KeyReused, Invalid, ValidationError) as error:
            return await _again(shop, read, order, typed, error)
        await wait_shown(read, "attendees", outcome.position)
        return RedirectResponse(shop.link(order), 303)

    return found


def _quantity(typed: dict[str, str]) -> int:
    number = typed.get("quantity", "")
    quantity = int(number) if number.isascii() and number.isdigit() else 0
    if not 1 <= quantity <= MOST:
        raise Invalid(_UNCLEAR)
    return quantity


def _said(night: dict[str, Any], kind: str, typed: dict[str, str]) -> Money | None:
    """What a guest says they pay, where that is theirs to say. Raises Invalid."""
    terms = night["types"][kind]
    amount = typed.get(f"pay_{kind}", "").strip().replace(",", ".")
    if not terms.get("lowest") or not amount:
        return None
    number, _, currency = str(Money(**terms["price"])).partition(" ")
    places = len(number.partition(".")[2])
    whole, _, cents = amount.partition(".")
    return Money.parse(
        f"{whole}.{cents:0<{places}} {currency}" if places else f"{whole} {currency}"
    )


def _asked(
    command: commands.SellTickets | commands.JoinWaitingList, typed: dict[str, str]
) -> bytes:
    """What was asked, the same at each try: a sealed address is another one each time."""
    plain = command.model_copy(update={"contact": None})
    return f"{plain.model_dump_json()}\n{typed.get('email', '')}".encode()


async def _night(read: Reader, named: Named) -> dict[str, Any]:
    try:
        return await queries.availability(read, named.occurrence)
    except Refused:
        raise NotFound from None


async def _typed(request: Request) -> dict[str, str]:
    """The fields of a form. Raises Invalid for what no browser sends."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=500)
    except ValueError:
        raise Invalid("this is not a form") from None
    return {name: values[-1] for name, values in fields.items()}


async def _again(
    shop: Shop, read: Reader, order: Named, typed: dict[str, str], error: Exception
) -> Response:
    """The form once more, with what was wrong."""
    night = await _night(read, order)
    cart = typed["cart"]
    said: str = _UNCLEAR
    if isinstance(error, Invalid) and error.facts.get("field") == "email":
        said = "This is not an e-mail address."
    if isinstance(error, Refused):
        said = SAID.get(error.code, str(error))
    if isinstance(error, KeyReused):
        cart = shop.cart(order._replace(order=""))
        said = fill('You have <a href="{link}">these tickets</a> already.', link=shop.link(order))
    kept = {name: text for name, text in typed.items() if name in _KEPT or name[:4] == "pay_"}
    return HTMLResponse(shop_page(night, cart, now(), said, **kept), 409)
