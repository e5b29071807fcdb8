"""An order as its guest sees it, read from the read models."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from roadcase.doors import Reader
from roadcase.errors import NotFound
from roadcase.money import Money
from roadcase.spans import Span
from services.ticketing import queries
from services.ticketing.domain.refusals import NoBoxOffice
from services.ticketing.guest.asking import Question, asked
from services.ticketing.guest.links import Named
from services.ticketing.guest.timed import time_of
from services.ticketing.signing import Signature, at_venue, valid_until

PAGE: Final = 50  # tickets on one page, and in one PDF


class Ticket(NamedTuple):
    """One ticket. `signed` is the text of its QR code: void tickets have none.

    Nor have those that are `printed` by the house alone.
    """

    number: int
    kind: str
    price: Money
    code: str
    state: str
    signed: str | None
    admitted_at: datetime | None
    seat: str | None = None
    addon_to: str | None = None
    time: Span | None = None

    @property
    def named(self) -> str:
        """Its kind, and its time and seat if it has them."""
        time = f", {self.time.whole}" if self.time else ""
        return f"{self.kind}{time}, seat {self.seat}" if self.seat else f"{self.kind}{time}"

    printed: bool = False


class Bought(NamedTuple):
    """A page of an order's tickets, and the night they are for. `next`: where the rest begins."""

    name: str
    starts: datetime
    ends: datetime
    zone: str
    sold_at: datetime
    tickets: tuple[Ticket, ...]
    next: int | None
    postponed: dict[str, Any] | None = None  # what its guest is asked, and answered
    questions: tuple[Question, ...] = ()  # to its guest
    invoice: dict[str, Any] | None = None  # that was asked for
    known: bool = False  # whose it is, so that something can be sealed for them

    @property
    def valid(self) -> tuple[Ticket, ...]:
        return tuple(ticket for ticket in self.tickets if ticket.signed is not None)


async def find(read: Reader, named: Named, signature: Signature, after: int = 0) -> Bought:
    """Raises NotFound: no such order, or no more of it after `after`."""
    try:
        night = await queries.availability(read, named.occurrence)
    except NoBoxOffice:
        raise NotFound from None
    rows = await queries.page_of_tickets(read, named.occurrence, named.order, after, PAGE + 1)
    if not rows:
        raise NotFound
    shown = rows[:PAGE]
    return Bought(
        name=night["name"],
        starts=at_venue(night["starts_at"], night["zone"]),
        ends=at_venue(night["ends_at"], night["zone"]),
        zone=night["zone"],
        sold_at=rows[0]["sold_at"],
        tickets=tuple(_ticket(night, row, signature) for row in shown),
        next=shown[-1]["number"] if len(rows) > PAGE else None,
        postponed=await queries.postponed(read, named.occurrence, named.order),
        questions=await asked(read, named, shown),
        invoice=await queries.invoice_of(read, named.occurrence, named.order),
        known=any(row["contact"] for row in await queries.contact_of(read, *named[1:])),
    )


def _ticket(night: dict[str, Any], row: dict[str, Any], signature: Signature) -> Ticket:
    valid = row["state"] == "sold"
    printed = night["types"][row["ticket_type"]].get("deliver") == "print"
    until = row["valid_until"] or valid_until(night)
    signed = signature.sign(night["occurrence"], row["ticket"], until, row["valid_from"])
    return Ticket(
        number=row["number"],
        kind=night["types"][row["ticket_type"]]["name"],
        price=Money(row["price_minor"], row["currency"]),
        code=row["code"],
        state=row["state"],
        signed=signed if valid and not printed else None,
        printed=valid and printed,
        admitted_at=row["admitted_at"] if row["inside"] else None,
        seat=row["seat"],
        addon_to=row["addon_to"],
        time=time_of(night, row["ticket_type"]),
    )


def day(of: Bought) -> str:
    """`Friday 1 January 2027`, at the venue."""
    return Span(of.starts, of.ends).day


def hours(of: Bought) -> str:
    """`20:30 to 22:30`, at the venue."""
    return Span(of.starts, of.ends).hours
