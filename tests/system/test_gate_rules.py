"""Gates that were told how to decide, over gRPC and HTTP, and their page, on an installation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import grpc
import httpx
import pytest
from playwright.sync_api import Page, expect

from roadcase.api.v1 import (
    people_pb2,
    ticketing_admission_pb2_grpc,
    ticketing_orders_pb2,
    ticketing_orders_pb2_grpc,
    ticketing_pb2,
)
from roadcase.api.v1 import ticketing_admission_pb2 as pb
from roadcase.client import Roadcase
from tests.system.site import Site, running
from tests.system.test_gate import EUR12, night, signature
from tests.system.test_guest_pages import House, run
from tests.system.test_page import browser, opens  # noqa: F401 - fixtures

PLANS = ("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read")
SCAN = "ticketing:scan"
PEOPLE = ("people:read", "people:erase")
Type = ticketing_pb2.TicketType


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with TemporaryDirectory() as folder, running(Path(folder) / "data", shop="demo") as found:
        yield found


class Doors:
    """The gates of one night over gRPC, by whoever has all their scopes."""

    def __init__(self, site: Site, occurrence: str, channel: grpc.aio.Channel) -> None:
        self._stub = ticketing_admission_pb2_grpc.AdmissionStub(channel)
        self._token = site.token(*PLANS, SCAN, *PEOPLE, "ticketing:refund")
        self._night = occurrence
        self._asked = 0

    async def ask(self, method: str, request: Any) -> Any:
        self._asked += 1
        request.occurrence = self._night
        metadata = [("authorization", f"Bearer {self._token}")]
        metadata.append(("idempotency-key", f"{self._night}/{self._asked}"))
        return await getattr(self._stub, method)(request, metadata=metadata)

    async def refused(self, method: str, request: Any) -> str:
        with pytest.raises(grpc.aio.AioRpcError) as found:
            await self.ask(method, request)
        return found.value.details()

    async def inside(self, many: int) -> pb.GetOccupancyResponse:
        async with asyncio.timeout(10):
            while True:
                found = await self.ask("GetOccupancy", pb.GetOccupancyRequest())
                if found.occupancy == many:
                    return found
                await asyncio.sleep(0.05)


async def opened(site: Site, name: str, **orders: dict[str, Any]) -> dict[str, str]:
    """A night with three types of tickets and these orders; the codes of their tickets."""
    request = night(name)
    request.ticket_types[0].MergeFrom(Type(per_person_max=0))
    about = {"price": EUR12, "seller": "s1", "draws": {"room": 1}}
    request.ticket_types.append(Type(id="vip", name="VIP", **about))
    request.ticket_types.append(Type(id="family", name="Family", admits=4, **about))
    codes = {}
    token = site.token(*PLANS, "people:read")
    async with Roadcase(site.grpc, token) as client:
        await client.open_box_office(request)
        for order, about in orders.items():
            kind, guest = about.get("kind", "standard"), about.get("guest")
            contact = people_pb2.Contact(name=guest, email=f"{order}@example.org")
            more = {"contact": contact} if guest else {}
            sold = await client.sell(name, order, {kind: 1}, "pay", EUR12, **more)
            codes[order] = sold.tickets[0].code
    headers = {"authorization": f"Bearer {token}"}
    async with asyncio.timeout(10), httpx.AsyncClient(base_url=f"http://{site.http}") as http:
        while True:
            found = await http.get(f"/ticketing/occurrences/{name}/attendees", headers=headers)
            if len(found.json().get("items", ())) == len(orders):
                return codes
            await asyncio.sleep(0.05)


async def test_a_plan_holds_at_every_gate(site):
    codes = await opened(site, "plan", o1={}, o2={"kind": "vip"}, o3={"kind": "family"})
    async with (
        grpc.aio.insecure_channel(site.grpc) as channel,
        Roadcase(site.grpc, site.token(SCAN)) as gate,
    ):
        doors = Doors(site, "plan", channel)
        thing = ticketing_pb2.ThingToHandOut(item="band", name="Wristband")
        vip = pb.EntryRule(ticket_type="vip", attention=True, text="Box 4", hand_out=[thing])
        gates = [pb.GateTakes(gate="north", ticket_types=["vip"]), pb.GateTakes(gate="south")]
        plan = pb.SetAdmissionRequest(occupancy_max=4, gates=gates, rules=[vip])
        await doors.ask("SetAdmission", plan)
        assert (await gate.check_in("plan", "north", codes["o1"])).reason == "product"
        assert (await gate.check_in("plan", "west", codes["o1"])).detail == "unknown_gate"
        unknown = signature(site).sign("plan", "o9-1", _later())
        assert (await gate.check_in("plan", "south", unknown)).detail == "unknown_type"
        vip_in = await gate.check_in("plan", "north", codes["o2"], nonce="v1")
        assert (vip_in.attention, vip_in.text, vip_in.hand_out[0].name) == (
            True,
            "Box 4",
            "Wristband",
        )
        assert await gate.check_in("plan", "north", codes["o2"], nonce="v1") == vip_in
        give = pb.HandOverRequest(ticket="o2-1", item="band", gate="north")
        await doors.ask("HandOver", give)
        assert "already" in await doors.refused("HandOver", give)
        await doors.ask("BlockTicket", pb.BlockTicketRequest(ticket="o1-1", why="stolen"))
        assert (await gate.check_in("plan", "south", codes["o1"])).reason == "blocked"
        await doors.ask("UnblockTicket", pb.UnblockTicketRequest(ticket="o1-1"))
        count = pb.CountGuestsRequest(gate="south", nonce="c1", guests=2)
        await doors.ask("CountGuests", count)
        both = [gate.check_in("plan", "south", codes[order]) for order in ("o1", "o3")]
        answers = await asyncio.gather(*both)
        assert sorted(each.reason for each in answers) == ["", "full"]
        found = await doors.inside(4)
        assert (found.counted, found.occupancy_max) == (2, 4)
        north = next(each for each in found.gates if each.gate == "north")
        assert (north.entered, north.refused) == (1, 1)
        count.nonce = "c2"
        assert "full" in await doors.refused("CountGuests", count)
        wrong = pb.SetAdmissionRequest(rules=[pb.EntryRule(ticket_type="nope")])
        assert "ticket type" in await doors.refused("SetAdmission", wrong)


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=9)


async def test_over_http_a_family_comes_in_parts_and_only_the_device_that_scanned_undoes(site):
    codes = await opened(site, "family", o1={"kind": "family"})
    headers = {"authorization": f"Bearer {site.token(SCAN)}"}
    base = f"http://{site.http}/ticketing/occurrences/family/"
    async with httpx.AsyncClient(base_url=base, headers=headers) as http:

        async def ask(what: str, key: str, **body: Any) -> httpx.Response:
            return await http.post(what, json=body, headers={"idempotency-key": key})

        async def scan(nonce: str, guests: int) -> dict[str, Any]:
            shown = {"gate": "door", "shown": codes["o1"], "device": "phone-1"}
            return (await ask("scans", nonce, nonce=nonce, guests=guests, **shown)).json()

        assert (await scan("n1", 3))["inside"] == 3
        assert (await scan("n2", 2))["reason"] == "already_in"
        assert (await scan("n3", 1))["inside"] == 4
        other = await ask("scans/n3/annul", "a1", device="phone-2")
        assert (other.status_code, other.json()["code"]) == (409, "ticketing.other_device")
        assert (await ask("scans/n3/annul", "a2", device="phone-1")).status_code == 200
        twice = await ask("scans/n3/annul", "a3", device="phone-1")
        assert twice.json()["code"] == "ticketing.annulled_already"
        again = await ask("scans", "k", gate="door", shown=codes["o1"], nonce="n3", device="x")
        assert (again.json()["result"], again.json()["reason"]) == ("refused", "annulled")
        assert (await scan("n4", 1))["inside"] == 4
        async with asyncio.timeout(10):
            while (stand := (await http.get("admission")).json())["occupancy"] != 4:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert (stand["occupancy"], stand["gates"]["door"]["entered"]) == (4, 4)
        plan = await ask("admission", "p", occupancy_max=1)
        assert (plan.status_code, plan.json()["facts"]) == (403, {"scope": "ticketing:plan"})
        search = await http.post("guests/search", json={"text": "ada"})
        assert search.json()["facts"] == {"scope": "people:read"}


async def test_guests_are_found_by_name_and_an_erased_one_is_gone_within_a_second(site):
    names = {"o1": "Zoë Ångström", "o2": "Zoltán Kodály", "o3": "Åsa Zoega"}
    await opened(site, "names", **{order: {"guest": name} for order, name in names.items()})
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        doors = Doors(site, "names", channel)

        async def found(text: str) -> list[str]:
            answer = await doors.ask("FindGuests", pb.FindGuestsRequest(text=text))
            return [each.name for each in answer.guests]

        for text, orders in {
            "zoe": ["o1", "o3"],
            "ANG": ["o1"],
            "angstrom zoe": ["o1"],
            "Kod": ["o2"],
            "zoe kodaly": [],
            "  z": [],
        }.items():
            assert await found(text) == [names[order] for order in orders], text
        assert "3 letters" in await doors.refused("FindGuests", pb.FindGuestsRequest(text="zo"))
        token = site.token(*PEOPLE)
        async with Roadcase(site.grpc, token) as client:
            await client.erase_person(people_pb2.ErasePersonRequest(email="o1@example.org"))
        erased = monotonic()
        assert await found("zoe") == [names["o3"]]
        assert monotonic() - erased < 1


async def test_a_whole_name_is_typed_like_a_code_and_one_of_several_is_ambiguous(site):
    await opened(
        site,
        "typed",
        o1={"guest": "Ada Lovelace"},
        o2={"guest": "Zoë Ångström"},
        o3={"guest": "Zoë Ångström"},
    )
    base = f"http://{site.http}/ticketing/occurrences/typed/"
    tokens = {"may": site.token(SCAN, "people:read"), "may not": site.token(SCAN)}
    async with httpx.AsyncClient(base_url=base) as http:

        async def typed(text: str, who: str = "may") -> str:
            headers = {"authorization": f"Bearer {tokens[who]}", "idempotency-key": text + who}
            nonce = (text + who).replace(" ", "-")
            body = {"gate": "door", "nonce": nonce, "shown": text}
            answer = (await http.post("scans", json=body, headers=headers)).json()
            return answer["reason"] or answer["result"]

        assert await typed("lovelace ada", "may not") == "invalid"
        assert await typed("lovelace") == "invalid"
        assert await typed("angstrom zoe") == "ambiguous"
        assert await typed("lovelace ada") == "admitted"


async def test_who_did_not_pay_pays_at_the_door_and_goes_in_or_neither(site):
    await opened(site, "door")
    async with (
        grpc.aio.insecure_channel(site.grpc) as channel,
        Roadcase(site.grpc, site.token(*PLANS, SCAN)) as client,
    ):
        doors = Doors(site, "door", channel)
        held = await client.hold("door", "h1", {"family": 1, "standard": 1})
        pay = pb.PayAndEnterRequest(
            gate="door", nonce="n1", order="o1", hold="h1", payment_reference="card"
        )
        pay.amount.CopyFrom(EUR12)
        assert "amount" in await doors.refused("PayAndEnter", pay)
        assert (await doors.ask("GetOccupancy", pb.GetOccupancyRequest())).occupancy == 0
        pay.amount.CopyFrom(held.total)
        first = await doors.ask("PayAndEnter", pay)
        assert [(each.ticket, each.inside, each.admits) for each in first.answers] == [
            ("o1-1", 1, 4),
            ("o1-2", 1, 1),
        ]
        assert await doors.ask("PayAndEnter", pay) == first, "what happened is not done again"
        await client.hold("door", "h2", {"standard": 1})
        await client.confirm("door", "o2", "h2", "card", EUR12)  # and then it was interrupted
        pay.MergeFrom(pb.PayAndEnterRequest(nonce="n2", order="o2", hold="h2"))
        pay.amount.CopyFrom(EUR12)
        (resumed,) = (await doors.ask("PayAndEnter", pay)).answers
        assert (resumed.ticket, resumed.reason) == ("o2-1", "")
        await doors.ask("SetAdmission", pb.SetAdmissionRequest(occupancy_max=3))
        async with asyncio.timeout(10):
            while (await doors.inside(3)).occupancy_max != 3:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        (again,) = (await doors.ask("PayAndEnter", pay)).answers
        assert again == resumed, "who has paid and is in is not turned away by a full house"
        await client.hold("door", "h3", {"standard": 1})
        pay.MergeFrom(pb.PayAndEnterRequest(nonce="n3", order="o3", hold="h3"))
        assert "full" in await doors.refused("PayAndEnter", pay)


async def test_an_order_that_was_placed_is_unpaid_until_it_is_paid_at_the_door(site):
    await opened(site, "placed")
    token = site.token(*PLANS, SCAN)
    async with (
        grpc.aio.insecure_channel(site.grpc) as channel,
        Roadcase(site.grpc, token) as client,
    ):
        orders = ticketing_orders_pb2_grpc.OrdersStub(channel)
        line = ticketing_pb2.Line(ticket_type="standard", quantity=1)
        place = ticketing_orders_pb2.PlaceOrderRequest(
            occurrence="placed", order="ord_1", lines=[line], subject="ada"
        )
        headers = [("authorization", f"Bearer {token}"), ("idempotency-key", "place")]
        await orders.PlaceOrder(place, metadata=headers)
        async with asyncio.timeout(10):
            while (await client.check_in("placed", "door", "ord_1")).reason != "unpaid":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        pay = pb.PayAndEnterRequest(
            gate="door", nonce="p1", order="ord_1", hold="ord_1", payment_reference="card"
        )
        pay.amount.CopyFrom(EUR12)
        (answer,) = (await Doors(site, "placed", channel).ask("PayAndEnter", pay)).answers
        assert (answer.ticket, answer.reason) == ("ord_1-1", "")


async def test_a_ticket_that_was_cancelled_is_revoked_and_its_guest_can_leave(site):
    codes = await opened(site, "void", o1={}, o2={})
    async with Roadcase(site.grpc, site.token(SCAN, "ticketing:refund")) as client:
        await client.check_in("void", "door", codes["o1"])
        for order in ("o1", "o2"):
            request = ticketing_pb2.CancelOrderRequest(
                occurrence="void", order=order, reason="rain"
            )
            await client._call(client._ticketing.CancelOrder, request, None)
        async with asyncio.timeout(10):
            while (await client.check_in("void", "door", codes["o2"])).reason != "revoked":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        left = await client.check_in("void", "door", codes["o1"], leaves=True)
        assert left.result == ticketing_pb2.SCAN_RESULT_EXITED


def test_the_gates_page_shows_every_answer_on_a_phone(site, opens, tmp_path):  # noqa: F811
    house = House(site)
    codes: dict[str, str] = {}

    async def prepared() -> None:
        codes.update(
            await opened(
                site,
                "phone",
                o1={"kind": "vip", "guest": "Zoë Ångström"},
                o2={"kind": "family"},
            )
        )
        async with grpc.aio.insecure_channel(site.grpc) as channel:
            doors = Doors(site, "phone", channel)
            thing = ticketing_pb2.ThingToHandOut(item="band", name="Wristband")
            vip = pb.EntryRule(ticket_type="vip", attention=True, text="Box 4", hand_out=[thing])
            gates = [pb.GateTakes(gate="door"), pb.GateTakes(gate="back", ticket_types=["vip"])]
            plan = pb.SetAdmissionRequest(occupancy_max=5, gates=gates, rules=[vip])
            await doors.ask("SetAdmission", plan)
            await doors.inside(0)

    run(prepared())
    link = f"#token={house.token(SCAN, 'people:read')}&occurrence=phone&gate=door"
    page = opens(f"{house.base}/gate{link}", width=360, height=740, device_scale_factor=2)
    answer, inside = page.locator("#answer"), page.locator("#house")

    def picture(name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    expect(inside).to_have_text("0 inside of 5: room for 5")
    page.get_by_text("Find by name").click()
    page.get_by_label("Name").fill("angstrom zoe")
    page.get_by_role("button", name="Find").click()
    picture("found")
    page.get_by_role("button", name="Let in Zoë Ångström, o1-1").click()
    expect(answer).to_contain_text("Come in")
    expect(page.locator("#note")).to_have_text("Box 4")
    picture("look")
    page.get_by_role("button", name="Give: Wristband").click()
    expect(page.get_by_role("button", name="Given: Wristband")).to_be_disabled()
    expect(inside).to_have_text("1 inside of 5: room for 4")
    page.get_by_role("button", name="Undo this scan").click()
    expect(answer).to_contain_text("Undone")
    expect(inside).to_have_text("0 inside of 5: room for 5")
    _fill_the_house(page, codes, picture)


def _fill_the_house(page: Page, codes: dict[str, str], picture: Callable[[str], None]) -> None:
    answer, inside = page.locator("#answer"), page.locator("#house")
    page.get_by_text("This gate").click()
    page.get_by_label("Guests with one scan").fill("4")
    page.get_by_label("Code").fill(codes["o2"])
    page.get_by_label("Code").press("Enter")
    expect(answer).to_contain_text("4 of 4 are in")
    picture("family")
    page.get_by_text("Count without tickets").click()
    page.get_by_role("button", name="One in").click()
    expect(inside).to_have_text("5 inside of 5: full")
    page.get_by_label("Code").fill(codes["o1"])
    page.get_by_label("Code").press("Enter")
    expect(answer).to_contain_text("The house is full")
    picture("full")
    page.get_by_label("Which gate").select_option("back")
    page.get_by_label("Code").fill(codes["o2"])
    page.get_by_label("Code").press("Enter")
    expect(answer).to_contain_text("does not take tickets of this type")
