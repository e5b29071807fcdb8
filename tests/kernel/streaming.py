"""A shop's log, its relays and followers, and what a stranger finds on its stream."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from roadcase.embedded import Nats
from roadcase.errors import Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Entry, Meta, Record
from roadcase.stream.follow import Follower
from roadcase.stream.relay import Relay
from roadcase.stream.stream import Stream, connect
from tests.kernel.selling import ended

SMALL = 64 << 20  # bytes of a test's stream: NATS sets aside what it may grow to
AT = datetime(2026, 5, 1, 18, 30, 0, 123_456, tzinfo=UTC)


def stream_of(client: Client, log: EventLog, **options: Any) -> Stream:
    return Stream(client, log, **({"max_bytes": SMALL} | options))


@asynccontextmanager
async def task_of(part: Any) -> AsyncIterator[Any]:
    """`part.run()` as a task that ends as a killed process does."""
    task = asyncio.create_task(part.run())
    try:
        yield part
    finally:
        await ended(task)


@asynccontextmanager
async def relaying(client: Client, log: EventLog, **options: Any) -> AsyncIterator[Relay]:
    async with task_of(Relay(log, stream_of(client, log, **options), poll=0.02)) as relay:
        yield relay


@asynccontextmanager
async def connected_to(url: str) -> AsyncIterator[Client]:
    client = await connect(url)
    try:
        yield client
    finally:
        await client.close()


async def write(
    log: EventLog,
    count: int,
    *,
    topic: str = "shop.sold.v1",
    payload: bytes = b'{"a":1}',
    meta: bytes | None = None,
) -> list[Record]:
    """Append this many records to one stream, in one transaction."""
    async with log.writer() as writer:
        first = writer.head.position + 1
        entries = [
            Entry("t/shop/a", n, topic, payload, meta or _meta(n))
            for n in range(first, first + count)
        ]
        return await writer.append(entries, at=AT)


def _meta(position: int) -> bytes:
    return msgspec.json.encode(Meta(id=f"e{position}", at=AT, actor="ann", command="c"))


async def all_of(log: EventLog) -> list[Record]:
    records: list[Record] = []
    while more := await log.read(len(records), 10_000):
        records += more
    return records


async def messages_of(url: str, name: str = "EVT_shop") -> list[Msg]:
    """What is on a stream, read with nats-py alone, as any stranger would."""
    client = await nats.connect(url)
    try:
        stream = client.jetstream()
        config = ConsumerConfig(ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL)
        count = (await stream.stream_info(name)).state.messages
        reader = await stream.pull_subscribe("evt.>", stream=name, config=config)
        found: list[Msg] = []
        while len(found) < count:
            found += await reader.fetch(min(50, count - len(found)), timeout=5)
        return found
    finally:
        await client.close()


async def caught_up(stream: Stream, log: EventLog, seconds: float = 20) -> None:
    """Wait until the stream is as long as the log."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                if await stream.last() == (await log.head()).position:
                    return
            except Unavailable:
                pass
            await asyncio.sleep(0.01)


async def assert_copied(client: Client, log: EventLog, url: str, *, first: int = 1) -> None:
    """The stream holds the log from `first` on: same sequences, same bytes, nothing else."""
    stream = stream_of(client, log)
    await caught_up(stream, log)
    records = await all_of(log)
    messages = await messages_of(url)
    assert [each.metadata.sequence.stream for each in messages] == [
        each.position for each in records[first - 1 :]
    ]
    for message, record in zip(messages, records[first - 1 :], strict=True):
        headers = message.headers or {}
        assert message.data == record.payload
        assert headers["Roadcase-Meta"].encode() == record.meta
        assert bytes.fromhex(headers["Roadcase-Hash"]) == record.hash
        assert (headers["ce-subject"], headers["ce-type"]) == (record.stream, record.topic)
        assert int(headers["ce-streamversion"]) == record.version
    await stream.recognise(await log.head())


class Heard:
    """Everything that a follower yields, as it comes."""

    def __init__(self, follower: Follower, after: int = 0) -> None:
        self.records: list[Record] = []
        self._follower = follower
        self._after = after

    async def run(self) -> None:
        async with aclosing(self._follower.follow(self._after)) as batches:
            async for records in batches:
                self.records += records

    async def reached(self, position: int, seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while not self.records or self.records[-1].position < position:  # noqa: ASYNC110
                await asyncio.sleep(0.002)


async def cleared(url: str) -> None:
    """Delete all streams: NATS sets aside what each may grow to, for whoever comes next as well."""
    async with connected_to(url) as client:
        streams = client.jetstream()
        for info in await streams.streams_info():
            await streams.delete_stream(str(info.config.name))


async def wiped(server: Nats) -> None:
    """Kill NATS, delete all it has, and start it again."""
    server.kill()
    shutil.rmtree(server.data / "nats")
    await server.start()


def some(choices: Iterable[float]) -> float:
    return random.uniform(*choices)
