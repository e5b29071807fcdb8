"""When something happens, or a moment comes, and if something is so: what is done then."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from services.planning.manifest.fields import (
    MANY,
    Key,
    Keys,
    Name,
    Section,
    Text,
    When,
    wrong,
)

FactName = Literal[
    "order_confirmed",
    "order_placed",
    "tickets_sold",
    "zone_filled",
    "sold_out",
    "ticket_scanned",
    "step_taken",
    "cue_started",
    "interrupted",
    "resumed",
    "postponed",
    "cancelled",
]


PRINTER: Final = "ticket-1"  # the role of who prints a slip that names none


def _scalar(value: Any) -> str | int | bool:
    if not isinstance(value, str | int | bool):
        raise wrong("wrong_type", "is a single value: text, a whole number, true or false")
    return value


def _any_of(*types: str) -> dict[str, Any]:
    return {"anyOf": [{"type": each} for each in types]}


Scalar = Annotated[
    str | int | bool,
    PlainValidator(_scalar),
    WithJsonSchema(_any_of("string", "integer", "boolean")),
]
Bound = Annotated[str | int, PlainValidator(_scalar), WithJsonSchema(_any_of("string", "integer"))]


class Condition(Section):
    """One of `all`, `any`, `not`, or the comparison of a `field` of the fact."""

    all: Annotated[tuple[Condition, ...], Field(max_length=20)] = ()
    any: Annotated[tuple[Condition, ...], Field(max_length=20)] = ()
    negated: Condition | None = Field(None, alias="not")
    field: Name | None = None
    value: Scalar | None = Field(None, alias="is")
    one_of: Annotated[tuple[Scalar, ...], Field(max_length=MANY)] = ()
    at_least: Bound | None = None
    at_most: Bound | None = None


class OfChannel(Section):
    """Of a sales channel: the shop, drops, tills, or orders that are paid later."""

    channel: Literal["web", "drop", "till", "order"]


class ToCrew(Section):
    """What the crew is told; left out: all of them."""

    text: Text
    roles: Keys = Field((), description="Of the crew only these roles of staffing.")


class ToGuests(Section):
    """What everybody with a valid ticket is told."""

    subject: Annotated[Name, Field(max_length=150)]
    text: Text


class NoShows(Section):
    """Places of who did not come are free again; left out: of all tickets."""

    tickets: Keys = Field((), description="The keys of tickets.")


class Signup(Section):
    """The order that waits for approval has it."""


class OfDrop(Section):
    """A drop is opened now."""

    drop: Key


class Printed(Section):
    """A slip of paper for the crew."""

    text: Annotated[Text, Field(max_length=2000)]
    role: Key = Field(PRINTER, description="Of the printer, as devices knows it.")


class Cued(Section):
    """A cue of the run of show is called."""

    cue: Key


class Action(Section):
    """One thing that is done."""

    confirm_signup: Signup | None = None
    open_channel: OfChannel | None = None
    pause_channel: OfChannel | None = None
    open_drop: OfDrop | None = None
    print: Printed | None = None
    cue: Cued | None = None
    tell_crew: ToCrew | None = None
    release_no_shows: NoShows | None = None
    message_guests: ToGuests | None = None


# Which service does what; `None`: the one that will is not there yet.
DONE_BY: dict[str, str | None] = {
    "confirmSignup": "ticketing",
    "openChannel": "ticketing",
    "pauseChannel": "ticketing",
    "openDrop": None,
    "print": "devices",
    "cue": "planning",
    "tellCrew": "planning",
    "releaseNoShows": "ticketing",
    "messageGuests": "ticketing",
}


class Trigger(Section):
    """It fires `on` a fact or `at` a time, if its condition holds: the first time, or each time."""

    key: Key
    on: FactName | None = None
    at: When | None = None
    condition: Condition | None = Field(None, alias="if")
    do: Annotated[tuple[Action, ...], Field(min_length=1, max_length=20)]
    repeat: bool = Field(default=False, description="Each time, and not only the first.")
    catch_up: bool = Field(
        default=False, description="Also if that was so before the trigger was declared."
    )


Triggers = Annotated[tuple[Trigger, ...], Field(max_length=100)]
