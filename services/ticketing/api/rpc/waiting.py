"""The waiting list over gRPC: `roadcase.api.v1.WaitingList`."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_waiting_pb2 as pb
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api.buyers import buyer
from services.ticketing.api.translate import to_moment

SIZE: Final = 50
MOST: Final = 200
TOKEN: Final = 64  # characters: an entry's id has fewer


class WaitingListRpc:
    """Who waits for tickets."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["WaitingList"]

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @rpc("ticketing:sell", mutates=True)
    async def JoinWaitingList(  # noqa: N802
        self, request: pb.JoinWaitingListRequest, call: Call
    ) -> pb.JoinWaitingListResponse:
        if request.priority:
            call.identity.require("ticketing:plan")
        who = await buyer(self._tools, call, request)
        if who.subject is None:
            raise Invalid("say who waits, by subject or by contact", field="contact")
        command = commands.JoinWaitingList(
            occurrence=request.occurrence,
            entry=request.entry,
            ticket_types=tuple(request.ticket_types),
            quantity=request.quantity or 1,
            priority=request.priority,
            subject=who.subject,
            contact=who.contact,
        )
        await call.dispatch(command, request=who.request)
        return pb.JoinWaitingListResponse()

    @rpc("ticketing:sell", mutates=True)
    async def LeaveWaitingList(  # noqa: N802
        self, request: pb.LeaveWaitingListRequest, call: Call
    ) -> pb.LeaveWaitingListResponse:
        command = commands.LeaveWaitingList(occurrence=request.occurrence, entry=request.entry)
        await call.dispatch(command)
        return pb.LeaveWaitingListResponse()

    @rpc("ticketing:read")
    async def GetWaiting(  # noqa: N802
        self, request: pb.GetWaitingRequest, call: Call
    ) -> pb.WaitingEntry:
        return _entry(await queries.waiting_entry(call.read, request.occurrence, request.entry))

    @rpc("ticketing:read")
    async def ListWaiting(  # noqa: N802
        self, request: pb.ListWaitingRequest, call: Call
    ) -> pb.ListWaitingResponse:
        size = min(request.page_size or SIZE, MOST)
        if size < 1 or len(request.page_token) > TOKEN:
            raise Invalid("a page has 1 to 200 entries, and its token is one of ours")
        rows = await queries.waiting(call.read, request.occurrence, request.page_token, size + 1)
        return pb.ListWaitingResponse(
            entries=[_entry(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["entry"] if len(rows) > size else "",
        )


def _entry(row: dict[str, Any]) -> pb.WaitingEntry:
    return pb.WaitingEntry(
        entry=row["entry"],
        state=f"WAITING_STATE_{row['state'].upper()}",
        ticket_types=row["ticket_types"],
        quantity=row["quantity"],
        priority=row["priority"],
        joined_at=to_moment(row["joined_at"]),
        offer=row["offer"] or "",
        until=to_moment(row["until"]) if row["until"] else None,
    )
