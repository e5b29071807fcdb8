"""A guest types a code in the shop: what it shows, what it costs with it, and what it cannot do."""

from __future__ import annotations

import re
from typing import Any

import grpc
import httpx
import pytest
from playwright.sync_api import Browser, expect

from roadcase.api.v1 import ticketing_pb2 as pb
from roadcase.api.v1 import ticketing_reserves_pb2 as reserves_pb
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_reserves_pb2_grpc import AllotmentsStub, VouchersStub
from tests.system.test_guest_pages import House, form, house, run  # noqa: F401 - a fixture
from tests.system.test_mail import wait_for
from tests.system.test_page import browser  # noqa: F401 - a fixture
from tests.system.wire import Caller, euros, holding, kind, opening

EARLY = kind("early", 900, presales=[pb.Presale(codes=["FRIEND"])])
EARLY.sale_from.FromJsonString("2099-01-01T00:00:00Z")
PAIR = kind("pair", 2000, bundle={"standard": 2})
PAIR.draws.clear()
TYPES = (
    kind("standard", 1200, fee=pb.Fee(fixed=euros(50))),
    kind("staff", 100, unlocked_by=["CREW-7"]),
    EARLY,
    PAIR,
)
TENTH = {"effect": reserves_pb.VOUCHER_EFFECT_PERCENT, "permille": 100}
FIVE = {"effect": reserves_pb.VOUCHER_EFFECT_SUBTRACT, "amount": euros(500)}


def voucher(code: str, **terms: Any) -> reserves_pb.Voucher:
    return reserves_pb.Voucher(code=code, **terms)


def over(code: str) -> reserves_pb.Voucher:
    found = voucher(code, **TENTH)
    found.valid_until.FromJsonString("2020-01-01T00:00:00Z")
    return found


def night(house: House, name: str, *vouchers: reserves_pb.Voucher, room: int = 40, press: int = 0):  # noqa: F811
    """Open a night with all that codes can do; the address of its shop."""

    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            desk = Caller(house.site, TicketingStub(channel))
            await desk.ask("OpenBoxOffice", opening(name, *TYPES, room=room))
            plans = Caller(house.site, VouchersStub(channel))
            for each in vouchers:
                asked = reserves_pb.SetVoucherRequest(occurrence=name, voucher=each)
                await plans.ask("SetVoucher", asked)
            if press:
                kept = reserves_pb.SetAllotmentRequest(
                    occurrence=name,
                    allotment=reserves_pb.Allotment(
                        id="press", name="Press", pool="room", codes=["PRESS"]
                    ),
                    units=press,
                )
                await Caller(house.site, AllotmentsStub(channel)).ask("SetAllotment", kept)

    run(work())
    shop = f"{house.base}/shop/{house.shop(name)}"
    house.until_shown(f"/shop/{house.shop(name)}")
    for each in vouchers:
        if not each.retired and each.code != "OVER":
            wait_for(lambda each=each: look(shop, each.code).status_code == 200, each.code)
    return shop


def look(shop: str, code: str, **changed: str) -> httpx.Response:
    """What a guest sees who typed this code."""
    return httpx.post(shop, data=form(shop) | {"code": code, "look": "yes"} | changed)


def seen(answer: httpx.Response) -> dict[str, str]:
    """The form of a page, as a browser would send it untouched."""
    named = re.findall(r'type="hidden" name="(\S+)" value="([^"]*)"', answer.text)
    code = re.search(r'name="code" value="([^"]*)"', answer.text)[1]
    return {**dict(named), "type": "standard", "quantity": "1", "code": code}


def buy(shop: str, code: str, **changed: str) -> httpx.Response:
    """Type a code, look at the prices, and buy."""
    page = look(shop, code, **changed)
    assert page.status_code == 200, page.text
    return httpx.post(shop, data=seen(page) | changed)


def total(answer: httpx.Response) -> str:
    return re.search(r"<strong>([^<]+) in all<", answer.text)[1]


def alert(answer: httpx.Response) -> str:
    assert answer.status_code == 409, answer.text
    return re.search(r'role="alert">([^<]+)<', answer.text)[1]


@pytest.fixture(scope="module")
def shop(house) -> str:  # noqa: F811
    gone = voucher("GONE", **TENTH, retired=True)
    return night(house, "codes", voucher("TENTH", **TENTH), gone, over("OVER"))


def test_a_code_shows_what_is_hidden_and_stays_with_its_guest_to_the_purchase(
    house,  # noqa: F811
    browser: Browser,  # noqa: F811
    shop,
    tmp_path,
):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(shop)
    expect(page.get_by_role("radio", name="Staff")).to_have_count(0)
    page.get_by_label("How many?").fill("2")
    page.get_by_text("Do you have a code?").click()
    page.get_by_label("Code").fill(" crew-7 ")
    page.get_by_role("button", name="Use the code").click()
    expect(page.get_by_role("status").first).to_contain_text("Your code CREW-7 counts")
    expect(page.get_by_label("How many?")).to_have_value("2")
    page.get_by_role("radio", name="Staff").check()
    page.screenshot(path=tmp_path / "code.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Get tickets").click()
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.get_by_role("article").first).to_contain_text("1.00 EUR")
    context.close()
    assert "crew" not in httpx.get(shop).text.lower()


@pytest.mark.parametrize(
    ("type_", "quantity", "costs"),
    [("standard", "1", "11.30 EUR"), ("standard", "3", "33.90 EUR"), ("pair", "1", "19.00 EUR")],
)
def test_prices_with_a_voucher_are_shown_and_are_what_is_paid(shop, type_, quantity, costs):
    page = look(shop, "tenth", type=type_, quantity=quantity)
    other = {"type": type_, "quantity": str(int(quantity) + 1)}
    assert httpx.post(shop, data=seen(page) | other).status_code == 303, "the total was for less"
    page = look(shop, "tenth", type=type_, quantity=quantity)
    assert "instead of 12.50 EUR" in page.text
    assert "instead of 21.00 EUR" in page.text
    assert total(page) == costs
    sold = httpx.post(shop, data=seen(page) | {"type": type_, "quantity": quantity})
    assert sold.status_code == 303, alert(sold)


def test_who_types_a_code_and_buys_at_once_is_shown_the_price_first(house, shop):  # noqa: F811
    page = httpx.post(shop, data=form(shop) | {"code": "TENTH"})
    assert (page.status_code, total(page)) == (200, "11.30 EUR")
    sold = httpx.post(shop, data=seen(page))
    assert sold.status_code == 303
    assert "11.30 EUR" in httpx.get(house.base + sold.headers["location"]).text


def test_a_code_that_is_taken_away_again_counts_no_more(shop):
    coded = seen(look(shop, "TENTH"))
    page = httpx.post(shop, data=coded | {"code": ""})
    assert (page.status_code, total(page)) == (200, "12.50 EUR")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("nobody", "Nobody knows this code here."),
        ("GONE", "Nobody knows this code here."),
        ("\u0421REW-7", "Nobody knows this code here."),
        ("\x00", "Nobody knows this code here."),
        ("<b>", "Nobody knows this code here."),
        ("C" * 70_000, "Nobody knows this code here."),
        ("OVER", "The time of this voucher is over."),
    ],
    ids=lambda each: ascii(each)[:30],
)
def test_a_wrong_code_is_told_in_plain_words_and_buys_nothing(shop, code, words):
    for button in ({"look": "yes"}, {}):
        answer = httpx.post(shop, data=form(shop) | {"code": code} | button)
        assert alert(answer) == words
        assert "<b>" not in answer.text
        assert "Staff" not in answer.text


def test_a_code_of_another_night_is_not_known(house, shop):  # noqa: F811
    other = night(house, "other", voucher("ELSEWHERE", **TENTH))
    assert look(other, "ELSEWHERE").status_code == 200
    assert alert(look(shop, "ELSEWHERE")) == "Nobody knows this code here."


def test_a_presale_code_lets_its_guests_buy_before_others(shop):
    before = httpx.get(shop).text
    assert re.search(r'value="early" required\s+disabled', before)
    assert "not on sale yet" in before
    assert alert(httpx.post(shop, data=form(shop) | {"type": "early"})).startswith("This ticket is")
    assert buy(shop, "friend", type="early").status_code == 303


def test_a_voucher_that_runs_out_is_shown_so_and_never_sold_at_another_price(house):  # noqa: F811
    """What others hold with it the shop does not know: the box office says the total."""
    shop = night(house, "short", voucher("TWICE", **FIVE, uses=2))

    async def hold() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            asked = holding("short", "h1", codes=["TWICE"])
            await Caller(house.site, TicketingStub(channel)).ask("HoldTickets", asked)

    run(hold())
    first = buy(shop, "TWICE", quantity="2")
    assert alert(first) == "The price has changed: look at it once more."
    assert total(first) == "20.00 EUR"
    other = httpx.post(shop, data=seen(first) | {"quantity": "3"})
    assert (other.status_code, total(other)) == (409, "32.50 EUR"), "that total was for two"
    again = httpx.post(shop, data=seen(first) | {"quantity": "2"})
    assert again.status_code == 303
    used = alert(httpx.post(shop, data=seen(look(shop, "TWICE"))))
    assert used == "This voucher has been used as often as it may be."


def test_what_an_order_lacks_for_its_voucher_is_said(house):  # noqa: F811
    most = voucher("MORE", **FIVE, least=2, ticket_types=["standard"])
    pairs = voucher("PAIRS", **TENTH, ticket_types=["pair"])
    shop = night(house, "lacks", most, pairs, voucher("MINE", **FIVE, per_person=1))
    page = look(shop, "MORE")
    assert "It is for 2 tickets or more in one order." in page.text
    other = look(shop, "PAIRS")
    assert re.search(r'value="standard" required\s+disabled', other.text)
    assert "not with this code" in other.text
    assert alert(httpx.post(shop, data=seen(other))) == "This voucher is for other tickets."
    assert "in all" not in look(shop, "MORE", quantity="1").text
    assert alert(buy(shop, "MORE")) == "This voucher is for more tickets in one order."
    assert buy(shop, "MORE", quantity="2").status_code == 303
    assert "who say who they are" in alert(buy(shop, "MINE"))


def test_what_is_kept_for_a_code_is_there_for_it_when_all_else_is_sold_out(house):  # noqa: F811
    mine = voucher("MINE", **TENTH, uses=1, keeps=True, ticket_types=["standard"])
    shop = night(house, "kept", mine, room=4, press=2)
    assert httpx.post(shop, data=form(shop)).status_code == 303
    wait_for(lambda: "no ticket to be had" in httpx.get(shop).text, "a house that is sold out")
    for code in ("PRESS", "MINE"):
        assert re.search(r'value="standard" required checked', look(shop, code).text), code
    assert buy(shop, "PRESS").status_code == 303
    assert alert(buy(shop, "PRESS", quantity="2")) == "Not so many are left of this allotment."
    assert buy(shop, "MINE").status_code == 303


def test_a_voucher_of_all_nights_is_reserved_and_used(house, shop):  # noqa: F811
    async def plan() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            asked = reserves_pb.SetSeriesVoucherRequest(voucher=voucher("EVERY", **FIVE, uses=1))
            await Caller(house.site, VouchersStub(channel)).ask("SetSeriesVoucher", asked)

    run(plan())
    wait_for(lambda: look(shop, "EVERY").status_code == 200, "the voucher of all nights")
    page = look(shop, "EVERY")
    assert total(page) == "7.50 EUR"
    first, second = (httpx.post(shop, data=seen(page)) for _ in range(2))
    assert first.headers["location"] == second.headers["location"], "a form that is sent twice"
    assert alert(buy(shop, "EVERY")) == "This voucher has been used as often as it may be."


def test_who_sends_the_form_again_is_led_to_what_they_have_and_not_told_it_is_used_up(house):  # noqa: F811
    shop = night(house, "again", voucher("ONCE", **FIVE, uses=1))
    sent = seen(look(shop, "ONCE"))
    link = httpx.post(shop, data=sent).headers["location"]
    wait_for(lambda: look(shop, "ONCE").status_code == 409, "a voucher that is used up")
    again = httpx.post(shop, data=sent)
    assert f'You have <a href="{link}">these tickets</a> already.' in again.text


def test_who_closes_a_tenant_closes_its_shop(house):  # noqa: F811 - the last one: it stays closed
    shop = night(house, "closed")
    bought = httpx.post(shop, data=form(shop))
    house.site.cli("tenant", "close", "acme")
    wait_for(lambda: httpx.post(shop, data=form(shop)).status_code == 409, "a closed shop")
    assert "account of this organiser is closed" in alert(httpx.post(shop, data=form(shop)))
    order = house.base + bought.headers["location"]
    assert httpx.get(order).status_code == 200, "tickets stay tickets"
    assert httpx.post(f"{order}/cancel", data={"ticket": "1"}).status_code in {404, 409}
