"""What is sold, over the wire: levels, fees, presales, hidden types, and changes while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import httpx
import pytest

from roadcase.api.v1 import ticketing_pb2 as pb
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from tests.system.site import Site, running
from tests.system.wire import SELLS, Caller, euros, holding, kind, opening

NIGHT = "supper"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("offers") / "data", shop="demo") as found:
        yield found


STANDARD = kind(
    "standard",
    1200,
    levels=[pb.PriceLevel(id="early", price=euros(800), quantity=2)],
    fee=pb.Fee(fixed=euros(50)),
)
STAFF = kind("staff", 100, unlocked_by=["crew-7"])
FRIENDS = kind("friends", 900, presales=[pb.Presale(members=True)])
FRIENDS.sale_from.FromJsonString("2099-01-01T00:00:00Z")
GIFT = kind("gift", 2000, lowest_price=euros(500))


AVAILABLE = pb.GetAvailabilityRequest(occurrence=NIGHT)


async def test_what_is_shown_is_charged_and_what_is_hidden_is_not_there(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        caller = Caller(site, TicketingStub(channel))
        await caller.ask("OpenBoxOffice", opening(NIGHT, STANDARD, STAFF, FRIENDS, GIFT))
        found = await caller.until(lambda each: len(each.types) > 2, "GetAvailability", AVAILABLE)
        shown = {each.id: each for each in found.types}
        assert set(shown) == {"standard", "friends", "gift"}
        assert (shown["standard"].price, shown["standard"].fee) == (euros(800), euros(50))
        assert shown["gift"].lowest_price == euros(500)
        held = await caller.ask("HoldTickets", holding(NIGHT, "h1", "standard", 3))
        assert [(line.quantity, line.price.minor, line.fee.minor) for line in held.lines] == [
            (2, 800, 50),
            (1, 1200, 50),
        ]
        assert held.total == euros(2 * 850 + 1250)
        await caller.until(
            lambda each: each.types[2].price == euros(1200), "GetAvailability", AVAILABLE
        )
        request = pb.ConfirmOrderRequest(
            occurrence=NIGHT, order="o1", hold="h1", payment_reference="paid", amount=held.total
        )
        order = await caller.ask("ConfirmOrder", request)
        assert [each.fee.minor for each in order.tickets] == [50, 50, 50]
        nothing = await caller.refused("HoldTickets", holding(NIGHT, "h2", "stuff"))
        assert await caller.refused("HoldTickets", holding(NIGHT, "h2", "staff")) == nothing
        assert "crew" not in str(
            await caller.ask("HoldTickets", holding(NIGHT, "h3", "staff", codes=["Crew-7"]))
        )


async def test_who_is_a_member_only_some_callers_may_say(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        anybody, club = (
            Caller(site, TicketingStub(channel)),
            Caller(site, TicketingStub(channel), *SELLS, "members"),
        )
        assert "not on sale yet" in await anybody.refused(
            "HoldTickets", holding(NIGHT, "m1", "friends")
        )
        claimed = holding(NIGHT, "m1", "friends", member=True)
        assert "ticketing:members" in await anybody.refused("HoldTickets", claimed)
        assert (await club.ask("HoldTickets", claimed)).total == euros(900)


async def test_a_box_office_is_changed_while_it_sells(site):
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        caller = Caller(site, TicketingStub(channel))
        request = pb.ChangeBoxOfficeRequest(
            occurrence=NIGHT, name="Late supper", pools={"room": 11}, per_order_max=2
        )
        await caller.ask("ChangeBoxOffice", request)
        await caller.until(lambda each: each.pools[0].capacity == 11, "GetAvailability", AVAILABLE)
        assert "One order" in await caller.refused(
            "HoldTickets", holding(NIGHT, "c1", "standard", 3)
        )
        other = Caller(site, TicketingStub(channel), "read", "sell")
        assert "ticketing:plan" in await other.refused("ChangeBoxOffice", request)


async def test_codes_are_shown_to_who_plans_and_to_nobody_else(site):
    url = f"http://{site.http}/ticketing/occurrences/{NIGHT}/availability"

    def types(*scopes: str) -> dict[str, Any]:
        token = site.token(*scopes)
        answer = httpx.get(url, headers={"authorization": f"Bearer {token}"})
        return answer.json()["item"]["types"]

    assert types("ticketing:read", "ticketing:plan")["staff"]["unlocked_by"] == ["CREW-7"]
    assert "staff" not in types("ticketing:read")


def test_a_guest_sees_fees_and_levels_and_pays_what_they_can(site):
    url = f"http://{site.http}/ticketing/occurrences/{NIGHT}/links"
    may = {"authorization": f"Bearer {site.token('ticketing:read')}"}
    path = httpx.get(url, headers=may).json()["shop"]
    with httpx.Client(base_url=f"http://{site.http}") as shop:
        page = shop.get(path).text
        assert "12.50 EUR" in page
        assert "with 0.50 EUR fee" in page
        assert "from 5.00 EUR" in page
        assert "staff" not in page.lower()
        cart = page.partition('name="cart" value="')[2].partition('"')[0]
        typed = {"cart": cart, "type": "gift", "quantity": "2", "price_gift": "20.00 EUR"}
        low = shop.post(path, data={**typed, "pay_gift": "4"})
        assert (low.status_code, "less than the lowest price" in low.text) == (409, True)
        done = shop.post(path, data={**typed, "pay_gift": "7,50"})
        assert done.status_code == 303
        assert "7.50 EUR" in shop.get(done.headers["location"]).text
