"""What pydantic finds wrong with a field, in words that follow its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_ID: Final = re.compile(r"\^\[A-Za-z0-9_-\]\{1,(\d+)\}\$")
_WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": "there is no such field here",
    "greater_than_equal": "is at least {ge}",
    "greater_than": "is more than {gt}",
    "less_than_equal": "is at most {le}",
    "less_than": "is less than {lt}",
    "string_too_short": "has at least {min_length} characters",
    "string_too_long": "has at most {max_length} characters",
    "too_short": "has at least {min_length} entries",
    "too_long": "has at most {max_length} entries",
    "string_type": "is text",
    "int_type": "is a whole number",
    "int_parsing": "is a whole number",
    "int_from_float": "is a whole number",
    "bool_type": "is true or false",
    "bool_parsing": "is true or false",
    "literal_error": "is one of {expected}",
    "enum": "is one of {expected}",
}


def in_words(error: Mapping[str, Any]) -> str:
    """Of one of `ValidationError.errors()`, with its context."""
    context = error.get("ctx", {})
    match error["type"]:
        case "string_too_short" if context["min_length"] == 1:
            return "is missing"
        case "string_pattern_mismatch":
            if known := _ID.fullmatch(context["pattern"]):
                return f"is 1 to {known[1]} of A-Z, a-z, 0-9, _ and -"
            return f"does not have the form {context['pattern']}"
        case kind if kind in _WORDS:
            return _WORDS[kind].format(**context)
        case _:
            return str(error["msg"]).removeprefix("Value error, ")
