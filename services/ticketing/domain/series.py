"""A voucher that holds for several occurrences: its uses are reserved before an office is asked.

An office takes a reservation in its first seconds only (ACCEPT). What it took is told at once, and
once more by a reaction; what nobody told of lapses after RESERVED. So a purchase that broke off
leaves nothing behind, and a use goes to somebody else only when no office can take it any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from roadcase.allocation.ordered import Deadlines
from roadcase.decider import Decider, Event
from roadcase.money import Money
from services.ticketing.commands import (
    LapseReservations,
    ReleaseReservation,
    ReserveVoucher,
    ReturnUses,
    SetSeriesVoucher,
    UseReservation,
)
from services.ticketing.domain.refusals import (
    PersonUnknown,
    UnknownCode,
    VoucherBusy,
    VoucherExpired,
    VoucherUsedUp,
)
from services.ticketing.events import (
    ReservationEnded,
    ReservationUsed,
    SeriesVoucherSet,
    UseReturned,
    VoucherReserved,
)

ACCEPT: Final = timedelta(seconds=10)
RESERVED: Final = timedelta(minutes=15)


@dataclass(slots=True)
class Reservation:
    """`accept_until` and `attempt` are of one that is not used yet."""

    tickets: int
    spent: int
    subject: str | None
    accept_until: datetime | None = None
    attempt: str | None = None
    returned: dict[str, int] = field(default_factory=dict)  # what was spent on void tickets


@dataclass(slots=True)
class SeriesVoucher:
    """`used` and `spent` count what is reserved and used; `spent` in minor units of money."""

    terms: SeriesVoucherSet | None = None
    used: int = 0
    spent: int = 0
    persons: dict[str, int] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)  # whose hold ended: they come back no more
    due: Deadlines = field(default_factory=Deadlines)

    def count(self, subject: str | None, tickets: int, spent: int) -> None:
        self.used += tickets
        self.spent += spent
        if subject is not None:
            self.persons[subject] = self.persons.get(subject, 0) + tickets
            if not self.persons[subject]:
                del self.persons[subject]


def set_series(
    voucher: SeriesVoucher, cmd: SetSeriesVoucher, _at: datetime
) -> Iterator[SeriesVoucherSet]:
    event = SeriesVoucherSet(**dict(cmd))
    if event != voucher.terms:
        yield event


def reserve(voucher: SeriesVoucher, cmd: ReserveVoucher, at: datetime) -> Iterator[VoucherReserved]:
    known = voucher.reservations.get(cmd.reservation)
    if cmd.reservation in voucher.over or (known and known.accept_until is None):
        return  # its office has it already
    if known and known.accept_until and at < known.accept_until:
        raise VoucherBusy(voucher=cmd.voucher)
    terms = _holding(voucher, cmd, at)
    tickets, budget = _granted(voucher, terms, cmd, known)
    yield VoucherReserved(
        voucher=cmd.voucher,
        reservation=cmd.reservation,
        attempt=cmd.attempt,
        tickets=tickets,
        accept_until=at + ACCEPT,
        until=at + RESERVED,
        budget=budget,
        subject=cmd.subject,
        personal=terms.per_person is not None,
        effect=terms.effect,
        amount=terms.amount,
        permille=terms.permille,
        ticket_types=terms.ticket_types,
        least=terms.least,
    )


def _holding(voucher: SeriesVoucher, cmd: ReserveVoucher, at: datetime) -> SeriesVoucherSet:
    """Its terms, if it may be used now. Raises UnknownCode, VoucherExpired, PersonUnknown."""
    terms = voucher.terms
    if terms is None or not terms.active:
        raise UnknownCode(code=cmd.voucher)
    if terms.valid_until is not None and at >= terms.valid_until:
        raise VoucherExpired(voucher=cmd.voucher, valid_until=terms.valid_until)
    if terms.per_person is not None and cmd.subject is None:
        raise PersonUnknown(voucher=cmd.voucher)
    return terms


def _granted(
    voucher: SeriesVoucher,
    terms: SeriesVoucherSet,
    cmd: ReserveVoucher,
    known: Reservation | None,
) -> tuple[int, Money | None]:
    """As many uses as are left, and as much as they may take off. Raises VoucherUsedUp."""
    tickets, has = cmd.tickets, voucher.persons.get(cmd.subject or "", 0)
    used, spent = voucher.used, voucher.spent
    if known is not None:  # it comes back, and is reserved anew
        used, spent = used - known.tickets, spent - known.spent
        has -= known.tickets if known.subject == cmd.subject else 0
    if terms.uses is not None:
        tickets = min(tickets, terms.uses - used)
    if terms.per_person is not None:
        tickets = min(tickets, terms.per_person - has)
    left = None if terms.budget is None else terms.budget.minor - spent
    if tickets <= 0 or (left is not None and left <= 0):
        raise VoucherUsedUp(voucher=cmd.voucher)
    if terms.budget is None or left is None:
        return tickets, None
    return tickets, Money(min(left, _most(terms, cmd, tickets, left)), terms.budget.currency)


def _most(terms: SeriesVoucherSet, cmd: ReserveVoucher, tickets: int, left: int) -> int:
    """What it takes off at most, in minor units."""
    bounds = [left]
    if cmd.worth is not None:
        bounds.append(cmd.worth.minor)
    if terms.effect == "subtract" and terms.amount is not None:
        bounds.append(terms.amount.minor * tickets)
    if terms.effect == "percent" and cmd.worth is not None:  # each ticket may be rounded up
        bounds.append(cmd.worth.minor * terms.permille // 1000 + cmd.tickets)
    return min(bounds)


def use(voucher: SeriesVoucher, cmd: UseReservation, _at: datetime) -> Iterator[ReservationUsed]:
    """A fact of an office is never refused: one that is told too late counts all the same."""
    known = voucher.reservations.get(cmd.reservation)
    if cmd.reservation in voucher.over or (known and known.accept_until is None):
        return
    yield ReservationUsed(
        voucher=cmd.voucher,
        reservation=cmd.reservation,
        tickets=cmd.tickets,
        spent=cmd.spent,
        subject=cmd.subject,
        late=known is None,
    )


def release(
    voucher: SeriesVoucher, cmd: ReleaseReservation, _at: datetime
) -> Iterator[ReservationEnded]:
    known = voucher.reservations.get(cmd.reservation)
    if known is not None and known.attempt == cmd.attempt:
        yield ReservationEnded(voucher=cmd.voucher, reservation=cmd.reservation, why="released")


def give_back(voucher: SeriesVoucher, cmd: ReturnUses, _at: datetime) -> Iterator[Event]:
    known = voucher.reservations.get(cmd.reservation)
    if cmd.ticket is None:
        if cmd.reservation not in voucher.over:
            ended = ReservationEnded(
                voucher=cmd.voucher, reservation=cmd.reservation, why="hold_ended"
            )
            yield ended
        return
    returns = voucher.terms is not None and voucher.terms.returns
    if returns and known is not None and cmd.ticket not in known.returned:
        yield UseReturned(
            voucher=cmd.voucher, reservation=cmd.reservation, ticket=cmd.ticket, spent=cmd.spent
        )


def lapse(
    voucher: SeriesVoucher, cmd: LapseReservations, at: datetime
) -> Iterator[ReservationEnded]:
    for reservation in voucher.due.due(at):
        yield ReservationEnded(voucher=cmd.voucher, reservation=reservation, why="expired")


def _was_set(voucher: SeriesVoucher, event: SeriesVoucherSet) -> None:
    voucher.terms = event


def _was_reserved(voucher: SeriesVoucher, event: VoucherReserved) -> None:
    _drop(voucher, event.reservation)
    spent = event.budget.minor if event.budget else 0
    voucher.reservations[event.reservation] = Reservation(
        event.tickets, spent, event.subject, event.accept_until, event.attempt
    )
    voucher.count(event.subject, event.tickets, spent)
    voucher.due.set(event.reservation, event.until)


def _was_used(voucher: SeriesVoucher, event: ReservationUsed) -> None:
    before = _drop(voucher, event.reservation)
    returned = before.returned if before else {}
    now = Reservation(
        event.tickets - len(returned), event.spent - sum(returned.values()), event.subject
    )
    now.returned = returned
    voucher.reservations[event.reservation] = now
    voucher.count(event.subject, now.tickets, now.spent)


def _has_ended(voucher: SeriesVoucher, event: ReservationEnded) -> None:
    _drop(voucher, event.reservation)
    if event.why == "hold_ended":
        voucher.over.add(event.reservation)


def _drop(voucher: SeriesVoucher, reservation: str) -> Reservation | None:
    known = voucher.reservations.pop(reservation, None)
    if known is not None:
        voucher.count(known.subject, -known.tickets, -known.spent)
        voucher.due.drop(reservation)
    return known


def _was_returned(voucher: SeriesVoucher, event: UseReturned) -> None:
    known = voucher.reservations[event.reservation]
    known.returned[event.ticket] = event.spent
    known.tickets -= 1
    known.spent -= event.spent
    voucher.count(known.subject, -1, -event.spent)


EVOLVE: Final[dict[type[Event], Any]] = {
    SeriesVoucherSet: _was_set,
    VoucherReserved: _was_reserved,
    ReservationUsed: _was_used,
    ReservationEnded: _has_ended,
    UseReturned: _was_returned,
}

VOUCHER: Final = Decider(
    category="voucher",
    key="voucher",
    initial=SeriesVoucher,
    evolve=lambda voucher, event: EVOLVE[type(event)](voucher, event),
    events=tuple(EVOLVE),
    commands={
        SetSeriesVoucher: set_series,
        ReserveVoucher: reserve,
        UseReservation: use,
        ReleaseReservation: release,
        ReturnUses: give_back,
        LapseReservations: lapse,
    },
    deadline=lambda voucher: voucher.due.earliest,
    on_due=lambda code: LapseReservations(voucher=code),
)
