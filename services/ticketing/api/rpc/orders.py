"""What guests may do with what they bought, over gRPC: `roadcase.api.v1.Orders`."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.api.v1 import ticketing_orders_pb2 as pb
from roadcase.clock import now
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import codes, commands, queries
from services.ticketing.api import refunds, transfers
from services.ticketing.api.buyers import asked, buyer, buying, sealed
from services.ticketing.api.series import bought
from services.ticketing.api.translate import (
    lines,
    moment,
    money,
    order,
    sold_before,
    to_moment,
    to_money,
)
from services.ticketing.events import OrderPlaced, TicketSold, TicketTransferred

SIZE: Final = 50
MOST: Final = 200
TOKEN: Final = 64  # characters: an order's id has fewer
STATE: Final = "PLACED_STATE_"


class OrdersRpc:
    """Refund policies, and orders that are not paid yet."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Orders"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._seeds = tools.secret.key("ticketing/codes")

    @rpc("ticketing:plan", mutates=True)
    async def SetRefundPolicy(  # noqa: N802
        self, request: pb.SetRefundPolicyRequest, call: Call
    ) -> pb.SetRefundPolicyResponse:
        command = commands.SetRefundPolicy(
            occurrence=request.occurrence,
            policy=request.policy,
            steps=tuple(_step(each) for each in request.steps),
            fees=request.fees,
            after_entry=request.after_entry,
        )
        await call.dispatch(command)
        return pb.SetRefundPolicyResponse()

    @rpc("ticketing:read")
    async def QuoteRefund(  # noqa: N802
        self, request: pb.QuoteRefundRequest, call: Call
    ) -> pb.QuoteRefundResponse:
        wanted = request.occurrence, request.order, request.tickets
        found = await refunds.quote(call.read, *wanted, now())
        return pb.QuoteRefundResponse(
            amount=to_money(found.amount),
            tickets=[_quoted(each) for each in found.tickets],
            stay=[_dearer(each) for each in found.stay],
        )

    @rpc("ticketing:sell", mutates=True)
    async def PlaceOrder(  # noqa: N802
        self, request: pb.PlaceOrderRequest, call: Call
    ) -> pb.PlaceOrderResponse:
        who = await buyer(self._tools, call, request)
        command = commands.PlaceOrder(
            occurrence=request.occurrence,
            order=request.order,
            lines=lines(request.lines),
            subject=who.subject,
            contact=who.contact,
            pay_until=moment(request, "pay_until"),
            **buying(call, request),
        )
        if command.codes:
            asked = request.SerializeToString(deterministic=True)
            outcome = await bought(call.dispatch, call.read, command, asked=asked)
        else:
            outcome = await call.dispatch(command, request=who.request)
        placed = next((each for each in outcome.events if isinstance(each, OrderPlaced)), None)
        if placed is None:
            return pb.PlaceOrderResponse()
        return pb.PlaceOrderResponse(
            until=to_moment(placed.until), total=to_money(placed.total), approval=placed.approval
        )

    @rpc("ticketing:plan", mutates=True)
    async def ApproveOrder(  # noqa: N802
        self, request: pb.ApproveOrderRequest, call: Call
    ) -> pb.ApproveOrderResponse:
        tenant = call.identity.tenant
        command = commands.ApproveOrder(
            occurrence=request.occurrence,
            order=request.order,
            code_seed=codes.seed(self._seeds, tenant, request.occurrence, request.order),
            pay_until=moment(request, "pay_until"),
        )
        outcome = await call.dispatch(command)
        sold = [each for each in outcome.events if isinstance(each, TicketSold)]
        return pb.ApproveOrderResponse(tickets=order(request.order, sold).tickets)

    @rpc("ticketing:plan", mutates=True)
    async def DeclineOrder(  # noqa: N802
        self, request: pb.DeclineOrderRequest, call: Call
    ) -> pb.DeclineOrderResponse:
        command = commands.DeclineOrder(
            occurrence=request.occurrence, order=request.order, reason=request.reason
        )
        await call.dispatch(command)
        return pb.DeclineOrderResponse()

    @rpc("ticketing:read")
    async def ListPlacedOrders(  # noqa: N802
        self, request: pb.ListPlacedOrdersRequest, call: Call
    ) -> pb.ListPlacedOrdersResponse:
        size = min(request.page_size or SIZE, MOST)
        if size < 1 or len(request.page_token) > TOKEN:
            raise Invalid("a page has 1 to 200 orders, and its token is one of ours")
        state = pb.PlacedState.Name(request.state).removeprefix(STATE).lower()
        wanted = "" if request.state == pb.PLACED_STATE_UNSPECIFIED else state
        rows = await queries.placed_orders(
            call.read, request.occurrence, wanted, request.page_token, size + 1
        )
        return pb.ListPlacedOrdersResponse(
            orders=[_placed(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["order_id"] if len(rows) > size else "",
        )

    @rpc("ticketing:sell", mutates=True)
    async def TransferTicket(  # noqa: N802
        self, request: pb.TransferTicketRequest, call: Call
    ) -> pb.TransferTicketResponse:
        who = await sealed(self._tools, call, request)
        occurrence, made, tenant = request.occurrence, request.transfer, call.identity.tenant
        command = commands.TransferTicket(
            occurrence=occurrence,
            order=request.order,
            ticket=request.ticket,
            transfer=made,
            code_seed=codes.seed(self._seeds, tenant, occurrence, made),
            subject=who.kid,
            contact=who.packed(),
        )
        outcome = await transfers.transfer(call.dispatch, call.read, command, asked(request))
        moved = [each for each in outcome.events if isinstance(each, TicketTransferred)]
        if moved:
            return pb.TransferTicketResponse(order=made, tickets=order(made, moved).tickets)
        rows = await queries.tickets_of(call.read, occurrence, made)  # made before
        return pb.TransferTicketResponse(order=made, tickets=[sold_before(row) for row in rows])

    @rpc("ticketing:sell", mutates=True)
    async def RenameTicket(  # noqa: N802
        self, request: pb.RenameTicketRequest, call: Call
    ) -> pb.RenameTicketResponse:
        who = await sealed(self._tools, call, request)
        command = commands.RenameTicket(
            occurrence=request.occurrence,
            order=request.order,
            ticket=request.ticket,
            contact=who.packed(),
            subject=who.kid,
        )
        await call.dispatch(command, request=asked(request))
        return pb.RenameTicketResponse()

    @rpc("ticketing:sell", mutates=True)
    async def ResendOrder(  # noqa: N802
        self, request: pb.ResendOrderRequest, call: Call
    ) -> pb.ResendOrderResponse:
        contact = await transfers.reached(call.read, request.occurrence, request.order)
        command = commands.ResendOrder(
            occurrence=request.occurrence,
            order=request.order,
            resend=request.resend,
            contact=contact,
        )
        await call.dispatch(command, request=asked(request))
        return pb.ResendOrderResponse()


def _quoted(each: refunds.Quoted) -> ticketing_pb2.RefundedTicket:
    return ticketing_pb2.RefundedTicket(
        ticket=each.ticket, amount=to_money(each.back), paid=to_money(each.paid), why=each.why
    )


def _dearer(each: refunds.Dearer) -> pb.RatedTicket:
    return pb.RatedTicket(
        ticket=each.ticket, before=to_money(each.before), price=to_money(each.price)
    )


def _placed(row: dict[str, Any]) -> pb.PlacedOrder:
    return pb.PlacedOrder(
        order=row["order_id"],
        state=STATE + row["state"].upper(),
        total=common_pb2.Money(minor=row["total_minor"], currency=row["currency"]),
        placed_at=to_moment(row["placed_at"]),
        until=to_moment(row["until"]),
        reason=row["reason"] or "",
    )


def _step(step: pb.RefundStep) -> commands.RefundStep:
    return commands.RefundStep(
        hours=step.hours,
        fixed=money(step.fixed) if step.HasField("fixed") else None,
        permille=step.permille,
    )
