"""A guest without script waits in a shop, gets a mail, and takes what is offered or refuses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import grpc
import httpx
import pytest

from roadcase.api.v1 import ticketing_pb2
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.test_guest_pages import House, form, run
from tests.system.test_mail import EMAIL, Inbox, house_at, inbox, settings, wait_for  # noqa: F401
from tests.system.wire import SELLS, Caller

NIGHT = "full"
OTHER = "bob@example.org"


class Many(Inbox):
    """A mail server that takes mails for anybody."""

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append((envelope.rcpt_tos[0], envelope.content.decode()))
        return "250 taken"


@pytest.fixture
def inbox() -> Many:  # noqa: F811
    return Many()


@pytest.fixture
def house(tmp_path, settings) -> Iterator[House]:  # noqa: F811
    with house_at(tmp_path / "data", **settings) as found:
        yield found


def cancel(house: House, order: str) -> None:
    async def work() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            shop = Caller(house.site, TicketingStub(channel), *SELLS, "refund")
            void = ticketing_pb2.CancelOrderRequest(occurrence=NIGHT, order=order, reason="ill")
            await shop.ask("CancelOrder", void)

    run(work())


def wait(shop: str, email: str, **changed: str) -> httpx.Response:
    wish = {"wait": "yes", "wait_standard": "yes", "email": email}
    return httpx.post(shop, data=form(shop) | wish | changed)


def told(house: House, place: str, text: str) -> str:
    return wait_for(lambda: (page := httpx.get(place).text) and text in page and page, text)


def offered(inbox: Many) -> list[str]:
    """Who got a mail with an offer, in that order."""
    return [to for to, text in inbox.mails if "your turn" in text]


def test_who_waits_is_told_by_mail_and_takes_it_or_lets_the_next_have_it(house, inbox):
    shop = house.open(NIGHT, seats=1)
    assert 'id="wait"' not in httpx.get(shop).text
    sold = httpx.post(shop, data=form(shop) | {"email": ""}).headers["location"]
    wait_for(lambda: 'id="wait"' in httpx.get(shop).text, "the form of the waiting list")
    assert wait(shop, "").status_code == 409
    assert wait(shop, EMAIL, quantity="0").status_code == 409
    assert wait(shop, EMAIL, quantity="2").status_code == 409, "there is one in all"
    places = []
    for email in (EMAIL, OTHER):
        joined = wait(shop, email)
        assert joined.status_code == 303, joined.text
        places.append(house.base + joined.headers["location"])
        assert "You wait for" in httpx.get(places[-1]).text
    again = wait(shop, EMAIL.upper())
    assert (again.status_code, "You wait for this ticket already" in again.text) == (409, True)
    order = house.links.read("order", sold.removeprefix("/order/")).order
    cancel(house, order)
    page = told(house, places[0], "For you")
    assert "You wait for" in httpx.get(places[1]).text
    assert "sold out" in httpx.get(shop).text, "nobody else sees the seat"
    wait_for(lambda: offered(inbox) == [EMAIL], "an offer")
    link = places[0].replace(house.base, "https://cinema.test")
    assert link in inbox.mails[-1][1].replace("=\r\n", "")

    total = re.search(r'name="total" value="([^"]*)"', page).group(1)
    wrong = httpx.post(places[0], data={"answer": "accept", "total": "1.00 EUR"})
    assert (wrong.status_code, "price has changed" in wrong.text) == (409, True)
    assert httpx.post(places[0], data={"answer": "maybe"}).status_code == 404
    assert httpx.post(places[0], data={"answer": "refuse"}).status_code == 303
    assert "This offer is over" in httpx.get(places[0]).text
    late = httpx.post(places[0], data={"answer": "accept", "total": total})
    assert (late.status_code, "This offer is over" in late.text) == (409, True)

    told(house, places[1], "For you")
    wait_for(lambda: offered(inbox) == [EMAIL, OTHER], "the next offer")
    for _ in range(2):  # asked twice, bought once
        bought = httpx.post(places[1], data={"answer": "accept", "total": total})
        assert bought.status_code == 303
    assert httpx.get(house.base + bought.headers["location"]).text.count('class="code"') == 1
    assert "You have bought" in told(house, places[1], "You have bought")
    wait_for(lambda: [to for to, text in inbox.mails if "Your tickets" in text], "a confirmation")
    assert offered(inbox) == [EMAIL, OTHER]


def test_a_link_of_another_kind_is_no_offer(house):
    shop = house.open(NIGHT)
    token = shop.rpartition("/")[2]
    assert httpx.get(f"{house.base}/offer/{token}").status_code == 404
    nobody = house.links.offer("acme", NIGHT, "nobody")
    assert httpx.get(house.base + nobody).status_code == 404
    refused = httpx.post(house.base + nobody, data={"answer": "refuse"})
    assert refused.status_code == 404
