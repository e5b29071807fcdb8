"""What pydantic finds, in plain words and with a code of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from roadcase.fields import Id
from services.planning.manifest.fields import Currency, Label, Section
from services.planning.manifest.problems import CODES, Guesses, Path, meant, plainly
from services.planning.manifest.shape import names_in, section_at


def _pattern(of: Any) -> str:
    """The pattern of an annotated string."""
    (found,) = (each.pattern for each in of.__metadata__ if hasattr(each, "pattern"))
    return str(found)


_FORMS: Final = {
    _pattern(Id): "is 1 to 64 of A-Z, a-z, 0-9, _ and -",
    _pattern(Label): "is 1 to 63 of a-z, 0-9 and -, and does not begin or end with -",
    _pattern(Currency): "is the three letters of a currency, such as EUR",
}
_SORTS: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list: begin each entry with -",
    "model_type": "a section with fields of its own",
    "dict_type": "a section with names and values",
}
_BOUNDS: Final = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
}
Said = tuple[str, str]


def worded(error: Mapping[str, Any], model: type[Section], guesses: Guesses) -> Said:
    """The code and the words of one of pydantic's errors."""
    kind, given = error["type"], error["input"]
    told: Mapping[str, Any] = error.get("ctx", {})
    if kind in CODES and "said" in told:
        return kind, told["said"]
    if kind in _SORTS:
        return "wrong_type", _another_sort(kind, given)
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        return "out_of_range", f"is {words} {_bound(told[name])}, not {_shown(given)}"
    if kind == "extra_forbidden":
        return _unknown(error["loc"], model, guesses)
    return _OTHERS.get(kind, _as_it_is)(error)


def _bound(of: float) -> str:
    return str(int(of)) if of == int(of) else str(of)


def _another_sort(kind: str, given: Any) -> str:
    if kind == "string_type" and not isinstance(given, dict | tuple):
        return f"is text: put it in quotes if {_shown(given)} is meant"
    return f"is {_SORTS[kind]}, not {_shown(given)}"


def _shown(given: Any) -> str:
    match given:
        case dict():
            return "a section"
        case tuple():
            return "a list"
        case _:
            return plainly(given)


def _missing(error: Mapping[str, Any]) -> Said:
    del error
    return "missing", "is missing"


def _unknown(path: Path, model: type[Section], guesses: Guesses) -> Said:
    section = section_at(model, path[:-1])
    known = names_in(section) if section else []
    similar = guesses.meant(str(path[-1]), known)
    there = similar or f"; there are {', '.join(known)}"
    return "unknown_field", f"there is no such field here{there}"


def _choice(error: Mapping[str, Any]) -> Said:
    choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    given = error["input"]
    similar = meant(given, choices) if isinstance(given, str) else ""
    return "not_a_choice", f"is one of {', '.join(choices)}, not {_shown(given)}{similar}"


def _form(error: Mapping[str, Any]) -> Said:
    form = _FORMS[error["ctx"]["pattern"]]
    return "malformed", f"{form}, not {_shown(error['input'])}"


def _many(error: Mapping[str, Any]) -> Said:
    most = error["ctx"]["max_length"]
    return "too_long", f"has at most {most} entries, not {len(error['input'])}"


def _few(error: Mapping[str, Any]) -> Said:
    return "too_short", f"has at least {error['ctx']['min_length']} entry"


def _finite(error: Mapping[str, Any]) -> Said:
    del error
    return "out_of_range", "is a number that is finite"


def _as_it_is(error: Mapping[str, Any]) -> Said:
    return "malformed", str(error["msg"])


_OTHERS: Final[dict[str, Callable[[Mapping[str, Any]], Said]]] = {
    "missing": _missing,
    "literal_error": _choice,
    "string_pattern_mismatch": _form,
    "too_long": _many,
    "too_short": _few,
    "finite_number": _finite,
}
