"""The mail that asks somebody to work: from the command to a real mail server."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller

from roadcase.api.v1 import planning_crew_pb2 as crew
from roadcase.api.v1 import planning_pb2 as planning
from tests.system.site import running
from tests.system.test_crew import Boss
from tests.system.test_mail import free_port


class Inbox:
    """A mail server."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


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
        "mail_from": "crew@cinema.test",
        "public_url": "https://cinema.test",
    }
    with running(tmp_path / "data", **settings) as found:
        yield found
    server.stop()


async def until(inbox: Inbox, count: int) -> None:
    async with asyncio.timeout(20):
        while len(inbox.mails) < count:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def test_who_is_asked_is_written_to_and_again_when_they_are_asked_again(site, inbox):
    boss = Boss(site)
    await boss.hire("ana")
    await boss.needs("mailed")
    link = await boss.invite("mailed", "door-1", "ana")
    await until(inbox, 1)
    (mail,) = inbox.mails
    assert (mail["to"], mail["subject"]) == ("ana@secret.test", "Will you be there? Nosferatu")
    text = mail.get_body(("plain",)).get_content()
    assert f"Say yes or no: https://cinema.test{link}" in text.splitlines()
    assert "Friday 18 June 2027, 19:30 to 22:00 (Europe/Berlin)" in text
    async with httpx.AsyncClient(base_url=f"http://{site.http}") as browser:
        assert "Will you be there?" in (await browser.get(link)).text
    declined = crew.DeclineInvitationRequest(occurrence="mailed", position="door-1", person="ana")
    await boss.ask(boss.crew.DeclineInvitation, declined)
    await boss.invite("mailed", "door-1", "ana")
    await until(inbox, 2)
    await boss.invite("mailed", "door-1", "ana")  # they were asked already
    rows = site.cli("outbox", "list", "--all", "--service", "planning")
    assert len(rows) == 2
    await boss.channel.close()


async def test_a_trigger_tells_those_of_the_crew_who_have_a_position(site, inbox):
    section = b"""\
  triggers:
    - key: go
      on: step_taken
      if: {field: step, is: announced}
      do: [{tellCrew: {text: It is public now., roles: [door]}}]
"""
    boss = Boss(site)
    for person in ("ana", "bob"):
        await boss.hire(person)
    await boss.needs("told", section)
    for person in ("ana", "bob"):
        await boss.invite("told", "door-1", person)
    await until(inbox, 2)
    await boss.accept("told", "door-1", "ana")
    async with asyncio.timeout(20):
        while (await boss.positions("told"))["door-1"].person != "ana":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await boss.advance("told", planning.OCCURRENCE_STATE_ANNOUNCED)
    await until(inbox, 3)
    mail = inbox.mails[-1]
    assert (mail["to"], mail["subject"]) == ("ana@secret.test", "To the crew of Nosferatu")
    assert "It is public now." in mail.get_body(("plain",)).get_content()
    rows = site.cli("outbox", "list", "--all", "--service", "planning")
    assert len(rows) == 3
    await boss.channel.close()
