"""The sale that nearly every buyer of a drop asks for, decided at once: one ticket, plain terms.

`swift` says what `sell` says without it, or nothing: then `sell` goes through everything. What it
relies on was found true on the long way, and holds until an event says otherwise; what a sale or a
hold may change it asks each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Final

from roadcase.decider import Event
from services.ticketing.codes import candidate
from services.ticketing.commands import SellTickets
from services.ticketing.domain.issuing import is_plain
from services.ticketing.domain.office import BoxOffice
from services.ticketing.domain.refusals import SoldOut
from services.ticketing.domain.reserves import Swift
from services.ticketing.events import HoldEnded, HoldExtended, Line, TicketsHeld, TicketSold

ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
NEVER: Final = datetime.max.replace(tzinfo=UTC)
_TERMS, _ONE = itemgetter("quantity", "price", "seats"), (1, None, ())
_MORE = itemgetter("codes", "answered", "allotment", "series")
_NOTHING: Final = ((), None, None, None)
# After these events, all that was found true but for what is asked each time is true still.
LASTING: Final = frozenset({TicketSold, TicketsHeld, HoldEnded, HoldExtended})


def swift(office: BoxOffice, cmd: SellTickets, at: datetime) -> list[Event] | None:
    """The ticket that is sold; None: go the long way, to sell it or to say why not.

    Raises SoldOut: what most hear who come to a drop.
    """
    asked = cmd.__dict__  # a field of a model costs three times as much
    order, subject = asked["order"], asked["subject"]
    known = office.swift.get(asked["lines"][0].ticket_type)
    if (
        known is None
        or not _is_simple(asked)
        or asked["amount"] != known.price
        or not known.opens <= at < known.closes
        or order in office.orders
        or not _is_quiet(office, at)
    ):
        return None
    if known.most is not None:
        has = office.persons.get((subject, known.id), 0) if subject else known.most
        if has >= known.most:
            return None
    for name, pool, units in known.takes:  # by name: the first that is short is the one to name
        if pool.room < units:
            raise SoldOut(pool=name, ticket_type=known.id, left=pool.free // units)
    ticket = f"{order}-1"
    code = candidate(asked["code_seed"], ticket)
    return None if code in office.codes else [_ticket(asked, known, ticket, code, at)]


def _ticket(
    asked: Mapping[str, Any], known: Swift, ticket: str, code: str, at: datetime
) -> TicketSold:
    return TicketSold(
        occurrence=asked["occurrence"],
        order=asked["order"],
        ticket=ticket,
        number=1,
        of=1,
        ticket_type=known.id,
        price=known.price,
        seller=known.seller,
        draws=known.draws,
        code=code,
        channel=asked["channel"],
        payment_reference=asked["payment_reference"],
        sold_at=at,
        subject=asked["subject"],
        contact=asked["contact"],
        promo=asked["promo"],
    )


def _is_simple(asked: Mapping[str, Any]) -> bool:
    """Nothing but one ticket is asked for."""
    lines = asked["lines"]
    return len(lines) == 1 and _TERMS(lines[0].__dict__) == _ONE and _MORE(asked) == _NOTHING


def _is_quiet(office: BoxOffice, at: datetime) -> bool:
    """Nobody waits, nothing is kept aside, and no hold is dead: all that is free is for sale."""
    allocation = office.allocation
    if allocation.reserves or office.queue.demand:
        return False
    due = allocation.deadline if office.held else None
    return due is None or due > at


def learn(office: BoxOffice, cmd: SellTickets, lines: tuple[Line, ...]) -> None:
    """On the long way, once the terms are known and kept: whether the next one need not go it."""
    line, offer = lines[0], office.types[lines[0].ticket_type]
    special = offer.levels or offer.unlocked_by or offer.policy or offer.slot or offer.lowest
    busy = office.paused or office.composed or office.seatings or office.questions
    if special or busy or office.limited or office.reserves.allotments:
        return
    pools = office.allocation.pools
    if len(lines) == 1 and _is_simple(cmd.__dict__) and is_plain(line, offer):
        office.swift[line.ticket_type] = Swift(
            id=line.ticket_type,
            price=line.price,
            seller=line.seller,
            draws=line.draws,
            takes=[(name, pools[name], units) for name, units in sorted(line.draws.items())],
            opens=offer.sale_from or ALWAYS,
            closes=offer.sale_until or NEVER,
            most=offer.per_person_max,
        )
