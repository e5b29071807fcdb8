"""Seats over gRPC: `roadcase.api.v1.Seats`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import ticketing_seats_pb2 as pb
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands, queries
from services.ticketing.api.translate import moment, to_moment
from services.ticketing.events import SeatKind

KINDS: Final[dict[int, SeatKind]] = {0: "plain", 1: "plain", 2: "accessible", 3: "companion"}
NUMBERS: Final = {name: number for number, name in KINDS.items()}
STATES: Final = {"free": 1, "held": 2, "sold": 3, "blocked": 4}


class SeatsRpc:
    """The plan of a pool's seats, and what became of them."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Seats"]

    def __init__(self, _tools: Tools) -> None:
        """It needs nothing but the call."""

    @rpc("ticketing:plan", mutates=True)
    async def SetSeatingPlan(  # noqa: N802
        self, request: pb.SetSeatingPlanRequest, call: Call
    ) -> pb.SetSeatingPlanResponse:
        command = commands.SetSeatingPlan(
            occurrence=request.occurrence,
            pool=request.pool,
            areas=tuple(_area(area) for area in request.areas),
            focus=(request.focus_x, request.focus_y),
            kept_until=moment(request, "kept_until"),
            blocked=tuple(request.blocked),
        )
        await call.dispatch(command)
        return pb.SetSeatingPlanResponse()

    @rpc("ticketing:read")
    async def GetSeatingPlan(  # noqa: N802
        self, request: pb.GetSeatingPlanRequest, call: Call
    ) -> pb.GetSeatingPlanResponse:
        shown = await queries.seats(call.read, request.occurrence, request.pool)
        until = shown["kept_until"]
        x, y = shown["focus"]
        return pb.GetSeatingPlanResponse(
            areas=[_shown(area) for area in shown["areas"]],
            focus_x=x,
            focus_y=y,
            kept_until=to_moment(datetime.fromisoformat(until)) if until else None,
        )


def _area(area: pb.SeatArea) -> commands.SeatArea:
    return commands.SeatArea(name=area.name, rows=tuple(_row(row) for row in area.rows))


def _row(row: pb.SeatRow) -> commands.SeatRow:
    return commands.SeatRow(
        name=row.name,
        seats=tuple(
            commands.Seat(
                name=seat.name, kind=KINDS.get(seat.kind, "plain"), rank=seat.rank, gap=seat.gap
            )
            for seat in row.seats
        ),
        x=row.x if row.HasField("x") else None,
        y=row.y if row.HasField("y") else None,
    )


def _shown(area: dict[str, Any]) -> pb.SeatArea:
    rows = [
        pb.SeatRow(
            name=row["name"],
            x=row["x"],
            y=row["y"],
            seats=[
                pb.Seat(
                    name=seat["name"],
                    kind=pb.SeatKind.Name(NUMBERS[seat["kind"]]),
                    rank=seat["rank"],
                    gap=seat["gap"],
                    seat=seat["seat"],
                    state=pb.SeatState.Name(STATES[seat["state"]]),
                )
                for seat in row["seats"]
            ],
        )
        for row in area["rows"]
    ]
    return pb.SeatArea(name=area["name"], rows=rows)
