"""What guests change by themselves on the page of their order: whose a ticket is, and if at all."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
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
from roadcase.outbox.mail import address_of
from roadcase.service import Tools
from services.ticketing import codes, commands
from services.ticketing.api import refunds, transfers
from services.ticketing.api.guest import changeable, told
from services.ticketing.guest.bought import Bought, Ticket, find
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.order_forms import Coming, Offered, cancel_page
from services.ticketing.guest.order_page import order_page
from services.ticketing.signing import Signatures

UNCLEAR = "Please fill in the form once more: a name, and an e-mail address."
DIGITS = 5
Number = Annotated[int, Query(ge=1, le=10_000)]
Typed = dict[str, str]


class Changes:
    """One order's changes, as its guest asks for them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._links, self._signatures = Links(tools.secret), Signatures(tools.secret)
        self._seeds = tools.secret.key("ticketing/codes")

    def named(self, token: str) -> Named:
        return self._links.read("order", token)

    async def bought(self, read: Reader, named: Named, number: int) -> tuple[Bought, Ticket]:
        """Its order, from this ticket on. Raises NotFound."""
        order = await find(read, named, self._signatures.of(named.tenant), number - 1)
        if order.tickets[0].number != number:
            raise NotFound
        return order, order.tickets[0]

    async def transfer(self, read: Reader, guest: Guest, named: Named, typed: Typed) -> Outcome:
        who, wish = await self._who(named, typed), typed.get("wish", "")
        command = commands.TransferTicket(
            occurrence=named.occurrence,
            order=named.order,
            ticket=_ticket(named, typed),
            transfer=wish,
            code_seed=codes.seed(self._seeds, named.tenant, named.occurrence, wish),
            subject=who.kid,
            contact=who.packed(),
        )

        async def ask(
            step: Command, *, key: str | None = None, request: bytes | None = None
        ) -> Outcome:
            return await guest(named.tenant, key or f"transfer/{wish}")(step, request=request)

        return await transfers.transfer(ask, read, command, said_in(typed))

    async def rename(self, _read: Reader, guest: Guest, named: Named, typed: Typed) -> Outcome:
        who = await self._who(named, typed)
        command = commands.RenameTicket(
            occurrence=named.occurrence,
            order=named.order,
            ticket=_ticket(named, typed),
            contact=who.packed(),
            subject=who.kid,
        )
        ask = guest(named.tenant, f"rename/{typed.get('wish', '')}")
        return await ask(command, request=said_in(typed))

    async def cancel(self, read: Reader, guest: Guest, named: Named, typed: Typed) -> Outcome:
        """By the policy, for the amount that was shown."""
        ticket = _ticket(named, typed)
        rows = await refunds.chosen(read, named.occurrence, named.order, [ticket])
        await refunds.check_entered(read, named.occurrence, rows)
        command = commands.RefundTickets(
            occurrence=named.occurrence,
            order=named.order,
            tickets=(ticket,),
            reason="cancelled by its guest",
            refund_reference=f"guest/{ticket}",
            by_policy=True,
            amount=Money.parse(typed.get("amount", "")),
        )
        name = sha256(f"{named.occurrence}/{ticket}".encode()).hexdigest()[:40]
        return await guest(named.tenant, f"cancel/{name}")(command)

    async def quote(self, read: Reader, named: Named, number: int) -> refunds.Quote:
        """What comes back for a ticket and its add-ons. Raises NotRefundable."""
        wanted = named.occurrence, named.order, [f"{named.order}-{number}"]
        if not await refunds.chosen(read, *wanted):
            raise NotFound
        return await refunds.quote(read, *wanted, now())

    async def _who(self, named: Named, typed: Typed) -> Sealed:
        """Sealed here, before anything keeps it. Raises Invalid."""
        email, name = address_of(typed.get("email", "")), typed.get("name", "").strip()
        if not name:
            raise Invalid("say who", field="name")
        contact = Contact(email=email, name=name)
        return await self._tools.people.seal(named.tenant, contact)


def router(tools: Tools) -> APIRouter:
    """`/order/{token}` with what its forms send, where mails can reach who gets a ticket."""
    found = APIRouter(prefix="/order/{token}")
    changes = Changes(tools)
    kinds = {"transfer": changes.transfer, "rename": changes.rename, "cancel": changes.cancel}

    @found.api_route("/cancel", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_cancel(token: str, reads: Reads, ticket: Number) -> Response:
        named = changes.named(token)
        read, here = reads(named.tenant), f"/order/{token}"
        order, chosen = await changes.bought(read, named, ticket)
        try:
            found = await changes.quote(read, named, ticket)
        except Refused as error:
            return HTMLResponse(cancel_page(order, chosen, here, None, str(error)))
        return HTMLResponse(cancel_page(order, chosen, here, _offered(found)))

    @found.post("/{change}", include_in_schema=False)
    @needs(OPEN, mutates=False)  # its key is in the form: browsers send no such header
    @told
    async def change_ticket(
        token: str, change: str, request: Request, reads: Reads, guest: Guest
    ) -> Response:
        named, typed = changes.named(token), await form_of(request)
        if change not in kinds or not (change == "cancel" or changeable(tools)):
            raise NotFound
        read, here = reads(named.tenant), f"/order/{token}"
        order, _ = await changes.bought(read, named, _number(typed))
        try:
            outcome = await kinds[change](read, guest, named, typed)
        except (Refused, KeyReused, Invalid, ValidationError) as error:
            said = str(error) if isinstance(error, Refused) else UNCLEAR
            wish = new_id("move") if changeable(tools) else ""
            return HTMLResponse(order_page(order, here, 0, wish, said), 409)
        await wait_shown(read, "attendees", outcome.position)
        return RedirectResponse(here, 303)

    return found


def _offered(quote: refunds.Quote) -> Offered:
    lines = [Coming(each.ticket.rpartition("-")[2], each.paid, each.back) for each in quote.tickets]
    why = dict.fromkeys(reason for each in quote.tickets for reason in each.why)
    stay = [Coming(each.ticket.rpartition("-")[2], each.before, each.price) for each in quote.stay]
    return Offered(quote.amount, lines, tuple(why), stay)


def _number(typed: Typed) -> int:
    """The ticket's number. Raises NotFound."""
    number = typed.get("ticket", "")
    if not (number.isascii() and number.isdigit() and len(number) <= DIGITS and int(number)):
        raise NotFound
    return int(number)


def _ticket(named: Named, typed: Typed) -> str:
    return f"{named.order}-{_number(typed)}"


def said_in(typed: Typed) -> bytes:
    """What was asked, the same at each try: a sealed contact is another text each time."""
    return "\n".join(f"{name}={typed[name]}" for name in sorted(typed)).encode()


async def form_of(request: Request, most: int = 50) -> Typed:
    """The fields of a form, not more than `most`. Raises Invalid for what no browser sends."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=most)
    except ValueError:
        raise Invalid("this is not a form") from None
    return {name: values[-1] for name, values in fields.items()}
