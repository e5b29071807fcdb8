"""A box office as it is, over gRPC: `roadcase.api.v1.BoxOffices`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import common_pb2
from roadcase.api.v1 import ticketing_box_offices_pb2 as pb
from roadcase.doors import wait_all_shown
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api.translate import to_moment
from services.ticketing.projections.availability import Availability
from services.ticketing.projections.counts import free

CHANNELS: Final = ("", "web", "drop", "till", "order")


class BoxOfficesRpc:
    """What is, for who compares it with what was planned."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["BoxOffices"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc("ticketing:plan")
    async def GetBoxOffice(  # noqa: N802
        self, request: pb.GetBoxOfficeRequest, call: Call
    ) -> pb.BoxOffice:
        await wait_all_shown(call.read, "availability")  # who asks decides by what is sold
        row = await queries.availability(call.read, request.occurrence)
        paused: list[Any] = [CHANNELS.index(each) for each in row["paused"]]
        return pb.BoxOffice(
            name=row["name"],
            starts_at=row["starts_at"].isoformat(timespec="minutes"),
            ends_at=row["ends_at"].isoformat(timespec="minutes"),
            zone=row["zone"],
            pools=[_pool(*each) for each in row["pools"].items()],
            ticket_types=[_type(row, id_) for id_ in row["types"]],
            paused=paused,
        )

    @rpc("ticketing:plan", mutates=True)
    async def PauseChannel(  # noqa: N802
        self, request: pb.PauseChannelRequest, call: Call
    ) -> pb.PauseChannelResponse:
        command = commands.PauseChannel(
            occurrence=request.occurrence, channel=_channel(request.channel)
        )
        await call.dispatch(command)
        return pb.PauseChannelResponse()

    @rpc("ticketing:plan", mutates=True)
    async def OpenChannel(  # noqa: N802
        self, request: pb.OpenChannelRequest, call: Call
    ) -> pb.OpenChannelResponse:
        command = commands.OpenChannel(
            occurrence=request.occurrence, channel=_channel(request.channel)
        )
        await call.dispatch(command)
        return pb.OpenChannelResponse()


def _channel(number: int) -> Any:
    """Raises Invalid: each call is about one channel."""
    if not 0 < number < len(CHANNELS):
        raise Invalid("name a channel", field="channel")
    return CHANNELS[number]


def _pool(name: str, pool: Mapping[str, int]) -> pb.PoolState:
    taken = pool["held"] + pool["sold"] + pool["kept"]
    return pb.PoolState(pool=name, capacity=pool["capacity"], taken=taken, free=free(pool))


def _type(row: Mapping[str, Any], id_: str) -> pb.TicketTypeState:
    kind = row["types"][id_]
    return pb.TicketTypeState(
        id=id_,
        name=kind["name"],
        price=common_pb2.Money(**kind["price"]),
        active=kind["active"],
        sold=kind["sold"],
        held=kind["held"],
        left=max(0, Availability.left(row, id_)),
        sale_from=_moment(kind["sale_from"]),
        sale_until=_moment(kind["sale_until"]),
        per_person_max=kind["per_person_max"] or 0,
        draws=kind["draws"],
        hidden=bool(kind.get("unlocked_by")),
    )


def _moment(text: str | None) -> Timestamp | None:
    return None if text is None else to_moment(datetime.fromisoformat(text))
