"""What may be asked of exchanging tickets for those of another night."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from services.ticketing.commands.fields import (
    Id,
    Lines,
    Name,
    OrderId,
    Price,
    Sealed,
    Seed,
    TicketId,
)
from services.ticketing.commands.mass_cancel import ProcessId


class StartExchange(Command):
    """Tickets of one night for some of another: all of it, or nothing has happened.

    `worth` is what was paid for these tickets. `paid` is what was paid on top of it, and must be
    what the new ones cost more; what they cost less goes back.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    process: ProcessId
    occurrence: Id
    order: OrderId
    tickets: tuple[TicketId, ...] = Field(min_length=1, max_length=100)
    worth: Price
    to: Id
    new_order: OrderId
    lines: Lines
    code_seed: Seed
    paid: Price | None = None
    payment_reference: Name | None = None
    subject: Id | None = None
    contact: Sealed | None = None


class RecordExchange(Command):
    """How far it is: the process's own step."""

    process: ProcessId
    step: Literal["confirmed", "done", "refused"]
    total: Price | None = None
    back: Price | None = None
    why: Name | None = None


class ExchangeOut(Command):
    """These tickets are void because others took their place: all of them, or none.

    What was paid for them is `worth`: it goes back on paper, and pays for the others.
    """

    occurrence: Id
    order: OrderId
    tickets: tuple[TicketId, ...] = Field(min_length=1, max_length=100)
    worth: Price
    reason: Name
    refund_reference: Name
