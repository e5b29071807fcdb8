"""Exchanges between nights over gRPC: `roadcase.api.v1.Exchanges`."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import common_pb2
from roadcase.api.v1 import ticketing_exchange_pb2 as pb
from roadcase.clock import now
from roadcase.money import Money
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import codes, commands, queries
from services.ticketing.api import refunds
from services.ticketing.api.buyers import buyer
from services.ticketing.api.translate import lines, money, to_money
from services.ticketing.domain.process_refusals import AlreadyEntered, TicketVoid, UnknownProcess
from services.ticketing.domain.refusals import UnknownTicketType
from services.ticketing.projections.availability import Availability

WAIT: Final = 5.0  # seconds
LOOK: Final = 0.05
ENDED: Final = {"done", "refused"}


class ExchangesRpc:
    """Tickets of one night for some of another."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Exchanges"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._seeds = tools.secret.key("ticketing/codes")

    @rpc("ticketing:read")
    async def QuoteExchange(  # noqa: N802
        self, request: pb.QuoteExchangeRequest, call: Call
    ) -> pb.QuoteExchangeResponse:
        worth = await _worth(call, request)
        night = await queries.availability(call.read, request.to)
        minor = 0
        for line in request.lines:
            if line.ticket_type not in night["types"]:
                raise UnknownTicketType(ticket_type=line.ticket_type)
            costs = Availability.costs(night, line.ticket_type, line.quantity, now())
            minor += sum(each.total.minor * each.quantity for each in costs)
        total = Money(minor, worth.currency)
        more, back = max(0, minor - worth.minor), max(0, worth.minor - minor)
        return pb.QuoteExchangeResponse(
            worth=to_money(worth),
            total=to_money(total),
            more=to_money(Money(more, worth.currency)),
            back=to_money(Money(back, worth.currency)),
        )

    @rpc("ticketing:sell", mutates=True)
    async def ExchangeTickets(  # noqa: N802
        self, request: pb.ExchangeTicketsRequest, call: Call
    ) -> pb.Exchange:
        call.identity.require("ticketing:confirm")
        call.identity.require("ticketing:refund")
        found = await queries.exchange(call.read, request.process)
        if found is None:
            await self._start(request, call)
        async with asyncio.timeout(WAIT + 1):
            for _ in range(int(WAIT / LOOK)):
                found = await queries.exchange(call.read, request.process)
                if found is not None and found["state"] in ENDED:
                    break
                await asyncio.sleep(LOOK)
        return _exchange(found or {"process": request.process, "state": "started"})

    async def _start(self, request: pb.ExchangeTicketsRequest, call: Call) -> None:
        who = await buyer(self._tools, call, request)
        worth = await _worth(call, request)
        command = commands.StartExchange(
            process=request.process,
            occurrence=request.occurrence,
            order=request.order,
            tickets=tuple(request.tickets),
            worth=worth,
            to=request.to,
            new_order=request.new_order,
            lines=lines(request.lines),
            code_seed=codes.seed(self._seeds, call.identity.tenant, request.to, request.new_order),
            paid=money(request.paid) if request.HasField("paid") else None,
            payment_reference=request.payment_reference or None,
            subject=who.subject,
            contact=who.contact,
        )
        await call.dispatch(command, request=request.SerializeToString(deterministic=True))

    @rpc("ticketing:read")
    async def GetExchange(  # noqa: N802
        self, request: pb.GetExchangeRequest, call: Call
    ) -> pb.Exchange:
        found = await queries.exchange(call.read, request.process)
        if found is None:
            raise UnknownProcess(process=request.process)
        return _exchange(found)


async def _worth(call: Call, request: pb.QuoteExchangeRequest | pb.ExchangeTicketsRequest) -> Money:
    """What was paid for the tickets that leave. Raises TicketVoid, AlreadyEntered."""
    rows = await refunds.chosen(call.read, request.occurrence, request.order, request.tickets)
    valid = {row["ticket"] for row in rows}
    for ticket in request.tickets:
        if ticket not in valid:
            raise TicketVoid(order=request.order, ticket=ticket)
    for row in rows:
        if row["admitted_at"] is not None:
            raise AlreadyEntered(ticket=row["ticket"], admitted_at=row["admitted_at"])
    if not rows:
        raise TicketVoid(order=request.order)
    paid = sum(row["price_minor"] + row["fee_minor"] for row in rows)
    return Money(paid, rows[0]["currency"])


def _exchange(row: dict[str, Any]) -> pb.Exchange:
    return pb.Exchange(
        process=row["process"],
        state=f"EXCHANGE_STATE_{row['state'].upper()}",
        why=row.get("why") or "",
        total=_money(row.get("total")),
        back=_money(row.get("back")),
    )


def _money(of: dict[str, Any] | None) -> common_pb2.Money | None:
    return common_pb2.Money(**of) if of else None
