"""The doors for guests: pages at links that are keys, for browsers without script or token."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from roadcase.clock import now
from roadcase.errors import Invalid, NotFound, Overloaded, Unavailable
from roadcase.http import OPEN, Caller, Reads, needs
from roadcase.ids import new_id
from roadcase.service import Tools
from services.ticketing.commands.fields import Id
from services.ticketing.guest.bought import Bought, find
from services.ticketing.guest.calendar import calendar
from services.ticketing.guest.files import tickets_pdf
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.order_page import away, nowhere, order_page
from services.ticketing.signing import Signatures

After = Annotated[int, Query(ge=0, le=10_000)]
Size = Literal["a4", "a6"]
Shown = Callable[..., Awaitable[Response]]


def told(show: Shown) -> Shown:
    """A page that answers in HTML, whatever happens: one answer for every link to nowhere."""

    @wraps(show)
    async def answer(*args: Any, **named: Any) -> Response:
        try:
            return await show(*args, **named)
        except (NotFound, Invalid):
            return HTMLResponse(nowhere(), 404)
        except (Unavailable, Overloaded):
            return HTMLResponse(away(), 503, {"retry-after": "2"})

    return answer


def changeable(tools: Tools) -> bool:
    """Whether guests can change whose a ticket is: mails must reach who gets it."""
    return tools.mail and tools.keyring is not None


def router(tools: Tools) -> APIRouter:
    """`/order/{token}` with its tickets, its PDF and its calendar file."""
    found = APIRouter(prefix="/order/{token}")
    links, signatures = Links(tools.secret), Signatures(tools.secret)

    async def bought(token: str, reads: Reads, after: int = 0) -> tuple[Named, Bought]:
        named = links.read("order", token)
        signature = signatures.of(named.tenant)
        return named, await find(reads(named.tenant), named, signature, after)

    @found.api_route("", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_order(token: str, reads: Reads, after: After = 0) -> Response:
        _, order = await bought(token, reads, after)
        return HTMLResponse(await asyncio.to_thread(_shown, tools, order, f"/order/{token}", after))

    @found.api_route("/tickets.pdf", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_paper(token: str, reads: Reads, after: After = 0, size: Size = "a4") -> Response:
        _, order = await bought(token, reads, after)
        if not order.valid:
            raise NotFound
        paper = await asyncio.to_thread(tickets_pdf, order, size)
        return Response(paper, headers=_file("tickets.pdf"), media_type="application/pdf")

    @found.api_route("/night.ics", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_calendar(token: str, reads: Reads) -> Response:
        named, order = await bought(token, reads)
        link = f"{tools.public_url.rstrip('/')}/order/{token}" if tools.public_url else ""
        body = await asyncio.to_thread(calendar, order, named, link)
        return Response(body, headers=_file("night.ics"), media_type="text/calendar; charset=utf-8")

    return found


def _shown(tools: Tools, order: Bought, here: str, after: int) -> str:
    """Guests whose order is known to be theirs answer, and ask for an invoice."""
    wish = new_id("move") if changeable(tools) else ""
    sealing = tools.keyring is not None and order.known
    answering = sealing and now() < order.starts
    return order_page(order, here, after, wish, answering=answering, invoicing=sealing)


class Given(BaseModel):
    """Links to give to guests, each a key; null where there is none."""

    shop: str | None = None
    order: str | None = None


def links_of(tools: Tools, links: Links, tenant: str, occurrence: str, order: str) -> Given:
    """With the public address before them, if this installation knows it."""
    base = tools.public_url.rstrip("/")
    return Given(
        shop=base + links.shop(tenant, occurrence) if tools.shop else None,
        order=base + links.order(Named(tenant, occurrence, order)) if order else None,
    )


def given(tools: Tools) -> APIRouter:
    """Links for those who sell: of a night's shop, and of an order's page."""
    found = APIRouter(prefix="/ticketing/occurrences", tags=["ticketing"])
    links = Links(tools.secret)

    @found.get("/{occurrence}/links")
    @needs("ticketing:read")
    async def show_links(occurrence: Id, caller: Caller, order: Id | None = None) -> Given:
        return links_of(tools, links, caller.tenant, occurrence, order or "")

    return found


def _file(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}
