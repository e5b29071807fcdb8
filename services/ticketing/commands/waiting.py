"""What may be asked of the waiting list. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Quantity, Sealed

EntryId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,48}$")]


class JoinWaitingList(Command):
    """Wait for so many tickets together, of any one of these types: the first that is free.

    A higher `priority` is served first. `contact` is sealed before; the offer is sent to it.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    occurrence: Id
    entry: EntryId
    ticket_types: tuple[Id, ...] = Field(min_length=1, max_length=20)
    quantity: Quantity = 1
    priority: Annotated[int, Field(strict=True, ge=0, le=9)] = 0
    subject: Id
    contact: Sealed | None = None


class LeaveWaitingList(Command):
    """Wait no longer, or refuse what is offered: it goes to the next."""

    occurrence: Id
    entry: EntryId
