"""A guest asks for an invoice on the page of their order: sealed as it comes, made elsewhere."""

from __future__ import annotations

from hashlib import sha256

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from roadcase.asked import Outcome
from roadcase.doors import Reader, wait_shown
from roadcase.errors import Invalid, Refused
from roadcase.http import OPEN, Guest, Reads, needs
from roadcase.ids import new_id
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api import billing
from services.ticketing.api.guest import told
from services.ticketing.api.order_changes import Typed, form_of, said_in
from services.ticketing.api.order_questions import guest_of
from services.ticketing.guest.bought import Bought, find
from services.ticketing.guest.invoice_page import invoice_page
from services.ticketing.guest.links import Links, Named
from services.ticketing.signing import Signatures


class Invoicing:
    """One order's request, as its guest makes it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._links, self._signatures = Links(tools.secret), Signatures(tools.secret)

    def named(self, token: str) -> Named:
        return self._links.read("order", token)

    async def order(self, read: Reader, named: Named) -> Bought:
        """Raises NotFound: nobody is known to seal it for."""
        order = await find(read, named, self._signatures.of(named.tenant))
        await guest_of(self._tools, read, named)
        return order

    async def ask(self, read: Reader, guest: Guest, named: Named, typed: Typed) -> Outcome | None:
        """None: it was asked for in just these words. Raises Invalid, InvoiceMade."""
        address = f"{typed.get('street', '')}\n{typed.get('place', '')}"
        wanted = billing.checked(typed.get("name", ""), address, typed.get("vat_id", ""))
        people, tenant = self._tools.people, named.tenant
        before = await queries.invoice_of(read, named.occurrence, named.order)
        packed = [bytes(before["details"])] if before else []
        if wanted in await billing.opened(people, tenant, packed):
            return None
        who = await guest_of(self._tools, read, named)
        name = sha256(said_in(typed)).hexdigest()[:40]
        command = commands.RequestInvoice(
            occurrence=named.occurrence,
            order=named.order,
            request=name,
            details=await billing.sealed(people, tenant, who, wanted),
        )
        return await guest(tenant, f"invoice/{name}")(command, request=said_in(typed))


def router(tools: Tools) -> APIRouter:
    """`/order/{token}/invoice`."""
    found = APIRouter(prefix="/order/{token}")
    door = Invoicing(tools)

    @found.api_route("/invoice", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_invoice(token: str, reads: Reads) -> Response:
        named = door.named(token)
        return _page(await door.order(reads(named.tenant), named), token)

    @found.post("/invoice", include_in_schema=False)
    @needs(OPEN, mutates=False)  # its key is in the form: browsers send no such header
    @told
    async def ask_invoice(token: str, request: Request, reads: Reads, guest: Guest) -> Response:
        named, typed = door.named(token), await form_of(request)
        read = reads(named.tenant)
        order = await door.order(read, named)
        try:
            outcome = await door.ask(read, guest, named, typed)
        except (Refused, Invalid) as error:
            return _page(order, token, str(error), 409)
        if outcome is not None:
            await wait_shown(read, "invoice_requests", outcome.position)
        return RedirectResponse(f"/order/{token}/invoice", 303)

    return found


def _page(order: Bought, token: str, said: str = "", status: int = 200) -> HTMLResponse:
    here, wish = f"/order/{token}", new_id("said")
    return HTMLResponse(invoice_page(order.name, order.invoice, here, wish, said), status)
