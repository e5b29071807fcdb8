"""What may be asked about invoices. The key is the occurrence."""

from __future__ import annotations

from typing import ClassVar

from pydantic import ConfigDict

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Name, OrderId, Sealed


class RequestInvoice(Command):
    """A guest wants an invoice; until it is made, with other details than before.

    `request`: an id of this wish. `details` are sealed before.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    order: OrderId
    request: Id
    details: Sealed


class RecordInvoice(Command):
    """The invoice that was asked for was made, under this number, once."""

    occurrence: Id
    order: OrderId
    number: Name
