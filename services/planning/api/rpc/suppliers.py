"""Suppliers and their stalls over gRPC: `roadcase.api.v1.Suppliers`."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_suppliers_pb2 as pb
from roadcase.clock import now
from roadcase.doors import check_key
from roadcase.errors import Invalid
from roadcase.keyring import Contact
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import commands, queries
from services.planning.api.booking import engagement
from services.planning.api.rpc.occurrences import page_size, page_token
from services.planning.api.rpc.stalls import CONDUCTS, day, market_of, supplier_of
from services.planning.events import SupplierListed

SUPPLIERS: Final = "planning:suppliers"


class SuppliersRpc:
    """Each mutating method is one command."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Suppliers"]

    def __init__(self, tools: Tools) -> None:
        self._people = tools.people

    @rpc(SUPPLIERS, mutates=True)
    async def AddSupplier(  # noqa: N802
        self, request: pb.AddSupplierRequest, call: Call
    ) -> pb.AddSupplierResponse:
        who: dict[str, Any] = {}
        if request.HasField("contact"):
            of = request.contact
            contact = Contact(email=of.email, phone=of.phone, name=of.name)
            sealed = await self._people.seal(call.identity.tenant, contact)
            who = {"subject": sealed.kid, "contact": sealed.packed()}
        about = {name: getattr(request, name) for name in ("supplier", "title", "offers")}
        command = commands.ListSupplier(**about, registration=request.registration, **who)
        asked = request.SerializeToString(deterministic=True)
        key = check_key(call.key)
        outcome = await call.dispatch(command, key=f"list/{key}", request=asked)
        listed = [each for each in outcome.events if isinstance(each, SupplierListed)]
        for each in listed:
            add = commands.AddSupplier(
                **about,
                registration=each.registration,
                listing=each.listing,
                subject=each.subject,
                contact=each.contact,
            )
            await call.dispatch(add, key=f"add/{key}")
        return pb.AddSupplierResponse(alike=[name for each in listed for name in each.alike])

    @rpc(SUPPLIERS, mutates=True)
    async def VetSupplier(  # noqa: N802
        self, request: pb.VetSupplierRequest, call: Call
    ) -> pb.VetSupplierResponse:
        await call.dispatch(commands.VetSupplier(supplier=request.supplier, note=request.note))
        return pb.VetSupplierResponse()

    @rpc(SUPPLIERS, mutates=True)
    async def SuspendSupplier(  # noqa: N802
        self, request: pb.SuspendSupplierRequest, call: Call
    ) -> pb.SuspendSupplierResponse:
        command = commands.SuspendSupplier(supplier=request.supplier, reason=request.reason)
        await call.dispatch(command)
        return pb.SuspendSupplierResponse()

    @rpc(SUPPLIERS, mutates=True)
    async def FileSupplierDocument(  # noqa: N802
        self, request: pb.FileSupplierDocumentRequest, call: Call
    ) -> pb.FileSupplierDocumentResponse:
        given = request.document
        command = commands.FileSupplierDocument(
            supplier=request.supplier,
            document=given.document,
            kind=given.kind,
            reference=given.reference,
            valid_from=day(given.valid_from, "document.valid_from"),
            valid_until=day(given.valid_until, "document.valid_until"),
        )
        await call.dispatch(command)
        return pb.FileSupplierDocumentResponse()

    @rpc(SUPPLIERS, mutates=True)
    async def WithdrawSupplierDocument(  # noqa: N802
        self, request: pb.WithdrawSupplierDocumentRequest, call: Call
    ) -> pb.WithdrawSupplierDocumentResponse:
        command = commands.WithdrawSupplierDocument(
            supplier=request.supplier, document=request.document, reason=request.reason
        )
        await call.dispatch(command)
        return pb.WithdrawSupplierDocumentResponse()

    @rpc(SUPPLIERS, mutates=True)
    async def NoteSupplier(  # noqa: N802
        self, request: pb.NoteSupplierRequest, call: Call
    ) -> pb.NoteSupplierResponse:
        if not request.what:
            raise Invalid("say how it went: on time, late, no-show or complaint", field="what")
        what: Any = CONDUCTS[request.what]
        command = commands.NoteSupplier(
            supplier=request.supplier,
            note=request.note,
            what=what,
            occurrence=request.occurrence or None,
            text=request.text,
        )
        await call.dispatch(command)
        return pb.NoteSupplierResponse()

    @rpc(SUPPLIERS)
    async def GetSupplier(  # noqa: N802
        self, request: pb.GetSupplierRequest, call: Call
    ) -> pb.Supplier:
        return supplier_of(await queries.supplier(call.read, request.supplier), now().date())

    @rpc(SUPPLIERS)
    async def ListSuppliers(  # noqa: N802
        self, request: pb.ListSuppliersRequest, call: Call
    ) -> pb.ListSuppliersResponse:
        size, today = page_size(request.page_size), now().date()
        rows = await queries.suppliers(call.read, page_token(request.page_token), size + 1)
        return pb.ListSuppliersResponse(
            suppliers=[supplier_of(row, today) for row in rows[:size]],
            next_page_token=rows[size - 1]["supplier"] if len(rows) > size else "",
        )

    @rpc(SUPPLIERS, mutates=True)
    async def BookStall(  # noqa: N802
        self, request: pb.BookStallRequest, call: Call
    ) -> pb.BookStallResponse:
        asked = request.occurrence, request.stall, request.supplier
        command = await engagement(call.read, *asked)
        await call.dispatch(command, request="\n".join(asked).encode())
        return pb.BookStallResponse()

    @rpc(SUPPLIERS, mutates=True)
    async def FreeStall(  # noqa: N802
        self, request: pb.FreeStallRequest, call: Call
    ) -> pb.FreeStallResponse:
        command = commands.FreeStall(occurrence=request.occurrence, stall=request.stall)
        await call.dispatch(command)
        return pb.FreeStallResponse()

    @rpc(SUPPLIERS, mutates=True)
    async def ReportTakings(  # noqa: N802
        self, request: pb.ReportTakingsRequest, call: Call
    ) -> pb.ReportTakingsResponse:
        takings: Any = {"minor": request.takings.minor, "currency": request.takings.currency}
        command = commands.ReportTakings(
            occurrence=request.occurrence,
            stall=request.stall,
            report=request.report,
            takings=takings,
        )
        await call.dispatch(command)
        return pb.ReportTakingsResponse()

    @rpc(SUPPLIERS, mutates=True)
    async def WaiveStallFee(  # noqa: N802
        self, request: pb.WaiveStallFeeRequest, call: Call
    ) -> pb.WaiveStallFeeResponse:
        command = commands.WaiveStallFee(
            occurrence=request.occurrence, stall=request.stall, reason=request.reason
        )
        await call.dispatch(command)
        return pb.WaiveStallFeeResponse()

    @rpc(SUPPLIERS)
    async def GetMarket(  # noqa: N802
        self, request: pb.GetMarketRequest, call: Call
    ) -> pb.Market:
        return market_of(await queries.market(call.read, request.occurrence))
