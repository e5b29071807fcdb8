"""The stream of one service's log on JetStream: made, measured, and compared with the log."""

from __future__ import annotations

import json

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import (
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
    StreamState,
)
from nats.js.errors import APIError, NotFoundError

from roadcase.errors import LogBlocked, LogDiverged, LogRegressed, Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Head, Record
from roadcase.stream.client import connect
from roadcase.stream.messages import record_at, stream_name

__all__ = ["Rejected", "Stream", "acknowledged", "connect"]

RETAINED = 7 * 24 * 3600  # seconds; what is older comes from the log
MAX_BYTES, MIN_BYTES = 1 << 30, 8 << 20  # NATS sets aside what a stream may grow to
_ROOM = {"platform": 64 << 20}  # who needs less: some hundred thousand events are plenty there
REPUBLISHED = 1_000_000  # events of an old log that a new, empty stream starts with
_NO_SPACE = 10047  # https://github.com/nats-io/nats-server, server/errors.json


class Stream:
    """`EVT_<service>`: its sequences are the log's positions, and only the relay publishes to it.

    Raises Unavailable when NATS does not answer.
    """

    def __init__(
        self,
        client: Client,
        log: EventLog,
        *,
        max_bytes: int | None = None,
        republished: int = REPUBLISHED,
        timeout: float = 2.0,
    ) -> None:
        self.client = client
        self.name = stream_name(log.name)
        self.source = f"/{log.name}"
        self._log = log
        self._max_bytes = max_bytes or _ROOM.get(log.name, MAX_BYTES)
        self._republished = republished
        self._js = client.jetstream(timeout=timeout)
        self._known = False

    async def last(self) -> int:
        """The last sequence, making the stream when there is none."""
        return int((await self._state()).last_seq)

    async def first(self) -> int:
        """The first sequence that is still there; one past the last when there is none."""
        return int((await self._state()).first_seq)

    async def _state(self) -> StreamState:
        try:
            try:
                info = await self._js.stream_info(self.name)
            except NotFoundError:
                info = await self._make()
        except (NatsError, OSError, TimeoutError) as error:
            why = str(error) or repr(error)
            raise Unavailable(f"the stream {self.name} does not answer: {why}") from error
        return info.state

    async def record(self, position: int) -> Record | None:
        """The record at one sequence; None when the stream has it no more."""
        try:
            raw = await self._js.get_msg(self.name, position, direct=True)
        except NotFoundError:
            return None
        except (NatsError, OSError, TimeoutError) as error:
            why = str(error) or repr(error)
            raise Unavailable(f"the stream {self.name} does not answer: {why}") from error
        return record_at(position, raw.headers or {}, raw.data or b"")

    async def next_after(self, position: int, subject: str) -> Record | None:
        """The first record past a position whose subject matches; None when there is none."""
        await self._state()  # made, if it is not there
        try:
            raw = await self._js.get_msg(
                self.name, position + 1, subject=subject, direct=True, next=True
            )
        except NotFoundError:
            return None
        except (NatsError, OSError, TimeoutError) as error:
            why = str(error) or repr(error)
            raise Unavailable(f"the stream {self.name} does not answer: {why}") from error
        return record_at(raw.seq or 0, raw.headers or {}, raw.data or b"")

    async def recognise(self, head: Head) -> None:
        """Check that the stream is a copy of this log, up to wherever it has come.

        Raises LogRegressed when the stream is ahead, LogDiverged when its last message is not the
        log's record at that position, and Unavailable when NATS is away and this stream was never
        recognised before: lost later, NATS does not stop anyone from selling.
        """
        try:
            last = await self.last()
            copied = await self.record(last) if last else None
        except LogBlocked:
            raise
        except Unavailable:
            if not self._known:
                raise
            return
        if last > head.position:  # or another relay was quick since the head was read
            head = await self._log.head()
        if last > head.position:
            raise LogRegressed(
                f"the stream {self.name} has {last} events, the log only {head.position}: was the "
                "database restored from an older copy? Run `roadcase log heal`.",
                stream=last,
                log=head.position,
            )
        if copied and not await self._log.holds(last, copied.hash):
            raise LogDiverged(
                f"the stream {self.name} and the log differ at position {last}. "
                "Run `roadcase log heal`: it says from where on, and what you may do.",
                position=last,
            )
        self._known = True

    async def _make(self) -> StreamInfo:
        """As large as NATS has room for: what does not fit any more comes from the log."""
        head = await self._log.head()
        first = max(1, head.position - self._republished + 1)
        config = StreamConfig(
            name=self.name,
            subjects=[f"evt.{self._log.name}.>"],
            storage=StorageType.FILE,
            retention=RetentionPolicy.LIMITS,
            discard=DiscardPolicy.OLD,
            max_age=RETAINED,
            max_bytes=self._max_bytes,
            duplicate_window=1,
            deny_delete=True,
            deny_purge=True,
            allow_direct=True,
            allow_atomic=True,
            first_seq=first if first > 1 else None,
        )
        while True:
            try:
                return await self._js.add_stream(config)
            except APIError as error:
                config.max_bytes = (config.max_bytes or 0) // 2
                if error.err_code != _NO_SPACE or config.max_bytes < MIN_BYTES:
                    raise


def acknowledged(reply: bytes) -> int:
    """The sequence a publish was given. Raises Rejected when the stream did not take it."""
    answer = json.loads(reply)
    if error := answer.get("error"):
        raise Rejected(f"{error.get('err_code')}: {error.get('description')}")
    return int(answer["seq"])


class Rejected(Exception):
    """The stream refused a message: most often because another relay was faster."""
