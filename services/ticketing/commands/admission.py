"""What may be asked at the gates of an occurrence. The key is the occurrence."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Instant, TicketId


class CheckIn(Command):
    """Somebody showed something at a gate. `nonce` is the scan's own id: same nonce, same scan.

    The door reads what was shown: a signed ticket, whose signature it verifies, or a short code,
    which it looks up. It tells what it read: the ticket, the occurrence that ticket is for, and
    its validity. What could not be read has a `fault`, with
    the reader's own reason as `detail`, and no ticket.
    """

    occurrence: Id
    gate: Id
    nonce: Id
    direction: Literal["entry", "exit"] = "entry"
    ticket: TicketId | None = None
    ticket_for: Id | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    fault: Literal["invalid", "unknown"] | None = None
    detail: Id | None = None
    claimed_at: Instant | None = None

    @model_validator(mode="after")
    def _was_read_or_not(self) -> Self:
        if (self.ticket is None) != (self.fault is not None):
            raise ValueError("a scan has either a ticket or a fault")
        if (self.ticket is None) != (self.ticket_for is None):
            raise ValueError("ticket_for comes with a ticket")
        return self


class RevokeTicket(Command):
    """This ticket no longer lets anyone in: a reaction to its refund or cancellation."""

    occurrence: Id
    ticket: TicketId
    why: Literal["refunded", "cancelled"]
