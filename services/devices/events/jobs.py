"""The facts of print jobs: from asked for to on paper, or not known."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from roadcase.decider import Event
from roadcase.money import Money

JobState = Literal["queued", "sending", "printed", "in_doubt", "abandoned"]


class Ticket(msgspec.Struct, frozen=True, kw_only=True, tag="ticket", omit_defaults=True):
    """What a ticket says. The names of event and type are looked up when it is rendered."""

    occurrence: str
    order: str
    ticket: str
    number: int
    of: int
    ticket_type: str
    price: Money
    code: str
    seat: str | None = None


class Slip(msgspec.Struct, frozen=True, kw_only=True, tag="slip", omit_defaults=True):
    """What a slip for the crew says: `trigger` fired because of `reason`. Names as of a ticket."""

    occurrence: str
    text: str
    trigger: str
    reason: str


Document = Ticket | Slip


class JobRequested(Event, frozen=True, kw_only=True):
    topic = "devices.job_requested.v1"

    spool: str
    job: str
    role: str
    document: Document
    requested_at: datetime


class JobSending(Event, frozen=True, kw_only=True):
    """Recorded before the first byte leaves: from here on the paper may exist.

    `copy` 1 is the original, 2 says COPY 2. `process_id`: what the printer is to answer with.
    `sha256` is of the `size` bytes rendered, without the order that asks for that answer; they
    were rendered for `profile` (empty: not recorded then).
    """

    topic = "devices.job_sending.v1"

    spool: str
    job: str
    role: str
    device: str
    epoch: int
    attempt: int
    copy: int
    process_id: int
    sha256: str
    size: int
    profile: str = ""


class JobConfirmed(Event, frozen=True, kw_only=True):
    """The printer said so. `tier` 4: it named this very job when the paper had come out."""

    topic = "devices.job_confirmed.v1"

    spool: str
    job: str
    role: str
    device: str
    attempt: int
    copy: int
    was: JobState
    tier: int
    evidence: str


class JobRejected(Event, frozen=True, kw_only=True):
    """Not one byte was sent: the job is queued again, at its old place."""

    topic = "devices.job_rejected.v1"

    spool: str
    job: str
    role: str
    device: str
    attempt: int
    reason: str


Doubt = Literal["connection_lost", "no_answer", "overtaken", "sender_gone", "cannot_confirm"]


class JobInDoubt(Event, frozen=True, kw_only=True):
    """It may be on paper or not. `sent`: bytes given to the network at most; None is not known."""

    topic = "devices.job_in_doubt.v1"

    spool: str
    job: str
    role: str
    device: str
    attempt: int
    copy: int
    reason: Doubt
    sent: int | None = None


class JobReprinted(Event, frozen=True, kw_only=True):
    """It is queued once more, and `COPY <copy>` will be printed on it."""

    topic = "devices.job_reprinted.v1"

    spool: str
    job: str
    role: str
    device: str
    copy: int
    by: Literal["policy", "operator"]


class JobOperatorConfirmed(Event, frozen=True, kw_only=True):
    """Somebody saw the paper."""

    topic = "devices.job_operator_confirmed.v1"

    spool: str
    job: str
    role: str
    device: str
    was: JobState


class JobAbandoned(Event, frozen=True, kw_only=True):
    """It will not be printed any more."""

    topic = "devices.job_abandoned.v1"

    spool: str
    job: str
    role: str
    device: str
    was: JobState
    reason: str
