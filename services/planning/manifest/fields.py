"""The shapes of single values in a manifest. What is wrong with one is raised with its code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from roadcase.fields import NAME, Id, legible, price_of, printable
from roadcase.fields import zone as known_zone
from roadcase.money import Money
from services.planning.manifest import times
from services.planning.manifest.problems import meant, plainly, quoted

T = TypeVar("T")

MANY: Final = 1000  # entries of a list
TEXT: Final = 5000  # characters of a text with several lines
FROM_FILE: Final = "from a file"  # the context in which models look at what is written now
LONGEST_NAME: Final = 63  # of a manifest: a label of DNS (RFC 1123)
AMOUNT: Final = r"^(0|[1-9][0-9]*)(\.[0-9]+)? [A-Z]{3}$"
_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_ANCHOR: Final = "(before|after) (doors|start|end)"
_RELATIVE: Final = f"[0-9]{{1,4}} ?((m|h|d|w) {_ANCHOR}|(d|w) {_ANCHOR} at {_CLOCK})"
_DIRECTION: Final = "\u061c\u200e\u200f"  # marks of right-to-left text
_CHECKED: Final = {8, 12, 13, 14}  # digits of GS1 barcodes, whose last one checks the others


class Section(BaseModel):
    """A part of a manifest. Its names in YAML are in camelCase; others are refused."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=False,
    )


def wrong(code: str, message: str) -> PydanticCustomError:
    """The error that pydantic keeps the code of. Braces in the message stay as they are."""
    return PydanticCustomError(code, "{said}", {"said": message})


def from_text(
    code: str, read: Callable[[str], T], look: Callable[[str], object] | None = None
) -> PlainValidator:
    """`look` is at what comes from a file now, and not at what was taken from one before."""

    def parse(value: Any, info: ValidationInfo) -> T:
        if isinstance(value, dict | tuple):
            raise wrong("wrong_type", "is a single value, not a list or a section")
        if code == "money" and not isinstance(value, str):
            raise wrong(code, 'is an amount with its currency, such as "12.00 EUR"')
        try:
            found = read(value if isinstance(value, str) else str(value))
            if look is not None and info.context == FROM_FILE:
                look(str(value))
        except times.TimeProblem as problem:
            raise wrong(problem.code, str(problem)) from None
        except PydanticCustomError:
            raise
        except ValueError as error:
            raise wrong(code, str(error)) from None
        if not isinstance(value, str):
            raise wrong("wrong_type", f"is text: put it in quotes if {plainly(value)} is meant")
        return found

    return PlainValidator(parse)


def _zone(text: str) -> str:
    try:
        return known_zone(text)
    except ValueError:
        cities = {name.rpartition("/")[2].replace("_", " "): name for name in available_timezones()}
        known = sorted(available_timezones())
        city = cities.get(text.title())
        similar = meant(city or text, known, likeness=0.5)
        what = f"{quoted(text)} is not an IANA time zone, such as Europe/Berlin{similar}"
        raise ValueError(what) from None


def _text(most: int, *, lines: bool) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise wrong("too_long", f"has at most {most} characters, not {len(text)}")
        legible(text.replace("\n", " ").replace("\t", " ") if lines else text)
        return text

    return read


def _lines(text: str) -> str:
    """Of running text only: what turns its direction may begin and end it."""
    return printable(text.replace("\n", " ").replace("\t", " ").strip(_DIRECTION))


def _barcode(text: str) -> str:
    if not (text.isascii() and 1 <= len(text) <= 40 and text.replace("-", "").isalnum()):  # noqa: PLR2004
        raise wrong("malformed", "is 1 to 40 letters, digits and -")
    if text.isdigit() and len(text) in _CHECKED:
        weighted = (int(digit) * (3, 1)[place % 2] for place, digit in enumerate(text[-2::-1]))
        check = -sum(weighted) % 10
        if check != int(text[-1]):
            raise ValueError(f"ends in {check} if the digits before are right, not in {text[-1]}")
    return text


def schema(**of: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **of})


Key = Id
Name = Annotated[
    str,
    from_text("malformed", _text(NAME, lines=False), printable),
    schema(minLength=1, maxLength=NAME),
]
Text = Annotated[
    str,
    from_text("malformed", _text(TEXT, lines=True), _lines),
    schema(minLength=1, maxLength=TEXT),
]
Zone = Annotated[str, from_text("zone", _zone), schema(examples=["Europe/Berlin"])]
Amount = Annotated[
    Money, from_text("money", price_of), schema(pattern=AMOUNT, examples=["12.00 EUR"])
]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Barcode = Annotated[str, from_text("barcode", _barcode), schema(pattern="^[A-Za-z0-9-]{1,40}$")]
Day = Annotated[
    date, from_text("date", times.read_day), schema(pattern=f"^{_DAY}$", examples=["2027-06-18"])
]
Clock = Annotated[
    time, from_text("time", times.read_clock), schema(pattern=f"^{_CLOCK}$", examples=["20:30"])
]
At = Annotated[
    times.At,
    from_text("time", times.read_at),
    schema(pattern=f"^({_DAY}[T ])?{_CLOCK}$", examples=["20:30", "2027-06-18T20:30"]),
]
When = Annotated[
    times.At | times.Relative,
    from_text("time", times.read_when),
    schema(
        pattern=f"^({_DAY}[T ]{_CLOCK}|{_RELATIVE})$",
        examples=["2027-06-01T10:00", "2h before doors", "7d before doors at 10:00"],
    ),
]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Places = Annotated[int, Field(ge=0, le=1_000_000)]
Minutes = Annotated[int, Field(ge=1, le=24 * 60)]
Days = Annotated[int, Field(ge=0, le=3660)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Label = Annotated[
    str, StringConstraints(pattern=f"^[a-z0-9]([a-z0-9-]{{0,{LONGEST_NAME - 2}}}[a-z0-9])?$")
]
Names = Annotated[tuple[Name, ...], Field(max_length=MANY)]
Keys = Annotated[tuple[Key, ...], Field(max_length=MANY)]
