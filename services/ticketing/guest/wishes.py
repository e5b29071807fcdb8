"""What a guest asks for in the form of a shop: which tickets, how many, and which seats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from roadcase.errors import Invalid
from roadcase.money import Money
from services.ticketing.commands import Line
from services.ticketing.guest.seen import Seen

MOST: Final = 10  # tickets in one order of a guest, where its type says nothing
UNCLEAR: Final = "Choose a ticket and how many, from 1 to 10."
NEITHER: Final = "Pick your seats in the plan, or say how many tickets: from 1 to 10."
TOO_MANY: Final = "You picked more seats than the 10 that can be had in one order."
ELSEWHERE: Final = "The seats you picked are not for this ticket: pick others, or another ticket."
SEATS: Final = "seats"  # the field of what is wrong with seats, whose words are for the guest
SEAT: Final = "seat_"  # begins the name of a field of seats: the rest is their pool
Typed = Mapping[str, str]
NOTHING_TYPED: Final[Typed] = {}


class Wish(NamedTuple):
    """`said`: what they pay for each, where that is theirs to say. `code`: as it is kept."""

    kind: str
    quantity: int
    seats: tuple[str, ...]
    accessible: int
    apart: bool
    said: Money | None
    code: str

    @property
    def key(self) -> str:
        """What a total is for: with another wish, it must be shown once more."""
        return f"{self.quantity} {self.kind} {self.said or ''} {self.code}"

    def line(self) -> Line:
        """Raises ValidationError."""
        return Line(
            ticket_type=self.kind,
            quantity=self.quantity,
            price=self.said,
            seats=self.seats,
            accessible=min(self.accessible, self.quantity),
        )


def wish_of(seen: Seen, typed: Typed) -> Wish:
    """Raises Invalid; with the field `seats`, its words are for the guest."""
    kind = typed.get("type", "")
    if kind not in seen.types():
        raise Invalid(UNCLEAR)
    seats = _seats(seen, kind, typed)
    return Wish(
        kind=kind,
        quantity=_quantity(seen, kind, seats, typed),
        seats=seats,
        accessible=_number(typed.get("accessible", "")),
        apart=typed.get("apart") == "yes",
        said=_said(seen, kind, typed),
        code=seen.code,
    )


def picked(typed: Typed) -> dict[str, list[str]]:
    """The seats that were picked, by pool."""
    return {
        name[len(SEAT) :]: names.split("\n")
        for name, names in typed.items()
        if name.startswith(SEAT) and names
    }


def number_of(typed: Typed) -> int:
    """How many tickets. Raises Invalid."""
    quantity = _number(typed.get("quantity", ""))
    if not 1 <= quantity <= MOST:
        raise Invalid(UNCLEAR)
    return quantity


def _seats(seen: Seen, kind: str, typed: Typed) -> tuple[str, ...]:
    by_pool = picked(typed)
    own = by_pool.pop(seen.pool_of(kind) or "", [])
    if by_pool:
        raise Invalid(ELSEWHERE, field=SEATS)
    if len(own) > MOST:
        raise Invalid(TOO_MANY, field=SEATS)
    return tuple(own)


def _quantity(seen: Seen, kind: str, seats: tuple[str, ...], typed: Typed) -> int:
    """As many as seats were picked: whoever says another number is asked which is right."""
    number = typed.get("quantity", "").strip()
    if not seats:
        if not number and seen.pool_of(kind):
            raise Invalid(NEITHER, field=SEATS)
        return number_of(typed)
    if number and _number(number) != len(seats):
        raise Invalid(
            f"You picked {len(seats)} seats and asked for {number[:5]} tickets: pick as many as"
            " you want, or say no number.",
            field=SEATS,
        )
    return len(seats)


def _number(text: str) -> int:
    """0 for whatever is no number that a guest would type."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("10000") else 0


def _said(seen: Seen, kind: str, typed: Typed) -> Money | None:
    """Raises Invalid for what is no amount."""
    terms = seen.night["types"][kind]
    amount = typed.get(f"pay_{kind}", "").strip().replace(",", ".")
    if not terms.get("lowest") or not amount:
        return None
    number, _, currency = str(Money(**terms["price"])).partition(" ")
    places = len(number.partition(".")[2])
    whole, _, cents = amount.partition(".")
    return Money.parse(
        f"{whole}.{cents:0<{places}} {currency}" if places else f"{whole} {currency}"
    )
