"""What may be asked of a supplier. The key is the id of the supplier."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from roadcase.decider import Command
from roadcase.fields import printable
from services.planning.commands.crew import Sealed
from services.planning.commands.fields import Id, Label, Name
from services.planning.events import Conduct

Remark = Annotated[str, StringConstraints(max_length=1000)]
Kinds = Annotated[tuple[Name, ...], Field(max_length=100)]


def _is_a_number(text: str) -> str:
    if text and not re.search(r"\d.*\w|\w.*\d", text):
        raise ValueError("is a number of a register or for VAT, such as DE123456789; or left out")
    return printable(text) if text else text


DIRECTORY: Final = "suppliers"  # an organiser has one
Offers = Annotated[str, StringConstraints(max_length=200)]
Registration = Annotated[str, StringConstraints(max_length=60), AfterValidator(_is_a_number)]


class AddSupplier(Command):
    """Put somebody on the list, or change what is told of them. They are not vetted by that.

    `listing`: the number of what the register listed; an older one than known changes nothing.
    The door sealed `contact`; without one, that which is known stays.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    supplier: Id
    title: Name
    offers: Offers = ""
    registration: Registration = ""
    listing: Annotated[int, Field(ge=0)] = 0
    subject: Id | Literal[""] = ""
    contact: Sealed | None = None


class ListSupplier(Command):
    """Tell them from all others. What is left out of how they are known stays as it is."""

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    directory: Literal["suppliers"] = DIRECTORY
    supplier: Id
    title: Name
    offers: Offers = ""
    registration: Registration = ""
    subject: Id | Literal[""] = ""
    contact: Sealed | None = None


class EnlistSupplier(Command):
    """Who was on the list before there was a register. Never refused."""

    directory: Literal["suppliers"] = DIRECTORY
    supplier: Id
    title: Name
    offers: Offers = ""


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
