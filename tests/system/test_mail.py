"""The mail that confirms an order: from the shop to a real mail server, whoever is killed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import icalendar
import pytest
from aiosmtpd.controller import Controller
from pypdf import PdfReader

from roadcase.clock import now
from roadcase.errors import Unavailable
from roadcase.outbox import Sender, Smtp
from roadcase.outbox.events import MessageDoubted
from roadcase.outbox.messages import PATIENCE
from roadcase.run import open_site
from roadcase.settings import read
from roadcase.views import Views
from tests.system.site import running
from tests.system.test_guest_pages import House, buy

EMAIL = "ana.secret@example.org"


class Inbox:
    """A mail server that outlives the installation; `at` is called where it may be killed."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.at: Callable[[str], None] = lambda _: None
        self.refuses: str | None = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        self.at("rcpt")
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        assert envelope.rcpt_tos == [EMAIL]
        self.at("data")
        return "250 taken"

    def first(self) -> Any:
        wait_for(lambda: self.mails, "a mail")
        return self.mails[0]


def wait_for(found: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    until = monotonic() + seconds
    while monotonic() < until:
        if value := found():
            return value
        sleep(0.05)
    raise AssertionError(f"{what} never came")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def settings(inbox) -> Iterator[dict[str, str]]:
    port = free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield {
        "shop": "demo",
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "mail_from": "tickets@cinema.test",
        "public_url": "https://cinema.test",
    }
    server.stop()


@contextmanager
def house_at(data: Path, **settings: str) -> Iterator[House]:
    with running(data, **settings) as site:
        yield House(site)


def states(house: House) -> list[str]:
    return [row["state"] for row in house.site.cli("outbox", "list", "--all")]


def settled(house: House, state: str) -> dict[str, Any]:
    def look() -> Any:
        rows = house.site.cli("outbox", "list", "--all")
        return rows if rows and rows[0]["state"] == state else None

    return wait_for(look, state)[0]


def test_a_guest_gets_one_mail_with_link_paper_and_calendar(tmp_path, inbox, settings):
    title = "Nosferatu, 夜 &<b>"
    with house_at(tmp_path / "data", **settings) as house:
        answer = buy(house.open("night", title=title), email=EMAIL, quantity="2")
        order = answer.headers["location"]
        mail = inbox.first()
        settled(house, "sent")
        page = httpx.get(house.base + order).text
        assert EMAIL not in page
        told = httpx.get(
            f"{house.base}/ticketing/occurrences/night/orders",
            headers={"authorization": f"Bearer {house.token('ticketing:read')}"},
        )
        assert told.json()["items"][0]["tickets"] == 2
        records = [house.site.cli("log", "tail", "-n", "50")]
        exported = tmp_path / "log.jsonl"
        house.site.cli("log", "export", str(exported))
        assert "ana.secret" not in exported.read_text() + str(records)
        house.site.cli("projection", "rebuild", "outbox")
        house.site.cli("projection", "rebuild", "attendees")
        sleep(1.5)
    assert len(inbox.mails) == 1
    assert (mail["to"], mail["from"]) == (EMAIL, "tickets@cinema.test")
    assert mail["subject"] == f"Your tickets: {title}"
    assert f"https://cinema.test{order}" in mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "<b>" not in html
    assert not re.search(r"src=|<link|url\(", html), "a mail loads nothing"
    paper, entry = mail.iter_attachments()
    codes = re.findall(r'class="code">([^<]+)', page)
    text = PdfReader(BytesIO(paper.get_content())).pages[0].extract_text()
    assert len(codes) == 2
    assert all(code in text for code in codes)
    assert all(code in html for code in codes)
    raw = entry.get_content()
    event = icalendar.Calendar.from_ical(raw).events[0]
    assert event["url"] == f"https://cinema.test{order}"


def test_killed_after_the_server_took_it_it_is_not_sent_again(tmp_path, inbox, settings):
    data = tmp_path / "data"
    killed = threading.Event()
    with house_at(data, **settings) as house:
        pid = house.site.process.pid

        def kill(where: str) -> None:
            if where == "data":
                os.kill(pid, signal.SIGKILL)
                killed.set()

        inbox.at = kill
        buy(house.open("night"), email=EMAIL)
        assert killed.wait(20)
    inbox.at = lambda _: None
    with house_at(data, **settings) as house:
        assert states(house) == ["handed_over"]
        sleep(3)
        assert states(house) == ["handed_over"]
    assert len(inbox.mails) == 1
    asyncio.run(look_when_patience_is_over(data, settings["smtp_url"]))
    assert len(inbox.mails) == 1
    with house_at(data, **settings) as house:
        doubted = settled(house, "in_doubt")
        house.site.cli("outbox", "retry", "acme", doubted["message"], "--why", "never arrived")
        settled(house, "sent")
    first, again = inbox.mails
    assert first["message-id"] == again["message-id"]


async def look_when_patience_is_over(data: Path, url: str) -> None:
    """A sender of its own on the same installation, whose clock is late."""
    wanted = read({}, data=data, http_port=0, grpc_port=0, services=("ticketing",))
    async with open_site(wanted) as site:
        ticketing = site.services["ticketing"]
        views = Views(ticketing.url, "ticketing")
        sender = Sender(
            ticketing.dispatch,
            views,
            Smtp(url),
            sender="tickets@cinema.test",
            write={},
            open_=lambda _tenant, _sealed: asyncio.sleep(0),
            clock=lambda: now() + PATIENCE,
        )
        working = asyncio.create_task(sender.run())
        doubted: list[Any] = []
        while not doubted:
            await asyncio.sleep(0.1)
            with suppress(Unavailable):
                found = await ticketing.log.read(0, 100)
                doubted = [each for each in found if each.topic == MessageDoubted.topic]
        sender.stop()
        await working


def test_killed_before_the_server_got_it_it_is_sent_once(tmp_path, inbox, settings):
    data = tmp_path / "data"
    killed = threading.Event()
    with house_at(data, **settings) as house:
        pid = house.site.process.pid

        def kill(_where: str) -> None:
            os.kill(pid, signal.SIGKILL)
            killed.set()

        inbox.at = kill
        buy(house.open("night"), email=EMAIL)
        assert killed.wait(20)
    inbox.at = lambda _: None
    with house_at(data, **settings) as house:
        inbox.first()
        settled(house, "sent")
    assert len(inbox.mails) == 1


def test_what_cannot_be_sent_is_parked_until_a_person_lets_it_go(tmp_path, inbox, settings):
    inbox.refuses = "550 no such mailbox"
    with house_at(tmp_path / "data", **settings) as house:
        buy(house.open("night"), email=EMAIL)
        parked = settled(house, "parked")
        assert "550" in parked["reason"]
        assert "ana" not in str(parked)
        inbox.refuses = None
        wrong = house.site.cli("outbox", "retry", "acme", "msg_none", "--why", "x", code=3)
        assert wrong["error"] == "roadcase.no_message"
        house.site.cli("outbox", "retry", "acme", parked["message"], "--why", "mailbox is there")
        inbox.first()
        settled(house, "sent")
        again = house.site.cli("outbox", "retry", "acme", parked["message"], "--why", "x", code=1)
        assert again["error"] == "roadcase.message_not_parked"
    assert len(inbox.mails) == 1


def test_a_server_that_is_away_is_waited_for(tmp_path, inbox, settings):
    port = free_port()
    away = settings | {"smtp_url": f"smtp://127.0.0.1:{port}"}
    with house_at(tmp_path / "data", **away) as house:
        buy(house.open("night"), email=EMAIL)

        def tried() -> Any:
            rows = house.site.cli("outbox", "list")
            return rows and rows[0]["attempt"] and rows[0]["state"] == "waiting"

        wait_for(tried, "an attempt")
        server = Controller(inbox, hostname="127.0.0.1", port=port)
        server.start()
        inbox.first()
        settled(house, "sent")
        server.stop()
    assert len(inbox.mails) == 1


def test_who_was_forgotten_meanwhile_gets_no_mail(tmp_path, inbox, settings):
    port = free_port()
    away = settings | {"smtp_url": f"smtp://127.0.0.1:{port}"}
    data = tmp_path / "data"
    with house_at(data, **away) as house:
        buy(house.open("night"), email=EMAIL)
        settled(house, "waiting")
        house.site.cli("people", "erase", "acme", EMAIL)
    with house_at(data, **settings) as house:
        settled(house, "dropped")
    assert inbox.mails == []


def test_without_a_mail_server_nobody_is_asked_for_an_address(tmp_path):
    with house_at(tmp_path / "data", shop="demo") as house:
        shop = house.open("night")
        assert 'name="email"' not in httpx.get(shop).text
        assert house.site.cli("outbox", "list") == []


def test_an_address_that_is_none_is_said_and_nothing_is_sold(tmp_path, inbox, settings):
    with house_at(tmp_path / "data", **settings) as house:
        shop = house.open("night")
        for bad in ("ana", "a@b.org, c@d.org", "a@b.org\r\nBcc: c@d.org"):
            answer = buy(shop, email=bad)
            assert answer.status_code == 409
            assert "not an e-mail address" in answer.text
        assert states(house) == []
    assert inbox.mails == []


def test_mails_without_a_sender_or_an_address_of_ours_are_refused_at_the_start(tmp_path):
    with (
        pytest.raises(AssertionError, match=r"needs ROADCASE_MAIL_FROM and\s+ROADCASE_PUBLIC_URL"),
        running(tmp_path / "data", smtp_url="smtp://127.0.0.1:1"),
    ):
        pass
