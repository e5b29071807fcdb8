"""Between the wire and the rules: protobuf messages to commands, events to protobuf messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.money import Money
from services.ticketing.commands import Line, TicketType
from services.ticketing.events import TicketSold

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
