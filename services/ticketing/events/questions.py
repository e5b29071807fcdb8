"""The facts of questions: asked, and answered."""

from __future__ import annotations

from typing import Literal

from roadcase.decider import Event


class QuestionSet(Event, frozen=True, kw_only=True):
    """How it is now, in full. `ticket_types`: whose tickets it is asked for; none named: all."""

    topic = "ticketing.question_set.v1"

    occurrence: str
    question: str
    text: str
    kind: Literal["text", "choice", "date", "consent"]
    choices: tuple[str, ...] = ()
    per: Literal["order", "ticket"] = "order"
    ticket_types: tuple[str, ...] = ()
    required: bool = False
    active: bool = True


class QuestionsAnswered(Event, frozen=True, kw_only=True):
    """The answers of an order, in place of those it had.

    `given`: the questions that have an answer, by ticket number, under "" those for the whole
    order. `answers` are sealed for the guest: JSON, by ticket number and question.
    """

    topic = "ticketing.questions_answered.v1"

    occurrence: str
    order: str
    given: dict[str, tuple[str, ...]]
    answers: bytes
