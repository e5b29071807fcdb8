"""Exchanging tickets for those of another night: a process over two box offices.

The new tickets are held and sold first, then the old ones are void; if those cannot be, because
somebody refunded them meanwhile, the new ones are void again. So nobody is ever without a ticket
that they paid for, and whatever step a crash hits, the next one is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Decider, Event
from services.ticketing.commands import ExchangeOut, RecordExchange, RefundTickets, StartExchange
from services.ticketing.domain.office import BoxOffice, Commands, must_be_open
from services.ticketing.domain.process_refusals import ProcessExists, TicketVoid, UnknownProcess
from services.ticketing.domain.refusals import WrongAmount
from services.ticketing.domain.voiding import refund
from services.ticketing.events import (
    ExchangeConfirmed,
    ExchangeDone,
    ExchangeRefused,
    ExchangeStarted,
    TicketRefunded,
)


@dataclass(slots=True)
class Exchange:
    """One process."""

    started: ExchangeStarted | None = None
    confirmed: bool = False
    ended: bool = False


def start(exchange: Exchange, cmd: StartExchange, _at: datetime) -> Iterator[ExchangeStarted]:
    wanted: dict[str, int] = {}
    for line in cmd.lines:
        wanted[line.ticket_type] = wanted.get(line.ticket_type, 0) + line.quantity
    terms = {name: value for name, value in cmd if name != "lines"}
    event = ExchangeStarted(**terms, wanted=wanted)
    if exchange.started is None:
        yield event
    elif (exchange.started.order, exchange.started.tickets) != (event.order, event.tickets):
        raise ProcessExists(process=cmd.process)


def record(exchange: Exchange, cmd: RecordExchange, _at: datetime) -> Iterator[Event]:
    if exchange.started is None:
        raise UnknownProcess(process=cmd.process)
    if exchange.ended:
        return
    if cmd.step == "confirmed":
        if not exchange.confirmed:
            yield ExchangeConfirmed(process=cmd.process, total=cmd.total or exchange.started.worth)
    elif cmd.step == "done":
        yield ExchangeDone(process=cmd.process, back=cmd.back)
    else:
        yield ExchangeRefused(process=cmd.process, why=cmd.why or "refused")


def _started(exchange: Exchange, event: ExchangeStarted) -> None:
    exchange.started = event


def _confirmed(exchange: Exchange, _event: ExchangeConfirmed) -> None:
    exchange.confirmed = True


def _ended(exchange: Exchange, _event: ExchangeDone | ExchangeRefused) -> None:
    exchange.ended = True


_EVOLVE: Final[Mapping[type[Event], Callable[[Exchange, Any], None]]] = {
    ExchangeStarted: _started,
    ExchangeConfirmed: _confirmed,
    ExchangeDone: _ended,
    ExchangeRefused: _ended,
}


def _evolve(exchange: Exchange, event: Event) -> None:
    _EVOLVE[type(event)](exchange, event)


EXCHANGE: Final = Decider(
    category="exchange",
    key="process",
    initial=Exchange,
    evolve=_evolve,
    events=tuple(_EVOLVE),
    commands={StartExchange: start, RecordExchange: record},
)


# In the box office that is left


def move_out(office: BoxOffice, cmd: ExchangeOut, at: datetime) -> Iterator[TicketRefunded]:
    """All of these tickets, or none: what was paid for them pays for others."""
    must_be_open(office, cmd.occurrence)
    order = office.orders.get(cmd.order)
    if order is not None:
        if cmd.refund_reference in (order.references or ()):
            return  # asked twice, happened once
        void = {f"{cmd.order}-{number}" for number in order.void or ()}
        for ticket in cmd.tickets:
            if ticket in void:
                raise TicketVoid(order=cmd.order, ticket=ticket)
    out = RefundTickets(
        occurrence=cmd.occurrence,
        order=cmd.order,
        tickets=cmd.tickets,
        reason=cmd.reason,
        refund_reference=cmd.refund_reference,
    )
    events = [event for event in refund(office, out, at) if isinstance(event, TicketRefunded)]
    worth = sum((event.amount for event in events[1:]), events[0].amount)
    if cmd.worth != worth:
        raise WrongAmount(amount=str(cmd.worth), total=str(worth))
    yield from events


COMMANDS: Final[Commands] = {ExchangeOut: move_out}
