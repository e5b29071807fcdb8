"""Sales in a stream: one result for each, written in place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from roadcase.api.v1 import ticketing_pb2
from roadcase.asked import Outcome
from roadcase.rpc import Batch, Call
from services.ticketing.api.translate import fill
from services.ticketing.events import TicketSold

Begin = Callable[[ticketing_pb2.SellStreamItem], Awaitable[Outcome]]
LookUp = Callable[[ticketing_pb2.SellTicketsRequest, Outcome], Awaitable[ticketing_pb2.Order]]


class SaleStream:
    """`begin` asks for one sale; `look_up` finds an order that had been sold under another key."""

    def __init__(self, call: Call, begin: Begin, look_up: LookUp) -> None:
        self._call = call
        self._look_up = look_up
        self.batch = Batch(
            items=lambda request: request.items,
            begin=begin,
            fill=self._fill,
            whose=_keyed,
            answer=ticketing_pb2.SellStreamResponse,
        )

    def _fill(
        self,
        result: ticketing_pb2.SellStreamResult,
        item: ticketing_pb2.SellStreamItem,
        outcome: Outcome,
    ) -> Awaitable[None] | None:
        if self._call.noted(outcome).replayed:
            result.replayed = True
        sold = [event for event in outcome.events if isinstance(event, TicketSold)]
        if not sold:
            return self._found(result, item.sale, outcome)
        fill(result.order, item.sale.order, sold)
        return None

    async def _found(
        self,
        result: ticketing_pb2.SellStreamResult,
        sale: ticketing_pb2.SellTicketsRequest,
        outcome: Outcome,
    ) -> None:
        result.order.CopyFrom(await self._look_up(sale, outcome))


def _keyed(result: ticketing_pb2.SellStreamResult, item: ticketing_pb2.SellStreamItem) -> None:
    result.idempotency_key = item.idempotency_key
