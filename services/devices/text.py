"""Foreign text on paper: nothing in it is a command, and every line fits."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Final

from roadcase.money import Money

_IDEOGRAPHS: Final = re.compile(
    "[\u4e00-\u9fa5]"
)  # python-escpos would switch to GB 18030 for them
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})


def printable(text: str) -> str:
    """One line without anything that is not a glyph: no controls, so no ESC, GS or DLE.

    What cuts words apart becomes a space. Marks and joiners without a base are dropped, since a
    printer's code page has whole characters only.
    """
    shown = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char.isspace():
            shown.append(" ")
        elif category not in _UNSEEN:
            shown.append("?" if _IDEOGRAPHS.match(char) else char)
    return " ".join("".join(shown).split())


def wrapped(text: str, columns: int, most: int) -> list[str]:
    """At most so many lines; what does not fit ends in dots. Nothing at all is a question mark."""
    if len(text) <= columns and text.isascii() and text.isprintable():  # as nearly all do
        return [" ".join(text.split()) or "?"]
    lines = textwrap.wrap(printable(text), columns, max_lines=most, placeholder="...")
    return lines or ["?"]


def paragraphs(text: str, columns: int, most: int) -> list[str]:
    """As it is written, line by line, empty lines singly; at most so many, dots for the rest."""
    lines: list[str] = []
    for line in text.splitlines():
        if (said := printable(line)) or (lines and lines[-1]):
            lines += textwrap.wrap(said, columns) or [""]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > most:
        lines[most - 1 :] = ["..."]
    return lines or ["?"]


def amount(price: Money) -> str:
    """`12,00 €`; in any other currency `12.00 CHF`, as everywhere else."""
    number, _, currency = str(price).partition(" ")
    return f"{number.replace('.', ',')} €" if currency == "EUR" else f"{number} {currency}"
