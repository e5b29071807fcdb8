"""What devices does when it hears others: it learns names, and prints tickets and slips."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final, Literal

from roadcase.decider import Command, Heard
from roadcase.money import Money
from roadcase.reaction import Reaction
from roadcase.triggers import Action
from services.devices.commands import (
    NameOccurrence,
    NameTicketType,
    RequestSlip,
    RequestTicket,
)

ROLE: Final = "ticket-1"
_LONGEST: Final = 2000  # characters of a slip; manifests could once say more


class BoxOfficeDescribed(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.box_office_opened.v1", "ticketing.box_office_changed.v1")

    occurrence: str
    name: str
    starts_at: datetime


class TicketTypeSet(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_type_set.v1",)

    occurrence: str
    ticket_type: str
    name: str


class TicketSold(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_sold.v1",)

    occurrence: str
    order: str
    ticket: str
    number: int
    of: int
    ticket_type: str
    price: Money
    code: str
    seat: str | None = None
    deliver: Literal["both", "phone", "print"] = "both"

    channel: Literal["web", "drop", "till", "offer", "order", "import", "given"]


class Fired(Heard, frozen=True, kw_only=True):
    """Where it was found out: planning records again what fired in ticketing, as another event."""

    topics = (
        "planning.trigger_fired.v1",
        "ticketing.gate_trigger_fired.v1",
        "ticketing.sale_trigger_fired.v1",
    )

    occurrence: str
    firing: str
    trigger: str
    reason: str
    actions: tuple[Action, ...]


def name_occurrence(event: BoxOfficeDescribed) -> list[Command]:
    return [NameOccurrence(occurrence=event.occurrence, name=event.name, starts_at=event.starts_at)]


def name_type(event: TicketTypeSet) -> list[Command]:
    return [
        NameTicketType(occurrence=event.occurrence, ticket_type=event.ticket_type, name=event.name)
    ]


def print_ticket(event: TicketSold) -> list[Command]:
    if event.channel == "import" or event.deliver == "phone":
        return []  # its guest has it from where it was sold, or on the phone
    return [
        RequestTicket(
            job=job_of(event.occurrence, event.ticket),
            role=ROLE,
            occurrence=event.occurrence,
            order=event.order,
            ticket=event.ticket,
            number=event.number,
            of=event.of,
            ticket_type=event.ticket_type,
            price=event.price,
            code=event.code,
            seat=event.seat,
        )
    ]


def job_of(occurrence: str, ticket: str) -> str:
    """One ticket has one job, however often, and under whichever name, its sale is heard."""
    return _job(f"{ROLE}/{occurrence}/{ticket}")


def print_slips(event: Fired) -> list[Command]:
    """One for each of its actions that prints; the firing and its place tell them apart."""
    return [
        _slip(event, each.about, number)
        for number, each in enumerate(event.actions)
        if each.does == "print"
    ]


def _slip(event: Fired, about: dict[str, Any], number: int) -> RequestSlip:
    return RequestSlip(
        job=_job(f"slip/{event.occurrence}/{event.firing}/{number}"),
        role=about.get("role", ROLE),
        occurrence=event.occurrence,
        text=about["text"][:_LONGEST],
        trigger=event.trigger,
        reason=event.reason,
    )


def _job(about: str) -> str:
    digest = blake2b(about.encode(), digest_size=15).digest()
    return f"job_{base64.b32hexencode(digest).decode().lower()}"


REACTIONS: Final = (
    Reaction("name-occurrences", BoxOfficeDescribed, name_occurrence, from_start=True),
    Reaction("name-ticket-types", TicketTypeSet, name_type, from_start=True),
    # A ticket has one job however often its sale is heard, so hearing the last ones again is safe.
    Reaction("print-tickets", TicketSold, print_ticket, looks_back=timedelta(minutes=15)),
    Reaction("print-slips", Fired, print_slips, looks_back=timedelta(minutes=15)),
)
