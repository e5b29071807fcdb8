"""How occurrences go on, over gRPC: `roadcase.api.v1.Occurrences`."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_pb2 as pb
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import commands, queries
from services.planning.api.rpc.translate import occurrence_of, state_name
from services.planning.domain.clearances import people_missing

READ: Final = "planning:read"
RUN: Final = "planning:run"
APPROVE: Final = "planning:approve"
CLEAR: Final = "planning:clear"
SIZE: Final = 50
MOST: Final = 200
TOKEN: Final = 64  # characters: a name has fewer
_WHYS: Final = ("", "weather", "power", "safety", "artist", "other")


class OccurrencesRpc:
    """Each mutating method is one command."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Occurrences"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc(RUN, mutates=True)
    async def AdvanceOccurrence(  # noqa: N802
        self, request: pb.AdvanceOccurrenceRequest, call: Call
    ) -> pb.AdvanceOccurrenceResponse:
        to: Any = state_name(request.to, "to")
        await call.dispatch(commands.AdvanceOccurrence(occurrence=request.occurrence, to=to))
        return pb.AdvanceOccurrenceResponse()

    @rpc(RUN, mutates=True)
    async def PauseSales(  # noqa: N802
        self, request: pb.PauseSalesRequest, call: Call
    ) -> pb.PauseSalesResponse:
        command = commands.PauseSales(occurrence=request.occurrence, reason=request.reason)
        await call.dispatch(command)
        return pb.PauseSalesResponse()

    @rpc(RUN, mutates=True)
    async def ReopenSales(  # noqa: N802
        self, request: pb.ReopenSalesRequest, call: Call
    ) -> pb.ReopenSalesResponse:
        await call.dispatch(commands.ReopenSales(occurrence=request.occurrence))
        return pb.ReopenSalesResponse()

    @rpc(RUN, mutates=True)
    async def PostponeOccurrence(  # noqa: N802
        self, request: pb.PostponeOccurrenceRequest, call: Call
    ) -> pb.PostponeOccurrenceResponse:
        command = commands.PostponeOccurrence(
            occurrence=request.occurrence,
            postponement=request.postponement,
            reason=request.reason,
        )
        await call.dispatch(command)
        return pb.PostponeOccurrenceResponse()

    @rpc(RUN, mutates=True)
    async def InterruptOccurrence(  # noqa: N802
        self, request: pb.InterruptOccurrenceRequest, call: Call
    ) -> pb.InterruptOccurrenceResponse:
        if not request.why:
            raise Invalid("say why: weather, power, safety, artist or other", field="why")
        why: Any = _WHYS[request.why]
        command = commands.InterruptOccurrence(
            occurrence=request.occurrence, why=why, text=request.text
        )
        await call.dispatch(command)
        return pb.InterruptOccurrenceResponse()

    @rpc(RUN, mutates=True)
    async def ResumeOccurrence(  # noqa: N802
        self, request: pb.ResumeOccurrenceRequest, call: Call
    ) -> pb.ResumeOccurrenceResponse:
        await call.dispatch(commands.ResumeOccurrence(occurrence=request.occurrence))
        return pb.ResumeOccurrenceResponse()

    @rpc(APPROVE, mutates=True)
    async def AbandonOccurrence(  # noqa: N802
        self, request: pb.AbandonOccurrenceRequest, call: Call
    ) -> pb.AbandonOccurrenceResponse:
        command = commands.AbandonOccurrence(
            occurrence=request.occurrence,
            reason=request.reason,
            money_back=not request.keep_money,
        )
        await call.dispatch(command)
        return pb.AbandonOccurrenceResponse()

    @rpc(APPROVE, mutates=True)
    async def CancelOccurrence(  # noqa: N802
        self, request: pb.CancelOccurrenceRequest, call: Call
    ) -> pb.CancelOccurrenceResponse:
        command = commands.CancelOccurrence(
            occurrence=request.occurrence,
            reason=request.reason,
            money_back=not request.keep_money,
        )
        await call.dispatch(command)
        return pb.CancelOccurrenceResponse()

    @rpc(CLEAR, mutates=True)
    async def SetClearance(  # noqa: N802
        self, request: pb.SetClearanceRequest, call: Call
    ) -> pb.SetClearanceResponse:
        blocks: Any = tuple(state_name(each, "blocks") for each in request.blocks)
        command = commands.SetClearance(
            occurrence=request.occurrence,
            clearance=request.clearance,
            granted=request.granted,
            blocks=blocks,
            reason=request.reason,
            code=request.code,
            legal=request.legal,
        )
        await call.dispatch(command)
        return pb.SetClearanceResponse()

    @rpc(APPROVE, mutates=True)
    async def OverrideClearance(  # noqa: N802
        self, request: pb.OverrideClearanceRequest, call: Call
    ) -> pb.OverrideClearanceResponse:
        if not request.HasField("until"):
            raise Invalid("say until when it holds", field="until")
        needs: Any = await queries.people_needed(call.read)
        command = commands.OverrideClearance(
            occurrence=request.occurrence,
            clearance=request.clearance,
            by=call.identity.actor,
            reason=request.reason,
            until=request.until.ToDatetime(tzinfo=UTC),
            needs=needs,
        )
        outcome = await call.dispatch(command)
        return pb.OverrideClearanceResponse(missing=people_missing(outcome.events))

    @rpc(APPROVE, mutates=True)
    async def SetHousePolicy(  # noqa: N802
        self, request: pb.SetHousePolicyRequest, call: Call
    ) -> pb.SetHousePolicyResponse:
        people: Any = request.override_people
        await call.dispatch(commands.SetHousePolicy(override_people=people))
        return pb.SetHousePolicyResponse()

    @rpc(READ)
    async def GetOccurrence(  # noqa: N802
        self, request: pb.GetOccurrenceRequest, call: Call
    ) -> pb.Occurrence:
        return occurrence_of(await queries.occurrence(call.read, request.occurrence))

    @rpc(READ)
    async def ListOccurrences(  # noqa: N802
        self, request: pb.ListOccurrencesRequest, call: Call
    ) -> pb.ListOccurrencesResponse:
        size = page_size(request.page_size)
        rows = await queries.occurrences(call.read, page_token(request.page_token), size + 1)
        return pb.ListOccurrencesResponse(
            occurrences=[occurrence_of(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["occurrence"] if len(rows) > size else "",
        )


def page_size(asked: int) -> int:
    """How many rows a page has. Raises Invalid."""
    size = asked or SIZE
    if not 1 <= size <= MOST:
        raise Invalid(f"a page has 1 to {MOST} entries", field="page_size")
    return size


def page_token(asked: str) -> str:
    """Where a page begins. Raises Invalid."""
    if len(asked) > TOKEN:
        raise Invalid("this is not a page token of ours", field="page_token")
    return asked
