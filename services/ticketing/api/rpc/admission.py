"""Gates over gRPC, beside the scan itself: `roadcase.api.v1.Admission`."""

from __future__ import annotations

from typing import Any, Literal

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_admission_pb2 as pb
from roadcase.api.v1 import ticketing_pb2
from roadcase.errors import Invalid
from roadcase.people.showing import READ as PEOPLE
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import codes, commands, queries
from services.ticketing.api.door_sale import pay_and_enter
from services.ticketing.api.gate import SCAN, Gates
from services.ticketing.api.gates import PLAN, Give, Plan, given, plan_of
from services.ticketing.api.names import LETTERS, Names
from services.ticketing.api.translate import moment, scan_answer

CONFIRM = "ticketing:confirm"


class AdmissionRpc:
    """Each method is one command, or one question."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Admission"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._names: Names | None = None
        self._seeds = tools.secret.key("ticketing/codes")
        self._gates = Gates(tools)

    @rpc(PLAN, mutates=True)
    async def SetAdmission(  # noqa: N802
        self, request: pb.SetAdmissionRequest, call: Call
    ) -> pb.SetAdmissionResponse:
        plan = Plan(
            zone=request.zone or None,
            occupancy_max=request.occupancy_max if request.HasField("occupancy_max") else None,
            gates=tuple(
                commands.GateTakes(gate=each.gate, ticket_types=tuple(each.ticket_types))
                for each in request.gates
            ),
            rules=tuple(_rule(each) for each in request.rules),
        )
        asked = request.SerializeToString(deterministic=True)
        await call.dispatch(await plan_of(call.read, request.occurrence, plan), request=asked)
        return pb.SetAdmissionResponse()

    @rpc(SCAN)
    async def GetOccupancy(  # noqa: N802
        self, request: pb.GetOccupancyRequest, call: Call
    ) -> pb.GetOccupancyResponse:
        await queries.availability(call.read, request.occurrence)
        row = await queries.gates(call.read, request.occurrence)
        return pb.GetOccupancyResponse(
            occupancy=row["occupancy"],
            counted=row["counted"],
            occupancy_max=row["occupancy_max"],
            gates=[
                pb.GateCounts(gate=gate, **counts) for gate, counts in sorted(row["gates"].items())
            ],
        )

    @rpc(SCAN, mutates=True)
    async def AnnulScan(  # noqa: N802
        self, request: pb.AnnulScanRequest, call: Call
    ) -> pb.AnnulScanResponse:
        command = commands.AnnulScan(
            occurrence=request.occurrence,
            nonce=request.nonce,
            device=request.device or call.identity.actor,
        )
        await call.dispatch(command)
        return pb.AnnulScanResponse()

    @rpc(PLAN, mutates=True)
    async def BlockTicket(  # noqa: N802
        self, request: pb.BlockTicketRequest, call: Call
    ) -> pb.BlockTicketResponse:
        command = commands.BlockTicket(
            occurrence=request.occurrence, ticket=request.ticket, why=request.why or None
        )
        await call.dispatch(command)
        return pb.BlockTicketResponse()

    @rpc(PLAN, mutates=True)
    async def UnblockTicket(  # noqa: N802
        self, request: pb.UnblockTicketRequest, call: Call
    ) -> pb.UnblockTicketResponse:
        command = commands.UnblockTicket(occurrence=request.occurrence, ticket=request.ticket)
        await call.dispatch(command)
        return pb.UnblockTicketResponse()

    @rpc(SCAN, mutates=True)
    async def HandOver(  # noqa: N802
        self, request: pb.HandOverRequest, call: Call
    ) -> pb.HandOverResponse:
        give = Give(
            ticket=request.ticket,
            item=request.item,
            gate=request.gate,
            device=request.device or None,
        )
        actor = call.identity.actor
        command = await given(call.read, request.occurrence, give, actor)
        await call.dispatch(command, request=request.SerializeToString(deterministic=True))
        return pb.HandOverResponse()

    @rpc(SCAN, mutates=True)
    async def CountGuests(  # noqa: N802
        self, request: pb.CountGuestsRequest, call: Call
    ) -> pb.CountGuestsResponse:
        await queries.availability(call.read, request.occurrence)
        command = commands.CountGuests(
            occurrence=request.occurrence,
            gate=request.gate,
            nonce=request.nonce,
            direction=_direction(request.direction),
            guests=request.guests or 1,
            device=request.device or call.identity.actor,
        )
        await call.dispatch(command)
        return pb.CountGuestsResponse()

    @rpc(SCAN, mutates=True)
    async def PayAndEnter(  # noqa: N802
        self, request: pb.PayAndEnterRequest, call: Call
    ) -> pb.PayAndEnterResponse:
        call.identity.require(CONFIRM)
        tenant = call.identity.tenant
        seed = codes.seed(self._seeds, tenant, request.occurrence, request.order)
        answers = await pay_and_enter(call, request, seed, self._gates)
        return pb.PayAndEnterResponse(answers=[scan_answer(each) for each in answers])

    @rpc(SCAN)
    async def FindGuests(  # noqa: N802
        self, request: pb.FindGuestsRequest, call: Call
    ) -> pb.FindGuestsResponse:
        call.identity.require(PEOPLE)
        if len(request.text) < LETTERS:
            raise Invalid(f"a search needs {LETTERS} letters", field="text")
        if self._names is None:
            self._names = Names(self._tools.people)
        tenant = call.identity.tenant
        rows = await self._names.find(call.read, tenant, request.occurrence, request.text)
        return pb.FindGuestsResponse(guests=[_guest(row) for row in rows])


def _guest(row: dict[str, Any]) -> pb.FoundGuest:
    shown = ("ticket", "ticket_type", "code", "name", "state", "inside")
    return pb.FoundGuest(**{name: row[name] for name in shown})


def _direction(asked: int) -> Literal["entry", "exit"]:
    return "exit" if asked == ticketing_pb2.DIRECTION_EXIT else "entry"


def _rule(asked: pb.EntryRule) -> commands.EntryRule:
    return commands.EntryRule(
        ticket_type=asked.ticket_type or None,
        reentry=not asked.no_reentry,
        multiple=asked.multiple,
        once_per_day=asked.once_per_day,
        max_entries=asked.max_entries or None,
        minutes_between=asked.minutes_between or None,
        valid_from=moment(asked, "valid_from"),
        valid_until=moment(asked, "valid_until"),
        exits=not asked.no_exits,
        attention=asked.attention,
        text=asked.text or None,
        hand_out=tuple(commands.HandOut(item=it.item, name=it.name) for it in asked.hand_out),
        is_handed_out=asked.is_handed_out,
        needs_answers=asked.needs_answers,
    )
