"""`EventLog.Watch`: a tenant's entries of a log, those that are there and then those that come."""

from __future__ import annotations

import asyncio
import base64
import binascii
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import blake2b, sha512
from struct import Struct
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import event_log_pb2
from roadcase.doors import Stopping, read_position
from roadcase.errors import Invalid, NotFound
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record, meta_of
from roadcase.rpc.call import Call, rpc

WATCH = "log:watch"
OPERATE = "ops:log"
PAGE = 256  # entries read at once, and the most that a slow reader keeps in memory
AGAIN = 1.0  # seconds after which the log is read even if the feed said nothing
MAX_FILTER = 100

_sealed = Struct(">Q8s8s8s8s")  # position, salt, and digests of service, tenant and filter
_UNSALTED = bytes(8)


class CursorUnreadable(Invalid):
    """This is not a cursor of ours: send one as you got it, or none."""

    code = "roadcase.cursor_unreadable"


class CursorOfAnotherService(Invalid):
    """This cursor was given for another service."""

    code = "roadcase.cursor_of_another_service"


class CursorOfAnotherTenant(Invalid):
    """This cursor was given to another tenant."""

    code = "roadcase.cursor_of_another_tenant"


class CursorOfAnotherFilter(Invalid):
    """This cursor was given under another filter: send the filter it came with."""

    code = "roadcase.cursor_of_another_filter"


class CursorAhead(Invalid):
    """The log ends before this cursor: it may have been restored from an older copy."""

    code = "roadcase.cursor_ahead"


class Feed(Protocol):
    """Wakes whoever waits for a log to grow."""

    async def wait(self, position: int) -> None:
        """Return once the log is known to have grown past this position; at once if it has.

        May be late or silent, never wrong for long: watchers read the log every second anyway.
        """


class Grown:
    """A Feed that is told: by `dispatcher.on_commit`, by whoever follows the stream, or both."""

    def __init__(self) -> None:
        self._position = 0
        self._grown = asyncio.Event()

    def offer(self, records: Sequence[Record]) -> None:
        """These records are in the log."""
        if records and records[-1].position > self._position:
            self._position = records[-1].position
            self._grown.set()
            self._grown = asyncio.Event()

    async def wait(self, position: int) -> None:
        while self._position <= position:
            await self._grown.wait()


class Filter(NamedTuple):
    """Whose entries, and which. An empty set lets all through."""

    service: str
    tenant: str
    categories: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    streams: frozenset[str] = frozenset()

    def passes(self, record: Record) -> bool:
        tenant, category, _ = record.stream.split("/", 2)
        return (
            tenant == self.tenant
            and (not self.categories or category in self.categories)
            and (not self.topics or record.topic in self.topics)
            and (not self.streams or record.stream in self.streams)
        )

    def digest(self) -> bytes:
        lists = (self.categories, self.topics, self.streams)
        return _digest("\n".join("\0".join(sorted(each)) for each in lists))


class Cursors:
    """Seals positions so that they tell nothing: neither where in the log, nor how far apart.

    AES-SIV (RFC 5297) gives the same cursor for the same entry and filter, which is what lets a
    client compare them. A position that is no entry of the tenant's is salted: two of those are
    never alike, so that nobody learns whether others wrote in between.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:  # noqa: PLR2004
            raise ValueError("the secret of cursors needs at least 16 bytes")
        self._cipher = AESSIV(sha512(b"roadcase cursors\0" + secret).digest())

    def seal(self, position: int, whose: Filter, salt: bytes = _UNSALTED) -> str:
        tags = _digest(whose.service), _digest(whose.tenant), whose.digest()
        sealed = self._cipher.encrypt(_sealed.pack(position, salt, *tags), None)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, cursor: str, whose: Filter) -> int:
        """The position behind a cursor. Raises the Cursor errors above."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            plain = self._cipher.decrypt(raw, None)
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise CursorUnreadable from error
        position, _, service, tenant, filtered = _sealed.unpack(plain)
        if tenant != _digest(whose.tenant):
            raise CursorOfAnotherTenant
        if service != _digest(whose.service):
            raise CursorOfAnotherService
        if filtered != whose.digest():
            raise CursorOfAnotherFilter
        return int(position)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


class _Pages:
    """Reads a log page by page; those who want the same page at the same time share one read."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._reading: dict[int, asyncio.Task[list[Record]]] = {}

    async def after(self, position: int) -> list[Record]:
        task = self._reading.get(position)
        if task is None:
            task = asyncio.create_task(self._log.read(position, PAGE))
            self._reading[position] = task
            task.add_done_callback(lambda done: self._read(position, done))
        return await asyncio.shield(task)

    def _read(self, position: int, done: asyncio.Task[list[Record]]) -> None:
        del self._reading[position]
        if not done.cancelled():
            done.exception()  # looked at, even when everyone who waited has gone


class EventLogRpc:
    """Implements `roadcase.api.v1.EventLog` for the services whose logs and feeds it is given."""

    service: ServiceDescriptor = event_log_pb2.DESCRIPTOR.services_by_name["EventLog"]

    def __init__(
        self, logs: Mapping[str, EventLog], feeds: Mapping[str, Feed], *, secret: bytes
    ) -> None:
        self._logs = logs
        self._feeds = feeds
        self._pages = {name: _Pages(log) for name, log in logs.items()}
        self._cursors = Cursors(secret)

    @rpc(WATCH)
    async def Watch(  # noqa: N802
        self, request: event_log_pb2.WatchRequest, call: Call
    ) -> AsyncIterator[event_log_pb2.LogEntry]:
        """Pulled by the reader, page by page: a slow one holds one page and nobody else."""
        if request.plain_cursors:
            call.identity.require(OPERATE)
        whose = _filter(request, call.identity.tenant)
        position, previous = await self._begin(request, whose)
        await call.tell(watch_began_after=previous)
        while True:
            records = await self._pages[whose.service].after(position)
            for record in records:
                position = record.position
                if whose.passes(record):
                    _still(call)
                    cursor = self._cursor(position, whose, plain=request.plain_cursors)
                    yield _entry(record, cursor, previous)
                    previous = cursor
            _still(call)
            if len(records) < PAGE:
                await self._wait(whose.service, position, call)

    async def _begin(self, request: event_log_pb2.WatchRequest, whose: Filter) -> tuple[int, str]:
        """The position after which to begin, and its cursor."""
        log = self._logs.get(whose.service)
        if log is None:
            raise NotFound(f"there is no log of {whose.service!r} here")
        plain = request.plain_cursors
        if not request.cursor:
            if request.start != event_log_pb2.WATCH_START_NOW:
                return 0, ""
            position = (await log.head()).position
            return position, self._cursor(position, whose, plain=plain, salt=secrets.token_bytes(8))
        if plain:
            service, position = read_position(request.cursor) or (None, 0)
            if service is None:
                raise CursorUnreadable
            if service != whose.service:
                raise CursorOfAnotherService
        else:
            position = self._cursors.open(request.cursor, whose)
        if position > (await log.head()).position:
            raise CursorAhead
        return position, request.cursor

    def _cursor(self, position: int, whose: Filter, *, plain: bool, salt: bytes = _UNSALTED) -> str:
        if plain:
            return f"{whose.service}:{position}"
        return self._cursors.seal(position, whose, salt)

    async def _wait(self, service: str, position: int, call: Call) -> None:
        """Wait until the log has grown, the server stops, or it is time to look again."""
        grown = asyncio.ensure_future(self._feeds[service].wait(position))
        stopping = asyncio.ensure_future(call.stopping.wait())
        try:
            await asyncio.wait(
                (grown, stopping), timeout=AGAIN, return_when=asyncio.FIRST_COMPLETED
            )
            if grown.done():
                grown.result()
        finally:
            grown.cancel()
            stopping.cancel()
        _still(call)


def _still(call: Call) -> None:
    """Whether to go on: until the token ends, or the server does."""
    call.check()
    if call.stopping.is_set():
        raise Stopping("this process is stopping; watch again from your last cursor")


def _filter(request: event_log_pb2.WatchRequest, tenant: str) -> Filter:
    for name in ("categories", "topics", "streams"):
        if len(getattr(request, name)) > MAX_FILTER:
            raise Invalid(f"{name} may hold {MAX_FILTER}", field=name)
    return Filter(
        request.service,
        tenant,
        frozenset(request.categories),
        frozenset(request.topics),
        frozenset(request.streams),
    )


def _entry(record: Record, cursor: str, previous: str) -> event_log_pb2.LogEntry:
    """What a tenant may see of a record: no position, no hash of keys or requests."""
    meta = meta_of(record)
    at = Timestamp()
    at.FromDatetime(meta.at)
    return event_log_pb2.LogEntry(
        log_entry_id=meta.id,
        cursor=cursor,
        previous_cursor=previous,
        topic=record.topic,
        stream=record.stream,
        version=record.version,
        recorded_at=at,
        payload=record.payload,
        meta=event_log_pb2.LogEntryMeta(
            actor=meta.actor,
            command_id=meta.command,
            correlation_id=meta.correlation or "",
            causation_id=meta.causation or "",
            traceparent=meta.traceparent or "",
        ),
    )
