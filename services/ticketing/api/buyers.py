"""Who buys, as the rules may know it: a subject id, and a contact that is sealed on arrival."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from roadcase.api.v1 import (
    ticketing_exchange_pb2,
    ticketing_orders_pb2,
    ticketing_pb2,
    ticketing_reserves_pb2,
    ticketing_waiting_pb2,
)
from roadcase.errors import Invalid
from roadcase.keyring import Contact
from roadcase.rpc import Call
from roadcase.service import Tools

Asked = (
    ticketing_pb2.HoldTicketsRequest
    | ticketing_pb2.ConfirmOrderRequest
    | ticketing_pb2.SellTicketsRequest
    | ticketing_reserves_pb2.GiveTicketsRequest
    | ticketing_waiting_pb2.JoinWaitingListRequest
    | ticketing_orders_pb2.PlaceOrderRequest
    | ticketing_exchange_pb2.ExchangeTicketsRequest
)


Purchase = (
    ticketing_pb2.HoldTicketsRequest
    | ticketing_pb2.SellTicketsRequest
    | ticketing_orders_pb2.PlaceOrderRequest
)
MEMBERS: Final = "ticketing:members"
GIVE: Final = "ticketing:give"


class Buyer(NamedTuple):
    """`request` is what was asked, for commands that differ whenever something is sealed anew."""

    subject: str | None
    contact: bytes | None = None
    request: bytes | None = None


async def buyer(tools: Tools, call: Call, request: Asked) -> Buyer:
    """The buyer of a request, by subject or by contact. Raises Invalid."""
    if not request.HasField("contact"):
        return Buyer(request.subject or None)
    if request.subject:
        raise Invalid("say who by subject or by contact, not by both", field="contact")
    of = request.contact
    contact = Contact(email=of.email, phone=of.phone, name=of.name)
    sealed = await tools.people.seal(call.identity.tenant, contact)
    asked = request.SerializeToString(deterministic=True)
    return Buyer(sealed.kid, sealed.packed(), asked)


def buying(call: Call, request: Purchase) -> dict[str, Any]:
    """Who the buyer says to be, and how they came. Who is a member, only some callers may say."""
    usual = not (request.codes or request.promo or request.member or request.allotment)
    if usual and not request.seats_apart:
        return {}
    if request.allotment:
        call.identity.require(GIVE)
    if request.member:
        call.identity.require(MEMBERS)
    return {
        "codes": tuple(request.codes),
        "promo": request.promo or None,
        "member": request.member,
        "allotment": request.allotment or None,
        "seats_apart": request.seats_apart,
    }
