"""Invoices that guests ask for, over gRPC: `roadcase.api.v1.Invoices`."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_invoices_pb2 as pb
from roadcase.errors import Invalid
from roadcase.keyring import Erased, KeyLost
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api import billing
from services.ticketing.api.translate import to_moment

SIZE: Final = 50
MOST: Final = 200
TOKEN: Final = 64  # characters: an order's id has fewer


class InvoicesRpc:
    """Who wants one, and that it was made."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Invoices"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @rpc("ticketing:read")
    async def ListInvoiceRequests(  # noqa: N802
        self, request: pb.ListInvoiceRequestsRequest, call: Call
    ) -> pb.ListInvoiceRequestsResponse:
        call.identity.require("people:read")
        size = min(request.page_size or SIZE, MOST)
        if size < 1 or len(request.page_token) > TOKEN:
            raise Invalid("a page has 1 to 200 requests, and its token is one of ours")
        rows = await queries.invoice_requests(
            call.read, request.occurrence, request.page_token, size + 1, is_open=request.open
        )
        shown = rows[:size]
        sealed = [bytes(row["details"]) for row in shown]
        found = await billing.opened(self._tools.people, call.identity.tenant, sealed)
        return pb.ListInvoiceRequestsResponse(
            requests=[_shown(row, each) for row, each in zip(shown, found, strict=True)],
            next_page_token=shown[-1]["order_id"] if len(rows) > size else "",
        )

    @rpc("ticketing:plan", mutates=True)
    async def RecordInvoice(  # noqa: N802
        self, request: pb.RecordInvoiceRequest, call: Call
    ) -> pb.RecordInvoiceResponse:
        command = commands.RecordInvoice(
            occurrence=request.occurrence, order=request.order, number=request.number
        )
        await call.dispatch(command)
        return pb.RecordInvoiceResponse()


def _shown(row: dict[str, Any], found: billing.Billing | Erased | KeyLost) -> pb.InvoiceRequest:
    shown = pb.InvoiceRequest(
        order=row["order_id"],
        requested_at=to_moment(row["requested_at"]),
        number=row["number"] or "",
        issued_at=to_moment(row["issued_at"]) if row["issued_at"] else None,
    )
    if isinstance(found, billing.Billing):
        shown.name, shown.address, shown.vat_id = found.name, found.address, found.vat_id
    else:
        shown.unreadable = True
    return shown
