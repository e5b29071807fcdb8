"""Triggers on a running installation: declared in a file, fired where facts are found out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import grpc
import httpx
import pytest

from roadcase.api.v1 import planning_pb2 as planning
from roadcase.api.v1 import planning_triggers_pb2 as triggers
from roadcase.api.v1 import ticketing_box_offices_pb2 as offices
from roadcase.api.v1 import ticketing_orders_pb2 as orders
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.planning_triggers_pb2_grpc import TriggersStub
from roadcase.api.v1.ticketing_box_offices_pb2_grpc import BoxOfficesStub
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.client import Roadcase
from tests.system.site import Site, running
from tests.system.test_planning import Organiser, manifest
from tests.system.wire import SELLS, Caller, euros, holding, selling

FULL = """\
  triggers:
    - key: full
      on: sold_out
      do:
        - tellCrew: {text: We are full}
        - pauseChannel: {channel: web}
        - messageGuests: {subject: "See you at {night}", text: It is full.}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("triggers") / "data") as found:
        yield found


@pytest.fixture
async def organiser(site):
    found = Organiser(site)
    yield found
    await found.channel.close()


def night(name: str, section: str, **other: Any) -> bytes:
    return manifest(name, places=2, **other) + section.encode()


async def on_sale(site: Site, organiser: Organiser, name: str, section: str, **other: Any) -> None:
    """With triggers that ticketing watches for by then."""
    await organiser.declare(night(name, section, **other))
    topic = "ticketing.sale_triggers_set.v1"
    async with asyncio.timeout(20), Roadcase(site.grpc, site.token("log:watch")) as client:
        async for entry in client.watch("ticketing", topics=[topic]):
            if json.loads(entry.payload)["occurrence"] == name:
                break
    await organiser.advance(name, planning.OCCURRENCE_STATE_ON_SALE)


async def until(ask: Callable[[], Any], so: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(20):
        while True:
            if so(found := await ask()):
                return found
            await asyncio.sleep(0.05)


async def fired(organiser: Organiser, name: str) -> list[Any]:
    """What fired, once anything did."""
    stub = TriggersStub(organiser.channel)
    request = triggers.ListFiringsRequest(occurrence=name)
    found = await until(
        lambda: organiser.ask(stub.ListFirings, request), lambda each: bool(each.firings)
    )
    return list(found.firings)


async def office(organiser: Organiser, name: str, so: Callable[[Any], bool]) -> Any:
    stub = BoxOfficesStub(organiser.channel)
    request = offices.GetBoxOfficeRequest(occurrence=name)

    async def ask() -> Any:
        try:
            return await organiser.ask(stub.GetBoxOffice, request)
        except grpc.aio.AioRpcError:  # ticketing has not heard of it yet
            return None

    return await until(ask, lambda each: each is not None and so(each))


async def told(site: Site, service: str, topic: str, many: int) -> list[dict[str, Any]]:
    """The first events of a topic."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(20), Roadcase(site.grpc, site.token("log:watch")) as client:
        async for entry in client.watch(service, topics=[topic]):
            found.append(json.loads(entry.payload))
            if len(found) == many:
                break
    return found


async def test_a_plan_lists_them_and_the_last_ticket_has_everybody_do_their_part(site, organiser):
    made = await organiser.plan(night("full", FULL))
    (shown,) = made.triggers
    assert (shown.key, shown.when) == ("full", "on sold_out, found out by ticketing, once")
    assert [each.service for each in shown.does] == ["planning", "ticketing", "ticketing"]
    await on_sale(site, organiser, "full", FULL)
    await organiser.sold_in_time("full", "o1", 1200)
    await organiser.sell("full", "last", 1200)
    (firing,) = await fired(organiser, "full")
    assert (firing.service, firing.reason) == ("ticketing", "sold_out")
    assert [each.does for each in firing.actions] == ["tellCrew", "pauseChannel", "messageGuests"]
    async with httpx.AsyncClient(
        base_url=f"http://{site.http}", headers={"authorization": f"Bearer {organiser.token}"}
    ) as http:
        rows = (await http.get("/planning/occurrences/full/firings")).json()["items"]
    assert [(each["trigger"], each["about"]) for each in rows] == [("full", {"sold": 2})]
    (crew,) = await told(site, "planning", "planning.crew_told.v1", 1)
    assert (crew["occurrence"], crew["text"], crew["reason"]) == ("full", "We are full", "sold_out")
    (notice,) = await told(site, "ticketing", "ticketing.notice_given.v1", 1)
    assert notice["subject"] == "See you at {night}"
    paused = await office(organiser, "full", lambda each: bool(each.paused))
    assert list(paused.paused) == [offices.SALES_CHANNEL_WEB]
    with pytest.raises(grpc.aio.AioRpcError, match="over this sales channel"):
        await organiser.ask(organiser.ticketing.HoldTickets, holding("full", "h"))
    opening = offices.OpenChannelRequest(occurrence="full", channel=offices.SALES_CHANNEL_WEB)
    await organiser.ask(BoxOfficesStub(organiser.channel).OpenChannel, opening)
    await office(organiser, "full", lambda each: not each.paused)


async def test_who_signs_up_is_confirmed_by_itself(site, organiser):
    section = """\
  triggers:
    - {key: signup, on: order_placed, repeat: true, do: [{confirmSignup: {}}],
       if: {all: [{field: amount, is: 0.00 EUR}, {field: tickets, atMost: 1}]}}
"""
    await on_sale(site, organiser, "signup", section, price="0.00 EUR")
    await office(organiser, "signup", lambda each: bool(each.ticket_types))
    kind = tickets.TicketType(
        id="standard",
        name="Standard",
        price=euros(0),
        seller="acme",
        draws={"places": 1},
        approval=True,
    )
    change = tickets.ChangeBoxOfficeRequest(occurrence="signup", ticket_types=[kind])
    await organiser.ask(organiser.ticketing.ChangeBoxOffice, change)
    line = tickets.Line(ticket_type="standard", quantity=1)
    placing = orders.PlaceOrderRequest(occurrence="signup", order="o1", lines=[line])
    stub = OrdersStub(organiser.channel)
    async with asyncio.timeout(20):
        while True:
            try:
                assert (await organiser.ask(stub.PlaceOrder, placing)).approval
                break
            except grpc.aio.AioRpcError:  # the sale is not on yet
                await asyncio.sleep(0.05)
    await office(organiser, "signup", lambda each: each.ticket_types[0].sold == 1)


async def test_who_did_not_come_gives_their_place_back_when_a_trigger_says_so(site, organiser):
    began = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(minutes=30)
    text = manifest("no-shows", places=3, date=f"{began:%Y-%m-%d}").decode()
    hours = {"19:30": timedelta(minutes=-30), "20:00": timedelta(), "22:00": timedelta(hours=9)}
    for old, later in hours.items():
        text = text.replace(f'"{old}"', f"{began + later:%Y-%m-%dT%H:%M}")
    text += "  triggers: [{key: rain, on: interrupted, do: [{releaseNoShows: {}}]}]\n"
    await organiser.declare(text.encode())
    shop = Caller(site, TicketingStub(organiser.channel), *SELLS, "scan")
    came = await organiser.sold_in_time("no-shows", "o1", 1200)
    await organiser.sell("no-shows", "o2", 1200)
    scan = tickets.CheckInRequest(
        occurrence="no-shows", gate="door", nonce="n1", shown=came.tickets[0].code
    )
    assert (await shop.ask("CheckIn", scan)).result == tickets.SCAN_RESULT_ADMITTED
    request = planning.InterruptOccurrenceRequest(
        occurrence="no-shows", why=planning.INTERRUPTION_REASON_WEATHER
    )
    await organiser.ask(organiser.occurrences.InterruptOccurrence, request)
    found = await office(organiser, "no-shows", lambda each: each.ticket_types[0].sold == 1)
    assert found.pools[0].free == 2
    resuming = planning.ResumeOccurrenceRequest(occurrence="no-shows")
    await organiser.ask(organiser.occurrences.ResumeOccurrence, resuming)
    await organiser.sold_in_time("no-shows", "walk-in", 1200)
    await asyncio.sleep(2.5)  # longer than between two looks for who did not come
    again = await office(organiser, "no-shows", lambda each: True)
    assert again.ticket_types[0].sold == 2


async def test_doors_call_a_cue_and_the_cue_tells_the_crew(site, organiser):
    section = """\
  runOfShow: {cues: [{key: intro, title: Intro, minutes: 5}, {key: end, title: End}]}
  triggers:
    - {key: doors, on: step_taken, if: {field: step, is: doors}, do: [{cue: {cue: intro}}]}
    - {key: intro, on: cue_started, if: {field: cue, is: intro}, do: [{tellCrew: {text: Go}}]}
"""
    await organiser.declare(night("cued", section))
    await told(site, "planning", "planning.show_planned.v1", 1)
    await organiser.advance("cued", planning.OCCURRENCE_STATE_DOORS)
    (started,) = await told(site, "planning", "planning.cue_started.v1", 1)
    assert started["cue"] == "intro"
    stub = TriggersStub(organiser.channel)
    request = triggers.ListFiringsRequest(occurrence="cued")
    found = await until(
        lambda: organiser.ask(stub.ListFirings, request), lambda each: len(each.firings) == 2
    )
    reasons = [each.reason for each in found.firings]
    assert reasons == ["cue_started: cue is intro", "step_taken: step is doors"]


def test_what_cannot_be_done_is_parked_with_its_reason(site):
    """Nobody sells anything there, so nobody can be told."""
    text = """
apiVersion: roadcase/v1
kind: Event
metadata: {name: walk}
spec:
  title: Walk
  schedule: {zone: Europe/Berlin, date: 2027-06-18, start: "20:00", end: "22:00"}
  triggers:
    - key: hello
      at: 400w before start
      catchUp: true
      do: [{messageGuests: {subject: Hi, text: Hello}}]
"""

    async def declare() -> Any:
        organiser = Organiser(site)
        await organiser.declare(text.encode())
        (firing,) = await fired(organiser, "walk")
        await organiser.channel.close()
        return firing

    firing = asyncio.run(declare())
    assert (firing.service, firing.fact, firing.trigger) == ("planning", "time", "hello")

    async def parked() -> Any:
        return await until(lambda: asyncio.to_thread(site.cli, "parked", "list"), bool)

    (row,) = asyncio.run(parked())
    assert (row["reaction"], row["source"]) == ("act-on-triggers", "planning")
    assert "no_box_office" in row["reason"]


async def sell_out_and_kill(site: Site) -> None:
    """Killed right after the answer, so in most runs between the firing and what is done."""
    organiser = Organiser(site)
    await on_sale(site, organiser, "killed", FULL)
    await organiser.sold_in_time("killed", "o1", 1200)
    await organiser.ask(organiser.ticketing.SellTickets, selling("killed", "last"))
    site.process.kill()
    site.process.wait(10)
    await organiser.channel.close()


async def done_once(site: Site) -> None:
    organiser = Organiser(site)
    paused = await office(organiser, "killed", lambda each: bool(each.paused))
    assert list(paused.paused) == [offices.SALES_CHANNEL_WEB]
    (firing,) = await fired(organiser, "killed")
    assert firing.trigger == "full"
    await told(site, "planning", "planning.crew_told.v1", 1)
    await organiser.channel.close()


def test_killed_between_a_firing_and_what_is_done_it_is_done_once(tmp_path: Path):
    with running(tmp_path / "data") as site:
        asyncio.run(sell_out_and_kill(site))
    with running(tmp_path / "data") as site:
        asyncio.run(done_once(site))
        for service, topic in (
            ("ticketing", "ticketing.sale_trigger_fired.v1"),
            ("ticketing", "ticketing.channel_paused.v1"),
            ("ticketing", "ticketing.notice_given.v1"),
            ("planning", "planning.firing_heard.v1"),
            ("planning", "planning.crew_told.v1"),
        ):
            with pytest.raises(TimeoutError):
                asyncio.run(_two(site, service, topic))


async def _two(site: Site, service: str, topic: str) -> None:
    async with asyncio.timeout(1):
        await told(site, service, topic, 2)
