"""What ticketing does when it hears its own box office: gates, guests and vouchers learn."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Final, Literal

import msgspec

from roadcase.decider import Command, Heard
from roadcase.money import Money
from roadcase.outbox.messages import QueueMessage
from roadcase.reaction import Reaction
from services.ticketing.commands import ReturnUses, RevokeTicket, UseReservation


class Reserved(Heard, frozen=True, kw_only=True):
    """A line, or a ticket: whether it used a voucher over several occurrences."""

    topics = ()

    voucher: str | None = None
    reservation: str | None = None


class VoidTicket(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_cancelled.v1", "ticketing.ticket_refunded.v1")

    ticket: str
    voucher: str | None = None
    reservation: str | None = None
    discount: Money | None = None


class VoucherTaken(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.voucher_taken.v1",)

    voucher: str
    reservation: str
    tickets: int
    spent: int = 0
    subject: str | None = None


class HoldEnded(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.hold_ended.v1",)

    why: Literal["sold", "released", "expired"]
    lines: tuple[Reserved, ...]


class TicketRefunded(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_refunded.v1",)

    occurrence: str
    ticket: str


class TicketCancelled(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_cancelled.v1",)

    occurrence: str
    ticket: str


class TicketSold(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_sold.v1",)

    occurrence: str
    order: str
    number: int
    of: int
    channel: Literal["web", "drop", "till", "offer", "order", "import", "given"]
    contact: bytes | None = None


class TicketTransferred(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.ticket_transferred.v1",)

    occurrence: str
    order: str
    number: int
    of: int
    from_ticket: str
    contact: bytes | None = None


class OrderResent(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.order_resent.v1",)

    occurrence: str
    order: str
    resend: str
    contact: bytes


class TicketsHeld(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.tickets_held.v1",)

    occurrence: str
    entry: str | None = None
    contact: bytes | None = None


class OrderReminded(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.order_reminded.v1",)

    occurrence: str
    order: str
    contact: bytes | None = None


class Guest(msgspec.Struct, frozen=True):
    order: str
    contact: bytes


class GuestsTold(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.guests_told.v1",)

    occurrence: str
    notice: str
    guests: tuple[Guest, ...]


class Waiter(msgspec.Struct, frozen=True):
    entry: str
    contact: bytes


class WaitingTold(Heard, frozen=True, kw_only=True):
    topics = ("ticketing.waiting_told.v1",)

    occurrence: str
    notice: str
    waiting: tuple[Waiter, ...]


def revoke_refunded(event: TicketRefunded) -> list[Command]:
    return [RevokeTicket(occurrence=event.occurrence, ticket=event.ticket, why="refunded")]


def revoke_cancelled(event: TicketCancelled) -> list[Command]:
    return [RevokeTicket(occurrence=event.occurrence, ticket=event.ticket, why="cancelled")]


def revoke_transferred(event: TicketTransferred) -> list[Command]:
    """Gates gave it up before; should one not have been named then, it ends here."""
    return [RevokeTicket(occurrence=event.occurrence, ticket=event.from_ticket, why="transferred")]


def use_reservation(event: VoucherTaken) -> list[Command]:
    return [
        UseReservation(
            voucher=event.voucher,
            reservation=event.reservation,
            tickets=event.tickets,
            spent=event.spent,
            subject=event.subject,
        )
    ]


def return_with_hold(event: HoldEnded) -> list[Command]:
    """A hold has one reservation, which nothing uses any more if it was not sold."""
    if event.why == "sold":
        return []
    used = {
        line.reservation: line.voucher for line in event.lines if line.voucher and line.reservation
    }
    return [ReturnUses(voucher=voucher, reservation=id_) for id_, voucher in used.items()]


def return_with_ticket(event: VoidTicket) -> list[Command]:
    if event.voucher is None or event.reservation is None:
        return []
    return [
        ReturnUses(
            voucher=event.voucher,
            reservation=event.reservation,
            ticket=event.ticket,
            spent=event.discount.minor if event.discount else 0,
        )
    ]


def confirm_by_mail(event: TicketSold) -> list[Command]:
    """Once for each order, with its last ticket, if its guest said how to be reached."""
    if event.contact is None or event.number != event.of or event.channel == "import":
        return []  # who bought elsewhere was told there
    return [_confirmation("confirmed", event.occurrence, event.order, event.contact)]


def welcome_by_mail(event: TicketTransferred) -> list[Command]:
    """Once for each order that a transfer made: its new guest has their tickets."""
    if event.contact is None or event.number != event.of:
        return []
    return [_confirmation("confirmed", event.occurrence, event.order, event.contact)]


def resend_by_mail(event: OrderResent) -> list[Command]:
    """Once for each time that it was asked for."""
    kind = f"resent/{event.resend}"
    return [_confirmation(kind, event.occurrence, event.order, event.contact)]


def _confirmation(kind: str, occurrence: str, order: str, contact: bytes) -> QueueMessage:
    return QueueMessage(
        message=_message(f"{kind}/{occurrence}/{order}"),
        kind="ticketing.order_confirmed",
        about={"occurrence": occurrence, "order": order},
        recipient=contact,
    )


def offer_by_mail(event: TicketsHeld) -> list[Command]:
    """Once for each who waited, if they said how to be reached."""
    if event.entry is None or event.contact is None:
        return []
    return [
        QueueMessage(
            message=_message(f"offered/{event.occurrence}/{event.entry}"),
            kind="ticketing.tickets_offered",
            about={"occurrence": event.occurrence, "entry": event.entry},
            recipient=event.contact,
        )
    ]


def remind_by_mail(event: OrderReminded) -> list[Command]:
    """Once for each order that is not paid, if its guest said how to be reached."""
    if event.contact is None:
        return []
    return [
        QueueMessage(
            message=_message(f"reminded/{event.occurrence}/{event.order}"),
            kind="ticketing.order_reminded",
            about={"occurrence": event.occurrence, "order": event.order},
            recipient=event.contact,
        )
    ]


def tell_waiting_by_mail(event: WaitingTold) -> list[Command]:
    """Once for each who waits and notice."""
    return [
        QueueMessage(
            message=_message(f"waiting/{event.occurrence}/{event.notice}/{waiter.entry}"),
            kind="ticketing.waiting_notice",
            about={"occurrence": event.occurrence, "notice": event.notice, "entry": waiter.entry},
            recipient=waiter.contact,
        )
        for waiter in event.waiting
    ]


def tell_by_mail(event: GuestsTold) -> list[Command]:
    """Once for each order and notice."""
    return [
        QueueMessage(
            message=_message(f"notice/{event.occurrence}/{event.notice}/{guest.order}"),
            kind="ticketing.notice",
            about={"occurrence": event.occurrence, "notice": event.notice, "order": guest.order},
            recipient=guest.contact,
        )
        for guest in event.guests
    ]


def _message(about: str) -> str:
    return f"msg_{sha256(about.encode()).hexdigest()[:40]}"


REACTIONS: Final = (
    Reaction("revoke-refunded", TicketRefunded, revoke_refunded, from_start=True),
    Reaction("revoke-cancelled", TicketCancelled, revoke_cancelled, from_start=True),
    Reaction("revoke-transferred", TicketTransferred, revoke_transferred, from_start=True),
    Reaction("use-reservation", VoucherTaken, use_reservation, from_start=True),
    Reaction("return-with-hold", HoldEnded, return_with_hold, from_start=True),
    Reaction("return-with-ticket", VoidTicket, return_with_ticket, from_start=True),
    # An order has one message however often its sale is heard.
    Reaction("confirm-by-mail", TicketSold, confirm_by_mail, looks_back=timedelta(minutes=15)),
    Reaction(
        "welcome-by-mail", TicketTransferred, welcome_by_mail, looks_back=timedelta(minutes=15)
    ),
    Reaction("resend-by-mail", OrderResent, resend_by_mail, looks_back=timedelta(minutes=15)),
    Reaction("remind-by-mail", OrderReminded, remind_by_mail, looks_back=timedelta(minutes=15)),
    Reaction("tell-by-mail", GuestsTold, tell_by_mail, looks_back=timedelta(minutes=15)),
    Reaction("tell-waiting", WaitingTold, tell_waiting_by_mail, looks_back=timedelta(minutes=15)),
    Reaction("offer-by-mail", TicketsHeld, offer_by_mail, looks_back=timedelta(minutes=15)),
)
