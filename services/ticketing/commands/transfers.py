"""What may be asked when a ticket goes to somebody else. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, OrderId, Sealed, Seed, TicketId


class GiveUpTickets(Command):
    """The gates take none of these tickets any more: they are being transferred. All or none.

    The first step of a transfer, at the gates.
    """

    occurrence: Id
    tickets: Annotated[tuple[TicketId, ...], Field(min_length=1, max_length=50)]
    transfer: OrderId


class TransferTicket(Command):
    """A ticket and its add-ons become another guest's order, `transfer`, with new codes.

    The second step, when the gates have given it up. `contact` is sealed before.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    order: OrderId
    ticket: TicketId
    transfer: OrderId
    code_seed: Seed
    subject: Id
    contact: Sealed | None = None


class EndTransfer(Command):
    """Nothing is to become of this transfer: it was refused, or another takes its place."""

    occurrence: Id
    transfer: OrderId


class RestoreTickets(Command):
    """The gates take again what was given up for this transfer, which has ended."""

    occurrence: Id
    tickets: Annotated[tuple[TicketId, ...], Field(min_length=1, max_length=50)]
    transfer: OrderId


class RenameTicket(Command):
    """Somebody else comes with this ticket, which keeps its code. `contact` is sealed before."""

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    order: OrderId
    ticket: TicketId
    contact: Sealed
    subject: Id


class ResendOrder(Command):
    """Send the mail that confirms this order again. `resend` is this wish's own id."""

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    order: OrderId
    resend: Id
    contact: Sealed
