"""Shapes of input that every service has: ids, names, zones, prices, printable text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
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
# What nobody sees and no script needs: two names would be the same and not the same. Tags are
# for the flags of England, Scotland and Wales, and hide whole sentences anywhere else.
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
_HIDDEN: Final = re.compile("[\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_JOINERS: Final = "\u200c\u200d"  # of Persian and of families of emoji
# Signs of Arabic, Syriac and Kaithi numbers: of the same category, and seen.
_SEEN: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)

_MONEY: Final = {"minor", "currency"}


def printable(text: str) -> str:
    """The text, if there is something in it and nothing hidden. Raises ValueError."""
    if _is_plain(text):
        return text  # nearly every name; what follows tells joiners of emoji from what is hidden
    legible(text)
    seen = _FLAG.sub("\U0001f3f4", text)
    if bad := {*_HIDDEN.findall(seen)}:
        raise ValueError(f"contains characters that nobody sees: {_points(bad)}; leave them out")
    if bad := {*_edges(seen)}:
        raise ValueError(
            f"begins or ends with characters that nobody sees: {_points(bad)}; leave them out"
        )
    if _is_blank(seen):
        raise ValueError("is blank")
    return text


def legible(text: str) -> str:
    """The text, if there is something in it and all can be printed. Raises ValueError."""
    if _is_plain(text):
        return text
    bad = {char for char in text if unicodedata.category(char) in FORBIDDEN}
    bad.update(OVERRIDES.findall(text))
    if bad:
        raise ValueError(f"contains characters that cannot be printed: {_points(bad)}")
    if not text.strip():
        raise ValueError("is blank")
    return text


def revealed(text: str, otherwise: str) -> str:
    """A name that was taken while hidden characters were not refused: the same without them."""
    try:
        return printable(text)
    except ValueError:
        seen = "".join(char for char in text if not _is_unseen(char) and not _HIDDEN.match(char))
    return otherwise if _is_blank(seen) else seen


def _is_plain(text: str) -> bool:
    return bool(text) and text.isprintable() and not text.isspace()


def _edges(text: str) -> Iterator[str]:
    """What nobody sees at the begin and at the end, spaces aside."""
    for way in (text, reversed(text)):
        for char in way:
            if _is_unseen(char):
                yield char
            elif not _is_blank(char):
                break


def _is_blank(text: str) -> bool:
    return all(char in _JOINERS or char.isspace() for char in text)


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf" and char not in _JOINERS and char not in _SEEN


def _points(chars: Iterable[str]) -> str:
    return ", ".join(f"U+{ord(char):04X}" for char in sorted(chars))


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
# A name that was checked where it was written, maybe while less was refused.
KnownName = Annotated[
    str, StringConstraints(min_length=1, max_length=NAME), AfterValidator(legible)
]
Zone = Annotated[str, AfterValidator(zone)]
Price = Annotated[Money, PlainValidator(price_of), PlainSerializer(str, return_type=str)]
