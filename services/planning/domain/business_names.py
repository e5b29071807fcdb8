"""When two names, or two numbers of a register, are written otherwise and mean one business."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Small letters of other scripts that look like Latin ones, there or as capitals; and those of Latin
# that have no accent to be taken off.
_CYRILLIC: Final = dict(zip(map(ord, "аеорсухіјѕкмтвнӏ"), "aeopcyxijskmtbhl", strict=True))
_GREEK: Final = dict(zip(map(ord, "αεορτυχικημνβζ"), "aeoptyxikhmnbz", strict=True))
_LATIN: Final = dict(zip(map(ord, "æœøłđðþıħ"), ("ae", "oe", *"olddpih"), strict=True))
_LOOKS_LIKE: Final = {**_CYRILLIC, **_GREEK, **_LATIN}
_ACCENTED: Final = ("LATIN", "GREEK", "CYRILLIC")  # elsewhere marks are letters of their own
_SIGNS: Final = dict.fromkeys(map(ord, "™®©℠"))
_JOINS: Final = dict.fromkeys(map(ord, "'’‘ʼ`´."))  # noqa: RUF001 - within a word: Joe's, G.m.b.H.
_UMLAUT: Final = re.compile(r"(?<=[aou])e")  # Mueller is Müller
_AND: Final = frozenset({"and", "et", "und"})
_BEFORE: Final = frozenset({"ooo", "pt", "sia", "the", "uab"})
_MIT: Final = "gesellschaft mit beschränkter haftung"
_LONGEST: Final = 6  # words of a legal form
_FORMS: Final = """
    ab ag aps as asa bv co company corp corporation doo eg ek eurl ev gbr gmbh haftungsbeschränkt
    inc incorporated kft kg kgaa lda limited llc llp lp ltd mbh nv ohg oy oyj plc pte pty sa sarl
    sas sasu se sl slu spa spzoo srl sro ug vof zrt
"""
_LABEL: Final = re.compile(
    r"^(?:vat|ust|uid|tva|mwst|partitaiva|piva)(?:id)?(?:number|no|nr)?(?=\w{4})"
    r"|(?<=\d)(?:mwst|tva|iva)$"
)


def name_key(name: str) -> str:
    """The same for names that differ in case, accents, signs, spaces and legal form only.

    Empty if there is nothing to tell it by.
    """
    words = [each for each in _words(_UMLAUT.sub("", _plain(name))) if each not in _AND]
    if words[1:] and words[0] in _BEFORE:
        del words[0]
    return "".join(_without_form(words))


def number_key(number: str) -> str:
    """Of a number of a register or for VAT: its letters and digits, without what labels it."""
    return _LABEL.sub("", "".join(_words(_plain(number))))


def _plain(text: str) -> str:
    """In small letters without accents, of one script where letters look alike."""
    folded = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()
    bare = "".join(_without_accents(unicodedata.normalize("NFD", folded)))
    return unicodedata.normalize("NFC", bare).translate(_LOOKS_LIKE | _JOINS)


def _without_accents(text: str) -> Iterator[str]:
    base = ""
    for char in text:
        kind = unicodedata.category(char)
        if kind == "Cf" or "VARIATION SELECTOR" in unicodedata.name(char, ""):
            continue  # nobody sees it
        if kind != "Mn":
            base = unicodedata.name(char, "")
        elif base.startswith(_ACCENTED):
            continue
        yield str(unicodedata.decimal(char)) if kind == "Nd" else char


def _words(text: str) -> list[str]:
    """Runs of letters, digits and pictures."""
    kept = (char if _counts(char) else " " for char in text)
    return "".join(kept).split()


def _counts(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" or unicodedata.category(char) == "So"


def _without_form(words: list[str]) -> list[str]:
    """Without legal forms at its end, as long as something is left: GmbH & Co. KG are three."""
    for number in range(min(_LONGEST, len(words) - 1), 0, -1):
        if "".join(words[-number:]) in _ENDS:
            return _without_form(words[:-number])
    return words


def _folded(form: str) -> str:
    return "".join(_words(_UMLAUT.sub("", _plain(form))))


_ENDS: Final = frozenset(_folded(each) for each in (*_FORMS.split(), _MIT))
