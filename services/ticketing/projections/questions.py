"""What is asked of guests, and what they answered: sealed, as it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import QuestionsAnswered, QuestionSet


class Questions:
    """One row for each question of an occurrence, as it is now.

    `offered`: all choices that it ever had, for those who chose when it read differently.
    """

    name: ClassVar[str] = "questions"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "question")
    schema: ClassVar[str] = """
        CREATE TABLE questions (
            tenant text, occurrence text, question text, text text NOT NULL, kind text NOT NULL,
            choices jsonb NOT NULL, per text NOT NULL, ticket_types jsonb NOT NULL,
            required boolean NOT NULL, active boolean NOT NULL,
            offered jsonb NOT NULL,
            PRIMARY KEY (tenant, occurrence, question))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {QuestionSet: [(_question, _set)]}


def _question(event: QuestionSet) -> tuple[str, str]:
    return event.occurrence, event.question


def _set(row: Row | None, event: QuestionSet, _stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "question": event.question,
        "text": event.text,
        "kind": event.kind,
        "choices": list(event.choices),
        "per": event.per,
        "ticket_types": list(event.ticket_types),
        "required": event.required,
        "active": event.active,
        "offered": list(dict.fromkeys([*(row["offered"] if row else ()), *event.choices])),
    }


class Answers:
    """One row for each order that answered: `answers` are sealed for its guest."""

    name: ClassVar[str] = "answers"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "order_id")
    schema: ClassVar[str] = """
        CREATE TABLE answers (
            tenant text, occurrence text, order_id text, at timestamptz NOT NULL,
            given jsonb NOT NULL, answers bytea NOT NULL,
            PRIMARY KEY (tenant, occurrence, order_id))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {QuestionsAnswered: [(_order, _answered)]}


def _order(event: QuestionsAnswered) -> tuple[str, str]:
    return event.occurrence, event.order


def _answered(_row: Row | None, event: QuestionsAnswered, stamp: Stamp) -> Row:
    given: Any = {place: list(ids) for place, ids in event.given.items()}
    return {
        "occurrence": event.occurrence,
        "order_id": event.order,
        "at": stamp.at,
        "given": given,
        "answers": event.answers,
    }
