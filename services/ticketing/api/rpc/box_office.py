"""Ticketing over gRPC, for partners: `roadcase.api.v1.Ticketing`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from functools import partial
from typing import Any, TypeVar

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_pb2
from roadcase.asked import Outcome
from roadcase.clock import now
from roadcase.decider import Event
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import codes, commands, queries
from services.ticketing.api import refunds
from services.ticketing.api.buyers import Buyer, buyer, buying
from services.ticketing.api.gate import SCAN, Gates
from services.ticketing.api.guest import links_of
from services.ticketing.api.rpc.planning import Planning
from services.ticketing.api.rpc.questions import answered
from services.ticketing.api.rpc.sale_stream import SaleStream
from services.ticketing.api.series import bought
from services.ticketing.api.translate import (
    CHANNEL,
    available,
    lines,
    money,
    order,
    quoted,
    scan,
    scan_answer,
    sold_before,
    to_moment,
    to_money,
)
from services.ticketing.domain.terms import total_of
from services.ticketing.events import (
    HoldExtended,
    TicketCancelled,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
)
from services.ticketing.guest.links import Links

E = TypeVar("E", bound=Event)
CONFIRM = "ticketing:confirm"


class TicketingRpc(Planning):
    """Each method is one command; what it became is the answer."""

    service: ServiceDescriptor = ticketing_pb2.DESCRIPTOR.services_by_name["Ticketing"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._seeds = tools.secret.key("ticketing/codes")
        self._gates = Gates(tools)
        self._links = Links(tools.secret)

    @rpc("ticketing:sell", mutates=True)
    async def HoldTickets(  # noqa: N802
        self, request: ticketing_pb2.HoldTicketsRequest, call: Call
    ) -> ticketing_pb2.HoldTicketsResponse:
        who = await buyer(self._tools, call, request)
        command = commands.HoldTickets(
            occurrence=request.occurrence,
            hold=request.hold,
            lines=lines(request.lines),
            subject=who.subject,
            channel=CHANNEL[request.channel],
            **buying(call, request),
            seconds=request.seconds or None,
        )
        held = _one(TicketsHeld, await self._bought(call, request, command, who.request))
        if held is None:
            return ticketing_pb2.HoldTicketsResponse(hold=request.hold)
        return ticketing_pb2.HoldTicketsResponse(
            hold=request.hold,
            until=to_moment(held.until),
            total=to_money(total_of(held.lines)),
            lines=quoted(held.lines),
        )

    @rpc("ticketing:sell", mutates=True)
    async def ExtendHold(  # noqa: N802
        self, request: ticketing_pb2.ExtendHoldRequest, call: Call
    ) -> ticketing_pb2.ExtendHoldResponse:
        command = commands.ExtendHold(occurrence=request.occurrence, hold=request.hold)
        extended = _one(HoldExtended, await call.dispatch(command))
        until = to_moment(extended.until) if extended else None
        return ticketing_pb2.ExtendHoldResponse(until=until)

    @rpc("ticketing:sell", mutates=True)
    async def ReleaseHold(  # noqa: N802
        self, request: ticketing_pb2.ReleaseHoldRequest, call: Call
    ) -> ticketing_pb2.ReleaseHoldResponse:
        await call.dispatch(commands.ReleaseHold(occurrence=request.occurrence, hold=request.hold))
        return ticketing_pb2.ReleaseHoldResponse()

    @rpc(CONFIRM, mutates=True)
    async def ConfirmOrder(  # noqa: N802
        self, request: ticketing_pb2.ConfirmOrderRequest, call: Call
    ) -> ticketing_pb2.Order:
        who = await buyer(self._tools, call, request)
        command = commands.ConfirmOrder(
            occurrence=request.occurrence,
            order=request.order,
            hold=request.hold,
            other_seats=request.other_seats,
            payment_reference=request.payment_reference,
            amount=money(request.amount),
            code_seed=self._seed(call, request),
            subject=who.subject,
            contact=who.contact,
            answered=await answered(self._tools, call, request) if request.answers else None,
        )
        outcome = await call.dispatch(command, request=who.request)
        return await self._order(call, request, outcome)

    @rpc("ticketing:sell", mutates=True)
    async def SellTickets(  # noqa: N802
        self, request: ticketing_pb2.SellTicketsRequest, call: Call
    ) -> ticketing_pb2.Order:
        call.identity.require(CONFIRM)
        return await self._order(call, request, await self._sell(call, request))

    @rpc("ticketing:sell", mutates=True)
    async def SellStream(  # noqa: N802
        self, requests: AsyncIterator[ticketing_pb2.SellStreamRequest], call: Call
    ) -> AsyncIterator[Any]:
        call.identity.require(CONFIRM)
        sales = SaleStream(call, partial(self._begin_sale, call), partial(self._order, call))
        async for answer in sales.batch.run(requests, call):
            yield answer

    @rpc("ticketing:refund", mutates=True)
    async def CancelOrder(  # noqa: N802
        self, request: ticketing_pb2.CancelOrderRequest, call: Call
    ) -> ticketing_pb2.CancelOrderResponse:
        command = commands.CancelOrder(
            occurrence=request.occurrence,
            order=request.order,
            tickets=tuple(request.tickets) or None,
            reason=request.reason,
        )
        cancelled = _all(TicketCancelled, await call.dispatch(command))
        return ticketing_pb2.CancelOrderResponse(tickets=[each.ticket for each in cancelled])

    @rpc("ticketing:refund", mutates=True)
    async def RefundTickets(  # noqa: N802
        self, request: ticketing_pb2.RefundTicketsRequest, call: Call
    ) -> ticketing_pb2.RefundTicketsResponse:
        command = commands.RefundTickets(
            occurrence=request.occurrence,
            order=request.order,
            tickets=tuple(request.tickets) or None,
            reason=request.reason,
            refund_reference=request.refund_reference,
            amount=money(request.amount) if request.HasField("amount") else None,
            by_policy=request.by_policy,
        )
        if request.by_policy:
            wanted = request.occurrence, request.order, request.tickets
            rows = await refunds.chosen(call.read, *wanted)
            await refunds.check_entered(call.read, request.occurrence, rows)
        refunded = [
            ticketing_pb2.RefundedTicket(ticket=each.ticket, amount=to_money(each.amount))
            for each in _all(TicketRefunded, await call.dispatch(command))
        ]
        return ticketing_pb2.RefundTicketsResponse(tickets=refunded)

    @rpc("ticketing:read")
    async def GetAvailability(  # noqa: N802
        self, request: ticketing_pb2.GetAvailabilityRequest, call: Call
    ) -> ticketing_pb2.Availability:
        return available(await queries.availability(call.read, request.occurrence), now())

    @rpc("ticketing:read")
    async def GetLinks(  # noqa: N802
        self, request: ticketing_pb2.GetLinksRequest, call: Call
    ) -> ticketing_pb2.Links:
        occurrence, tenant = request.occurrence, call.identity.tenant
        found = links_of(self._tools, self._links, tenant, occurrence, request.order)
        return ticketing_pb2.Links(shop=found.shop or "", order=found.order or "")

    @rpc(SCAN, mutates=True)
    async def CheckIn(  # noqa: N802
        self, request: ticketing_pb2.CheckInRequest, call: Call
    ) -> ticketing_pb2.CheckInResponse:
        gate = self._gates.of(call.identity, call.read, call.dispatch)
        return scan_answer(await gate.check_in(request.occurrence, scan(request)))

    async def _sell(
        self, call: Call, request: ticketing_pb2.SellTicketsRequest, key: str | None = None
    ) -> Outcome:
        who = await buyer(self._tools, call, request)
        said = await answered(self._tools, call, request) if request.answers else None
        command = self._sale(call, request, who, said)
        return await self._bought(call, request, command, who.request, key)

    def _sale(
        self,
        call: Call,
        request: ticketing_pb2.SellTicketsRequest,
        who: Buyer,
        said: commands.Answered | None = None,
    ) -> commands.SellTickets:
        asked: dict[str, Any] = {
            "occurrence": request.occurrence,
            "order": request.order,
            "lines": lines(request.lines),
            "payment_reference": request.payment_reference,
            "amount": money(request.amount),
            "code_seed": self._seed(call, request),
            "channel": CHANNEL[request.channel],
        }
        if who.subject is not None:
            asked["subject"] = who.subject
        if who.contact is not None:
            asked["contact"] = who.contact
        if said is not None:
            asked["answered"] = said
        asked.update(buying(call, request))
        return commands.SellTickets.model_validate(asked)

    async def _bought(
        self,
        call: Call,
        request: Any,
        command: commands.HoldTickets | commands.SellTickets,
        asked: bytes | None,
        key: str | None = None,
    ) -> Outcome:
        if not command.codes:
            return await call.dispatch(command, key=key, request=asked)
        wire = request.SerializeToString(deterministic=True)
        return await bought(call.dispatch, call.read, command, key=key, asked=wire)

    def _seed(
        self,
        call: Call,
        request: ticketing_pb2.SellTicketsRequest | ticketing_pb2.ConfirmOrderRequest,
    ) -> str:
        return codes.seed(self._seeds, call.identity.tenant, request.occurrence, request.order)

    def _begin_sale(self, call: Call, item: ticketing_pb2.SellStreamItem) -> Awaitable[Outcome]:
        """Most sales of a stream are asked for at once; a few must be prepared, each in a task."""
        sale, key = item.sale, item.idempotency_key
        if sale.HasField("contact") or sale.answers or sale.codes:
            return asyncio.ensure_future(self._sell(call, sale, key))
        command = self._sale(call, sale, Buyer(sale.subject or None))
        return call.begin(command, key=key)

    async def _order(
        self,
        call: Call,
        request: ticketing_pb2.SellTicketsRequest | ticketing_pb2.ConfirmOrderRequest,
        outcome: Outcome,
    ) -> ticketing_pb2.Order:
        """As it was sold; asked again under another key, as the read model has it."""
        if sold := _all(TicketSold, outcome):
            return order(request.order, sold)
        rows = await queries.tickets_of(call.read, request.occurrence, request.order)
        tickets = [sold_before(row) for row in rows]
        return ticketing_pb2.Order(order=request.order, tickets=tickets)


def _all(kind: type[E], outcome: Outcome) -> list[E]:
    return [event for event in outcome.events if isinstance(event, kind)]


def _one(kind: type[E], outcome: Outcome) -> E | None:
    return next((event for event in outcome.events if isinstance(event, kind)), None)
