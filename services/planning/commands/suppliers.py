"""What may be asked of a supplier. The key is the id of the supplier."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from roadcase.decider import Command
from services.planning.commands.crew import Sealed
from services.planning.commands.fields import Id, Label, Name
from services.planning.events import Conduct

Remark = Annotated[str, StringConstraints(max_length=1000)]
Kinds = Annotated[tuple[Name, ...], Field(max_length=100)]


class AddSupplier(Command):
    """Put somebody on the list, or change what is told of them. They are not vetted by that.

    The door sealed `contact`; without one, that which is known stays.
    """

    supplier: Id
    title: Name
    offers: Annotated[str, StringConstraints(max_length=200)] = ""
    subject: Annotated[str, StringConstraints(max_length=64)] = ""
    contact: Sealed | None = None


class VetSupplier(Command):
    """They may have stalls, also if they were suspended."""

    supplier: Id
    note: Remark = ""


class SuspendSupplier(Command):
    """They get no stalls, and lose those ahead."""

    supplier: Id
    reason: Name


class FileSupplierDocument(Command):
    """What they have shown. The same `document` again takes the place of the one before."""

    supplier: Id
    document: Id
    kind: Name
    reference: Name
    valid_from: date | None = None
    valid_until: date | None = None

    @model_validator(mode="after")
    def _is_valid_some_time(self) -> Self:
        first, last = self.valid_from, self.valid_until
        if first is not None and last is not None and last < first:
            raise ValueError("valid_until is not before valid_from")
        return self


class WithdrawSupplierDocument(Command):
    supplier: Id
    document: Id
    reason: Name


class NoteSupplier(Command):
    """How it went once. The same `note` again is that one already."""

    supplier: Id
    note: Id
    what: Conduct
    occurrence: Label | None = None
    text: Remark = ""


class EngageSupplier(Command):
    """Give them a stall, if they are vetted and their documents are valid on each of the days."""

    supplier: Id
    occurrence: Label
    stall: Id
    first: date
    last: date
    documents: Kinds = ()


class RenewEngagement(Command):
    """A stall that they have is on other days, or for other documents."""

    supplier: Id
    occurrence: Label
    stall: Id
    first: date
    last: date
    documents: Kinds = ()
    engagement: int = 0


class ReleaseSupplier(Command):
    """They do not have that stall any more."""

    supplier: Id
    occurrence: Label
    stall: Id
    why: Id
    engagement: int = 0


class AwaitSupplier(Command):
    """They are to have a stall, as soon as they are fit for it."""

    supplier: Id
    occurrence: Label
    stall: Id
    first: date
    last: date
    documents: Kinds = ()


class AwaitSupplierNoMore(Command):
    """They are not waited for; what they have they keep."""

    supplier: Id
    occurrence: Label
    stall: Id
    why: Id


class TellSupplier(Command):
    """Tell them, once under this `telling`, if they said how to be reached."""

    supplier: Id
    occurrence: Label
    telling: str
    subject: str
    text: str
