"""Taking over orders that were sold elsewhere: what changed there since happens here, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from roadcase.allocation import total
from roadcase.decider import Event
from services.ticketing import codes
from services.ticketing.commands import ImportedTicket, ImportOrder
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    Freed,
    Imported,
    claim,
    ended,
    freed,
    must_be_open,
)
from services.ticketing.domain.refusals import HoldSold, OrderExists, SoldOut, UnknownTicketType
from services.ticketing.events import (
    ImportedFee,
    Line,
    OrderImported,
    TicketCancelled,
    TicketImported,
    TicketRefunded,
    TicketsHeld,
    TicketSold,
)

VOID: Final = frozenset({"cancelled", "refunded"})
WHY: Final = "It was cancelled where it was sold"


def import_order(office: BoxOffice, cmd: ImportOrder, at: datetime) -> Iterable[Event]:
    """The same order a second time decides nothing."""
    must_be_open(office, cmd.occurrence)
    known = office.imports.get(cmd.order)
    _check(office, cmd, known)
    now = _Now(office, cmd, known.tickets if known else {})
    gone = freed(office, at)
    held = _lines(office, [each for each in cmd.tickets if each.state == "held"], cmd, at)
    hold = office.held.get(known.hold or "") if known else None
    stays = hold is not None and (hold.lines, hold.until) == (held, cmd.until) and bool(held)
    release = (
        () if hold is None or stays or hold.until <= at else (ended(office, hold, "released"),)
    )
    voids = list(now.voids())
    units = [gone.units, *(each.draws for each in voids)]
    units += [claim(each.lines) for each in release]
    room = Freed(gone.ends, total(each for each in units if each), gone.persons)
    passed = list(now.passed_by(room))
    new = now.new()
    wanted = _lines(office, new, cmd, at) + (() if stays else held)
    _must_fit(office, wanted, room)
    events: list[Event] = [*gone.ends, *release, *voids, *passed, *now.sales(new), *now.told()]
    holds = known.holds if known else 0
    name = hold.hold if stays and hold else None
    if held and not stays:
        holds, name = holds + 1, f"{cmd.order}-h{holds + 1}"
        events.append(_hold(cmd, name, held))
    about = _about(cmd, name, holds)
    if known is None or about != known.about:
        events.append(about)
    return events if len(events) > len(gone.ends) else ()


def _check(office: BoxOffice, cmd: ImportOrder, known: Imported | None) -> None:
    if known is None and cmd.order in office.orders:
        raise OrderExists(order=cmd.order)
    if known is not None and known.hold in office.became:
        raise HoldSold(hold=known.hold, order=office.became[known.hold])
    for each in cmd.tickets:
        if each.ticket_type not in office.types or not office.types[each.ticket_type].draws:
            raise UnknownTicketType(ticket_type=each.ticket_type)


def _must_fit(office: BoxOffice, lines: tuple[Line, ...], room: Freed) -> None:
    """It was sold: who waits here does not come before."""
    pool = office.allocation.short_of(claim(lines), room.units) if lines else None
    if pool is not None:
        short = next(line for line in lines if pool in line.draws)
        left = max(0, office.allocation.pools[pool].room + room.units.get(pool, 0))
        raise SoldOut(pool=pool, ticket_type=short.ticket_type, left=left)


class _Now:
    """The tickets of one order as they are there now, beside what they were when last told."""

    def __init__(
        self,
        office: BoxOffice,
        cmd: ImportOrder,
        known: Mapping[str, TicketImported],
    ) -> None:
        self.office = office
        self.cmd = cmd
        self.known = known
        order = office.orders.get(cmd.order)
        self._had = len(order.tickets) if order else 0
        self._kinds = order.tickets if order else []
        self._void = (order.void if order else None) or {}
        self._own: set[str] = set()
        self._of = self._had
        self._numbers = {each.position: each.ticket for each in known.values()}

    def voids(self) -> Iterator[TicketCancelled | TicketRefunded]:
        """Tickets that were valid there and are not any more, or not like this."""
        there = {each.position: each for each in self.cmd.tickets}
        for old in self.known.values():
            new = there.get(old.position)
            if old.state == "valid" and (new is None or not _same(old, new)):
                before = self._void.get(old.number)
                if before is None or (before == "cancelled" and new and new.state == "refunded"):
                    yield self._made_void(old, new.state if new else "cancelled", free=not before)

    def new(self) -> list[ImportedTicket]:
        """Valid there, and not sold here yet: or not like this."""
        return [
            each
            for each in self.cmd.tickets
            if each.state == "valid" and not _same(self.known.get(each.position), each)
        ]

    def passed_by(self, room: Freed) -> Iterator[Event]:
        """Tickets that were sold and became void before anybody told of them, if they fit."""
        for each in self.cmd.tickets:
            if each.state in VOID and each.position not in self.known:
                draws = self.office.types[each.ticket_type].draws
                if self.office.allocation.short_of(draws, room.units) is None:
                    sold, told = self._sale(each)
                    yield from (sold, told, self._made_void(told, each.state, free=True))

    def sales(self, new: Sequence[ImportedTicket]) -> Iterator[Event]:
        for each in new:
            yield from self._sale(each)

    def told(self) -> Iterator[TicketImported]:
        """What is told of tickets that stay the tickets they are."""
        there = {each.position: each for each in self.cmd.tickets}
        for old in self.known.values():
            new = there.get(old.position)
            if new is None:
                if old.state == "valid":
                    yield msgspec.structs.replace(old, state="cancelled")
            elif new.state != "held" and (new.state != "valid" or _same(old, new)):
                event = self._told(new, old.ticket, old.number)
                if event != old:
                    yield event

    def _sale(self, each: ImportedTicket) -> tuple[TicketSold, TicketImported]:
        cmd, office = self.cmd, self.office
        self._of += 1
        ticket = f"{cmd.order}-{self._of}"
        code = codes.fresh(cmd.code_seed, ticket, office.codes, self._own)
        self._own.add(code)
        self._numbers[each.position] = ticket
        offer = office.types[each.ticket_type]
        sold = TicketSold(
            occurrence=cmd.occurrence,
            order=cmd.order,
            ticket=ticket,
            number=self._of,
            of=max(self._had, len(cmd.tickets)),
            ticket_type=each.ticket_type,
            price=each.price,
            seller=offer.seller,
            draws=offer.draws,
            code=code,
            channel="import",
            payment_reference=cmd.payment_reference,
            sold_at=cmd.sold_at,
            subject=cmd.subject,
            contact=cmd.contact,
            addon_to=self._numbers.get(each.addon_to or ""),
            deliver=offer.deliver,
            valid_from=offer.valid_from,
            valid_until=offer.valid_until,
        )
        return sold, self._told(each, ticket, self._of)

    def _told(self, each: ImportedTicket, ticket: str, number: int) -> TicketImported:
        return TicketImported(
            occurrence=self.cmd.occurrence,
            order=self.cmd.order,
            ticket=ticket,
            number=number,
            source=self.cmd.source,
            position=each.position,
            ticket_type=each.ticket_type,
            price=each.price,
            tax=each.tax,
            rate=each.rate,
            secret=each.secret,
            state=each.state,
            tax_code=each.tax_code,
        )

    def _made_void(
        self, told: TicketImported, state: str, *, free: bool
    ) -> TicketCancelled | TicketRefunded:
        offer = self.office.types[told.ticket_type]
        old = self._kinds[told.number - 1] if told.number <= self._had else None
        void: dict[str, Any] = {
            "occurrence": told.occurrence,
            "order": told.order,
            "ticket": told.ticket,
            "ticket_type": told.ticket_type,
            "draws": (old.draws if old else offer.draws) if free else {},
            "reason": WHY,
        }
        if state != "refunded":
            return TicketCancelled(**void)
        return TicketRefunded(
            **void,
            amount=told.price,
            seller=offer.seller,
            refund_reference=self.cmd.reference,
            subject=self.cmd.subject,
        )


def _same(old: TicketImported | None, new: ImportedTicket) -> bool:
    """Whether it is still the same valid ticket: a new code or tax makes no other of it."""
    return old is not None and (old.state, old.ticket_type, old.price) == (
        new.state,
        new.ticket_type,
        new.price,
    )


def _lines(
    office: BoxOffice, tickets: Iterable[ImportedTicket], cmd: ImportOrder, at: datetime
) -> tuple[Line, ...]:
    """One for each ticket; none that would be held until a moment that is over."""
    return tuple(
        Line(
            ticket_type=each.ticket_type,
            quantity=1,
            price=each.price,
            seller=office.types[each.ticket_type].seller,
            draws=office.types[each.ticket_type].draws,
        )
        for each in tickets
        if each.state != "held" or (cmd.until is not None and cmd.until > at)
    )


def _hold(cmd: ImportOrder, name: str, lines: tuple[Line, ...]) -> TicketsHeld:
    assert cmd.until is not None
    return TicketsHeld(
        occurrence=cmd.occurrence,
        hold=name,
        lines=lines,
        until=cmd.until,
        channel="order",
        subject=cmd.subject,
    )


def _about(cmd: ImportOrder, hold: str | None, holds: int) -> OrderImported:
    return OrderImported(
        occurrence=cmd.occurrence,
        order=cmd.order,
        source=cmd.source,
        reference=cmd.reference,
        fees=tuple(ImportedFee(**dict(each)) for each in cmd.fees),
        hold=hold,
        holds=holds,
    )


def _ticket_imported(office: BoxOffice, event: TicketImported) -> None:
    office.imports.setdefault(event.order, Imported()).tickets[event.position] = event


def _order_imported(office: BoxOffice, event: OrderImported) -> None:
    office.imports.setdefault(event.order, Imported()).about = event


EVOLVE: Final[Evolve] = {TicketImported: _ticket_imported, OrderImported: _order_imported}
COMMANDS: Final[Commands] = {ImportOrder: import_order}
