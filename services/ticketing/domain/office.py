"""What a box office remembers, and the counters that keep every decision short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from roadcase.allocation import Allocation, times, total
from roadcase.allocation.ordered import Deadlines
from roadcase.decider import Command, Event
from roadcase.money import Money
from roadcase.triggers import Watch
from services.ticketing.domain.notices import Notices
from services.ticketing.domain.queue import Queue
from services.ticketing.domain.refusals import NoBoxOffice
from services.ticketing.domain.reserves import Reserves, Swift, Usual
from services.ticketing.domain.seat_map import SeatMap
from services.ticketing.events import (
    BoxOfficeChanged,
    BoxOfficeOpened,
    Channel,
    Earned,
    HoldEnded,
    Line,
    OrderImported,
    OrderPlaced,
    PlanFollowed,
    QuestionSet,
    RefundPolicySet,
    SlotsMade,
    TicketImported,
    TicketsHeld,
    TicketSold,
    TicketTypeSet,
)

Person = tuple[str, str]  # subject and ticket type
Void = Literal["cancelled", "refunded", "transferred"]


class Kind(NamedTuple):
    """What a ticket was sold as. Tickets sold alike share one."""

    ticket_type: str
    price: Money
    seller: str
    draws: dict[str, int]
    fee: Money | None = None
    voucher: str | None = None
    discount: Money | None = None
    reserve: str | None = None
    policy: str | None = None
    fee_within: Money | None = None
    tier: str | None = None
    listed: Money | None = None
    admits: int = 1
    bundle: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    reservation: str | None = None
    earned: Earned | None = None

    @property
    def own_voucher(self) -> str | None:
        """The voucher, if it is one of this office."""
        return self.voucher if self.reservation is None else None

    @property
    def paid(self) -> Money:
        """What was paid for it: its price, and a fee on top."""
        return self.price if self.fee is None else self.price + self.fee


PLAIN: Final = ("ticket_type", "price", "seller", "draws")


class Sale(msgspec.Struct, frozen=True, gc=False):
    """How an order was bought. It stays so when its tickets go to somebody else."""

    payment_reference: str
    sold_at: datetime
    channel: Channel
    promo: str | None


class Order(msgspec.Struct, gc=False):
    """The tickets sold under one id: number n is `tickets[n - 1]`."""

    subject: str | None
    hold: str | None  # or which ticket it was transferred from
    tickets: list[Kind] = []
    void: dict[int, Void] | None = None
    refunded: dict[int, int] | None = None  # minor units that went back, by ticket
    references: set[str] | None = None  # under which money went back
    given_back: set[int] | None = None  # by their guest: they count no more for the others
    addons: dict[int, list[int]] | None = None  # by the number of the ticket they come with
    seats: dict[int, str] | None = None  # by number
    sale: Sale | None = None


@dataclass(slots=True)
class Imported:
    """An order that was sold elsewhere: its tickets by their positions there, as last told."""

    about: OrderImported | None = None
    tickets: dict[str, TicketImported] = field(default_factory=dict)

    @property
    def hold(self) -> str | None:
        return self.about.hold if self.about else None

    @property
    def holds(self) -> int:
        return self.about.holds if self.about else 0


@dataclass(slots=True)
class Pending:
    """An order that is not paid. `approved`: it only waits for its money; `asked`: it is to be."""

    placed: OrderPlaced
    approved: bool
    asked: bool = False


@dataclass(slots=True)
class BoxOffice:
    """Everything that was ever sold is kept, since a retry must be recognised however late."""

    opened: BoxOfficeOpened | BoxOfficeChanged | None = None
    limited: bool = False  # there are limits over all ticket types
    types: dict[str, TicketTypeSet] = field(default_factory=dict)
    composed: set[str] = field(default_factory=set)  # types that are bundles or add-ons
    versions: dict[str, int] = field(default_factory=dict)  # the last of each refund policy
    policies: dict[str, RefundPolicySet] = field(default_factory=dict)  # by name and version
    levels: dict[tuple[str, str], int] = field(default_factory=dict)  # held and ever sold
    kinds: dict[str, Kind] = field(default_factory=dict)  # of each type, as sold now
    allocation: Allocation = field(default_factory=Allocation)
    held: dict[str, TicketsHeld] = field(default_factory=dict)
    lapsed: dict[str, TicketsHeld] = field(default_factory=dict)  # money may still come for it
    became: dict[str, str] = field(default_factory=dict)  # hold to order
    orders: dict[str, Order] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    slots: dict[str, SlotsMade] = field(default_factory=dict)  # the last rule, by its name
    seatings: dict[str, SeatMap] = field(default_factory=dict)  # by pool
    stopped: bool = False  # nothing is sold or offered
    paused: set[str] = field(default_factory=set)  # sales channels
    watch: Watch = field(default_factory=Watch)  # triggers
    planned: PlanFollowed | None = None  # as planning said last
    pending: dict[str, Pending] = field(default_factory=dict)  # placed and not paid, by order
    placed: set[str] = field(default_factory=set)  # orders that were ever placed
    declined: set[str] = field(default_factory=set)
    unapproved: set[str] = field(default_factory=set)  # over before the organiser said yes
    reminders: Deadlines = field(default_factory=Deadlines)
    queue: Queue = field(default_factory=Queue)
    notices: Notices = field(default_factory=Notices)
    reserves: Reserves = field(default_factory=Reserves)
    usual: dict[tuple[str, int, tuple[str, ...]], Usual] = field(
        default_factory=dict, compare=False, repr=False
    )  # what was worked out before; follows from the rest
    swift: dict[str, Swift] = field(default_factory=dict, compare=False, repr=False)  # as well
    questions: dict[str, QuestionSet] = field(default_factory=dict)
    invoice_requests: dict[str, str] = field(default_factory=dict)  # the last, by order
    invoices: dict[str, str] = field(default_factory=dict)  # numbers, by order
    imports: dict[str, Imported] = field(default_factory=dict)  # by order
    persons: dict[Person, int] = field(default_factory=dict)  # tickets held and sold
    transfers_ended: set[str] = field(default_factory=set)
    renamed: dict[str, bytes] = field(default_factory=dict)  # by ticket: whose it is said to be
    resent: dict[str, dict[str, datetime]] = field(default_factory=dict)  # by order, by wish

    def keep(self, reserve: str, more: Mapping[str, int], less: Mapping[str, int]) -> None:
        """A fact: a reserve keeps more of some units, less of others."""
        if less:
            self.allocation.unkeep(reserve, less)
        if more:
            self.allocation.keep(reserve, more)

    def count(self, subject: str | None, ticket_type: str, change: int) -> None:
        if subject is not None:
            person, persons = (subject, ticket_type), self.persons
            if number := persons.get(person, 0) + change:
                persons[person] = number
            else:
                persons.pop(person, None)


class Freed(NamedTuple):
    """The ends of dead holds, and what they give back, before anything else is decided.

    What the same decision took before counts, too: in `persons` below 0, and in `levels`.
    """

    ends: tuple[HoldEnded, ...]
    units: Mapping[str, int]
    persons: Mapping[Person, int]
    levels: Mapping[tuple[str, str], int] = {}


NOTHING = Freed((), {}, {})


def freed(office: BoxOffice, at: datetime) -> Freed:
    """O(1) while no hold is dead."""
    due = office.allocation.deadline if office.held else None
    if due is None or due > at:
        return NOTHING
    dead = [office.held[hold.id] for hold in office.allocation.dead(at)]
    persons: dict[Person, int] = {}
    for held in dead:
        if held.subject is not None:
            for line in held.lines:
                person = (held.subject, line.ticket_type)
                persons[person] = persons.get(person, 0) + line.quantity
    ends = tuple(ended(office, held, "expired") for held in dead)
    units = total(claim(held.lines) for held in dead)
    for end in ends:  # what goes back to where it was kept is not free
        for kept in end.kept.values():
            units = {pool: number - kept.get(pool, 0) for pool, number in units.items()}
    return Freed(ends, units, persons)


def claim(lines: Sequence[Line]) -> dict[str, int]:
    if len(lines) == 1:
        (line,) = lines
        return line.draws if line.quantity == 1 else times(line.draws, line.quantity)
    return total(times(line.draws, line.quantity) for line in lines)


def ended(
    office: BoxOffice, held: TicketsHeld, why: Literal["sold", "released", "expired"]
) -> HoldEnded:
    kept = {} if why == "sold" else office.reserves.returned(held.lines)
    return HoldEnded(
        occurrence=held.occurrence,
        hold=held.hold,
        why=why,
        lines=held.lines,
        kept={name: units for name, units in kept.items() if has_room(office, units)},
    )


def has_room(office: BoxOffice, pools: Iterable[str]) -> bool:
    """Nothing is kept aside in a pool that has more taken than its capacity."""
    return all(office.allocation.pools[pool].room >= 0 for pool in pools)


def kind_of(terms: TicketTypeSet | TicketSold) -> Kind:
    kind = Kind(terms.ticket_type, terms.price, terms.seller, terms.draws)
    if isinstance(terms, TicketSold) and is_special(terms):
        return kind._replace(**{name: getattr(terms, name) for name in Kind._fields[len(PLAIN) :]})
    return kind


def is_special(event: TicketSold) -> bool:
    """Whether it has terms of its own, beside what it costs and takes."""
    return (
        event.fee is not None
        or event.voucher is not None
        or event.reserve is not None
        or event.policy is not None
        or event.fee_within is not None
        or event.tier is not None
        or event.listed is not None
        or event.bundle is not None
        or event.valid_from is not None
        or event.valid_until is not None
        or event.admits != 1
        or event.earned is not None
    )


def number_of(ticket: str) -> int:
    """Its number in its order: what its id ends with."""
    return int(ticket.rpartition("-")[2])


def starts_at(office: BoxOffice) -> datetime:
    """When the night begins."""
    assert office.opened is not None
    return instant(office.opened.starts_at, office.opened.zone)


def instant(wall: datetime, zone: str) -> datetime:
    """A wall time at the venue, in UTC."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def must_be_open(office: BoxOffice, occurrence: str) -> None:
    if office.opened is None:
        raise NoBoxOffice(occurrence=occurrence)


Evolve = Mapping[type[Event], Callable[[BoxOffice, Any], None]]
Commands = Mapping[type[Command], Callable[[BoxOffice, Any, datetime], Iterable[Event]]]
