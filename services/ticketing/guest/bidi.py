"""In which order text is drawn: the Unicode bidirectional algorithm for one line (UAX #9).

Without explicit embeddings and isolates, for which a name has no use: their characters are dropped
before.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, TypeVar

T = TypeVar("T")
_STRONG: Final = frozenset({"L", "R", "AL"})
_NEUTRAL: Final = frozenset({"B", "S", "WS", "ON", "BN"})
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_NUMBERS: Final = frozenset({"EN", "AN"})


def levels(text: str) -> list[int]:
    """The level of each character: even ones are read from left to right, odd ones are not."""
    kinds = [unicodedata.bidirectional(char) or "L" for char in text]
    first = next((kind for kind in kinds if kind in _STRONG), "L")
    base = 0 if first == "L" else 1
    start = "R" if base else "L"
    for rule in (_marks, _numbers_after_arabic, _separators, _terminators, _numbers_after_latin):
        rule(kinds, start)
    _brackets(text, kinds, start)
    _neutrals(kinds, start)
    found = [_level(kind, base) for kind in kinds]
    end = len(text.rstrip())
    return found[:end] + [base] * (len(text) - end)


def visual(items: Sequence[T], level: Callable[[T], int]) -> list[T]:
    """What is to be drawn from left to right (L2). Each item is of one level."""
    found = list(items)
    for each in range(max(map(level, found), default=0), 0, -1):
        groups = [(up, list(of)) for up, of in groupby(found, lambda item: level(item) >= each)]  # noqa: B023 - used at once
        found = [item for up, of in groups for item in (reversed(of) if up else of)]
    return found


def _level(kind: str, base: int) -> int:
    """I1, I2."""
    if base:
        return 1 if kind == "R" else 2
    return {"L": 0, "R": 1}.get(kind, 2)


def _marks(kinds: list[str], start: str) -> None:
    """W1: a mark is of the kind of what it stands on."""
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[at] = kinds[at - 1] if at else start


def _numbers_after_arabic(kinds: list[str], start: str) -> None:
    """W2, W3."""
    strong = start
    for at, kind in enumerate(kinds):
        strong = kind if kind in _STRONG else strong
        if kind == "EN" and strong == "AL":
            kinds[at] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]


def _separators(kinds: list[str], _start: str) -> None:
    """W4: the colon of 20:30 belongs to the number."""
    for at in range(1, len(kinds) - 1):
        before, kind, after = kinds[at - 1 : at + 2]
        if before == after and ((kind == "CS" and before in _NUMBERS) or kind == "ES"):
            kinds[at] = before if before in _NUMBERS else kind


def _terminators(kinds: list[str], _start: str) -> None:
    """W5, W6: so does the sign of 50 %, and what belongs to none is neutral."""
    for step in (1, -1):
        order = range(len(kinds))[::step]
        before = ""
        for at in order:
            if kinds[at] == "ET" and before == "EN":
                kinds[at] = "EN"
            before = kinds[at]
    kinds[:] = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in kinds]


def _numbers_after_latin(kinds: list[str], start: str) -> None:
    """W7."""
    strong = start
    for at, kind in enumerate(kinds):
        strong = kind if kind in _STRONG else strong
        if kind == "EN" and strong == "L":
            kinds[at] = "L"


def _brackets(text: str, kinds: list[str], start: str) -> None:
    """N0: a pair has the direction of the line if anything in it has, or of what it follows."""
    for opening, closing in _pairs(text, kinds):
        inside = {_direction(kind) for kind in kinds[opening:closing]} - _NEUTRAL
        strong = (_direction(kind) for kind in reversed(kinds[:opening]) if kind not in _NEUTRAL)
        if inside:
            same = start in inside or next(strong, start) == start
            other = "L" if start == "R" else "R"
            kinds[opening] = kinds[closing] = start if same else other


def _pairs(text: str, kinds: list[str]) -> list[tuple[int, int]]:
    """Where brackets open and close each other, in the order of opening (BD16)."""
    waiting: list[tuple[str, int]] = []
    found = []
    for at, char in enumerate(text):
        if kinds[at] != "ON":
            continue
        if char in _BRACKETS:
            waiting.append((_BRACKETS[char], at))
        elif any(char == closing for closing, _ in waiting):
            while (last := waiting.pop())[0] != char:
                pass
            found.append((last[1], at))
    return sorted(found)


def _neutrals(kinds: list[str], start: str) -> None:
    """N1, N2: what is between two of a direction has it, anything else that of the line."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > at:
            before = _direction(kinds[at - 1]) if at else start
            after = _direction(kinds[end]) if end < len(kinds) else start
            kinds[at:end] = [before if before == after else start] * (end - at)
        at = max(end, at + 1)


def _direction(kind: str) -> str:
    return "R" if kind in _NUMBERS else kind
