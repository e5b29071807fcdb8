"""Shapes of input that every service has: ids, names, zones, prices, printable text."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, PlainSerializer, PlainValidator, StringConstraints

from roadcase.errors import Invalid
from roadcase.money import Money

HIGHEST_PRICE: Final = 10**12  # minor units
NAME: Final = 200  # characters
# Control characters (ESC among them), lone surrogates, line and paragraph separators; and the
# embeddings and overrides of direction, with which a name can pretend to be another one. Plain
# right-to-left text, joiners and emoji need none of them.
FORBIDDEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
OVERRIDES: Final = re.compile("[\u202a-\u202e]")

_MONEY: Final = {"minor", "currency"}


def printable(text: str) -> str:
    """The text, if there is something in it and nothing hidden. Raises ValueError."""
    if text.isprintable() and not text.isspace() and text:
        return text  # nearly every name; what follows tells joiners of emoji from what is hidden
    bad = {char for char in text if unicodedata.category(char) in FORBIDDEN}
    bad.update(OVERRIDES.findall(text))
    if bad:
        shown = ", ".join(f"U+{ord(char):04X}" for char in sorted(bad))
        raise ValueError(f"contains characters that cannot be printed: {shown}")
    if not text.strip():
        raise ValueError("is blank")
    return text


def zone(name: str) -> str:
    """The IANA time zone. Raises ValueError."""
    try:
        return ZoneInfo(name).key
    except (KeyError, OSError, ValueError) as error:  # an unknown name, a folder, a path
        raise ValueError("is not an IANA time zone, such as Europe/Berlin") from error


def price_of(value: Any) -> Money:
    """Money as it is, as text (`"12.00 EUR"`) or as its JSON."""
    try:
        match value:
            case Money():
                price = value
            case dict() if value.keys() == _MONEY and isinstance(value["currency"], str):
                price = Money(value["minor"], value["currency"])
            case str():
                price = Money.parse(value)
            case _:
                raise ValueError('is an amount with its currency, such as "12.00 EUR"')
    except (Invalid, TypeError) as error:
        raise ValueError(str(error)) from error
    if not 0 <= price.minor <= HIGHEST_PRICE:
        lowest, highest = (Money(each, price.currency) for each in (0, HIGHEST_PRICE))
        raise ValueError(f"is between {lowest} and {highest}, not {price}")
    return price


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME), AfterValidator(printable)]
Zone = Annotated[str, AfterValidator(zone)]
Price = Annotated[Money, PlainValidator(price_of), PlainSerializer(str, return_type=str)]
