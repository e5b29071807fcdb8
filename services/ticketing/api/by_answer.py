"""Sales by answer: counted while answers are opened for who may read people, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from roadcase.doors import Reader
from roadcase.http.sheets import Stands
from roadcase.http.visit import Visit
from roadcase.people.showing import People
from services.ticketing.api import answers
from services.ticketing.projections import reports

Key = tuple[str, str | None, str]  # question, answer, currency


class Tally:
    """Valid tickets, and what was paid for them, of each answer that was there to be chosen.

    None stands for every other: not answered, in words that were never offered, or by somebody
    who was erased. So each question counts all tickets that it is asked for.
    """

    def __init__(self, questions: reports.Rows) -> None:
        self._asked = [(each, _known(each)) for each in questions]
        self._sums: dict[Key, tuple[int, int]] = {}

    def add(self, ticket: Mapping[str, Any], texts: answers.Texts) -> None:
        own, whole = texts.get(str(ticket["number"]), {}), texts.get("", {})
        for question, known in self._asked:
            id_ = question["question"]
            said = own.get(id_, whole.get(id_))
            if said is None and not _is_asked(question, ticket["ticket_type"]):
                continue
            key = (id_, said if said in known else None, ticket["currency"])
            tickets, minor = self._sums.get(key, (0, 0))
            self._sums[key] = (tickets + 1, minor + ticket["minor"])

    def rows(self) -> reports.Rows:
        """By question, answer and currency; None comes last."""
        names = ("question", "key", "currency", "valid", "valid_minor")
        return [
            dict(zip(names, (*key, *self._sums[key]), strict=True))
            for key in sorted(self._sums, key=lambda key: (key[0], key[1] is None, key[1:]))
        ]


def _known(question: Mapping[str, Any]) -> frozenset[str]:
    """Only such an answer is told: whatever else was said may be anybody's own words."""
    return frozenset([*question["offered"], *[answers.YES] * (question["kind"] == "consent")])


def _is_asked(question: Mapping[str, Any], ticket_type: str) -> bool:
    return not question["ticket_types"] or ticket_type in question["ticket_types"]


async def by_answer(
    read: Reader, people: People, visit: Visit, occurrence: str
) -> tuple[Stands, reports.Rows]:
    """How far it had come, and the sums; in constant memory. Raises Forbidden and Overloaded."""
    people.must_read()
    tally = Tally(await reports.chosen(read, occurrence))
    texts: answers.Texts = {}
    async with aclosing(reports.with_answers(read, occurrence)) as source:
        stands = Stands(**(await anext(source))[0])
        async for tickets in source:
            visit.check()  # a token may be revoked half-way
            firsts = [each["answers"] for each in tickets if each["first"]]
            said = iter(await answers.read_by(people, firsts))
            for ticket in tickets:
                texts = next(said).texts if ticket["first"] else texts
                tally.add(ticket, texts)
    return stands, tally.rows()
