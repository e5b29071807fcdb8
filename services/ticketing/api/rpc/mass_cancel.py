"""Cancelling a whole night over gRPC: `roadcase.api.v1.MassCancel`."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import common_pb2
from roadcase.api.v1 import ticketing_mass_cancel_pb2 as pb
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api.translate import to_moment

SIZE: Final = 50
MOST: Final = 200
TOKEN: Final = 64  # characters: an order's id has fewer


class MassCancelRpc:
    """Stopping the sale of a night, and cancelling it."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["MassCancel"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc("ticketing:plan", mutates=True)
    async def StopSales(  # noqa: N802
        self, request: pb.StopSalesRequest, call: Call
    ) -> pb.StopSalesResponse:
        await call.dispatch(commands.StopSales(occurrence=request.occurrence))
        return pb.StopSalesResponse()

    @rpc("ticketing:plan", mutates=True)
    async def ResumeSales(  # noqa: N802
        self, request: pb.ResumeSalesRequest, call: Call
    ) -> pb.ResumeSalesResponse:
        await call.dispatch(commands.ResumeSales(occurrence=request.occurrence))
        return pb.ResumeSalesResponse()

    @rpc("ticketing:read")
    async def PreviewMassCancel(  # noqa: N802
        self, request: pb.PreviewMassCancelRequest, call: Call
    ) -> pb.PreviewMassCancelResponse:
        rows = await queries.to_cancel(call.read, request.occurrence)
        return pb.PreviewMassCancelResponse(
            orders=sum(row["orders"] for row in rows),
            tickets=sum(row["tickets"] for row in rows),
            placed=await queries.open_placed(call.read, request.occurrence),
            back=[common_pb2.Money(minor=row["minor"], currency=row["currency"]) for row in rows],
        )

    @rpc("ticketing:refund", mutates=True)
    async def StartMassCancel(  # noqa: N802
        self, request: pb.StartMassCancelRequest, call: Call
    ) -> pb.StartMassCancelResponse:
        await queries.availability(call.read, request.occurrence)  # raises NoBoxOffice
        command = commands.StartMassCancel(
            process=request.process,
            occurrence=request.occurrence,
            reason=request.reason,
            money_back=not request.keep_money,
        )
        await call.dispatch(command)
        return pb.StartMassCancelResponse()

    @rpc("ticketing:read")
    async def GetMassCancel(  # noqa: N802
        self, request: pb.GetMassCancelRequest, call: Call
    ) -> pb.GetMassCancelResponse:
        row = await queries.mass_cancel(call.read, request.process)
        return pb.GetMassCancelResponse(
            occurrence=row["occurrence"],
            reason=row["reason"],
            finished=row["state"] == "finished",
            orders=row["orders"],
            refused=row["refused"],
            back=[
                common_pb2.Money(minor=minor, currency=currency)
                for currency, minor in sorted(row["back"].items())
            ],
            started_at=to_moment(row["started_at"]),
            finished_at=to_moment(row["finished_at"]) if row["finished_at"] else None,
        )

    @rpc("ticketing:read")
    async def ListMassCancelled(  # noqa: N802
        self, request: pb.ListMassCancelledRequest, call: Call
    ) -> pb.ListMassCancelledResponse:
        size = min(request.page_size or SIZE, MOST)
        if size < 1 or len(request.page_token) > TOKEN:
            raise Invalid("a page has 1 to 200 orders, and its token is one of ours")
        rows = await queries.mass_cancelled(
            call.read, request.process, request.page_token, size + 1
        )
        return pb.ListMassCancelledResponse(
            orders=[_order(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["order_id"] if len(rows) > size else "",
        )


def _order(row: dict[str, Any]) -> pb.MassCancelledOrder:
    amount = None
    if row["amount_minor"] is not None:
        amount = common_pb2.Money(minor=row["amount_minor"], currency=row["currency"])
    return pb.MassCancelledOrder(
        order=row["order_id"], outcome=row["outcome"], amount=amount, why=row["why"] or ""
    )
