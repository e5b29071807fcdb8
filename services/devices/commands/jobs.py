"""What is asked about print jobs: by reactions, by the worker that prints, by operators."""

from __future__ import annotations

from services.devices.commands.fields import Code, Count, Id, OfSpool, Price, Text
from services.devices.events import Doubt


class RequestTicket(OfSpool):
    """Print a ticket. `job` is the caller's: the same job asked for again is still one job."""

    job: Id
    role: Id
    occurrence: Id
    order: Id
    ticket: Id
    number: Count
    of: Count
    ticket_type: Id
    price: Price
    code: Code
    seat: Text | None = None


class RequestSlip(OfSpool):
    """Print a slip for the crew. `job` is the caller's, as for a ticket."""

    job: Id
    role: Id
    occurrence: Id
    text: Text
    trigger: Text
    reason: Text


class SendJob(OfSpool):
    """Asked before a byte is sent; sending needs the answer."""

    job: Id
    device: Id
    epoch: int
    copy_number: int
    sha256: str
    size: int


class _OfAttempt(OfSpool):
    job: Id
    attempt: int


class ConfirmJob(_OfAttempt):
    tier: int
    evidence: str


class RejectJob(_OfAttempt):
    reason: str


class DoubtJob(_OfAttempt):
    reason: Doubt
    sent: int | None = None


class ConfirmByHand(OfSpool):
    """An operator holds the paper in hand."""

    job: Id


class ReprintJob(OfSpool):
    job: Id


class AbandonJob(OfSpool):
    job: Id
    reason: Text
