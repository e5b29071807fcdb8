"""The facts of a voucher that holds for several occurrences, and what an office took of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from roadcase.decider import Event
from roadcase.money import Money


class SeriesVoucherSet(Event, frozen=True, kw_only=True):
    """How it is now, in full: as in VoucherSet, for every occurrence."""

    topic = "ticketing.series_voucher_set.v1"

    voucher: str
    effect: Literal["none", "set", "subtract", "percent"] = "none"
    amount: Money | None = None
    permille: int = 0
    ticket_types: tuple[str, ...] = ()
    uses: int | None = None
    least: int = 1
    per_person: int | None = None
    budget: Money | None = None
    valid_until: datetime | None = None
    returns: bool = True
    active: bool = True


class VoucherReserved(Event, frozen=True, kw_only=True):
    """Uses are kept for a purchase until `until`, at the terms of the moment.

    Its box office may take them until `accept_until`: the time from then to `until` is for hearing
    that it did. `budget`: what it may take off in all, if that is limited.
    """

    topic = "ticketing.voucher_reserved.v1"

    voucher: str
    reservation: str
    attempt: str
    tickets: int
    accept_until: datetime
    until: datetime
    budget: Money | None = None
    subject: str | None = None
    personal: bool = False
    effect: Literal["none", "set", "subtract", "percent"] = "none"
    amount: Money | None = None
    permille: int = 0
    ticket_types: tuple[str, ...] = ()
    least: int = 1


class VoucherTaken(Event, frozen=True, kw_only=True):
    """A box office sold or keeps `tickets` with reserved uses, `spent` minor units off in all."""

    topic = "ticketing.voucher_taken.v1"

    occurrence: str
    voucher: str
    reservation: str
    tickets: int
    spent: int = 0
    subject: str | None = None


class ReservationUsed(Event, frozen=True, kw_only=True):
    """These uses are used; what more was reserved is free. `late`: it had ended before."""

    topic = "ticketing.reservation_used.v1"

    voucher: str
    reservation: str
    tickets: int
    spent: int = 0
    subject: str | None = None
    late: bool = False


class ReservationEnded(Event, frozen=True, kw_only=True):
    """All that was reserved or used is free: its office refused, its time or its hold is over."""

    topic = "ticketing.reservation_ended.v1"

    voucher: str
    reservation: str
    why: Literal["released", "expired", "hold_ended"]


class UseReturned(Event, frozen=True, kw_only=True):
    """A ticket became void: its use and what was `spent` on it are free."""

    topic = "ticketing.use_returned.v1"

    voucher: str
    reservation: str
    ticket: str
    spent: int = 0
