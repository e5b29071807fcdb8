"""The doors of the waiting list for guests: join it in a shop, answer an offer at its link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from roadcase.doors import wait_shown
from roadcase.errors import Invalid, KeyReused, NotFound, Refused
from roadcase.http import OPEN, Guest, Reads, needs
from roadcase.money import Money
from roadcase.service import Tools
from services.ticketing import codes, commands
from services.ticketing.api.guest import told
from services.ticketing.guest.links import Links, Named
from services.ticketing.guest.offer_page import offer_page
from services.ticketing.guest.offered import Offered, find_offer

PAID: Final = "demo: nobody paid"
SAID: Final = {
    "ticketing.hold_gone": "This offer is over.",
    "ticketing.wrong_amount": "The price has changed: look at it once more.",
    "ticketing.person_limit": "You have had as many as one person may have.",
}


def router(tools: Tools) -> APIRouter:
    """`/offer/{token}`: where somebody stands who waits, and their answer."""
    found = APIRouter(prefix="/offer/{token}")
    links = Links(tools.secret)
    seeds = tools.secret.key("ticketing/codes")

    @found.api_route("", methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    @told
    async def show_offer(token: str, reads: Reads) -> Response:
        named = links.read("offer", token)
        offered = await find_offer(reads(named.tenant), named)
        return HTMLResponse(offer_page(offered, sells=tools.shop))

    @found.post("", include_in_schema=False)
    @needs(OPEN, mutates=False)  # its key is its entry and its answer
    @told
    async def answer_offer(token: str, request: Request, reads: Reads, guest: Guest) -> Response:
        named = links.read("offer", token)
        read = reads(named.tenant)
        typed = await _typed(request)
        offered = await find_offer(read, named)
        accepts = _accepts(typed, tools.shop)
        command = _confirm(named, offered, typed, seeds) if accepts else _leave(named)
        ask = guest(named.tenant, f"offer:{named.occurrence}:{named.order}:{typed['answer']}")
        try:
            outcome = await ask(command)
        except (Refused, KeyReused) as error:
            said = SAID.get(error.code, str(error))
            return HTMLResponse(offer_page(offered, sells=tools.shop, said=said), 409)
        await wait_shown(read, "attendees" if accepts else "waiting", outcome.position)
        bought = links.order(named._replace(order=order_of(named)))
        return RedirectResponse(bought if accepts else links.offer(*named), 303)

    return found


def order_of(named: Named) -> str:
    """The order that an accepted offer becomes: one for each entry."""
    return f"offer_{named.order}"


def _accepts(typed: Mapping[str, str], sells: bool) -> bool:  # noqa: FBT001
    if typed.get("answer") == "accept" and sells:
        return True
    if typed.get("answer") == "refuse":
        return False
    raise Invalid("accept or refuse", field="answer")


def _confirm(
    named: Named, offered: Offered, typed: Mapping[str, str], seeds: bytes
) -> commands.ConfirmOrder:
    """The server's word instead of a payment, at the price that was shown. Raises NotFound."""
    if offered.hold is None:
        raise NotFound
    order = order_of(named)
    return commands.ConfirmOrder(
        occurrence=named.occurrence,
        order=order,
        hold=offered.hold,
        payment_reference=PAID,
        amount=Money.parse(typed.get("total", "")),
        code_seed=codes.seed(seeds, named.tenant, named.occurrence, order),
        subject=offered.subject,
        contact=offered.contact,
    )


def _leave(named: Named) -> commands.LeaveWaitingList:
    return commands.LeaveWaitingList(occurrence=named.occurrence, entry=named.order)


async def _typed(request: Request) -> dict[str, str]:
    """The fields of a form. Raises Invalid for what no browser sends."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=50)
    except ValueError:
        raise Invalid("this is not a form") from None
    return {name: values[-1] for name, values in fields.items()}
