"""Answers of guests: checked against what was asked, sealed before they are kept, and opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from roadcase.doors import Reader
from roadcase.errors import Invalid
from roadcase.keyring import Contact, Keyring, Sealed
from roadcase.keyring.sealed import Erased, KeyLost
from roadcase.people.showing import People
from services.ticketing import queries
from services.ticketing.commands import Answered
from services.ticketing.domain.refusals import UnknownQuestion

LONGEST: Final = 2000  # characters of one answer
MOST: Final = 1000  # answers of one order
YES: Final = "yes"

Texts = dict[str, dict[str, str]]  # by ticket number ("" for the order) and question
_decode = msgspec.json.Decoder(Texts).decode


class Answer(NamedTuple):
    """What was said to a question: `ticket` is a number in the order, 0 for the whole order."""

    question: str
    ticket: int
    text: str


class Said(NamedTuple):
    """What an order answered, as far as it can still be read. `state`: open, erased, key_lost."""

    texts: Texts
    state: str


async def checked(read: Reader, occurrence: str, said: Iterable[Answer]) -> Texts:
    """The answers as they are kept. Raises Invalid and UnknownQuestion."""
    asked = {row["question"]: row for row in await queries.questions(read, occurrence)}
    texts: Texts = {}
    for number, answer in enumerate(said):
        if number == MOST:
            raise Invalid(f"at most {MOST} answers in one order", field="answers")
        if answer.question not in asked:
            raise UnknownQuestion(question=answer.question)
        if text := _checked(asked[answer.question], answer):
            place = str(answer.ticket) if answer.ticket else ""
            texts.setdefault(place, {})[answer.question] = text
    return texts


async def sealed(people: Keyring, tenant: str, who: Contact, texts: Texts) -> Answered:
    """The answers as commands carry them: which there are in clear, what they say sealed."""
    found = await people.seal(tenant, who, msgspec.json.encode(texts))
    given = {place: tuple(sorted(answers)) for place, answers in texts.items()}
    return Answered(given=given, answers=found.packed())


async def opened(people: Keyring, tenant: str, packed: bytes) -> list[Answer] | Erased:
    """What was answered, or that its guest was erased. Raises Invalid for a key that is lost."""
    found = await people.open(tenant, Sealed.unpacked(packed))
    if isinstance(found, Erased):
        return found
    if not isinstance(found, bytes):
        raise Invalid(f"the answers cannot be opened: {found.why}")
    return [
        Answer(question, int(place or 0), text)
        for place, answers in _decode(found).items()
        for question, text in answers.items()
    ]


async def read_by(people: People, packed: Sequence[bytes | None]) -> list[Said]:
    """What these orders answered; nothing where there is nothing. Raises Forbidden."""
    opened = iter(await people.opened([each for each in packed if each is not None]))
    return [Said({}, "open") if each is None else _said(next(opened)) for each in packed]


def _said(found: bytes | Erased | KeyLost) -> Said:
    if isinstance(found, bytes):
        return Said(_decode(found), "open")
    return Said({}, "erased" if isinstance(found, Erased) else "key_lost")


def _checked(question: dict[str, Any], answer: Answer) -> str:
    """The answer as it is kept; empty where there is none."""
    text, kind = answer.text.strip(), question["kind"]
    wrong = ""
    if len(text) > LONGEST:
        wrong = f"is longer than {LONGEST} characters"
    elif text and kind == "choice" and text not in question["choices"]:
        wrong = f"is not one of {', '.join(question['choices'])}"
    elif text and kind == "date" and not _is_date(text):
        wrong = "is not a date such as 2027-01-31"
    elif kind == "consent" and text not in {"", YES}:
        wrong = f'is given with "{YES}", or not given'
    if wrong:
        raise Invalid(f"the answer to {question['question']} {wrong}", field=question["question"])
    return text


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
