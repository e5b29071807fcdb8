"""What guests may do with what they bought, over gRPC: `roadcase.api.v1.Orders`."""

from __future__ import annotations

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_orders_pb2 as pb
from roadcase.api.v1 import ticketing_pb2
from roadcase.clock import now
from roadcase.money import Money
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands
from services.ticketing.api import refunds
from services.ticketing.api.translate import money, to_money
from services.ticketing.domain.refusals import NotRefundable


class OrdersRpc:
    """Refund policies."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Orders"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

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
        rows = await refunds.chosen(call.read, request.occurrence, request.order, request.tickets)
        if not rows:
            raise NotRefundable(order=request.order)
        amounts = await refunds.quote(call.read, request.occurrence, rows, now())
        total = Money(sum(amount.minor for amount in amounts), amounts[0].currency)
        tickets = [
            ticketing_pb2.RefundedTicket(ticket=row["ticket"], amount=to_money(amount))
            for row, amount in zip(rows, amounts, strict=True)
        ]
        return pb.QuoteRefundResponse(amount=to_money(total), tickets=tickets)


def _step(step: pb.RefundStep) -> commands.RefundStep:
    return commands.RefundStep(
        hours=step.hours,
        fixed=money(step.fixed) if step.HasField("fixed") else None,
        permille=step.permille,
    )
