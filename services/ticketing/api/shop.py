"""The door of the shop: an open form that sells, where the installation says that it may."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final, cast
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from roadcase.asked import Outcome
from roadcase.clock import now
from roadcase.decider import Command
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
from services.ticketing.api.series import bought
from services.ticketing.domain.refusals import WrongAmount
from services.ticketing.domain.seat_refusals import SeatsKept, SeatsTaken
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.markup import fill
from services.ticketing.guest.seen import Seen, with_code
from services.ticketing.guest.shop_page import Shown, shop_page
from services.ticketing.guest.wishes import SEAT, SEATS, UNCLEAR, Typed, Wish, number_of, wish_of

PAID: Final = "demo: nobody paid"
SAID: Final = {
    "ticketing.sold_out": "There are not that many left.",
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
_CHANGED: Final = "The price has changed: look at it once more."


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

    async def joining(self, order: Named, typed: Typed) -> commands.JoinWaitingList:
        """Who wants to wait for what is sold out. Raises Invalid or ValidationError."""
        sealed = await self._sealed(order.tenant, typed.get("email", ""))
        if sealed is None:
            raise Invalid(UNCLEAR, field="email")
        return commands.JoinWaitingList(
            occurrence=order.occurrence,
            entry=order.order,
            ticket_types=tuple(name[len(_WISH) :] for name in typed if name.startswith(_WISH)),
            quantity=number_of(typed),
            subject=sealed.kid,
            contact=sealed.packed(),
        )

    def place(self, entry: Named) -> str:
        """Where somebody sees how their waiting stands."""
        return self._links.offer(*entry)

    def link(self, order: Named) -> str:
        return self._links.order(order)

    async def purchase(self, order: Named, typed: Typed, seen: Seen) -> commands.SellTickets:
        """What was asked for, at the price that was shown. Raises Invalid or ValidationError.

        The address is sealed here, before anything keeps it.
        """
        wish = wish_of(seen, typed)
        sealed = await self._sealed(order.tenant, typed.get("email", ""))
        return commands.SellTickets(
            occurrence=order.occurrence,
            order=order.order,
            lines=(wish.line(),),
            payment_reference=PAID,
            amount=_amount(seen, wish, typed),
            code_seed=codes.seed(self._seeds, order.tenant, order.occurrence, order.order),
            channel="web",
            codes=(wish.code,) if wish.code else (),
            seats_apart=wish.apart,
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
        seen = await _seen(reads(named.tenant), named)
        shown = Shown(shop.cart(named), shop.asks_email)
        return HTMLResponse(await asyncio.to_thread(shop_page, seen, shown))

    @found.post("", include_in_schema=False)
    @needs(OPEN, mutates=False)  # its key is in the form: browsers send no such header
    @told
    async def buy(token: str, request: Request, reads: Reads, guest: Guest) -> Response:
        named = shop.enter(token)
        typed = await _typed(request)
        counter = Counter(
            shop, reads(named.tenant), guest, shop.order(named, typed.get("cart", ""))
        )
        try:
            if "wait" in typed:
                return await counter.wait(typed)
            return await counter.sell(typed)
        except (NotFound, Refused, KeyReused, Invalid, ValidationError) as error:
            return await counter.again(typed, error)

    return found


class Counter:
    """Serves one guest, once."""

    def __init__(self, shop: Shop, read: Reader, guest: Guest, order: Named) -> None:
        self._shop, self._read, self._guest, self._order = shop, read, guest, order

    async def wait(self, typed: Typed) -> Response:
        """They wait for what is sold out."""
        order = self._order
        join = self._guest(order.tenant, f"wait:{order.order}")
        wish = await self._shop.joining(order, typed)
        outcome = await join(wish, request=_asked(wish, typed))
        await wait_shown(self._read, "waiting", outcome.position)
        return RedirectResponse(self._shop.place(order), 303)

    async def sell(self, typed: Typed) -> Response:
        """They buy at the price that they saw, or are shown what it is with their code."""
        order = self._order
        seen = await _seen(self._read, order)
        seen = await with_code(self._read, seen, typed.get("code", ""))
        if "look" in typed or seen.code != typed.get("coded", ""):
            return await self._look(seen, typed)
        command = await self._shop.purchase(order, typed, seen)
        outcome = await self._ask(command, typed)
        await wait_shown(self._read, "attendees", outcome.position)
        return RedirectResponse(self._shop.link(order), 303)

    async def _ask(self, sale: commands.SellTickets, typed: Typed) -> Outcome:
        tenant, usual = self._order.tenant, f"shop:{self._order.order}"

        async def ask(
            command: Command, *, key: str | None = None, request: bytes | None = None
        ) -> Outcome:
            return await self._guest(tenant, key or usual)(command, request=request)

        return await bought(ask, self._read, sale, asked=_asked(sale, typed))

    async def _look(self, seen: Seen, typed: Typed) -> Response:
        """What it would cost, of whatever is chosen so far."""
        total = None
        try:
            wish = wish_of(seen, typed)
            total = wish, seen.total(wish.kind, wish.quantity, wish.said)
        except (Refused, Invalid):
            pass  # it is said when they buy
        return await self._page(seen, typed, Shown("", total=total), 200)

    async def again(self, typed: Typed, error: Exception) -> Response:
        """The form once more, with what was wrong. Raises NotFound: no such night."""
        seen = await _seen(self._read, self._order)
        with suppress(NotFound, Refused):
            seen = await with_code(self._read, seen, typed.get("code", ""))
        shown = Shown("", said=_words(error))
        order = self._order
        had = await queries.tickets_of(self._read, order.occurrence, order.order)
        if had or isinstance(error, KeyReused):  # a form that is sent once more, or was changed
            link = self._shop.link(order)
            said = fill('You have <a href="{link}">these tickets</a> already.', link=link)
            cart = self._shop.cart(order._replace(order=""))
            return await self._page(seen, {**typed, "cart": cart}, shown._replace(said=said), 409)
        if isinstance(error, SeatsTaken):
            shown = shown._replace(lost=_seats(error))
        if isinstance(error, WrongAmount):
            with suppress(Invalid):  # what was wished may be gone
                total = wish_of(seen, typed), Money.parse(str(error.facts["total"]))
                shown = shown._replace(total=total)
        return await self._page(seen, typed, shown, 409)

    async def _page(self, seen: Seen, typed: Typed, shown: Shown, status: int) -> Response:
        shown = shown._replace(cart=typed["cart"], asks_email=self._shop.asks_email, typed=typed)
        return HTMLResponse(await asyncio.to_thread(shop_page, seen, shown), status)


def _words(error: Exception) -> str:
    """What was wrong, for a guest."""
    if isinstance(error, Invalid):
        known = {"email": "This is not an e-mail address.", SEATS: str(error)}
        return known.get(str(error.facts.get("field")), UNCLEAR)
    if isinstance(error, WrongAmount):
        return _CHANGED
    if isinstance(error, SeatsTaken):
        return f"These seats are taken: {', '.join(_seats(error))}."
    if isinstance(error, SeatsKept):
        return f"{error} Of yours: {', '.join(_seats(error))}."
    if isinstance(error, Refused | NotFound):
        return SAID.get(error.code, str(error))
    return UNCLEAR


def _seats(error: SeatsTaken | SeatsKept) -> tuple[str, ...]:
    return tuple(cast("list[str]", error.facts["seats"]))


def _amount(seen: Seen, wish: Wish, typed: Typed) -> Money:
    """What their guest saw that it costs, which the box office compares. Raises WrongAmount."""
    if typed.get("of") == wish.key:
        return Money.parse(typed.get("total", ""))
    total = seen.total(wish.kind, wish.quantity, wish.said)
    first = seen.costs(wish.kind, 1)[0]
    if wish.said is None and Money.parse(typed.get(f"price_{wish.kind}", "")) != first.total:
        raise WrongAmount(total=str(total))
    return total


def _asked(command: commands.SellTickets | commands.JoinWaitingList, typed: Typed) -> bytes:
    """What was asked, the same at each try: a sealed address is another one each time."""
    plain = command.model_copy(update={"contact": None})
    return f"{plain.model_dump_json()}\n{typed.get('email', '')}".encode()


async def _seen(read: Reader, named: Named) -> Seen:
    """The night and its seats. Raises NotFound."""
    try:
        night = await queries.availability(read, named.occurrence)
    except Refused:
        raise NotFound from None
    return Seen(night, now(), await queries.seated_pools(read, named.occurrence))


async def _typed(request: Request) -> dict[str, str]:
    """The fields of a form; picked seats of a pool as lines. Raises Invalid for no form."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=500)
    except ValueError:
        raise Invalid("this is not a form") from None
    return {
        name: "\n".join(values) if name.startswith(SEAT) else values[-1]
        for name, values in fields.items()
    }
