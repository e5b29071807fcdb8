"""What may be asked of messages to guests. The key is the occurrence."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, legible

FIELDS: Final = ("night", "when", "order", "tickets")  # what words may name, in braces
_FIELD: Final = re.compile("{(" + "|".join(FIELDS) + ")}")
SUBJECT: Final = 150  # characters
_TEXT: Final = 5000


def _words(text: str) -> str:
    for line in text.split("\n"):
        if line.strip():
            legible(line)
    if set("{}") & set(_FIELD.sub("", text)):
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise ValueError(f"braces are for fields, and these are known: {known}")
    return text


def _line(text: str) -> str:
    if "\n" in text:
        raise ValueError("is one line")
    return _words(text)


def _unix(text: str) -> str:
    """Forms of browsers end lines with two characters."""
    return _words(text.replace("\r\n", "\n"))


Subject = Annotated[str, StringConstraints(max_length=SUBJECT), AfterValidator(_line)]
Text = Annotated[str, StringConstraints(max_length=_TEXT), AfterValidator(_unix)]


class SetReminder(Command):
    """Remind guests so many hours before the start; None: do not. An empty subject is ours."""

    occurrence: Id
    hours: Annotated[int, Field(strict=True, ge=1, le=24 * 60)] | None
    subject: Subject = ""
    text: Text = ""


class TellGuests(Command):
    """Tell everybody who has a valid ticket, once under this id: in plain words with fields.

    A `change` says what was and what is now; whoever bought after it knows already. `firing`: of
    a trigger or a schedule that asks for it.
    """

    occurrence: Id
    notice: Id
    kind: Literal["words", "change", "cancellation"]
    subject: Subject = ""
    text: Text = ""
    firing: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.kind == "words" and not (self.subject.strip() and self.text.strip()):
            raise ValueError("words of your own need a subject and a text")
        return self


class TellWaiting(Command):
    """Tell everybody who waits now, once under this id. A firing asks: it is never refused.

    Its words may name the fields `night` and `when`; what else is in braces stays as it is.
    """

    occurrence: Id
    notice: Id
    subject: str
    text: str
    firing: str = ""
