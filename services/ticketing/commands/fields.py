"""The shapes of what is asked: every limit on input that no rule needs to look at."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NaiveDatetime,
    StringConstraints,
    model_validator,
)

from roadcase.fields import Id, Name, Price, Zone, legible

__all__ = [
    "LINES",
    "MANY",
    "Capacity",
    "Draws",
    "Id",
    "Instant",
    "Least",
    "Line",
    "Lines",
    "Name",
    "OrderId",
    "Part",
    "Price",
    "Quantity",
    "Reservation",
    "Reserved",
    "Sealed",
    "SeatName",
    "Seed",
    "Span",
    "TicketId",
    "Typed",
    "Wall",
    "Word",
    "Zone",
    "legible",
    "word",
]


LINES: Final = 50  # in one order
MANY: Final = 10_000  # tickets in one order: they are written in one transaction


def _one_of_each(value: Any) -> Any:
    """A list of pools means one unit of each."""
    return dict.fromkeys(value, 1) if isinstance(value, list | tuple) else value


def word(typed: Any) -> Any:
    """A code as it is kept: people type it in any case, with spaces around it.

    No letter of another alphabet becomes one of these: a long s is no S.
    """
    if not isinstance(typed, str):
        return typed
    word = typed.strip()
    return word.upper() if word.isascii() else word


def _rising(span: tuple[int, int]) -> tuple[int, int]:
    if span[0] > span[1]:
        raise ValueError("the least is above the most")
    return span


OrderId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,58}$")]  # `-{n}` is a ticket
TicketId = Id
Least = Annotated[int, Field(strict=True, ge=0, le=MANY)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=MANY)]
Capacity = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
Draws = Annotated[dict[Id, Quantity], BeforeValidator(_one_of_each)]
Span = Annotated[tuple[Least, Quantity], AfterValidator(_rising)]  # the least and the most
Seed = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32,64}$")]
Sealed = Annotated[bytes, Field(min_length=1, max_length=4096)]
SeatName = Annotated[str, StringConstraints(min_length=3, max_length=120)]
Wall = NaiveDatetime  # local time at the venue: the zone is a field of its own
Instant = AwareDatetime


# A purchase that reserved uses of a voucher: the occurrence, and its hold or its order.
Reservation = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}/(hold|order)/[A-Za-z0-9_-]{1,64}$")
]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_-]{1,32}$"), BeforeValidator(word)]
# What a buyer typed: whatever does not look like a code is one that nobody knows.
Typed = Annotated[str, StringConstraints(max_length=64), BeforeValidator(word)]


class Part(BaseModel):
    """A part of a command."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reserved(Part):
    """Uses of a voucher over several occurrences that are reserved for this purchase.

    So many `tickets`, at most `budget` off in all; a box office takes it until `accept_until`.
    `personal`: only for who reserved it. The rest is what it does, as in VoucherTerms.
    """

    voucher: Word
    reservation: Reservation
    accept_until: Instant
    tickets: Quantity
    budget: Price | None = None
    personal: bool = False
    effect: Literal["none", "set", "subtract", "percent"] = "none"
    amount: Price | None = None
    permille: int = 0
    ticket_types: tuple[Id, ...] = ()
    least: Quantity = 1


class Line(Part):
    """`price`: what somebody wants to pay for each, where that is theirs to say.

    `seats`: those that were chosen, one for each ticket; none: the best. Of the people
    `accessible` need an accessible place.
    """

    ticket_type: Id
    quantity: Quantity
    price: Price | None = None
    seats: tuple[SeatName, ...] = ()
    accessible: Annotated[int, Field(strict=True, ge=0, le=MANY)] = 0

    @model_validator(mode="after")
    def _has_a_seat_for_each(self) -> Self:
        if self.seats and len(set(self.seats)) != self.quantity:
            raise ValueError("seats are one for each ticket, each another")
        if self.accessible > self.quantity:
            raise ValueError("accessible is above quantity")
        return self


def _sensible(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if not 1 <= len(lines) <= LINES:
        raise ValueError(f"are 1 to {LINES}")
    if len(lines) > 1 and sum(line.quantity for line in lines) > MANY:
        raise ValueError(f"are more than {MANY} tickets together")
    return lines


Lines = Annotated[tuple[Line, ...], AfterValidator(_sensible)]
