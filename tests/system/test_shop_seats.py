"""A guest picks seats in the shop: by touch, mouse or keyboard, with no script and no sight."""

from __future__ import annotations

import re
from collections.abc import Iterator

import grpc
import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from roadcase.api.v1 import ticketing_seats_pb2 as seats_pb
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_seats_pb2_grpc import SeatsStub
from tests.system.test_guest_pages import House, house, run  # noqa: F401 - a fixture
from tests.system.test_mail import wait_for
from tests.system.test_page import browser  # noqa: F401 - a fixture
from tests.system.wire import Caller, kind, opening

KIND = {"1": 2, "2": 3}  # in row A: an accessible place, and one for a companion
SEAT = re.compile(r'value="([^"]+)" aria-label="([^"]+)"')


def hall(night: str, rows: str = "AB", seats: int = 6) -> seats_pb.SetSeatingPlanRequest:
    area = seats_pb.SeatArea(
        name="Stalls",
        rows=[
            seats_pb.SeatRow(
                name=row,
                seats=[
                    seats_pb.Seat(
                        name=str(n), kind=KIND.get(str(n), 1) if row == "A" else 1, gap=n == 4
                    )
                    for n in range(1, seats + 1)
                ],
            )
            for row in rows
        ],
    )
    request = seats_pb.SetSeatingPlanRequest(
        occurrence=night, pool="room", areas=[area], blocked=["Stalls B-6"]
    )
    request.kept_until.FromJsonString("2099-01-01T00:00:00Z")
    return request


def seated(house: House, night: str, **room: int) -> str:  # noqa: F811
    """A night with a plan; the address of its shop."""

    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            kinds = kind("standard", 1200), kind("student", 800)
            size = len(hall(night, **room).areas[0].rows) * room.get("seats", 6)
            await Caller(house.site, TicketingStub(channel)).ask(
                "OpenBoxOffice", opening(night, *kinds, room=size)
            )
            await Caller(house.site, SeatsStub(channel)).ask("SetSeatingPlan", hall(night, **room))

    run(work())
    shop = f"{house.base}/shop/{house.shop(night)}"
    wait_for(lambda: 'name="seat_room"' in httpx.get(shop).text, "the plan")
    return shop


def labels(text: str) -> dict[str, str]:
    return dict(SEAT.findall(text))


def post(shop: str, seats: tuple[str, ...] = (), **changed: str) -> httpx.Response:
    """The form as a browser sends it."""
    text = httpx.get(shop).text
    hidden = dict(re.findall(r'type="hidden" name="(\S+)" value="([^"]*)"', text))
    form = {**hidden, "type": "standard", "quantity": "", "accessible": "0", "code": ""} | changed
    return httpx.post(shop, data={**form, "seat_room": list(seats)})


def bought(house: House, answer: httpx.Response) -> list[str]:  # noqa: F811
    assert answer.status_code == 303, answer.text
    text = httpx.get(house.base + answer.headers["location"]).text
    return re.findall(r"Seat ([^<]+)<", text)


def told(answer: httpx.Response) -> str:
    assert answer.status_code == 409, answer.text
    return re.search(r'role="alert">([^<]+)<', answer.text)[1]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:  # noqa: F811
    """Small, touched, and with no script."""
    context = browser.new_context(
        java_script_enabled=False, has_touch=True, viewport={"width": 360, "height": 740}
    )
    yield context.new_page()
    context.close()


def test_a_guest_touches_two_seats_and_has_them(house, phone, tmp_path):  # noqa: F811
    shop = seated(house, "touched", seats=12)
    phone.goto(shop)
    phone.get_by_role("radio", name="Standard").check()
    expect(phone.get_by_text("Front: stage or screen")).to_be_visible()
    for seat in ("3", "4"):
        phone.get_by_label(f"Stalls, row B, seat {seat},").tap()
    phone.screenshot(path=tmp_path / "plan.png", full_page=True)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    moved = phone.locator(".rows").evaluate(
        "rows => [rows.scrollWidth > rows.clientWidth, getComputedStyle(rows).overflowX]"
    )
    assert moved == [True, "auto"], "a wide plan moves sideways, and the page does not"
    box = phone.get_by_label("Stalls, row B, seat 3,").bounding_box()
    assert min(box["width"], box["height"]) >= 24, "WCAG 2.2, 2.5.8: target size"
    phone.get_by_role("button", name="Show the total").click()
    expect(phone.locator("#total")).to_have_text(
        "Standard, 2: Stalls B-3, Stalls B-4. 24.00 EUR in all"
    )
    phone.get_by_role("button", name="Get tickets").click()
    expect(phone.get_by_role("article")).to_have_count(2)
    expect(phone.get_by_role("article").nth(1)).to_contain_text("Seat Stalls B-4")
    phone.goto(shop)
    mine = phone.get_by_role("checkbox", name="Stalls, row B, seat 4, taken")
    expect(mine).to_be_disabled()


def test_the_keyboard_is_enough_and_enter_on_a_seat_buys_nothing(house, phone):  # noqa: F811
    phone.goto(seated(house, "keys"))
    first = phone.get_by_role("checkbox", name="Stalls, row B, seat 1,")
    first.focus()
    phone.keyboard.press("Space")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")
    expect(phone.locator("#total")).to_contain_text("Stalls B-1, Stalls B-2. 16.00 EUR in all")
    expect(phone.get_by_role("checkbox", name="Stalls, row B, seat 2,")).to_be_checked()
    phone.get_by_role("link", name="Skip the plan").focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    expect(phone.get_by_label("How many? Leave it empty")).to_be_focused()
    phone.get_by_role("button", name="Get tickets").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("article")).to_have_count(2)


def test_each_seat_says_where_it_is_what_it_costs_and_whether_it_is_free(house):  # noqa: F811
    shop = seated(house, "said")
    assert bought(house, post(shop, ("Stalls B-1",))) == ["Stalls B-1"]
    wait_for(lambda: "row B, seat 1, taken" in httpx.get(shop).text, "the seat that is taken")
    said = labels(httpx.get(shop).text)
    prices = "Student 8.00 EUR or Standard 12.00 EUR"
    assert said["Stalls A-1"] == f"Stalls, row A, seat 1, accessible place, {prices}, available"
    assert (
        said["Stalls A-2"] == f"Stalls, row A, seat 2, place for a companion, {prices}, available"
    )
    assert said["Stalls A-3"] == f"Stalls, row A, seat 3, {prices}, available"
    assert said["Stalls B-1"] == "Stalls, row B, seat 1, taken"
    assert said["Stalls B-6"] == "Stalls, row B, seat 6, not for sale"


def test_a_seat_that_was_taken_meanwhile_is_said_and_the_others_stay_picked(house):  # noqa: F811
    shop = seated(house, "meanwhile")
    text = httpx.get(shop).text  # seen by the slower of two
    bought(house, post(shop, ("Stalls B-2",)))
    late = post(shop, ("Stalls B-1", "Stalls B-2", "Stalls B-3"))
    assert told(late) == "These seats are taken: Stalls B-2."
    assert "row B, seat 2, taken" in late.text
    assert "row B, seat 2, taken" not in text
    checked = re.findall(r'value="(Stalls [^"]+)" aria-label="[^"]+" checked', late.text)
    assert checked == ["Stalls B-1", "Stalls B-3"]


def test_who_picks_none_gets_the_best_together_or_is_told_that_there_are_none(house):  # noqa: F811
    shop = seated(house, "best")
    best = ["Stalls B-4", "Stalls B-5"]  # beside what is not sold: nobody is left alone
    assert bought(house, post(shop, quantity="2")) == best
    assert "beside each other" in told(post(shop, quantity="4"))
    assert len(bought(house, post(shop, quantity="4", apart="yes"))) == 4


def test_places_that_are_kept_are_for_who_needs_them(house):  # noqa: F811
    shop = seated(house, "kept")
    kept = told(post(shop, ("Stalls A-1",)))
    assert kept.startswith("These places are kept for who needs them")
    assert kept.endswith("Of yours: Stalls A-1.")
    assert bought(house, post(shop, ("Stalls A-1", "Stalls A-2"), accessible="1")) == [
        "Stalls A-1",
        "Stalls A-2",
    ]


@pytest.mark.parametrize(
    ("seats", "changed", "words"),
    [
        ((), {}, "Pick your seats in the plan, or say how many"),
        (("Stalls B-1", "Stalls B-2"), {"quantity": "3"}, "You picked 2 seats and asked for 3"),
        (("Stalls B-6",), {}, "There is no such seat"),
        (("\x00<b>",), {}, "There is no such seat"),
        (tuple(f"Stalls B-{n}" for n in range(11)), {}, "You picked more seats than the 10"),
        (("x" * 500,), {}, "Choose a ticket and how many"),
    ],
    ids=lambda each: str(each)[:30],
)
def test_what_cannot_be_is_refused_in_plain_words(refusing, seats, changed, words):
    answer = post(refusing, seats, **changed)
    assert told(answer).startswith(words)
    assert "<b>" not in answer.text


@pytest.fixture(scope="module")
def refusing(house) -> str:  # noqa: F811
    return seated(house, "refusing")


def test_seats_of_another_pool_are_not_taken_for_those_of_this_ticket(refusing):
    text = httpx.get(refusing).text
    hidden = dict(re.findall(r'type="hidden" name="(\S+)" value="([^"]*)"', text))
    form = {**hidden, "type": "standard", "quantity": "", "seat_other": "Stalls B-1"}
    assert told(httpx.post(refusing, data=form)).startswith("The seats you picked are not for this")


def test_a_hall_that_is_too_large_to_draw_sells_the_best_together(house):  # noqa: F811
    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            await Caller(house.site, TicketingStub(channel)).ask(
                "OpenBoxOffice", opening("large", room=2400)
            )
            large = hall("large", rows="BCDEFGHIJ", seats=240)
            del large.blocked[:]
            await Caller(house.site, SeatsStub(channel)).ask("SetSeatingPlan", large)

    run(work())
    shop = f"{house.base}/shop/{house.shop('large')}"
    wait_for(lambda: "You get the best seats together" in httpx.get(shop).text, "the plan")
    assert 'name="seat_room"' not in httpx.get(shop).text
    assert len(bought(house, post(shop, quantity="2"))) == 2
