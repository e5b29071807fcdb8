"""Vouchers and allotments over gRPC: `roadcase.api.v1.Vouchers` and `Allotments`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.api.v1 import ticketing_reserves_pb2 as pb
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import codes, commands, queries
from services.ticketing.api.buyers import GIVE, buyer
from services.ticketing.api.translate import lines, moment, money, order, to_moment
from services.ticketing.events import AllotmentReleased, TicketSold

EFFECTS: Final = {0: "none", 1: "set", 2: "subtract", 3: "percent"}
KINDS: Final = {0: "other", 1: "house", 2: "press", 3: "artist", 4: "sponsor"}


class VouchersRpc:
    """Codes that make tickets cheaper, or keep some aside."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Vouchers"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc("ticketing:plan", mutates=True)
    async def SetVoucher(  # noqa: N802
        self, request: pb.SetVoucherRequest, call: Call
    ) -> pb.SetVoucherResponse:
        of = request.voucher
        command = commands.SetVoucher(occurrence=request.occurrence, keeps=of.keeps, **_terms(of))
        await call.dispatch(command)
        return pb.SetVoucherResponse()

    @rpc("ticketing:plan")
    async def ListVouchers(  # noqa: N802
        self, request: pb.ListVouchersRequest, call: Call
    ) -> pb.ListVouchersResponse:
        rows = await queries.vouchers(call.read, request.occurrence)
        found = [pb.UsedVoucher(voucher=_voucher(row), sold=row["sold"]) for row in rows]
        return pb.ListVouchersResponse(vouchers=found)

    @rpc("ticketing:plan", mutates=True)
    async def SetSeriesVoucher(  # noqa: N802
        self, request: pb.SetSeriesVoucherRequest, call: Call
    ) -> pb.SetSeriesVoucherResponse:
        if request.voucher.keeps:
            raise Invalid("a voucher for every occurrence keeps no tickets aside", field="keeps")
        await call.dispatch(commands.SetSeriesVoucher(**_terms(request.voucher)))
        return pb.SetSeriesVoucherResponse()

    @rpc("ticketing:plan")
    async def ListSeriesVouchers(  # noqa: N802
        self, _request: pb.ListSeriesVouchersRequest, call: Call
    ) -> pb.ListSeriesVouchersResponse:
        rows = await queries.used_series_vouchers(call.read)
        found = [
            pb.UsedSeriesVoucher(
                voucher=_voucher(row),
                used=int(row["used"]),
                reserved=int(row["reserved"]),
                spent=_spent(row),
            )
            for row in rows
        ]
        return pb.ListSeriesVouchersResponse(vouchers=found)


class AllotmentsRpc:
    """Parts of a pool that are kept aside, and tickets for nothing."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Allotments"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._seeds = tools.secret.key("ticketing/codes")

    @rpc("ticketing:plan", mutates=True)
    async def SetAllotment(  # noqa: N802
        self, request: pb.SetAllotmentRequest, call: Call
    ) -> pb.SetAllotmentResponse:
        of = request.allotment
        command = commands.SetAllotment(
            occurrence=request.occurrence,
            allotment=of.id,
            name=of.name,
            pool=of.pool,
            units=request.units,
            kind=KINDS[of.kind],
            release_at=moment(of, "release_at"),
            codes=tuple(of.codes),
        )
        await call.dispatch(command)
        return pb.SetAllotmentResponse()

    @rpc("ticketing:plan", mutates=True)
    async def ReleaseAllotment(  # noqa: N802
        self, request: pb.ReleaseAllotmentRequest, call: Call
    ) -> pb.ReleaseAllotmentResponse:
        command = commands.ReleaseAllotment(
            occurrence=request.occurrence,
            allotment=request.allotment,
            units=request.units or None,
        )
        outcome = await call.dispatch(command)
        released = [each for each in outcome.events if isinstance(each, AllotmentReleased)]
        return pb.ReleaseAllotmentResponse(units=sum(each.units for each in released))

    @rpc("ticketing:plan")
    async def ListAllotments(  # noqa: N802
        self, request: pb.ListAllotmentsRequest, call: Call
    ) -> pb.ListAllotmentsResponse:
        rows = await queries.allotments(call.read, request.occurrence)
        found = [
            pb.UsedAllotment(allotment=_allotment(row), sold=row["sold"], closed=row["closed"])
            for row in rows
        ]
        return pb.ListAllotmentsResponse(allotments=found)

    @rpc(GIVE, mutates=True)
    async def GiveTickets(  # noqa: N802
        self, request: pb.GiveTicketsRequest, call: Call
    ) -> ticketing_pb2.Order:
        who = await buyer(self._tools, call, request)
        tenant = call.identity.tenant
        command = commands.GiveTickets(
            occurrence=request.occurrence,
            order=request.order,
            lines=lines(request.lines),
            giver=request.giver,
            reason=request.reason,
            code_seed=codes.seed(self._seeds, tenant, request.occurrence, request.order),
            allotment=request.allotment or None,
            subject=who.subject,
            contact=who.contact,
        )
        outcome = await call.dispatch(command, request=who.request)
        sold = [each for each in outcome.events if isinstance(each, TicketSold)]
        return order(request.order, sold)


def _terms(of: pb.Voucher) -> dict[str, Any]:
    """What a command takes of a voucher."""
    return {
        "voucher": of.code,
        "effect": EFFECTS[of.effect],
        "amount": money(of.amount) if of.HasField("amount") else None,
        "permille": of.permille,
        "ticket_types": tuple(of.ticket_types),
        "uses": of.uses or None,
        "least": of.least or 1,
        "per_person": of.per_person or None,
        "budget": money(of.budget) if of.HasField("budget") else None,
        "valid_until": moment(of, "valid_until"),
        "returns": not of.used_for_good,
        "active": not of.retired,
    }


def _spent(row: dict[str, Any]) -> common_pb2.Money | None:
    of = row["terms"]["budget"] or row["terms"]["amount"]
    return common_pb2.Money(minor=int(row["spent"]), currency=of["currency"]) if of else None


def _voucher(row: dict[str, Any]) -> pb.Voucher:
    terms = row["terms"]
    return pb.Voucher(
        code=row["voucher"],
        effect=pb.VoucherEffect.Name(_number(EFFECTS, terms["effect"])),
        amount=_money(terms["amount"]),
        permille=terms["permille"],
        ticket_types=terms["ticket_types"],
        uses=terms["uses"] or 0,
        least=terms["least"],
        per_person=terms["per_person"] or 0,
        budget=_money(terms["budget"]),
        valid_until=_moment(terms["valid_until"]),
        keeps=terms.get("keeps", False),
        used_for_good=not terms["returns"],
        retired=not terms["active"],
    )


def _allotment(row: dict[str, Any]) -> pb.Allotment:
    terms = row["terms"]
    return pb.Allotment(
        id=row["allotment"],
        name=terms["name"],
        pool=terms["pool"],
        kind=pb.AllotmentKind.Name(_number(KINDS, terms["kind"])),
        release_at=_moment(terms["release_at"]),
        codes=terms["codes"],
    )


def _number(names: dict[int, str], name: str) -> int:
    return next(number for number, each in names.items() if each == name)


def _money(of: dict[str, Any] | None) -> common_pb2.Money | None:
    return common_pb2.Money(**of) if of else None


def _moment(text: str | None) -> Any:
    return to_moment(datetime.fromisoformat(text)) if text else None
