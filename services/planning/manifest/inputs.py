"""What a template asks of who extends it: inputs with their types and limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.planning.manifest.fields import Key, Section, Text

Scalar = Annotated[str | int | float | bool, Field(description="A single value.")]
Kind = Literal["text", "integer", "number", "boolean", "money", "date", "time", "zone", "key"]


class Input(Section):
    """A value that is given `with` a template, and used in it as `${key}`.

    One that is not required and has no default may be left out; so is a field that is it alone.
    """

    key: Key
    type: Kind
    description: Text | None = None
    required: bool = False
    default: Scalar | None = None
    allowed: Annotated[tuple[Scalar, ...], Field(max_length=100)] = ()
    minimum: Scalar | None = Field(None, description="Of integer, number, money, date and time.")
    maximum: Scalar | None = Field(None, description="Of integer, number, money, date and time.")
    max_length: Annotated[int, Field(ge=1, le=5000)] | None = Field(
        None, description="Characters of text."
    )


Inputs = Annotated[tuple[Input, ...], Field(max_length=100)]
Reference = Annotated[
    str,
    Field(
        max_length=100,
        pattern="^((template|venue|kit|vendors):)?[a-z0-9-]{1,63}@[1-9][0-9]{0,8}$",
        examples=["film-night@3", "venue:yard@5"],
    ),
]
