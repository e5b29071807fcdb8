"""Between the wire and the rules: protobuf messages to commands, events to protobuf messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.money import Money
from services.ticketing.api.gate import Answer, Scan
from services.ticketing.commands import Line, TicketType
from services.ticketing.events import TicketSold

RESULT: Final = {"admitted": 1, "exited": 2, "refused": 3}
CHANNEL: Final = {0: "web", 1: "web", 2: "drop", 3: "till"}


def money(amount: common_pb2.Money) -> dict[str, Any]:
    """As a command takes it; what is wrong with it is said there, with the field's name."""
    return {"minor": amount.minor, "currency": amount.currency}


def to_money(amount: Money) -> common_pb2.Money:
    return common_pb2.Money(minor=amount.minor, currency=amount.currency)


def lines(of: Iterable[ticketing_pb2.Line]) -> tuple[Line, ...]:
    return tuple([Line(ticket_type=each.ticket_type, quantity=each.quantity) for each in of])


def ticket_type(kind: ticketing_pb2.TicketType) -> TicketType:
    return TicketType(
        id=kind.id,
        name=kind.name,
        price=money(kind.price),
        seller=kind.seller,
        draws=dict(kind.draws),
        sale_from=moment(kind, "sale_from"),
        sale_until=moment(kind, "sale_until"),
        per_order_min=kind.per_order_min or 1,
        per_order_max=kind.per_order_max or None,
        per_person_max=kind.per_person_max or None,
        addon_to={id_: (span.least, span.most) for id_, span in kind.addon_to.items()},
        bundle=dict(kind.bundle),
    )


def moment(message: Any, field: str) -> datetime | None:
    if not message.HasField(field):
        return None
    found: datetime = getattr(message, field).ToDatetime(tzinfo=UTC)
    return found


def to_moment(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def order(name: str, sold: Iterable[TicketSold]) -> ticketing_pb2.Order:
    tickets = [
        ticketing_pb2.Ticket(
            ticket=each.ticket,
            ticket_type=each.ticket_type,
            price=to_money(each.price),
            code=each.code,
        )
        for each in sold
    ]
    return ticketing_pb2.Order(order=name, tickets=tickets)


def scan(request: ticketing_pb2.CheckInRequest) -> Scan:
    return Scan(
        gate=request.gate,
        nonce=request.nonce,
        shown=request.shown,
        direction="exit" if request.direction == ticketing_pb2.DIRECTION_EXIT else "entry",
        claimed_at=moment(request, "claimed_at"),
    )


def scan_answer(given: Answer) -> ticketing_pb2.CheckInResponse:
    return ticketing_pb2.CheckInResponse(
        result=ticketing_pb2.ScanResult.Name(RESULT[given.result]),
        reason=given.reason or "",
        detail=given.detail or "",
        ticket=given.ticket or "",
        since=to_moment(given.since) if given.since else None,
        since_gate=given.since_gate or "",
        message=given.message,
    )
