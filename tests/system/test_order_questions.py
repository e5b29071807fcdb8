"""A guest answers on the page of their order: sealed, added to what was said, never shown again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import grpc
import httpx
import pytest
from playwright.sync_api import Browser

from roadcase.api.v1 import ticketing_questions_pb2 as pb
from roadcase.api.v1.ticketing_questions_pb2_grpc import QuestionsStub
from tests.system.test_guest_pages import House, run
from tests.system.test_mail import EMAIL, house_at, inbox, settings, wait_for  # noqa: F401
from tests.system.test_order_changes import NIGHT, opened
from tests.system.test_page import browser  # noqa: F401 - a fixture
from tests.system.wire import SELLS, Caller

SAID = "peanuts, badly"
ASKED = [
    pb.Question(id="allergies", text="Allergies?", required=True),
    pb.Question(
        id="drink", text="Wine <b>?", kind=pb.QUESTION_KIND_CHOICE, choices=["red", "white"],
        per_ticket=True,
    ),
    pb.Question(id="born", text="Born on?", kind=pb.QUESTION_KIND_DATE),
    pb.Question(id="news", text="May we write?", kind=pb.QUESTION_KIND_CONSENT),
]  # fmt: skip


@pytest.fixture
def house(tmp_path, settings) -> Iterator[House]:  # noqa: F811
    with house_at(tmp_path / "data", **settings) as found:
        yield found


def asks(house: House, method: str, request: Any, *more: str) -> Any:
    found: list[Any] = []

    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            desk = Caller(house.site, QuestionsStub(channel), *SELLS)
            scopes = [f"ticketing:{scope}" for scope in SELLS]
            desk.token = house.site.token(*scopes, *more)
            found.append(await desk.ask(method, request))

    run(work())
    return found[0]


def answers(house: House, place: str) -> dict[tuple[str, int], str]:
    """By question and ticket, as who may read them sees them."""
    order = house.links.read("order", place.rpartition("/")[2]).order
    request = pb.GetAnswersRequest(occurrence=NIGHT, order=order)
    found = asks(house, "GetAnswers", request, "people:read")
    return {(each.question, each.ticket): each.text for each in found.answers}


def test_a_guest_answers_what_is_asked_changes_it_and_what_was_said_is_not_shown(
    house,
    inbox,  # noqa: F811
    browser: Browser,  # noqa: F811
    tmp_path,
):
    place = opened(house)
    assert "Questions to you" not in httpx.get(place).text
    assert httpx.get(f"{place}/questions").status_code == 404
    asks(house, "SetQuestions", pb.SetQuestionsRequest(occurrence=NIGHT, questions=ASKED))
    wait_for(lambda: "Questions to you: 4 to answer" in httpx.get(place).text, "the questions")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(place)
    page.get_by_role("link", name="4 to answer").click()
    page.get_by_label("Allergies?").fill(SAID)
    page.get_by_label("Wine <b>? (ticket 2)").select_option("red")
    page.get_by_label("May we write?").check()
    page.screenshot(path=tmp_path / "questions.png", full_page=True)
    page.get_by_role("button", name="Send the answers").click()
    assert page.url == place
    assert answers(house, place) == {
        ("allergies", 0): SAID, ("drink", 2): "red", ("news", 0): "yes",
    }  # fmt: skip
    page.get_by_role("link", name="2 to answer").click()
    assert SAID not in page.content()
    page.get_by_label("Wine <b>? (ticket 2)").select_option("white")
    page.get_by_label("May we write?").uncheck()
    page.get_by_role("button", name="Send the answers").click()
    context.close()
    assert answers(house, place) == {("allergies", 0): SAID, ("drink", 2): "white"}
    dump = house.site.data
    assert not [each for each in dump.rglob("*") if each.is_file() and _has(each, SAID)]


def _has(path: Any, text: str) -> bool:
    try:
        return text.encode() in path.read_bytes()
    except OSError:
        return False


def test_what_is_wrong_is_said_and_nothing_is_kept(house, inbox):  # noqa: F811
    place = opened(house)
    asks(house, "SetQuestions", pb.SetQuestionsRequest(occurrence=NIGHT, questions=ASKED))
    wait_for(lambda: "Questions to you" in httpx.get(place).text, "the questions")
    form = dict(re.findall(r'type="hidden" name="(\S+)" value="([^"]*)"',
                           httpx.get(f"{place}/questions").text))  # fmt: skip
    fine = {**form, "q//allergies": SAID}
    wrongs = (
        ({**form}, "Please answer: Allergies?"),
        ({**fine, "q/1/drink": "beer"}, "is not one of red, white"),
        ({**fine, "q//born": "1.1.2000"}, "is not a date"),
        ({**fine, "q//allergies": "x" * 2001}, "is longer than 2000 characters"),
        ({**fine, "q//allergies": "\N{PEANUTS}" * 2000}, "All answers together are too long"),
    )
    for sent, why in wrongs:
        answer = httpx.post(f"{place}/questions", data=sent)
        assert (answer.status_code, why in answer.text) == (409, True), answer.text
    assert answers(house, place) == {}
    assert httpx.post(f"{place}/questions", data={**fine, "after": "x"}).status_code == 404
    for sent in (fine, fine, {**fine, "q/9/drink": "red", "q//size": "L"}):
        assert httpx.post(f"{place}/questions", data=sent).status_code == 303
    assert answers(house, place) == {("allergies", 0): SAID}
    house.site.cli("people", "erase", "acme", EMAIL)
    wait_for(lambda: httpx.get(f"{place}/questions").status_code == 404, "a guest who is gone")
