"""A guest with a phone: buys, has the tickets before them, takes them along, comes in once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import httpx
import icalendar
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from roadcase.api.v1 import ticketing_pb2
from roadcase.auth import Signer
from roadcase.client import Refusal, Roadcase
from roadcase.platform.keys import signing_key
from roadcase.secret import Secret
from services.ticketing.guest.links import Links, Named
from tests.system.site import Site, running
from tests.system.test_gate import EUR12, SOON, night
from tests.system.test_page import browser, opens  # noqa: F401 - fixtures

SCOPES = ("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:refund")
READ = ("ticketing:read",)


def run(work: Coroutine) -> None:
    """In a thread of its own: the browser's driver has a loop in ours."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


class House:
    """A running installation with one night, and what its operator could make for it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.base = f"http://{site.http}"
        secret = Secret((site.data / "secret").read_text().strip())
        self.links = Links(secret)
        (key,) = [each["key"] for each in site.cli("token", "keys")]
        self._signer = Signer(key, signing_key(secret, key))

    def token(self, *scopes: str, tenant: str = "acme") -> str:
        return self._signer.sign(tenant, "test", scopes)

    def open(self, name: str, **about) -> str:
        """Open a night; the address of its shop."""
        request = night(name)
        request.name = about.get("title", request.name)
        request.pools["room"] = about.get("seats", 50)

        async def work() -> None:
            async with Roadcase(self.site.grpc, self.token(*SCOPES)) as client:
                await client.open_box_office(request)

        run(work())
        self.until_shown(f"/shop/{self.shop(name)}")
        return f"{self.base}/shop/{self.shop(name)}"

    def shop(self, name: str, tenant: str = "acme") -> str:
        return self.links.token("shop", Named(tenant, name))

    def order(self, name: str, order: str) -> str:
        return f"/order/{self.links.token('order', Named('acme', name, order))}"

    def until_shown(self, path: str) -> httpx.Response:
        for _ in range(100):
            answer = httpx.get(self.base + path)
            if answer.status_code == 200:
                return answer
            sleep(0.05)
        raise AssertionError(answer.text)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with TemporaryDirectory() as folder, running(Path(folder) / "data", shop="demo") as site:
        yield House(site)


@pytest.fixture(scope="module")
def refusing(house) -> str:
    return house.open("refused")


def form(shop: str) -> dict[str, str]:
    """The form of a shop as a browser would send it, untouched."""
    text = httpx.get(shop).text
    named = re.findall(r'type="hidden" name="(\S+)" value="([^"]*)"', text)
    return {**dict(named), "type": "standard", "quantity": "1"}


def buy(shop: str, **changed: str) -> httpx.Response:
    return httpx.post(shop, data=form(shop) | changed)


def test_a_guest_buys_by_hand_sees_the_ticket_and_is_let_in_once(house, opens, tmp_path):  # noqa: F811
    shop = house.open("by-hand", title="Nosferatu, 夜 <b>& piano</b>")
    phone = {"width": 390, "height": 844, "device_scale_factor": 2}
    page = opens(shop, java_script_enabled=True, **phone)
    page.get_by_label("How many?").fill("2")
    page.get_by_role("button", name="Get tickets").click()
    expect(page.get_by_role("heading")).to_have_text("Nosferatu, 夜 <b>& piano</b>")
    expect(page.get_by_role("article")).to_have_count(2)
    code = page.locator(".code").first.text_content()
    picture = tmp_path / "order.png"
    page.screenshot(path=picture, full_page=True)
    read = [found.text for found in zxingcpp.read_barcodes(Image.open(picture))]
    assert len(read) == 2
    assert all(text.startswith("RC1:") for text in read)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    token = house.token("ticketing:scan")
    gate = opens(f"{house.base}/gate#token={token}&occurrence=by-hand", **phone)
    answer = gate.locator("#answer")
    for shown, said in ((code, "Come in"), (code, "Stop"), (read[1], "Come in"), ("x", "Stop")):
        gate.get_by_label("Code").fill(shown)
        gate.get_by_label("Code").press("Enter")
        expect(answer).to_contain_text(said)
    gate.get_by_label("Code").fill(code)
    gate.get_by_role("button", name="Goes out").click()
    expect(answer).to_contain_text("Goodbye")
    page.reload()
    expect(page.locator(".came")).to_have_count(1)


def test_the_live_page_leads_to_the_shop_and_the_wire_to_both_links(house, opens):  # noqa: F811
    shop = house.open("linked")
    page = opens(f"{house.base}/#token={house.token(*READ)}&occurrence=linked")
    expect(page.get_by_role("link", name="Buy a ticket")).to_have_attribute(
        "href", shop.removeprefix(house.base)
    )

    async def ask() -> None:
        async with Roadcase(house.site.grpc, house.token(*READ)) as client:
            links = await client.links("linked", "o1")
            assert links.shop == shop.removeprefix(house.base)
            assert links.order == house.order("linked", "o1")
            with pytest.raises(Refusal) as refused:
                await client.links("linked/../other")
            assert refused.value.reason == "roadcase.invalid"

    run(ask())


def test_the_page_of_an_order_needs_no_script(house, browser: Browser):  # noqa: F811
    shop = house.open("no-script")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(shop)
    page.get_by_role("button", name="Get tickets").click()
    expect(page.locator(".qr svg")).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="Tickets as PDF").click()
    assert found.value.suggested_filename == "tickets.pdf"
    context.close()


def test_paper_and_calendar_say_the_same_as_the_page(house):
    order = buy(house.open("taken-along")).headers["location"]
    page = house.until_shown(order)
    code = re.search(r'class="code">([^<]+)', page.text)[1]
    paper = httpx.get(f"{house.base}{order}/tickets.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert code in PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    entry = icalendar.Calendar.from_ical(httpx.get(f"{house.base}{order}/night.ics").content)
    assert entry.events[0]["dtstart"].dt.strftime("%H:%M") == f"{SOON:%H:%M}"
    for answer in (page, paper):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_a_wrong_link_and_one_to_no_order_get_the_same_answer(house):
    order = buy(house.open("hidden")).headers["location"]
    changed = order[:-1] + ("A" if order[-1] != "A" else "B")
    answers = [
        httpx.get(house.base + path + end)
        for path in (
            changed,
            house.order("hidden", "nobody"),
            house.order("never", "o1"),
            "/order/x",
        )
        for end in ("", "/tickets.pdf", "/night.ics", "?after=9")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({frozenset(set(each.headers) - {"date"}) for each in answers}) == 1


def test_a_refunded_ticket_has_no_code_any_more(house):
    async def sell_and_refund() -> None:
        async with Roadcase(house.site.grpc, house.token(*SCOPES)) as client:
            await client.sell("void", "o1", {"standard": 1}, "p", EUR12)
            request = ticketing_pb2.RefundTicketsRequest(
                occurrence="void", order="o1", reason="ill", refund_reference="r"
            )
            await client._call(client._ticketing.RefundTickets, request, None)

    house.open("void")
    run(sell_and_refund())
    for _ in range(100):
        shown = house.until_shown(house.order("void", "o1")).text
        if "Refunded" in shown:
            break
    assert "<svg" not in shown
    assert httpx.get(f"{house.base}{house.order('void', 'o1')}/tickets.pdf").status_code == 404


def test_a_form_sent_twice_sells_once_and_changed_it_says_so(house):
    shop = house.open("twice")
    sent = form(shop)
    first, second = (httpx.post(shop, data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    other = httpx.post(shop, data=sent | {"quantity": "3"})
    assert other.status_code == 409
    assert first.headers["location"] in other.text
    assert len(re.findall("<article", httpx.get(house.base + first.headers["location"]).text)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "1.5"},
        {"quantity": str(2**63)},
        {"quantity": "٣"},
        {"quantity": ""},
        {"type": "nothing"},
        {"type": "<b>"},
        {"price_standard": "0.01 EUR"},
        {"price_standard": "12.00"},
        {"price_standard": "12.000 EUR"},
    ],
    ids=str,
)
def test_what_the_form_never_offered_is_refused_and_said(refusing, changed):
    answer = buy(refusing, **changed)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "<b>" not in answer.text


def test_a_shop_that_is_sold_out_says_so(house):
    shop = house.open("small", seats=1)
    assert buy(shop).status_code == 303
    late = buy(shop)
    assert late.status_code == 409
    assert "not that many left" in late.text
    for _ in range(100):
        if "sold out" in (shown := httpx.get(shop).text):
            break
    assert "sold out" in shown
    assert "Get tickets" not in shown


def test_the_cart_of_another_order_or_night_is_no_cart(house):
    shop, other = house.open("cart-a"), house.open("cart-b")
    foreign = form(other)["cart"]
    made_up = house.links.token("order", Named("acme", "cart-a", "web_1"))
    for cart in (foreign, made_up, "", "web_1"):
        assert buy(shop, cart=cart).status_code == 404
    assert httpx.post(shop, content=b"\xff\xfe", headers={"content-type": "x"}).status_code == 404
    assert httpx.post(shop, content=b"a" * (2 << 20)).status_code == 413


def test_there_is_no_shop_where_nobody_said_so(tmp_path):
    with running(tmp_path / "data") as site:
        house = House(site)
        wrong = httpx.get(f"{house.base}/shop/{house.shop('x')}")
        assert wrong.status_code == 404
        assert wrong.text == httpx.get(f"{house.base}/order/x").text
        assert httpx.post(f"{house.base}/shop/{house.shop('x')}").status_code == 404
