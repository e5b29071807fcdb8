"""Who is told what: suppliers by their stalls, each with a mail, and whom ticketing has told."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final, Literal

import msgspec

from roadcase.decider import Command, Heard
from roadcase.outbox import QueueMessage
from roadcase.reaction import Reaction
from services.planning.commands import NoteReached, TellStallholders, TellSupplier

Kind = Literal["words", "change", "cancellation", "reminder", "postponement", "waiting"]
TO_SUPPLIER: Final = "planning.supplier_told"


class SuppliersCalled(Heard, frozen=True, kw_only=True):
    topics = ("planning.suppliers_called.v1",)

    occurrence: str
    telling: str
    subject: str
    text: str


class StallholdersTold(Heard, frozen=True, kw_only=True):
    topics = ("planning.stallholders_told.v1",)

    occurrence: str
    telling: str
    subject: str
    text: str
    suppliers: tuple[str, ...] = ()


class SupplierTold(Heard, frozen=True, kw_only=True):
    topics = ("planning.supplier_told.v1",)

    occurrence: str
    telling: str
    subject: str
    text: str
    person: str = ""
    contact: bytes | None = None


class NoticeGiven(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.notice_given.v1",)

    occurrence: str
    notice: str
    kind: Kind
    guests: int
    firing: str = ""


class Guest(msgspec.Struct, frozen=True):
    order: str


class GuestsTold(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.guests_told.v1",)

    occurrence: str
    notice: str
    upto: int
    guests: tuple[Guest, ...]
    firing: str = ""


class Waiter(msgspec.Struct, frozen=True):
    entry: str


class WaitingTold(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.waiting_told.v1",)

    occurrence: str
    notice: str
    upto: int
    waiting: tuple[Waiter, ...]
    firing: str = ""


def tell_stallholders(event: SuppliersCalled) -> list[Command]:
    return [TellStallholders(**msgspec.structs.asdict(event))]


def tell_suppliers(event: StallholdersTold) -> list[Command]:
    about = {name: getattr(event, name) for name in ("occurrence", "telling", "subject", "text")}
    return [TellSupplier(supplier=each, **about) for each in event.suppliers]


def tell_by_mail(event: SupplierTold) -> list[Command]:
    """Once for each person and telling, however many suppliers they are."""
    if event.contact is None:
        return []
    named = f"supplier/{event.occurrence}/{event.telling}/{event.person}"
    return [
        QueueMessage(
            message=f"msg_{sha256(named.encode()).hexdigest()[:40]}",
            kind=TO_SUPPLIER,
            about={name: getattr(event, name) for name in ("occurrence", "subject", "text")},
            recipient=event.contact,
        )
    ]


def note_nobody(event: NoticeGiven) -> list[Command]:
    """A notice for nobody goes no further."""
    if event.guests:
        return []
    return _reached(event, "waiting" if event.kind == "waiting" else "holders", 0, 0)


def note_guests(event: GuestsTold) -> list[Command]:
    return _reached(event, "holders", event.upto, len(event.guests))


def note_waiting(event: WaitingTold) -> list[Command]:
    return _reached(event, "waiting", event.upto, len(event.waiting))


def _reached(
    event: NoticeGiven | GuestsTold | WaitingTold, audience: Any, upto: int, told: int
) -> list[Command]:
    """Of what nothing here asked for, nothing is noted."""
    if not event.firing:
        return []
    return [
        NoteReached(
            occurrence=event.occurrence,
            firing=event.firing,
            notice=event.notice,
            audience=audience,
            upto=upto,
            told=told,
        )
    ]


REACTIONS: Final = (
    Reaction("tell-stallholders", SuppliersCalled, tell_stallholders, from_start=True),
    Reaction("tell-suppliers", StallholdersTold, tell_suppliers, from_start=True),
    Reaction("tell-suppliers-by-mail", SupplierTold, tell_by_mail, from_start=True),
    Reaction("note-nobody-told", NoticeGiven, note_nobody, from_start=True),
    Reaction("note-guests-told", GuestsTold, note_guests, from_start=True),
    Reaction("note-waiting-told", WaitingTold, note_waiting, from_start=True),
)
