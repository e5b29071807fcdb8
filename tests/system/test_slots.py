"""Timed entry on a running installation: made, listed, bought by hand, shown, and at the gate."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import grpc
import httpx
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from roadcase.api.v1 import ticketing_admission_pb2 as admission_pb
from roadcase.api.v1 import ticketing_pb2 as pb
from roadcase.api.v1 import ticketing_reserves_pb2 as reserves_pb
from roadcase.api.v1 import ticketing_slots_pb2 as slots_pb
from roadcase.api.v1.ticketing_admission_pb2_grpc import AdmissionStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_reserves_pb2_grpc import AllotmentsStub
from roadcase.api.v1.ticketing_slots_pb2_grpc import SlotsStub
from tests.system.test_gate import signature
from tests.system.test_guest_pages import House, house, run  # noqa: F401 - fixtures
from tests.system.test_page import browser, opens  # noqa: F401 - fixtures
from tests.system.wire import SELLS, Caller, euros, holding, opening

SATURDAY = date(2099, 6, 6)
TODAY = datetime.now(UTC).date()


def making(night: str, name: str, first_day: date, days: int = 1, **rule: object) -> object:
    rule = {"first": "10:00", "until": "11:00", "every": 20, "capacity": 8, **rule}
    return slots_pb.MakeSlotsRequest(
        occurrence=night,
        rule=slots_pb.SlotRule(
            first_day=str(first_day),
            last_day=str(first_day + timedelta(days=days - 1)),
            **rule,
        ),
        offer=pb.TicketType(id=name, name=name.title(), price=euros(1200), seller="s"),
    )


def lines(id_: str, quantity: int = 1) -> list[pb.Line]:
    return [pb.Line(ticket_type=id_, quantity=quantity)]


async def test_slots_are_made_listed_and_sold_and_stay_once_they_are_sold(house):  # noqa: F811
    site, night = house.site, "shoot"
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        sells = Caller(site, TicketingStub(channel))
        slots = Caller(site, SlotsStub(channel))
        await sells.ask("OpenBoxOffice", opening(night))
        pause = [slots_pb.SlotBreak(starts="10:20", ends="10:40")]
        rule = making(night, "portrait", SATURDAY, 3, breaks=pause, closed=["2099-06-07"], grace=5)
        await slots.ask("MakeSlots", rule)
        first, *_ = ids = [
            f"portrait-209906{day}T{time}" for day in ("06", "08") for time in ("1000", "1040")
        ]
        sale = pb.SellTicketsRequest(
            occurrence=night,
            order="o1",
            lines=lines(first, 3),
            payment_reference="paid",
            amount=euros(3600),
        )
        await sells.ask("SellTickets", sale)
        shown = await slots.until(
            lambda found: found.slots and found.slots[0].left == 5,
            "ListSlots",
            slots_pb.ListSlotsRequest(occurrence=night),
        )
        assert [each.ticket_type for each in shown.slots] == ids
        slot = shown.slots[0]
        assert (slot.starts_at, slot.ends_at) == ("2099-06-06T10:00", "2099-06-06T10:20")
        assert slot.starts.ToJsonString() == slot.valid_from.ToJsonString()
        assert slot.starts.ToJsonString() == "2099-06-06T08:00:00Z"
        assert slot.valid_until.ToJsonString() == "2099-06-06T08:25:00Z"
        assert shown.rules[0].rule == rule.rule
        assert shown.rules[0].number == 4
        bigger = making(night, "portrait", SATURDAY, capacity=9)
        assert "stay as they are" in await slots.refused("MakeSlots", bigger)
        headers = {"Authorization": f"Bearer {slots.token}"}
        async with httpx.AsyncClient(base_url=house.base, headers=headers) as http:
            found = (await http.get(f"/ticketing/occurrences/{night}/slots")).json()["item"]
        assert [each["left"] for each in found["slots"]] == [5, 8, 8, 8]


async def test_clocks_that_change_are_declared_over_the_wire(house):  # noqa: F811
    site, night = house.site, "clocks"
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        await Caller(site, TicketingStub(channel)).ask("OpenBoxOffice", opening(night))
        slots = Caller(site, SlotsStub(channel))
        hours = {"first": "01:40", "until": "03:20"}
        await slots.ask("MakeSlots", making(night, "spring", date(2027, 3, 28), **hours))
        await slots.ask("MakeSlots", making(night, "autumn", date(2027, 10, 31), **hours))
        autumn, spring = (
            await slots.until(
                lambda found: len(found.rules) == 2,
                "ListSlots",
                slots_pb.ListSlotsRequest(occurrence=night),
            )
        ).rules
        assert list(spring.missing) == [f"2027-03-28T02:{minute}" for minute in ("00", "20", "40")]
        assert list(autumn.twice) == [f"2027-10-31T02:{minute}" for minute in ("00", "20", "40")]
        assert (spring.number, autumn.number) == (2, 5)


async def test_a_gate_takes_each_ticket_in_its_own_time(house):  # noqa: F811
    """Signed or typed: one is over, one is not yet, and one may be early."""
    site, night = house.site, "timed"
    said: dict[str, list[str]] = {}
    rules = {"over": (-2, 0), "later": (3, 0), "early": (2, 5 * 24 * 60)}
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        gate = Caller(site, TicketingStub(channel), *SELLS, "scan")
        slots = Caller(site, SlotsStub(channel))
        gives = Caller(site, AllotmentsStub(channel), *SELLS, "give")
        await gate.ask("OpenBoxOffice", opening(night))  # a night that is not over for years
        for name, (day, early) in rules.items():
            first_day = TODAY + timedelta(days=day)
            await slots.ask("MakeSlots", making(night, name, first_day, early=early))
            gift = reserves_pb.GiveTicketsRequest(
                occurrence=night,
                order=name,
                lines=lines(f"{name}-{first_day:%Y%m%d}T1000", 2),
                giver="house",
                reason="friends",
            )
            given = await gives.ask("GiveTickets", gift)
            page = house.until_shown(house.order(night, name)).text
            assert "10:00 to 10:20" in page
            starts = datetime.combine(first_day, datetime.min.time(), UTC) + timedelta(hours=8)
            window = starts + timedelta(hours=2), starts - timedelta(minutes=early)
            signed = signature(site).sign(night, f"{name}-2", *window)
            for number, text in enumerate((given.tickets[0].code, signed)):
                scan = pb.CheckInRequest(
                    occurrence=night, gate="door", nonce=f"{name}{number}", shown=text
                )
                answer = await gate.ask("CheckIn", scan)
                said.setdefault(name, []).append(answer.reason or "in")
    assert said == {"over": ["expired"] * 2, "later": ["not_yet_valid"] * 2, "early": ["in"] * 2}


async def test_who_pays_at_the_door_has_the_window_of_their_slot(house):  # noqa: F811
    site, night = house.site, "paying"
    day = TODAY + timedelta(days=2)
    said = []
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        sells = Caller(site, TicketingStub(channel))
        slots = Caller(site, SlotsStub(channel))
        door = Caller(site, AdmissionStub(channel), *SELLS, "scan")
        await sells.ask("OpenBoxOffice", opening(night))
        for name, early in (("later", 0), ("early", 5 * 24 * 60)):
            await slots.ask("MakeSlots", making(night, name, day, early=early))
            await sells.ask("HoldTickets", holding(night, name, f"{name}-{day:%Y%m%d}T1000"))
            pay = admission_pb.PayAndEnterRequest(
                occurrence=night,
                gate="door",
                nonce=name,
                order=name,
                hold=name,
                payment_reference="card",
                amount=euros(1200),
            )
            (answer,) = (await door.ask("PayAndEnter", pay)).answers
            said.append(answer.reason or "in")
    assert said == ["not_yet_valid", "in"]


def test_a_guest_picks_a_time_by_hand_and_has_it_on_the_page_on_paper_and_in_the_calendar(
    house,  # noqa: F811
    opens,  # noqa: F811
    tmp_path,
):
    shop = house.open("tasting")
    night = "tasting"

    async def plan() -> None:
        async with grpc.aio.insecure_channel(house.site.grpc) as channel:
            slots = Caller(house.site, SlotsStub(channel))
            await slots.ask("MakeSlots", making(night, "tasting", SATURDAY, 2, capacity=1))
            await slots.until(
                lambda found: len(found.slots) == 6,
                "ListSlots",
                slots_pb.ListSlotsRequest(occurrence=night),
            )

    run(plan())
    page = opens(shop, width=390, height=844)
    days = page.locator("details.day")
    expect(days.locator("summary")).to_have_text(
        ["Saturday 6 June 2099 3 of 3 times free", "Sunday 7 June 2099 3 of 3 times free"]
    )
    expect(days.first.get_by_role("radio")).to_have_count(0)  # closed until it is wanted
    days.first.locator("summary").click()
    days.first.get_by_label("10:20 to 10:40").check()
    page.screenshot(path=tmp_path / "shop.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Get tickets").click()
    expect(page.locator("article .time")).to_contain_text("Saturday 6 June 2099")
    expect(page.locator("article .time")).to_contain_text("10:20 to 10:40")
    page.screenshot(path=tmp_path / "order.png", full_page=True)
    (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "order.png"))
    ticket = signature(house.site).verify(code.text)
    starts = datetime(2099, 6, 6, 10, 20, tzinfo=UTC)
    assert (ticket.valid_from, ticket.valid_until) == (starts, starts + timedelta(minutes=20))
    here = page.url.partition("?")[0]
    paper = PdfReader(BytesIO(httpx.get(f"{here}/tickets.pdf").content)).pages[0].extract_text()
    assert "Saturday 6 June 2099" in paper
    assert "10:20 to 10:40" in paper
    assert "20990606T1020" in httpx.get(f"{here}/night.ics").text
    page.goto(shop)
    expect(page.locator("summary").first).to_have_text("Saturday 6 June 2099 2 of 3 times free")
    page.locator("summary").first.click()
    expect(page.get_by_role("radio", name="10:20 to 10:40 sold out")).to_be_disabled()
