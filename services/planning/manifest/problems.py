"""What may be wrong with a manifest: a place in the file, a stable code, and plain words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple

# Every code, and what it tells. A code, once here, keeps its meaning.
CODES: Final = {
    "too_large": "the file is larger than 1 MB, or would be when its aliases are written out",
    "encoding": "the file is not UTF-8 without a byte order mark",
    "control_character": "a character that cannot be printed, or that hides others",
    "syntax": "this is not YAML",
    "tab_indent": "a line begins with a tab",
    "yaml_version": "the file says that it is YAML of another version than 1.2",
    "tag_refused": "a tag, such as !!python/object",
    "too_deep": "more than 40 levels",
    "too_many_aliases": "more than 1000 aliases, those within aliases counted each time",
    "unknown_alias": "an alias of something that is not there, or that it is within",
    "duplicate_field": "a name that is twice in the same section",
    "field_name": "a name that is not text",
    "merge_key": "<<, which YAML 1.2 does not have",
    "several_documents": "more than one document in a file",
    "too_many_problems": "more than 1000 problems: the first 1000 are told",
    "empty": "there is nothing in the file",
    "api_version": "an apiVersion that this program does not know",
    "kind": "a kind that there is not",
    "missing": "a field that must be there",
    "unknown_field": "a field that there is not",
    "wrong_type": "a section where a value belongs, text where a number belongs, and the like",
    "empty_value": "a name with nothing behind it",
    "not_a_choice": "a word that is not one of those to choose from",
    "out_of_range": "a number that is too small or too large",
    "too_long": "text that is too long, or a list with too many entries",
    "too_short": "text or a list with too little in it",
    "malformed": "text of another form than this field has",
    "money": "an amount that is not like 12.00 EUR",
    "zone": "not an IANA time zone",
    "time": "not a time of day, a date and time, or a time before or after another",
    "date": "a date that there is not",
    "barcode": "a check digit that does not fit its barcode",
    "rrule": "a recurrence rule that cannot be read, or is not supported",
    "rrule_never": "a recurrence rule that never matches",
    "rrule_until": "a recurrence rule that ends before the series begins",
    "rrule_first": "a first date that the recurrence rule does not give",
    "rrule_date": "a date, to exclude or to change, that the recurrence rule does not give",
    "series_empty": "a series whose every date is excluded",
    "unclear": "two fields of which exactly one is meant, or none of them",
    "duplicate_key": "two entries of a list with the same key",
    "kit_empty": "a document of kit that says neither what is owned nor what events take",
    "kit_pieces": "serial numbers that are not as many as are owned, or several of a container",
    "unknown_reference": "the key of something that is not in this file",
    "time_in_gap": "a time that clocks skip in that zone on that day",
    "time_in_fold": "a time that comes twice in that zone on that day",
    "time_order": "load-in, doors, start, end, load-out or curfew in another order",
    "too_far_apart": "more than 24 hours between load-in and start, or start and the last time",
    "step_order": "a step that is taken before one that comes before it",
    "trigger_field": "a condition on a field that its fact does not have",
    "trigger_value": "a condition that compares a field with what it can never be",
    "trigger_action": "an action that cannot be done when its trigger fires",
    "trigger_catch_up": "catching up on what is not so any more later",
    "window_order": "something that ends before it begins",
    "curfew": "the programme, or the event, is not over by the curfew",
    "programme_too_long": "the programme takes longer than the event",
    "zones_above_capacity": "the zones have more places than there are in all",
    "tickets_above_capacity": "more tickets of a kind than places",
    "above_stock": "a drop or a limit is larger than the stock",
    "split_not_whole": "shares that are not 10000 basis points together",
    "currency": "an amount in another currency than the rest",
    "fee": "a fee that is nothing, or whose floor is above its cap",
    "work_not_shown": "a work that is not in the order of the programme",
    "cue_start": "a hard cue without a time, or a soft one with one",
    "nobody": "a message to people whose addresses are kept nowhere",
    "extends": "what is extended is not like film-night@3, or cannot be extended here",
    "no_document": "a document that there is not",
    "no_version": "a version that there is not, or none where one is needed",
    "document_mismatch": "a document that is of another kind, name or version than it is called by",
    "extends_cycle": "a document that extends itself, directly or by others",
    "extends_too_deep": "more than 5 levels, the manifest being the first",
    "too_many_documents": "documents that are extended more than 100 times in all",
    "digest_differs": "a document that is not as the lock file says",
    "not_locked": "a document that is not in the lock file",
    "directive": "$delete, $before or $after where it means nothing, or is written otherwise",
    "nothing_to_delete": "$delete of something that is not there",
    "deleted_twice": "$delete of something that was deleted already",
    "unknown_place": "$before or $after the key of something that is not in the list",
    "missing_input": "an input that a document needs and does not get",
    "unknown_input": "an input that no document that is extended has, or that is not declared",
    "unused_with": "inputs where nothing that is extended takes any",
}

MOST_GUESSES: Final = 100  # in one file: looking for similar words takes long
_LONGEST: Final = 64  # characters of a word for which a similar one is looked for
_KNOWN: Final = 1000  # words among which it is looked for
_SHOWN = 60  # characters of what somebody wrote

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """`line` and `column` count from 1; `path` is empty where the whole file is meant.

    `file`: a document that is extended; empty: the manifest itself.
    """

    file: str
    line: int
    column: int
    path: str
    code: str
    message: str

    def shown(self, file: str) -> str:
        where = f"{visible(self.file or file)}:{self.line}:{self.column}: "
        return f"{where}{self.path}: {self.message}" if self.path else where + self.message


def dotted(path: Path) -> str:
    """`spec.catalogue.skus.0.price`; a name that would not read back is in quotes."""
    return ".".join(_step(each) for each in path)


def _step(step: str | int) -> str:
    text = str(step)
    if text and len(text) <= _SHOWN and all(char.isalnum() or char in "_-$" for char in text):
        return text
    return quoted(text)


def quoted(value: object) -> str:
    """What somebody wrote, on one line, not too much of it, and nothing hidden in it."""
    text = value if isinstance(value, str) else str(value)
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f'"{visible(cut)}"'


def plainly(value: object) -> str:
    """As a file has it: a number, yes or no without quotes, anything else as `quoted` has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value)[1:-1] if isinstance(value, int | float) else quoted(value)


def visible(text: str) -> str:
    """Characters that move a cursor, turn a line around or cannot be written are spelled out."""
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}
    return "".join(
        f"\\u{ord(char):04x}" if unicodedata.category(char) in hidden else char for char in text
    )


def meant(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """`, did you mean …` for the known word that is most like it, or nothing."""
    found = _like(word, tuple(known)[:_KNOWN], likeness) if len(word) <= _LONGEST else ()
    return f', did you mean "{found[0]}"?' if found else ""


class Guesses:
    """What somebody may have meant, for so many words of a file; for further ones nothing."""

    def __init__(self) -> None:
        self._left = MOST_GUESSES

    def meant(self, word: str, known: Iterable[str]) -> str:
        self._left -= 1
        return meant(word, known) if self._left >= 0 else ""


@lru_cache(maxsize=256)
def _like(word: str, known: tuple[str, ...], likeness: float) -> Sequence[str]:
    folded = {_plain(each): each for each in known}
    if exact := folded.get(_plain(word)):
        return [exact]
    return [folded[each] for each in get_close_matches(_plain(word), folded, 1, likeness)]


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")
