"""A guest without script gives a ticket away, changes its name, and cancels for what was shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import grpc
import httpx
import pytest
from playwright.sync_api import Browser, expect

from roadcase.api.v1 import ticketing_orders_pb2, ticketing_pb2
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.test_guest_pages import House, form, run
from tests.system.test_mail import EMAIL, house_at, inbox, settings, wait_for  # noqa: F401
from tests.system.test_offer_pages import Many
from tests.system.test_page import browser  # noqa: F401 - a fixture
from tests.system.wire import SELLS, Caller, kind, opening

NIGHT = "gift"
BOB = "bob@example.org"


@pytest.fixture
def inbox() -> Many:  # noqa: F811
    return Many()


@pytest.fixture
def house(tmp_path, settings) -> Iterator[House]:  # noqa: F811
    with house_at(tmp_path / "data", **settings) as found:
        yield found


def opened(house: House, **terms: int) -> str:
    """A night with a policy; the page of an order of two there."""

    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            desk = Caller(house.site, TicketingStub(channel), *SELLS)
            await desk.ask(
                "OpenBoxOffice", opening(NIGHT, kind("standard", 1200, policy="p", **terms))
            )
            step = ticketing_orders_pb2.RefundStep(hours=1, permille=250)
            policy = ticketing_orders_pb2.SetRefundPolicyRequest(
                occurrence=NIGHT, policy="p", steps=[step]
            )
            await Caller(house.site, OrdersStub(channel)).ask("SetRefundPolicy", policy)

    run(work())
    house.until_shown(f"/shop/{house.shop(NIGHT)}")
    shop = f"{house.base}/shop/{house.shop(NIGHT)}"
    sold = httpx.post(shop, data=form(shop) | {"email": EMAIL, "quantity": "2"})
    return house.base + sold.headers["location"]


def scan(house: House, code: str) -> str:
    said: list[str] = []

    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            gate = Caller(house.site, TicketingStub(channel), "scan")
            asking = ticketing_pb2.CheckInRequest(
                occurrence=NIGHT, gate="north", nonce=code.replace("-", ""), shown=code
            )
            found = await gate.ask("CheckIn", asking)
            said.append(found.reason or "in")

    run(work())
    return said[0]


def test_a_guest_gives_a_ticket_away_renames_one_and_cancels_it(
    house,
    inbox,
    browser: Browser,  # noqa: F811
    tmp_path,
):
    place = opened(house)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(place)
    first, second = page.locator(".code").all_text_contents()
    gift = page.get_by_role("article", name="Ticket 1")
    gift.get_by_text("Give it to somebody else").click()
    gift.get_by_label("Their name").fill("Bob <b>")
    gift.get_by_label("Their e-mail").fill(BOB)
    page.screenshot(path=tmp_path / "order.png", full_page=True)
    gift.get_by_role("button", name="Give it to them").click()
    expect(gift).to_contain_text("Transferred")
    assert page.url == place
    assert first not in page.content()
    wait_for(lambda: [text for to, text in inbox.mails if to == BOB], "the new guest's mail")
    (text,) = [text for to, text in inbox.mails if to == BOB]
    link = re.search(r"https://cinema\.test(/order/[A-Za-z0-9_-]+)", text.replace("=\r\n", ""))[1]
    new = re.search(r'class="code">([^<]+)', house.until_shown(link).text)[1]
    assert new not in {first, second}
    assert (scan(house, first), scan(house, new)) == ("revoked", "in")

    mine = page.get_by_role("article", name="Ticket 2")
    mine.get_by_text("Change whose name").click()
    mine.get_by_label("Name", exact=True).fill("Eve")
    mine.get_by_label("E-mail", exact=True).fill("eve@example.org")
    mine.get_by_role("button", name="Change the name").click()
    expect(mine).to_contain_text(second)
    mine.get_by_role("link", name="Cancel this ticket").click()
    expect(page.get_by_text("You get back")).to_contain_text("9.00 EUR")
    page.screenshot(path=tmp_path / "cancel.png", full_page=True)
    page.get_by_role("button", name="Cancel the ticket").click()
    expect(mine).to_contain_text("Refunded")
    assert page.url == place
    wait_for(lambda: scan(house, second) == "revoked", "a code that lets nobody in")
    context.close()
    used = house.base + link
    assert "Give it to somebody else" not in httpx.get(used).text
    gone = httpx.get(f"{used}/cancel?ticket=1")
    assert "nothing is given back" in gone.text
    assert "<button>" not in gone.text


def test_what_is_refused_is_said_and_changes_nothing(house, inbox):
    place = opened(house)
    page = httpx.get(place).text
    code = re.search(r'class="code">([^<]+)', page)[1]
    wish = re.search(r'name="wish" value="([^"]*)"', page)[1]
    said = {"ticket": "1", "wish": wish, "name": "Bob", "email": BOB}
    for wrong in ({"email": "nobody"}, {"name": " "}, {"wish": "/"}, {"wish": ""}):
        answer = httpx.post(f"{place}/transfer", data=said | wrong)
        assert answer.status_code == 409, answer.text
    for nowhere in ({"ticket": "9"}, {"ticket": "x"}):
        assert httpx.post(f"{place}/transfer", data=said | nowhere).status_code == 404
    assert httpx.post(f"{place}/else", data=said).status_code == 404
    dear = httpx.post(f"{place}/cancel", data={"ticket": "1", "amount": "12.00 EUR"})
    assert dear.status_code == 409
    assert scan(house, code) == "in"
    late = httpx.post(f"{place}/transfer", data=said)
    assert (late.status_code, "let in with this ticket" in late.text) == (409, True)


def test_what_the_rest_costs_is_told_before_a_ticket_is_cancelled(house, inbox):
    """Two are the least that is sold: 24.00 stay paid for the one that stays, and 0.00 comes back.
    Of 24.00 for the last a quarter is kept: 18.00.
    """
    place = opened(house, per_order_min=2)
    page = httpx.get(f"{place}/cancel?ticket=1").text
    for said in (
        "Ticket 1: 12.00 EUR paid",
        "0.00 EUR back",
        "You keep fewer than the least that is sold at once",
        "Ticket 2 stays: 12.00 EUR paid",
        "24.00 EUR from now on",
        "You get back <strong>0.00 EUR</strong>",
    ):
        assert said in page
    old = httpx.post(f"{place}/cancel", data={"ticket": "1", "amount": "9.00 EUR"})
    assert (old.status_code, "look at the quote once more" in old.text) == (409, True)
    shown = form(f"{place}/cancel?ticket=1")
    assert httpx.post(f"{place}/cancel", data=shown).status_code == 303
    assert "Refunded" in httpx.get(place).text
    last = httpx.get(f"{place}/cancel?ticket=2").text
    assert "You get back <strong>18.00 EUR</strong>" in last
    assert "The terms of the purchase keep a part." in last
