"""Names and titles: every script and emoji is taken, and nothing that nobody sees."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from roadcase.fields import Name, legible, printable, revealed

TAKEN = {
    "plain": "Friday",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467 family night",
    "ends in a family": "Night \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "a rainbow": "\U0001f3f3\ufe0f\u200d\U0001f308",
    "a heart": "I \u2764\ufe0f",
    "a country": "\U0001f1ee\U0001f1f7",
    "Scotland": "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Arabic": "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645",
    "an Arabic year": "\u0601\u0662\u0660\u0662\u0667",
    "Hebrew": "\u05e9\u05dc\u05d5\u05dd",
    "Hebrew with a mark inside": "\u05e9\u05dc\u05d5\u05dd!\u200f (A)",
    "an isolated name inside": "by \u2068\u05e9\u05dc\u05d5\u05dd\u2069!",
    "Devanagari": "\u0915\u094d\u200d\u0937",
    "a soft hyphen": "Donau\u00addampf",
}
REFUSED = {
    "only": ("\u200b", "U+200B"),
    "only joiners": ("\u200d\u200c", "is blank"),
    "only a mark": ("\u200e", "U+200E"),
    "at the begin": ("\u200bFriday", "U+200B"),
    "at the end": ("Friday\ufeff", "U+FEFF"),
    "inside": ("Fri\u2060day", "U+2060"),
    "two kinds": ("Fri\u200bday\ufeff", "U+200B, U+FEFF"),
    "a mark at the begin": ("\u200fFriday", "U+200F"),
    "a mark at the end, and a space": ("Friday\u200e ", "U+200E"),
    "a mark behind a joiner": ("\u200d\u200eFriday", "U+200E"),
    "an isolate at both ends": ("\u2068Friday\u2069", "U+2068, U+2069"),
    "a soft hyphen at the end": ("Friday\u00ad", "U+00AD"),
    "a sentence in tags": ("Fri\U000e0068\U000e0069day", "U+E0068, U+E0069"),
    "a flag, and more tags": (
        f"{TAKEN['Scotland']}\U000e0041",
        "U+E0041",
    ),
    "an override": ("Fri\u202eday", "U+202E"),
    "a control character": ("Fri\x1bday", "U+001B"),
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_names_of_all_scripts_and_emoji_are_taken(text):
    assert printable(text) == text
    assert revealed(text, "friday") == text


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_a_name_with_what_nobody_sees_is_refused_and_it_is_named(text, why):
    with pytest.raises(ValueError, match=r"contains|begins or ends|is blank") as refused:
        printable(text)
    assert why in str(refused.value)
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(text)


def test_a_name_that_was_taken_before_is_one_again_without_it():
    assert legible("\u200bFri\u2060day\u200e") == "\u200bFri\u2060day\u200e"
    assert revealed("\u200bFri\u2060day\u200e", "n1") == "Friday"
    assert revealed("\u200b\u200d", "n1") == "n1"
