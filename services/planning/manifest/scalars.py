"""What a plain scalar is: the core schema of YAML 1.2 (chapter 10.3.2), and no other one.

So `20:30`, `NO` and `2027-06-18` are text, and `010` is ten.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NULLS: Final = {"", "~", "null", "Null", "NULL"}
_BOOLS: Final = dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(
    ("false", "False", "FALSE"), False
)
_NUMBER: Final = frozenset("0123456789+-.")
_INT: Final = re.compile(r"[-+]?[0-9]{1,30}")
_FLOAT: Final = re.compile(
    r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?"
)
_OTHER_BASES: Final = re.compile(r"0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_NOT_FINITE: Final = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

# Control characters but tab and line ends, the line ends of Unicode, which other readers count
# as lines and YAML 1.2 does not, surrogates, and what turns the direction of text around.
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufffe\uffff]"
)


def shown_character(char: str) -> str:
    """`U+0007 (bell)`, or without its name where it has none."""
    name = {"\x00": "NUL"}.get(char) or unicodedata.name(char, "")
    return f"U+{ord(char):04X} ({name})" if name else f"U+{ord(char):04X}"


def resolved(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar. A number with very many digits stays text."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    return _number(text) if text[0] in _NUMBER else text


def _number(text: str) -> str | int | float:
    if _INT.fullmatch(text):
        return int(text)
    if _OTHER_BASES.fullmatch(text):
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float(text) if _FLOAT.fullmatch(text) else text
