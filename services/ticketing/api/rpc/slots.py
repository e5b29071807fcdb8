"""Timed entry over gRPC: `roadcase.api.v1.Slots`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import ticketing_slots_pb2 as pb
from roadcase.money import Money
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.ticketing import commands
from services.ticketing.api.slots import slots_of
from services.ticketing.api.translate import ticket_type, to_moment, to_money

MINUTES: Final = slice(0, 5)  # of a time, `10:20:00`
TO_MINUTES: Final = slice(0, 16)  # of a day and a time


class SlotsRpc:
    """Rules make slots, and slots are listed."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Slots"]

    def __init__(self, _tools: Tools) -> None:
        """It needs nothing but the call."""

    @rpc("ticketing:plan", mutates=True)
    async def MakeSlots(  # noqa: N802
        self, request: pb.MakeSlotsRequest, call: Call
    ) -> pb.MakeSlotsResponse:
        if request.offer.id not in request.offer.draws:
            request.offer.draws[request.offer.id] = 1
        command = commands.MakeSlots(
            occurrence=request.occurrence,
            rule=_rule(request.rule),
            offer=ticket_type(request.offer),
        )
        await call.dispatch(command)
        return pb.MakeSlotsResponse()

    @rpc("ticketing:read")
    async def ListSlots(  # noqa: N802
        self, request: pb.ListSlotsRequest, call: Call
    ) -> pb.ListSlotsResponse:
        shown = await slots_of(call.read, request.occurrence)
        return pb.ListSlotsResponse(
            slots=[_slot(each) for each in shown["slots"]],
            rules=[_made(each) for each in shown["rules"]],
        )


def _rule(rule: pb.SlotRule) -> commands.SlotRule:
    return commands.SlotRule(
        first_day=rule.first_day,
        last_day=rule.last_day,
        closed=tuple(rule.closed),
        first=rule.first,
        until=rule.until,
        every=rule.every,
        capacity=rule.capacity,
        breaks=tuple(commands.Break(starts=each.starts, ends=each.ends) for each in rule.breaks),
        early=rule.early,
        grace=rule.grace,
    )


def _slot(slot: dict[str, Any]) -> pb.Slot:
    return pb.Slot(
        ticket_type=slot["id"],
        name=slot["name"],
        starts_at=slot["starts_at"],
        ends_at=slot["ends_at"],
        starts=_moment(slot["starts"]),
        ends=_moment(slot["ends"]),
        valid_from=_moment(slot["valid_from"]),
        valid_until=_moment(slot["valid_until"]),
        left=slot["left"],
        price=to_money(Money.parse(slot["price"])),
        fee=to_money(Money.parse(slot["fee"])) if slot["fee"] else None,
    )


def _moment(text: str | None) -> Timestamp | None:
    return to_moment(datetime.fromisoformat(text)) if text else None


def _made(row: dict[str, Any]) -> pb.MadeSlots:
    rule = row["rule"]
    breaks = [
        pb.SlotBreak(starts=each["starts"][MINUTES], ends=each["ends"][MINUTES])
        for each in rule.get("breaks", ())
    ]
    return pb.MadeSlots(
        slots=row["slots"],
        rule=pb.SlotRule(
            first_day=rule["first_day"],
            last_day=rule["last_day"],
            closed=rule.get("closed", ()),
            first=rule["first"][MINUTES],
            until=rule["until"][MINUTES],
            every=rule["every"],
            capacity=rule["capacity"],
            breaks=breaks,
            early=rule.get("early", 0),
            grace=rule.get("grace", 0),
        ),
        number=row["number"],
        missing=[each[TO_MINUTES] for each in row["missing"]],
        twice=[each[TO_MINUTES] for each in row["twice"]],
    )
