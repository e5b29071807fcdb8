"""Opening a box office over gRPC, and changing it: the part of `Ticketing` for organisers."""

from __future__ import annotations

from typing import Final

from roadcase.api.v1 import ticketing_pb2
from roadcase.rpc import Call, rpc
from services.ticketing import commands
from services.ticketing.api.translate import ticket_type

CHANGES: Final = ("name", "starts_at", "ends_at", "zone", "per_order_max", "per_person_max")


class Planning:
    """What is offered."""

    @rpc("ticketing:plan", mutates=True)
    async def OpenBoxOffice(  # noqa: N802
        self, request: ticketing_pb2.OpenBoxOfficeRequest, call: Call
    ) -> ticketing_pb2.OpenBoxOfficeResponse:
        command = commands.OpenBoxOffice(
            occurrence=request.occurrence,
            name=request.name,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            zone=request.zone,
            pools=dict(request.pools),
            ticket_types=tuple(ticket_type(each) for each in request.ticket_types),
            per_order_max=request.per_order_max or None,
            per_person_max=request.per_person_max or None,
        )
        await call.dispatch(command)
        return ticketing_pb2.OpenBoxOfficeResponse()

    @rpc("ticketing:plan", mutates=True)
    async def ChangeBoxOffice(  # noqa: N802
        self, request: ticketing_pb2.ChangeBoxOfficeRequest, call: Call
    ) -> ticketing_pb2.ChangeBoxOfficeResponse:
        named = {name: getattr(request, name) for name in CHANGES if request.HasField(name)}
        command = commands.ChangeBoxOffice(
            occurrence=request.occurrence,
            pools=dict(request.pools),
            ticket_types=tuple(ticket_type(each) for each in request.ticket_types),
            **named,
        )
        await call.dispatch(command)
        return ticketing_pb2.ChangeBoxOfficeResponse()
