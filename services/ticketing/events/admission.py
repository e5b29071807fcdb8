"""The facts of the gates: who was let in and out, and who was not."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from roadcase.decider import Event


class Admitted(Event, frozen=True, kw_only=True):
    """`admitted_at` is the gate's answer to anyone who shows the ticket again."""

    topic = "ticketing.admitted.v1"

    occurrence: str
    ticket: str
    gate: str
    nonce: str
    admitted_at: datetime
    claimed_at: datetime | None = None


class Exited(Event, frozen=True, kw_only=True):
    topic = "ticketing.exited.v1"

    occurrence: str
    ticket: str
    gate: str
    nonce: str
    claimed_at: datetime | None = None


Reason = Literal[
    "invalid",
    "unknown",
    "wrong_event",
    "revoked",
    "not_yet_valid",
    "expired",
    "already_in",
    "not_in",
]


class ScanRefused(Event, frozen=True, kw_only=True):
    """Somebody was not let in or out. `since` and `since_gate`: the admission that still holds."""

    topic = "ticketing.scan_refused.v1"

    occurrence: str
    gate: str
    nonce: str
    direction: Literal["entry", "exit"]
    reason: Reason
    detail: str | None = None
    ticket: str | None = None
    ticket_for: str | None = None
    since: datetime | None = None
    since_gate: str | None = None
    claimed_at: datetime | None = None


class TicketRevoked(Event, frozen=True, kw_only=True):
    """The gates turn this ticket away from now on. `inside`: its guest had entered before."""

    topic = "ticketing.ticket_revoked.v1"

    occurrence: str
    ticket: str
    why: Literal["refunded", "cancelled"]
    inside: bool
