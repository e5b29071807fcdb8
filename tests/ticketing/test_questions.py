"""Questions to guests: what must be answered before a ticket is sold, and what may not be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.ticketing.commands import AnswerQuestions, Question, SetQuestions
from services.ticketing.domain.guest_refusals import AnswersClosed
from services.ticketing.domain.refusals import (
    Unanswered,
    UnknownOrder,
    UnknownQuestion,
    UnknownTicketType,
)
from services.ticketing.events import QuestionsAnswered
from services.ticketing.projections.questions import Answers, Questions
from tests.ticketing.night import (
    MS,
    NIGHT,
    after,
    become,
    confirming,
    facts,
    history,
    holding,
    names,
    opening,
    selling,
    table,
    ticket_type,
)

STARTS = datetime(2026, 6, 5, 18, 30, tzinfo=UTC)
SEALED = b"sealed"
PHONE = {"id": "phone", "text": "Your telephone number?", "required": True}
DIET = {
    "id": "diet",
    "text": "What do you eat?",
    "kind": "choice",
    "choices": ["meat", "plants"],
    "per": "ticket",
    "ticket_types": ["dinner"],
    "required": True,
}
NEWS = {"id": "news", "text": "May we write to you?", "kind": "consent"}
OPENING = opening(ticket_type(), ticket_type("dinner", "30.00 EUR"))


def asking(*questions: dict[str, Any]) -> SetQuestions:
    return SetQuestions(occurrence=NIGHT, questions=questions)


def given(**places: list[str]) -> dict[str, Any]:
    """`order=["phone"], n1=["diet"]`: what was answered, by place."""
    places = {name.removeprefix("n").replace("order", ""): ids for name, ids in places.items()}
    return {"given": places, "answers": SEALED}


def asked(*more: Any):
    return after(OPENING, asking(PHONE, DIET, NEWS), *more)


def dinner(**more: Any):
    return selling("o1", ("standard", 1), ("dinner", 1), amount="42.00 EUR", **more)


def test_an_answer_that_is_required_is_missed_by_name():
    assert facts(asked().when(dinner()), Unanswered) == {
        "question": "phone",
        "text": "Your telephone number?",
        "ticket": "",
    }
    spec = asked().when(dinner(answered=given(order=["phone"])))
    assert facts(spec, Unanswered)["question"] == "diet"
    assert facts(spec, Unanswered)["ticket"] == "2"


def test_answers_are_kept_with_the_sale_and_what_is_optional_may_be_left_out():
    events = become(asked().when(dinner(answered=given(order=["phone"], n2=["diet"]))))
    assert names(events) == ["TicketSold", "TicketSold", "QuestionsAnswered"]
    assert events[-1] == QuestionsAnswered(
        occurrence=NIGHT, order="o1", given={"": ("phone",), "2": ("diet",)}, answers=SEALED
    )


@pytest.mark.parametrize(
    "places",
    [
        {"order": ["phone", "shoe"], "n2": ["diet"]},
        {"order": ["phone", "diet"], "n2": ["diet"]},
        {"order": ["phone"], "n1": ["diet"], "n2": ["diet"]},
        {"order": ["phone"], "n2": ["diet"], "n3": ["diet"]},
    ],
    ids=["nobody asked", "asked per ticket", "not for this type", "no such ticket"],
)
def test_what_was_not_asked_is_not_answered(places):
    asked().when(dinner(answered=given(**places))).then_refused(UnknownQuestion)


def test_a_hold_is_confirmed_with_answers_to_what_is_asked_by_then():
    held = (OPENING, holding("h1", ("dinner", 2)), asking(DIET))
    after(*held).when(confirming("o1", "h1", "60.00 EUR")).then_refused(Unanswered)
    answered = given(n1=["diet"], n2=["diet"])
    events = become(after(*held).when(confirming("o1", "h1", "60.00 EUR", answered=answered)))
    assert names(events)[-2:] == ["TicketSold", "QuestionsAnswered"]


def test_a_question_that_is_retired_is_not_asked_any_more():
    spec = asked(asking({**PHONE, "active": False}))
    assert names(become(spec.when(selling("o1")))) == ["TicketSold"]
    spec.when(selling("o1", answered=given(order=["phone"]))).then_refused(UnknownQuestion)


def test_questions_set_as_they_are_change_nothing_and_need_types_that_there_are():
    asked().when(asking(PHONE, NEWS)).then_nothing()
    asked().when(asking({**DIET, "ticket_types": ["brunch"]})).then_refused(UnknownTicketType)


def test_answers_may_be_given_anew_and_are_complete_each_time():
    sold = asked(dinner(answered=given(order=["phone"], n2=["diet"])))
    anew = given(order=["phone", "news"], n2=["diet"])
    events = become(sold.when(AnswerQuestions(occurrence=NIGHT, order="o1", answered=anew)))
    assert events[0].given[""] == ("phone", "news")
    less = AnswerQuestions(occurrence=NIGHT, order="o1", answered=given(order=["phone"]))
    sold.when(less).then_refused(Unanswered)
    asked().when(less).then_refused(UnknownOrder)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "choice"},
        {"choices": ["a"]},
        {"kind": "choice", "choices": ["a", "a"]},
        {"ticket_types": ["dinner"]},
        {"text": "\x1b[2J"},
    ],
    ids=["no choices", "choices of a text", "twice the same", "types of an order's", "escape"],
)
def test_a_question_can_be_answered(wrong):
    with pytest.raises(ValidationError):
        Question(**{"id": "q", "text": "Why?", **wrong})


def test_the_last_answers_of_an_order_are_shown():
    sale = dinner(answered=given(order=["phone"], n2=["diet"]))
    anew = {"given": {"": ["phone"], "2": ["diet"]}, "answers": b"anew"}
    events = history(
        OPENING,
        asking(PHONE, DIET),
        sale,
        AnswerQuestions(occurrence=NIGHT, order="o1", answered=anew),
    )
    ((key, row),) = table(Answers(), events).items()
    assert (key, row["answers"], row["given"]) == (
        (NIGHT, "o1"),
        b"anew",
        {"": ["phone"], "2": ["diet"]},
    )
    assert table(Questions(), events)[NIGHT, "diet"]["choices"] == ["meat", "plants"]


# What a guest answers on the page of their order


def by_guest(**places: list[str]) -> AnswerQuestions:
    return AnswerQuestions(occurrence=NIGHT, order="o1", answered=given(**places), by_guest=True)


def test_a_guest_answers_bit_by_bit_until_the_night_begins():
    sold = after(OPENING, dinner(), asking(PHONE, DIET, NEWS))
    (event,) = become(sold.when(by_guest(n2=["diet"]), STARTS - MS))
    assert event.given == {"2": ("diet",)}
    sold.when(by_guest(n2=["diet"]), STARTS).then_refused(AnswersClosed)
    (later,) = become(sold.when(by_guest(n2=["diet"]).model_copy(update={"by_guest": False,
        "answered": by_guest(order=["phone"], n2=["diet"]).answered}), STARTS))  # fmt: skip
    assert later.given == {"": ("phone",), "2": ("diet",)}


def test_a_guest_keeps_what_was_answered_to_what_is_asked_no_more_and_says_nothing_else():
    retired = after(OPENING, dinner(), asking(PHONE, DIET), asking({**PHONE, "active": False}))
    (event,) = become(retired.when(by_guest(order=["phone"], n2=["diet"])))
    assert event.given == {"": ("phone",), "2": ("diet",)}
    for wrong in (by_guest(n1=["diet"]), by_guest(n3=["diet"]), by_guest(order=["size"])):
        retired.when(wrong).then_refused(UnknownQuestion)
