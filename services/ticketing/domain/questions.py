"""Questions to guests: what must be answered before a ticket is sold. The answers are sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, repeat
from typing import Final

from services.ticketing.commands import Answered, AnswerQuestions, SetQuestions
from services.ticketing.commands.questions import ORDER
from services.ticketing.domain.guest_refusals import AnswersClosed
from services.ticketing.domain.office import BoxOffice, Commands, Evolve, must_be_open, starts_at
from services.ticketing.domain.refusals import (
    Unanswered,
    UnknownOrder,
    UnknownQuestion,
    UnknownTicketType,
)
from services.ticketing.events import Line, QuestionsAnswered, QuestionSet


def set_questions(office: BoxOffice, cmd: SetQuestions, _at: datetime) -> Iterator[QuestionSet]:
    must_be_open(office, cmd.occurrence)
    for each in {each.id: each for each in cmd.questions}.values():  # the last word counts
        for id_ in each.ticket_types:
            if id_ not in office.types:
                raise UnknownTicketType(ticket_type=id_, question=each.id)
        terms = {name: value for name, value in each if name != "id"}
        event = QuestionSet(occurrence=cmd.occurrence, question=each.id, **terms)
        if event != office.questions.get(each.id):
            yield event


def answer(office: BoxOffice, cmd: AnswerQuestions, at: datetime) -> Iterator[QuestionsAnswered]:
    must_be_open(office, cmd.occurrence)
    order = office.orders.get(cmd.order)
    if order is None:
        raise UnknownOrder(order=cmd.order)
    if cmd.by_guest and at >= starts_at(office):
        raise AnswersClosed(starts_at=starts_at(office))
    types = [kind.ticket_type for kind in order.tickets]
    yield _answered(
        office, cmd.occurrence, cmd.order, types, cmd.answered, complete=not cmd.by_guest
    )


def answered(
    office: BoxOffice, occurrence: str, order: str, lines: Sequence[Line], given: Answered | None
) -> tuple[QuestionsAnswered, ...]:
    """What a purchase of these lines says of its questions. Raises Unanswered, UnknownQuestion."""
    types = list(chain.from_iterable(repeat(each.ticket_type, each.quantity) for each in lines))
    if given is None:
        _check(office, types, {})
        return ()
    return (_answered(office, occurrence, order, types, given),)


def _answered(
    office: BoxOffice,
    occurrence: str,
    order: str,
    types: Sequence[str],
    given: Answered,
    *,
    complete: bool = True,
) -> QuestionsAnswered:
    _check(office, types, given.given, complete=complete)
    return QuestionsAnswered(
        occurrence=occurrence, order=order, given=given.given, answers=given.answers
    )


def _check(
    office: BoxOffice,
    types: Sequence[str],
    given: Mapping[str, tuple[str, ...]],
    *,
    complete: bool = True,
) -> None:
    """If they are not `complete`, answers to what is asked no more may be among them."""
    asked = [each for each in office.questions.values() if each.active or not complete]
    places = {ORDER: [each for each in asked if each.per == "order"]}
    for number, type_ in enumerate(types, 1):
        places[str(number)] = [each for each in asked if _is_for(each, type_)]
    for place, ids in given.items():
        there = {each.question for each in places.get(place, ())}
        for id_ in ids:
            if id_ not in there:
                raise UnknownQuestion(question=id_, ticket=place)
    if not complete:
        return
    for place, questions in places.items():
        for each in questions:
            if each.required and each.question not in given.get(place, ()):
                raise Unanswered(question=each.question, text=each.text, ticket=place)


def _is_for(question: QuestionSet, ticket_type: str) -> bool:
    types = question.ticket_types
    return question.per == "ticket" and (not types or ticket_type in types)


def _set(office: BoxOffice, event: QuestionSet) -> None:
    office.questions[event.question] = event


def _given(_office: BoxOffice, _event: QuestionsAnswered) -> None:
    """No decision needs what was answered."""


EVOLVE: Final[Evolve] = {QuestionSet: _set, QuestionsAnswered: _given}
COMMANDS: Final[Commands] = {SetQuestions: set_questions, AnswerQuestions: answer}
