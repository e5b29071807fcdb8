"""Who is let in and out of an occurrence. Every scan gets an answer, and every answer is kept.

A signed ticket, or a code found in the read model, shows that the ticket was sold; so admission
hears of no sale and holds no list of tickets, and a ticket works the moment it is sold. It hears
of refunds and cancellations, which are few, by a reaction: a scan in the milliseconds before one
arrives is a scan before the refund, and `TicketRevoked.inside` then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Decider, Event
from roadcase.errors import Refused
from services.ticketing.commands import CheckIn, RevokeTicket
from services.ticketing.events import Admitted, Exited, Reason, ScanRefused, TicketRevoked

Scan = tuple[str | None, str, str]  # ticket, gate, direction


class NonceReused(Refused):
    """This nonce was already used for another scan."""

    code = "ticketing.nonce_reused"


@dataclass(slots=True)
class Admission:
    scans: dict[str, Scan] = field(default_factory=dict)  # by nonce
    inside: dict[str, Admitted] = field(default_factory=dict)  # by ticket
    revoked: set[str] = field(default_factory=set)


def check_in(admission: Admission, cmd: CheckIn, at: datetime) -> Iterator[Event]:
    if cmd.nonce in admission.scans:
        if admission.scans[cmd.nonce] != (cmd.ticket, cmd.gate, cmd.direction):
            raise NonceReused(nonce=cmd.nonce)
        return  # asked twice, happened once
    reason = _reason(admission, cmd, at)
    if reason is not None or cmd.ticket is None:
        yield _refused(admission, cmd, reason or "unknown")
    elif cmd.direction == "entry":
        yield Admitted(
            occurrence=cmd.occurrence,
            ticket=cmd.ticket,
            gate=cmd.gate,
            nonce=cmd.nonce,
            admitted_at=at,
            claimed_at=cmd.claimed_at,
        )
    else:
        yield Exited(
            occurrence=cmd.occurrence,
            ticket=cmd.ticket,
            gate=cmd.gate,
            nonce=cmd.nonce,
            claimed_at=cmd.claimed_at,
        )


def _reason(admission: Admission, cmd: CheckIn, at: datetime) -> Reason | None:
    """Why not: the first that applies. Nobody is kept from leaving by what is wrong since."""
    if cmd.ticket is None:
        return cmd.fault
    inside = cmd.ticket in admission.inside
    applies: dict[Reason, bool]
    if cmd.direction == "exit":
        applies = {"wrong_event": cmd.ticket_for != cmd.occurrence, "not_in": not inside}
    else:
        applies = {
            "wrong_event": cmd.ticket_for != cmd.occurrence,
            "revoked": cmd.ticket in admission.revoked,
            "not_yet_valid": cmd.valid_from is not None and at < cmd.valid_from,
            "expired": cmd.valid_until is not None and at > cmd.valid_until,
            "already_in": inside,
        }
    return next((reason for reason, true in applies.items() if true), None)


def _refused(admission: Admission, cmd: CheckIn, reason: Reason) -> ScanRefused:
    entered = admission.inside.get(cmd.ticket or "") if reason == "already_in" else None
    return ScanRefused(
        occurrence=cmd.occurrence,
        gate=cmd.gate,
        nonce=cmd.nonce,
        direction=cmd.direction,
        reason=reason,
        detail=cmd.detail,
        ticket=cmd.ticket,
        ticket_for=cmd.ticket_for if reason == "wrong_event" else None,
        since=entered.admitted_at if entered else None,
        since_gate=entered.gate if entered else None,
        claimed_at=cmd.claimed_at,
    )


def revoke(admission: Admission, cmd: RevokeTicket, _at: datetime) -> Iterator[TicketRevoked]:
    if cmd.ticket not in admission.revoked:
        inside = cmd.ticket in admission.inside
        yield TicketRevoked(
            occurrence=cmd.occurrence, ticket=cmd.ticket, why=cmd.why, inside=inside
        )


def _admitted(admission: Admission, event: Admitted) -> None:
    admission.scans[event.nonce] = event.ticket, event.gate, "entry"
    admission.inside[event.ticket] = event


def _exited(admission: Admission, event: Exited) -> None:
    admission.scans[event.nonce] = event.ticket, event.gate, "exit"
    del admission.inside[event.ticket]


def _scan_refused(admission: Admission, event: ScanRefused) -> None:
    admission.scans[event.nonce] = event.ticket, event.gate, event.direction


def _revoked(admission: Admission, event: TicketRevoked) -> None:
    admission.revoked.add(event.ticket)


EVOLVE: Final[Mapping[type[Event], Callable[[Admission, Any], None]]] = {
    Admitted: _admitted,
    Exited: _exited,
    ScanRefused: _scan_refused,
    TicketRevoked: _revoked,
}


def evolve(admission: Admission, event: Event) -> None:
    EVOLVE[type(event)](admission, event)


ADMISSION: Final = Decider(
    category="admission",
    key="occurrence",
    initial=Admission,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={CheckIn: check_in, RevokeTicket: revoke},
)
