"""Messages to people: the rules of their life, their bytes, and what mail servers do to them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st

from roadcase.errors import Invalid
from roadcase.outbox import MESSAGES, Attached, DropMessage, Mail, QueueMessage, RetryMessage
from roadcase.outbox.events import (
    MessageDoubted,
    MessageDropped,
    MessageFailed,
    MessageHandedOver,
    MessageQueued,
    MessageRetried,
    MessageSent,
)
from roadcase.outbox.mail import address_of, encoded, message_id
from roadcase.outbox.messages import (
    GIVE_UP,
    PATIENCE,
    HandOver,
    MessageNotParked,
    NoMessage,
    RecordDoubt,
    RecordFailed,
    RecordSent,
)
from roadcase.outbox.smtp import MaybeSent, NotSent, Smtp
from roadcase.testing.spec import Spec

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
message = Spec(MESSAGES)
QUEUE = QueueMessage(message="m1", kind="k", about={"order": "o1"}, recipient=b"sealed")
QUEUED = MessageQueued(**QUEUE.model_dump(), queued_at=NOON)
HANDED = MessageHandedOver(message="m1", attempt=1, until=NOON + PATIENCE)
SENT = MessageSent(message="m1", attempt=1, answer="250 OK")
DOUBTED = MessageDoubted(message="m1", attempt=1, reason="gone")
PARKED = MessageFailed(message="m1", attempt=1, reason="550")
RETRIED = MessageRetried(message="m1", why="looked", at=NOON + HOUR)


def failing(attempt: int = 1, **more) -> RecordFailed:
    return RecordFailed(message="m1", attempt=attempt, reason="421", **more)


def test_a_message_is_queued_once():
    message.given().when(QUEUE, at=NOON).then(QUEUED)
    message.given(QUEUED).when(QUEUE, at=NOON).then()


def test_each_attempt_is_handed_over_once_whoever_asks():
    asked = HandOver(message="m1", attempt=1)
    message.given(QUEUED).when(asked, at=NOON).then(HANDED)
    message.given(QUEUED, HANDED).when(asked, at=NOON).then()
    message.given(QUEUED, HANDED).when(HandOver(message="m1", attempt=2), at=NOON).then()
    message.given(QUEUED, HANDED, SENT).when(HandOver(message="m1", attempt=2), at=NOON).then()
    message.given(QUEUED).when(HandOver(message="m1", attempt=2), at=NOON).then()
    message.given().when(asked, at=NOON).then()


def test_what_a_server_refused_for_now_is_tried_again_with_growing_pauses_and_then_parked():
    history, at, pauses = [QUEUED], NOON, []
    for attempt in range(1, 100):
        (event,) = MESSAGES.decide(MESSAGES.fold(history), failing(attempt), at)
        history.append(event)
        if event.again_at is None:
            break
        pauses.append(event.again_at - at)
        at = event.again_at
    assert pauses == sorted(pauses)
    assert (pauses[0].total_seconds(), pauses[-1]) == (1, HOUR)
    assert GIVE_UP - 2 * HOUR < at - NOON <= GIVE_UP


def test_what_a_server_refused_for_good_is_parked_at_once():
    parked = MessageFailed(message="m1", attempt=1, reason="421")
    message.given(QUEUED, HANDED).when(failing(final=True), at=NOON).then(parked)


def test_a_message_in_doubt_is_never_sent_by_itself():
    for asked in (HandOver(message="m1", attempt=2), failing(), failing(2)):
        message.given(QUEUED, HANDED, DOUBTED).when(asked, at=NOON + HOUR).then()


def test_only_what_was_handed_over_can_be_in_doubt_and_a_late_answer_settles_it():
    doubting = RecordDoubt(message="m1", attempt=1, reason="gone")
    message.given(QUEUED).when(doubting, at=NOON).then()
    message.given(QUEUED, HANDED).when(doubting, at=NOON).then(DOUBTED)
    message.given(QUEUED, HANDED, SENT).when(doubting, at=NOON).then()
    answered = RecordSent(message="m1", attempt=1, answer="250 OK")
    message.given(QUEUED, HANDED, DOUBTED).when(answered, at=NOON).then(SENT)
    message.given(QUEUED, HANDED, DOUBTED, RETRIED).when(answered, at=NOON).then()


def test_a_person_decides_on_what_is_parked_or_in_doubt_and_on_nothing_else():
    retrying = RetryMessage(message="m1", why="looked")
    dropping = DropMessage(message="m1", why="looked")
    dropped = MessageDropped(message="m1", why="looked")
    for last in (PARKED, DOUBTED):
        history = [QUEUED, HANDED, last]
        message.given(*history).when(retrying, at=NOON + HOUR).then(RETRIED)
        message.given(*history).when(dropping, at=NOON).then(dropped)
        again = MessageHandedOver(message="m1", attempt=2, until=NOON + HOUR + PATIENCE)
        asked = HandOver(message="m1", attempt=2)
        message.given(*history, RETRIED).when(asked, at=NOON + HOUR).then(again)
    message.given(QUEUED).when(dropping, at=NOON).then(dropped)
    message.given(QUEUED).when(retrying, at=NOON).then_refused(MessageNotParked)
    message.given(QUEUED, HANDED).when(dropping, at=NOON).then_refused(MessageNotParked)
    message.given(QUEUED, HANDED, SENT).when(retrying, at=NOON).then_refused(MessageNotParked)
    message.given().when(retrying, at=NOON).then_refused(NoMessage)


MAIL = Mail("Your tickets: Nosferatu", "text", "<p>html</p>", (Attached("a.pdf", "a/b", b"\0x"),))


def bytes_of(mail: Mail, recipient: str = "ana@example.org") -> bytes:
    return encoded(mail, sender="t@x.test", recipient=recipient, name="acme/m1", at=NOON)


def read(raw: bytes):
    return message_from_bytes(raw, policy=policy.default)


def test_the_same_message_has_the_same_id_and_date_each_time():
    first, second = (read(bytes_of(MAIL)) for _ in range(2))
    assert first["message-id"] == second["message-id"] == message_id("acme/m1", "t@x.test")
    assert first["date"] == second["date"]
    assert message_id("acme/m2", "t@x.test") != first["message-id"]
    assert [part.get_filename() for part in first.iter_attachments()] == ["a.pdf"]


@given(st.text(max_size=300))
def test_no_subject_writes_a_header(subject):
    raw = bytes_of(MAIL._replace(subject=f"x{subject}\r\nBcc: eve@example.org\n\nbody"))
    mail = read(raw)
    assert mail["bcc"] is None
    assert set(mail.keys()) == set(read(bytes_of(MAIL)).keys())
    assert mail.get_body(("plain",)).get_content().split() == ["text"]
    assert all(len(line) < 998 and line.isascii() for line in raw.split(b"\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "@x.org",
        "ana@",
        "ana@x.org, eve@x.org",
        "ana@x.org eve@x.org",
        "Ana <ana@x.org>",
        "ana@x.org\r\nBcc: eve@x.org",
        "ana@x.org\nRCPT TO:<eve@x.org>",
        "ana@x\u2028.org",
        "ana@@x.org",
        "a" * 250 + "@x.org",
        "ana@" + "x" * 64 + ".org",
        "<ana@x.org>",
        "añá@x.org",
        "ana@x..org",
    ],
)
def test_what_is_not_one_address_is_none(text):
    with pytest.raises(Invalid) as refused:
        address_of(text)
    assert refused.value.facts["field"] == "email"


@given(st.text(max_size=80))
def test_any_text_is_one_address_or_none(text):
    try:
        found = address_of(text)
    except Invalid:
        return
    assert found.isascii()
    assert not any(char.isspace() for char in found)
    assert read(bytes_of(MAIL, found))["to"].addresses[0].addr_spec == found


def test_an_address_in_another_script_has_its_domain_as_the_network_knows_it():
    assert address_of(" ana@bücher.example ") == "ana@xn--bcher-kva.example"


class Inbox:
    """A mail server's handler that keeps what it takes, and answers as it is told."""

    def __init__(self, **answers: str) -> None:
        self.took: list = []
        self.answers = answers

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if "rcpt" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        if self.answers.get("data") == "cut":
            server.transport.abort()
            return "250 never heard"
        if "data" not in self.answers:
            self.took.append(envelope)
        return self.answers.get("data", "250 taken")


@contextmanager
def mail_server(inbox: Inbox) -> Iterator[str]:
    controller = Controller(inbox, hostname="127.0.0.1", port=0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        controller.port = free.getsockname()[1]
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


async def hand(url: str, *, claimed: bool = True) -> tuple[str | None, list[str]]:
    asked: list[str] = []

    async def claim() -> bool:
        asked.append("asked")
        return claimed

    return await Smtp(url).send("t@x.test", "ana@example.org", bytes_of(MAIL), claim), asked


async def test_a_server_takes_a_message_over_and_says_so():
    inbox = Inbox()
    with mail_server(inbox) as url:
        assert await hand(url) == ("250 taken", ["asked"])
    assert inbox.took[0].rcpt_tos == ["ana@example.org"]


async def test_a_message_that_is_somebody_elses_is_not_sent():
    inbox = Inbox()
    with mail_server(inbox) as url:
        assert await hand(url, claimed=False) == (None, ["asked"])
    assert inbox.took == []


@pytest.mark.parametrize(
    ("answers", "final"),
    [
        ({"rcpt": "550 nobody"}, True),
        ({"rcpt": "450 later"}, False),
        ({"data": "554 spam"}, True),
        ({"data": "451 later"}, False),
    ],
    ids=str,
)
async def test_a_refusal_says_whether_to_come_again(answers, final):
    with mail_server(Inbox(**answers)) as url, pytest.raises(NotSent) as refused:
        await hand(url)
    assert (refused.value.final, refused.value.away) == (final, False)
    assert "ana" not in str(refused.value)


async def test_an_answer_that_never_came_is_a_doubt():
    with mail_server(Inbox(data="cut")) as url, pytest.raises(MaybeSent):
        await hand(url)


async def test_a_server_that_is_away_is_nobodys_fault():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotSent) as refused:
        await hand(f"smtp://127.0.0.1:{port}")
    assert (refused.value.final, refused.value.away) == (False, True)


async def test_a_password_is_not_sent_in_the_clear_to_another_machine():
    assert Smtp("smtp://u:p@mail.example.org")._client()._start_tls_on_connect is True
    assert Smtp("smtp://u:p@127.0.0.1")._client()._start_tls_on_connect is None
    await asyncio.sleep(0)


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://x", "smtp://", "smtp://x:99999"])
def test_a_url_that_is_none_is_refused_and_not_repeated(url):
    with pytest.raises(Invalid, match="ROADCASE_SMTP_URL"):
        Smtp(url)
