"""What a NATS server sends is understood as nats-py does, however it is cut on its way."""

from __future__ import annotations

import random
from typing import Any

import pytest
from nats.errors import ProtocolError
from nats.protocol.parser import Parser

from roadcase.stream.parsing import StraightParser

HEADERS = b"NATS/1.0\r\nce-id: 1\r\n\r\n"
STRAIGHT = 7  # a subscription whose messages are taken as they come


class Client:
    """As far as a parser knows one: it notes what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.parser: Any = None

    async def _process_msg(self, *message: Any) -> None:
        sid, subject, reply, data, headers = message
        self.told.append((subject, reply, headers, data) if sid == STRAIGHT else message)

    async def _process_err(self, said: str) -> None:
        self.told.append(said)
        if "gone" in said:
            self.parser.reset()

    async def _process_ping(self) -> None:
        self.told.append("ping")

    async def _process_pong(self) -> None:
        self.told.append("pong")

    async def _process_info(self, said: Any) -> None:
        self.told.append(said)


def straight() -> tuple[Client, StraightParser]:
    client = Client()
    client.parser = StraightParser(client, {STRAIGHT: lambda *message: client.told.append(message)})
    return client, client.parser


def theirs() -> tuple[Client, Parser]:
    client = Client()
    client.parser = Parser(client)
    return client, client.parser


def message(sid: int, data: bytes, headers: bytes = b"", reply: bytes = b"") -> bytes:
    words = [b"HMSG" if headers else b"MSG", b"evt.a.b", b"%d" % sid, *([reply] if reply else [])]
    sizes = [b"%d" % len(headers)] if headers else []
    line = b" ".join([*words, *sizes, b"%d" % (len(headers) + len(data))])
    return line + b"\r\n" + headers + data + b"\r\n"


def anything(chance: random.Random) -> bytes:
    data = chance.choice([b"", b"x", b"\r\n", b"MSG a 7 1\r\n", b"PING\r\n" * 9, bytes(3000)])
    headers = chance.choice([b"", HEADERS, b"NATS/1.0 409 Batch Completed\r\n\r\n"])
    reply = chance.choice([b"", b"$JS.ACK.a.b.1.2.3.4.5"])
    lines = [b"PING\r\n", b"PONG\r\n", b"+OK\r\n", b"-ERR 'Slow'\r\n", b'INFO {"a": 1}\r\n']
    sid = chance.choice([STRAIGHT, 8])
    return chance.choice([message(sid, data, headers, reply), chance.choice(lines)])


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_comes_is_understood_as_nats_py_does_however_it_is_cut(seed):
    chance = random.Random(seed)
    sent = b"".join(anything(chance) for _ in range(60))
    expected, whole = theirs()
    await whole.parse(sent)
    client, parser = straight()
    at = 0
    while at < len(sent):
        to = at + chance.choice([1, 2, 7, 100, 5000])
        await parser.parse(sent[at:to])
        at = to
    assert client.told == expected.told


async def test_what_follows_a_connection_that_is_gone_is_not_heard():
    client, parser = straight()
    await parser.parse(b"-ERR 'gone'\r\nPING\r\n" + message(STRAIGHT, b"x", HEADERS, b"r")[:-3])
    await parser.parse(b"PONG\r\n")
    assert client.told == ["'gone'", "pong"]


@pytest.mark.parametrize(
    "line",
    [b"HMSG a x r 1 2\r\n", b"HMSG a 7 r x 12\r\nabcdefghijkl\r\n", b"MSG a 7 x\r\n", b"?\r\n"],
)
async def test_nonsense_ends_the_connection(line):
    _, parser = straight()
    with pytest.raises(ProtocolError):
        await parser.parse(line + bytes(20))
