"""What a manifest's notifications say reaches each audience, once, as mail; and is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import grpc
import pytest
from aiosmtpd.controller import Controller

from roadcase.api.v1 import people_pb2
from roadcase.api.v1 import planning_crew_pb2 as crew
from roadcase.api.v1 import planning_pb2 as planning
from roadcase.api.v1 import planning_suppliers_pb2 as suppliers
from roadcase.api.v1 import ticketing_waiting_pb2 as waiting
from roadcase.api.v1.planning_crew_pb2_grpc import CrewStub
from roadcase.api.v1.planning_suppliers_pb2_grpc import SuppliersStub
from roadcase.api.v1.ticketing_waiting_pb2_grpc import WaitingListStub
from roadcase.client.timetable import Timetable
from tests.system.site import Site, running
from tests.system.test_crew_mail import Inbox
from tests.system.test_mail import free_port
from tests.system.test_planning import SCOPES, Organiser, manifest
from tests.system.test_schedules import ago, states

PLACES = b"""  suppliers:
    - {key: bar, title: Dumpling bar}
    - {key: press, title: Riso press}
    - {key: tea, title: Tea}
  stalls:
    - {key: a1, supplier: bar}
    - {key: a2, supplier: bar}
    - {key: b1, supplier: press}
    - {key: c1, supplier: tea}
  staffing:
    - {key: door, role: Door, count: 1}
"""
NOTICES = """  notifications:
    - {{key: crew, to: crew, send: {now}, subject: Call, text: At six}}
    - {{key: queue, to: waiting, send: {now}, subject: "Places: {{night}}", text: Try the door}}
    - {{key: ramp, to: suppliers, send: {now}, subject: Where to unload, text: East ramp}}
"""
HOMES = ("planning", "ticketing")
ALL = {"crew": "DONE", "queue": "DONE", "ramp": "DONE"}


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def site(tmp_path, inbox):
    port = free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    settings = {
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "mail_from": "house@cinema.test",
        "public_url": "https://cinema.test",
    }
    with running(tmp_path / "data", **settings) as found:
        yield found
    server.stop()


class Host(Organiser):
    """Runs a night with stalls, a crew and a waiting list."""

    def __init__(self, site: Site) -> None:
        own = (f"planning:{each}" for each in (*SCOPES, "crew", "suppliers"))
        super().__init__(site, "acme", *own)
        self.crew = CrewStub(self.channel)
        self.suppliers = SuppliersStub(self.channel)
        self.waiting = WaitingListStub(self.channel)

    async def supplier(self, key: str, email: str = "") -> None:
        contact = people_pb2.Contact(email=email, name="Sue Secret") if email else None
        request = suppliers.AddSupplierRequest(supplier=key, title=key, contact=contact)
        await self.ask(self.suppliers.AddSupplier, request)
        vetted = suppliers.VetSupplierRequest(supplier=key)
        await self.ask(self.suppliers.VetSupplier, vetted)

    async def booked(self, night: str) -> int:
        request = suppliers.GetMarketRequest(occurrence=night)
        market = await self.ask(self.suppliers.GetMarket, request)
        return sum(bool(each.booked) for each in market.stalls)

    async def hired(self, night: str, person: str) -> None:
        request = crew.RegisterMemberRequest(person=person)
        request.contact.email = f"{person}@secret.test"
        await self.ask(self.crew.RegisterMember, request)
        about = {"occurrence": night, "position": "door-1", "person": person}
        invite = crew.InvitePersonRequest(**about)
        await until(lambda: self.ask(self.crew.InvitePerson, invite), bool)
        await self.ask(self.crew.AcceptPosition, crew.AcceptPositionRequest(**about))
        shown = crew.GetCrewRequest(occurrence=night)
        await until(
            lambda: self.ask(self.crew.GetCrew, shown),
            lambda found: found.positions[0].person == person,
        )

    async def waits(self, night: str, entry: str, email: str) -> None:
        request = waiting.JoinWaitingListRequest(
            occurrence=night, entry=entry, ticket_types=["standard"], quantity=1
        )
        request.contact.email = email
        await self.ask(self.waiting.JoinWaitingList, request)


async def until(ask: Callable[[], Any], so: Callable[[Any], bool]) -> Any:
    """What is answered, once it is so. What it needs may not be there yet."""
    async with asyncio.timeout(30):
        while True:
            with suppress(grpc.aio.AioRpcError):
                if so(found := await ask()):
                    return found
            await asyncio.sleep(0.1)


async def prepared(site: Site) -> Host:
    """Sold out, three wait, one works, four stalls are taken, by three who are two people."""
    host = Host(site)
    for key, email in (("bar", "sue@secret.test"), ("press", "Sue@secret.test"), ("tea", "")):
        await host.supplier(key, email)
    await host.declare(manifest("night", places="4") + PLACES)
    await host.advance("night", planning.OCCURRENCE_STATE_ON_SALE)
    await host.hired("night", "ana")
    await until(lambda: host.booked("night"), lambda found: found == 4)
    await host.sold_in_time("night", "o1", 4 * 1200, 4)
    return host


def told(inbox: Inbox) -> list[Any]:
    """Without those that ask somebody to work."""
    return [mail for mail in inbox.mails if not mail["subject"].startswith("Will you")]


def sent(inbox: Inbox, subject: str) -> list[str]:
    return sorted(mail["to"] for mail in inbox.mails if mail["subject"] == subject)


async def test_each_audience_is_told_once_and_who_cannot_be_is_named(site, inbox):
    host = await prepared(site)
    for entry, email in (("w1", "ann"), ("w2", "bob"), ("w3", "cid")):
        await host.waits("night", entry, f"{email}@secret.test")
    left = waiting.LeaveWaitingListRequest(occurrence="night", entry="w3")
    await host.ask(host.waiting.LeaveWaitingList, left)
    content = manifest("night", places="4") + PLACES + NOTICES.format(now=ago(minutes=2)).encode()
    await host.declare(content)
    async with Timetable(site.grpc, site.token("planning:read")) as timetable:
        await states(timetable, "night_notifications", **ALL)
        expected = {
            "crew": [("crew", 1, [])],
            "queue": [("waiting", 2, [])],
            "ramp": [("suppliers", 1, ["tea"])],
        }
        await until(lambda: reached(timetable), lambda found: found == expected)
    async with asyncio.timeout(30):
        while len(told(inbox)) < 4:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
    assert sent(inbox, "Places: Nosferatu") == ["ann@secret.test", "bob@secret.test"]
    assert sent(inbox, "Where to unload: Nosferatu") == ["sue@secret.test"]
    assert sent(inbox, "To the crew of Nosferatu") == ["ana@secret.test"]
    mail = next(each for each in inbox.mails if each["subject"].startswith("Places"))
    text = mail.get_body(("plain",)).get_content()
    assert "https://cinema.test/offer/" in text
    asked = ("--tenant", "acme", "--server", site.grpc)
    rows = site.cli("schedule", "firings", "night_notifications", *asked)["firings"]
    assert [each["told"] for each in rows] == [
        "1 crew",
        "2 waiting",
        "1 suppliers, not reached: tea",
    ]
    listed = site.cli("supplier", "list", *asked)["suppliers"]
    assert [each["reachable"] for each in listed] == [True, True, False]
    outbox = [site.cli("outbox", "list", "--all", "--service", name) for name in HOMES]
    assert [len(each) for each in outbox] == [3, 2]  # nobody is written to twice
    await host.channel.close()


async def reached(timetable: Timetable) -> dict[str, list[tuple[str, int, list[str]]]]:
    rows = (await timetable.schedule_firings("night_notifications")).firings
    return {
        each.job: [(one.audience, one.told, list(one.unreached)) for one in each.told]
        for each in rows
    }
