"""The facts of the gates: who was let in and out, and who was not."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event


class HandOut(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a guest gets at the gate: a thing of the type's, or an add-on's ticket."""

    item: str
    name: str


class Admitted(Event, frozen=True, kw_only=True):
    """`admitted_at` is the gate's answer to anyone who shows the ticket again.

    `guests` came in with this scan; then `inside` of the `admits` of a group were in, `change` more
    than before. What the gate is told with it: `attention`, a `text`, what is to be handed out.
    """

    topic = "ticketing.admitted.v1"

    occurrence: str
    ticket: str
    gate: str
    nonce: str
    admitted_at: datetime
    claimed_at: datetime | None = None
    device: str | None = None
    guests: int = 1
    inside: int = 1
    change: int = 1
    admits: int = 1
    attention: bool = False
    text: str | None = None
    hand_out: tuple[HandOut, ...] = ()


class Exited(Event, frozen=True, kw_only=True):
    """`exited_at` is known where a device is: it may annul the scan for a while."""

    topic = "ticketing.exited.v1"

    occurrence: str
    ticket: str
    gate: str
    nonce: str
    claimed_at: datetime | None = None
    device: str | None = None
    guests: int = 1
    inside: int = 0
    exited_at: datetime | None = None


Reason = Literal[
    "invalid",
    "unknown",
    "ambiguous",
    "wrong_event",
    "revoked",
    "blocked",
    "unapproved",
    "not_yet_valid",
    "expired",
    "product",
    "unpaid",
    "incomplete",
    "rules",
    "already_in",
    "already_redeemed",
    "full",
    "not_in",
    "error",
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


class ScanAnnulled(Event, frozen=True, kw_only=True):
    """This scan did not happen: again `inside` guests of its ticket are in, `change` more."""

    topic = "ticketing.scan_annulled.v1"

    occurrence: str
    nonce: str
    ticket: str
    gate: str
    direction: Literal["entry", "exit"]
    change: int
    inside: int
    guests: int
    device: str


Why = Literal["refunded", "cancelled", "transferred", "exchanged"]


class TicketRevoked(Event, frozen=True, kw_only=True):
    """The gates turn this ticket away from now on. `inside`: its guest had entered before.

    `transfer`: what it was given up for, as long as that goes on.
    """

    topic = "ticketing.ticket_revoked.v1"

    occurrence: str
    ticket: str
    why: Why
    inside: bool
    transfer: str | None = None


class TicketRestored(Event, frozen=True, kw_only=True):
    """The gates take this ticket again: its transfer has ended."""

    topic = "ticketing.ticket_restored.v1"

    occurrence: str
    ticket: str
    transfer: str


class TicketBlocked(Event, frozen=True, kw_only=True):
    """The gates turn this ticket away until it is unblocked. `why` is for whoever stands there."""

    topic = "ticketing.ticket_blocked.v1"

    occurrence: str
    ticket: str
    why: str | None = None


class TicketUnblocked(Event, frozen=True, kw_only=True):
    topic = "ticketing.ticket_unblocked.v1"

    occurrence: str
    ticket: str


class HandedOut(Event, frozen=True, kw_only=True):
    """A guest has got what was theirs: an item of the ticket's type, or an add-on."""

    topic = "ticketing.handed_out.v1"

    occurrence: str
    ticket: str
    item: str
    gate: str
    device: str | None = None


class GuestsCounted(Event, frozen=True, kw_only=True):
    """Guests without a ticket, counted by hand: `change` more are in, or fewer."""

    topic = "ticketing.guests_counted.v1"

    occurrence: str
    gate: str
    nonce: str
    change: int
    inside: int
    device: str | None = None


class EntryRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What holds at gates for tickets of a type; without a type, for all that have no rule."""

    ticket_type: str | None = None
    reentry: bool = True
    multiple: bool = False
    once_per_day: bool = False
    max_entries: int | None = None
    minutes_between: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    exits: bool = True
    attention: bool = False
    text: str | None = None
    hand_out: tuple[HandOut, ...] = ()
    is_handed_out: bool = False
    needs_answers: bool = False


class GateTakes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A gate, and the ticket types it takes: none named, all."""

    gate: str
    ticket_types: tuple[str, ...] = ()


class AdmissionSet(Event, frozen=True, kw_only=True):
    """How the gates decide from now on. `occupancy_max` is over all gates; None: no limit."""

    topic = "ticketing.admission_set.v1"

    occurrence: str
    zone: str
    occupancy_max: int | None = None
    gates: tuple[GateTakes, ...] = ()
    rules: tuple[EntryRule, ...] = ()
