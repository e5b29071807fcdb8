"""Writes to logs in tests, and checks them without the code that the logs themselves use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Entry, Key, Record, Timer, Tracking

AT = datetime(2026, 5, 1, 18, 30, 0, 123_456, tzinfo=UTC)

MakeLog = Callable[[], EventLog]


def entry(stream: str, version: int = 1, payload: bytes = b"{}", meta: bytes = b"{}") -> Entry:
    return Entry(stream, version, "test.happened.v1", payload, meta)


def entries(stream: str, count: int) -> list[Entry]:
    return [entry(stream, version) for version in range(1, count + 1)]


async def put(
    log: EventLog,
    *new: Entry,
    at: datetime = AT,
    keys: Iterable[Key] = (),
    timers: Iterable[Timer] = (),
    tracking: Tracking | None = None,
    then: type[BaseException] | None = None,
) -> list[Record]:
    """Append in a block of its own, which ends by raising `then`."""
    async with log.writer() as writer:
        records = await writer.append(new, at=at, keys=keys, timers=timers, tracking=tracking)
        if then:
            raise then
    return records


async def used(log: EventLog, *keys: bytes) -> Mapping[bytes, Key]:
    async with log.writer() as writer:
        locked = await writer.used(keys)
    assert locked == await log.used(keys)
    return locked


def hashes(records: list[Record]) -> list[bytes]:
    """The chain computed from its description alone, without the code that the log uses."""
    previous, chain = bytes(32), []
    for record in records:
        digest = sha256(previous)
        for field in record[:6]:
            if isinstance(field, int):
                raw = field.to_bytes(8, "big")
            else:
                raw = field.encode("utf-8") if isinstance(field, str) else field
            digest.update(len(raw).to_bytes(4, "big"))
            digest.update(raw)
        previous = digest.digest()
        chain.append(previous)
    return chain


async def check(log: EventLog, count: int) -> list[Record]:
    """The log holds exactly `count` records, dense, chained, and its head is the last one."""
    records = await log.read(0, count + 10)
    assert [record.position for record in records] == list(range(1, count + 1))
    assert [record.hash for record in records] == hashes(records)
    head = await log.head()
    assert (head.position, head.hash) == (count, records[-1].hash if records else bytes(32))
    return records
