"""Between the wire and the rules: protobuf messages to commands, events to protobuf messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal

from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import ValidationError

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.errors import Invalid
from roadcase.money import Money
from services.ticketing import events
from services.ticketing.api.gate import Answer, Scan
from services.ticketing.commands import Fee, Level, Line, Presale, TicketType
from services.ticketing.events import TicketSold
from services.ticketing.projections.availability import Availability, open_to_all
from services.ticketing.projections.counts import free

RESULT: Final = {"admitted": 1, "exited": 2, "refused": 3}
DELIVER: Final[dict[int, Literal["both", "phone", "print"]]] = {
    0: "both",
    1: "phone",
    2: "print",
}
CHANNEL: Final = {0: "web", 1: "web", 2: "drop", 3: "till"}


def money(amount: common_pb2.Money) -> Money | dict[str, Any]:
    """As a command takes it; what is wrong with it is said there, with the field's name."""
    try:
        return _money(amount.minor, amount.currency)
    except Invalid:
        return {"minor": amount.minor, "currency": amount.currency}


_money = lru_cache(maxsize=1024)(Money)  # the prices of today


def to_money(amount: Money) -> common_pb2.Money:
    return common_pb2.Money(minor=amount.minor, currency=amount.currency)


def lines(of: Sequence[ticketing_pb2.Line]) -> tuple[Any, ...]:
    """As a command takes them; what is wrong with one is said there, with its place."""
    if len(of) == 1:  # as nearly always; to go through them costs as much again
        return (_line(of[0]),)
    return tuple([_line(each) for each in of])


def _line(line: ticketing_pb2.Line) -> Line | dict[str, Any]:
    if not (line.seats or line.accessible or line.HasField("price")):
        try:
            return _plain(line.ticket_type, line.quantity)
        except ValidationError:
            return {"ticket_type": line.ticket_type, "quantity": line.quantity}
    said: dict[str, Any] = {"ticket_type": line.ticket_type, "quantity": line.quantity}
    if line.HasField("price"):
        said["price"] = money(line.price)
    if line.seats:
        said["seats"] = tuple(line.seats)
    if line.accessible:
        said["accessible"] = line.accessible
    return said


@lru_cache(maxsize=1024)  # most sales are of a ticket of a type of today
def _plain(ticket_type: str, quantity: int) -> Line:
    return Line(ticket_type=ticket_type, quantity=quantity)


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
        levels=tuple(_level(each) for each in kind.levels),
        lowest=money(kind.lowest_price) if kind.HasField("lowest_price") else None,
        admits=kind.admits or 1,
        fee=_fee(kind.fee) if kind.HasField("fee") else None,
        presales=tuple(_presale(each) for each in kind.presales),
        unlocked_by=tuple(kind.unlocked_by),
        policy=kind.policy or None,
        approval=kind.approval,
        deliver=DELIVER[kind.deliver],
        no_show_after=kind.no_show_minutes if kind.HasField("no_show_minutes") else None,
        valid_from=moment(kind, "valid_from"),
        valid_until=moment(kind, "valid_until"),
    )


def _level(level: ticketing_pb2.PriceLevel) -> Level:
    return Level(
        id=level.id,
        price=money(level.price),
        until=moment(level, "until"),
        quantity=level.quantity or None,
    )


def _fee(fee: ticketing_pb2.Fee) -> Fee:
    return Fee(
        fixed=money(fee.fixed) if fee.HasField("fixed") else None,
        permille=fee.permille,
        borne_by="organiser" if fee.borne_by_organiser else "guest",
    )


def _presale(presale: ticketing_pb2.Presale) -> Presale:
    return Presale(
        members=presale.members,
        codes=tuple(presale.codes),
        sale_from=moment(presale, "sale_from"),
        sale_until=moment(presale, "sale_until"),
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


def order(name: str, sold: Iterable[TicketSold | events.TicketTransferred]) -> ticketing_pb2.Order:
    made = ticketing_pb2.Order()
    fill(made, name, sold)
    return made


def fill(
    made: ticketing_pb2.Order,
    name: str,
    sold: Iterable[TicketSold | events.TicketTransferred],
) -> None:
    """In place: a message that is given to another's constructor is copied."""
    made.order = name
    for each in sold:
        ticket = made.tickets.add()  # with its fields as arguments it costs twice as much
        ticket.ticket, ticket.ticket_type = each.ticket, each.ticket_type
        ticket.code, ticket.admits = each.code, each.admits
        _pay(ticket.price, each.price)
        if each.fee is not None:
            _pay(ticket.fee, each.fee)
        if each.addon_to is not None:
            ticket.addon_to = each.addon_to
        if each.seat is not None:
            ticket.seat = each.seat


def _pay(amount: common_pb2.Money, money: Money) -> None:
    amount.minor, amount.currency = money.minor, money.currency


def quoted(of: Iterable[events.Line]) -> list[ticketing_pb2.QuotedLine]:
    return [
        ticketing_pb2.QuotedLine(
            ticket_type=each.ticket_type,
            quantity=each.quantity,
            price=to_money(each.price),
            fee=to_money(each.fee) if each.fee else None,
            tier=each.tier or "",
            seats=each.seats,
            voucher=each.voucher or "",
            listed=to_money(each.listed) if each.listed else None,
        )
        for each in of
    ]


def scan(request: ticketing_pb2.CheckInRequest) -> Scan:
    return Scan(
        gate=request.gate,
        nonce=request.nonce,
        shown=request.shown,
        direction="exit" if request.direction == ticketing_pb2.DIRECTION_EXIT else "entry",
        claimed_at=moment(request, "claimed_at"),
        device=request.device or None,
        guests=request.guests or 1,
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
        seat=given.seat or "",
        inside=given.inside,
        admits=given.admits,
        attention=given.attention,
        text=given.text or "",
        hand_out=[
            ticketing_pb2.ThingToHandOut(item=each.item, name=each.name) for each in given.hand_out
        ],
    )


def available(night: dict[str, Any], at: datetime) -> ticketing_pb2.Availability:
    """What is left of a night, and what the types cost that everybody may see."""
    pools = [
        ticketing_pb2.PoolAvailability(
            pool=name,
            capacity=pool["capacity"],
            held=pool["held"],
            sold=pool["sold"],
            free=free(pool),
            kept=pool["kept"],
        )
        for name, pool in sorted(night["pools"].items())
    ]
    types = [_type_available(night, id_, at) for id_ in sorted(open_to_all(night))]
    return ticketing_pb2.Availability(pools=pools, types=types)


def _type_available(
    night: dict[str, Any], id_: str, at: datetime
) -> ticketing_pb2.TypeAvailability:
    cost = Availability.cost(night, id_, at)
    return ticketing_pb2.TypeAvailability(
        id=id_,
        name=night["types"][id_]["name"],
        price=to_money(cost.price),
        fee=to_money(cost.fee) if cost.fee else None,
        tier=cost.tier or "",
        lowest_price=to_money(cost.lowest) if cost.lowest else None,
        left=Availability.left(night, id_),
    )


def sold_before(row: dict[str, Any]) -> ticketing_pb2.Ticket:
    """A ticket as the read model has it."""
    return ticketing_pb2.Ticket(
        ticket=row["ticket"],
        ticket_type=row["ticket_type"],
        price=common_pb2.Money(minor=row["price_minor"], currency=row["currency"]),
        code=row["code"],
        fee=_fee_of(row),
        admits=row["admits"],
        addon_to=row["addon_to"] or "",
        seat=row["seat"] or "",
    )


def _fee_of(row: dict[str, Any]) -> common_pb2.Money | None:
    if not row["fee_minor"]:
        return None
    return common_pb2.Money(minor=row["fee_minor"], currency=row["currency"])
