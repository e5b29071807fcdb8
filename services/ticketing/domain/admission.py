"""Who is let in and out of an occurrence. Every scan gets an answer, and every answer is kept.

A signed ticket, or a code found in the read model, shows that the ticket was sold; so admission
hears of no sale and holds no list of tickets, and a ticket works the moment it is sold. It hears
of refunds and cancellations, which are few, by a reaction: a scan in the milliseconds before one
arrives is a scan before the refund, and `TicketRevoked.inside` then says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from roadcase.decider import Decider, Event
from services.ticketing.commands import (
    AnnulScan,
    BlockTicket,
    CheckIn,
    CountGuests,
    GiveUpTickets,
    HandOver,
    RestoreTickets,
    RevokeTicket,
    SetAdmission,
    SetGateTriggers,
    UnblockTicket,
)
from services.ticketing.domain import gate_triggers
from services.ticketing.domain.at_gates import (
    EVOLVE,
    Admission,
    annul,
    count,
    hand_over,
    open_items,
    set_admission,
)
from services.ticketing.domain.entry_rules import No, Pass
from services.ticketing.domain.gate_refusals import NonceReused
from services.ticketing.domain.giving_up import give_up, restore
from services.ticketing.events import (
    Admitted,
    Exited,
    Reason,
    ScanRefused,
    TicketBlocked,
    TicketRevoked,
    TicketUnblocked,
)

MOVED: Final = {"transferred", "exchanged"}  # another ticket counts now

__all__ = ["ADMISSION", "Admission", "NonceReused"]


def check_in(admission: Admission, cmd: CheckIn, at: datetime) -> Iterator[Event]:
    if cmd.nonce in admission.scans:
        if admission.scans[cmd.nonce] != (cmd.ticket, cmd.gate, cmd.direction):
            raise NonceReused(nonce=cmd.nonce)
        return  # asked twice, happened once
    no = _against(admission, cmd, at)
    if no is not None or cmd.ticket is None:
        yield _refused(admission, cmd, no or No("unknown"))
    elif cmd.direction == "entry":
        yield _admitted(admission, cmd, cmd.ticket, at)
    else:
        yield Exited(
            occurrence=cmd.occurrence,
            ticket=cmd.ticket,
            gate=cmd.gate,
            nonce=cmd.nonce,
            claimed_at=cmd.claimed_at,
            device=cmd.device,
            guests=cmd.guests,
            inside=admission.guests_of(cmd.ticket) - cmd.guests,
            exited_at=at if cmd.device else None,
        )


def _admitted(admission: Admission, cmd: CheckIn, ticket: str, at: datetime) -> Admitted:
    rule, before = admission.rules.of(cmd.ticket_type), admission.guests_of(ticket)
    inside = min(before + cmd.guests, cmd.admits)
    return Admitted(
        occurrence=cmd.occurrence,
        ticket=ticket,
        gate=cmd.gate,
        nonce=cmd.nonce,
        admitted_at=at,
        claimed_at=cmd.claimed_at,
        device=cmd.device,
        guests=cmd.guests,
        inside=inside,
        change=inside - before,
        admits=cmd.admits,
        attention=rule.attention,
        text=rule.text,
        hand_out=open_items(admission, ticket, cmd.ticket_type, cmd.addons),
    )


def _against(admission: Admission, cmd: CheckIn, at: datetime) -> No | None:
    """Why not: the first that applies. Nobody is kept from leaving by what is wrong since."""
    if cmd.ticket is None:
        return No(cmd.fault or "unknown", cmd.detail)
    if cmd.ticket_for != cmd.occurrence:
        return No("wrong_event", cmd.detail)
    asked = Pass(
        gate=cmd.gate,
        ticket_type=cmd.ticket_type,
        admits=cmd.admits,
        guests=cmd.guests,
        inside=admission.guests_of(cmd.ticket),
        entries=admission.entries.get(cmd.ticket, ()),
    )
    if cmd.direction == "exit":
        return admission.rules.exit(asked)
    return (
        _standing(admission, cmd, at)
        or admission.rules.entry(asked, at)
        or _full(admission, asked, cmd.ticket)
    )


def _standing(admission: Admission, cmd: CheckIn, at: datetime) -> No | None:
    """What is wrong with the ticket itself, before any rule of the gates."""
    standing = cmd.standing
    why = admission.revoked.get(cmd.ticket or "")
    unanswered = standing == "incomplete" and admission.rules.of(cmd.ticket_type).needs_answers
    applies: dict[Reason, bool] = {
        "revoked": why is not None or standing == "revoked",
        "blocked": cmd.ticket in admission.blocked,
        "unapproved": standing == "unapproved",
        "not_yet_valid": cmd.valid_from is not None and at < cmd.valid_from,
        "expired": cmd.valid_until is not None and at > cmd.valid_until,
        "unpaid": standing == "unpaid",
        "incomplete": unanswered,
    }
    reason = next((reason for reason, true in applies.items() if true), None)
    if reason is None:
        return None
    return No(reason, (why if why in MOVED else cmd.detail) if reason == "revoked" else None)


def _full(admission: Admission, asked: Pass, ticket: str) -> No | None:
    """The cap is over all gates: they decide one after the other, here."""
    if admission.occupancy_max is None:
        return None
    more = min(asked.inside + asked.guests, asked.admits) - admission.guests_of(ticket)
    return No("full") if admission.occupancy + more > admission.occupancy_max else None


def _refused(admission: Admission, cmd: CheckIn, no: No) -> ScanRefused:
    entered = admission.inside.get(cmd.ticket or "") if no.reason == "already_in" else None
    return ScanRefused(
        occurrence=cmd.occurrence,
        gate=cmd.gate,
        nonce=cmd.nonce,
        direction=cmd.direction,
        reason=no.reason,
        detail=no.detail,
        ticket=cmd.ticket,
        ticket_for=cmd.ticket_for if no.reason == "wrong_event" else None,
        since=entered.admitted_at if entered else None,
        since_gate=entered.gate if entered else None,
        claimed_at=cmd.claimed_at,
    )


def revoke(admission: Admission, cmd: RevokeTicket, _at: datetime) -> Iterator[TicketRevoked]:
    """What is void while it is being transferred is void, and nothing else becomes of it."""
    given_up = cmd.ticket in admission.given_up and cmd.why != "transferred"
    if cmd.ticket not in admission.revoked or given_up:
        inside = cmd.ticket in admission.inside
        yield TicketRevoked(
            occurrence=cmd.occurrence, ticket=cmd.ticket, why=cmd.why, inside=inside
        )


def block(admission: Admission, cmd: BlockTicket, _at: datetime) -> Iterator[TicketBlocked]:
    if cmd.ticket not in admission.blocked:
        yield TicketBlocked(occurrence=cmd.occurrence, ticket=cmd.ticket, why=cmd.why)


def unblock(admission: Admission, cmd: UnblockTicket, _at: datetime) -> Iterator[TicketUnblocked]:
    if cmd.ticket in admission.blocked:
        yield TicketUnblocked(occurrence=cmd.occurrence, ticket=cmd.ticket)


_EVOLVE: Final = {**EVOLVE, **gate_triggers.EVOLVE}


def _evolve(admission: Admission, event: Event) -> None:
    _EVOLVE[type(event)](admission, event)


ADMISSION: Final = Decider(
    category="admission",
    key="occurrence",
    initial=Admission,
    evolve=_evolve,
    events=tuple(_EVOLVE),
    commands={
        CheckIn: check_in,
        AnnulScan: annul,
        HandOver: hand_over,
        CountGuests: count,
        RevokeTicket: revoke,
        BlockTicket: block,
        UnblockTicket: unblock,
        SetAdmission: set_admission,
        GiveUpTickets: give_up,
        RestoreTickets: restore,
        SetGateTriggers: gate_triggers.set_triggers,
    },
    notice=gate_triggers.notice,
)
