"""Follows a service's events from a position: the stream where it has them, the log before that.

Our own pull loop over a throw-away consumer: no acknowledgements, no state on the server. The
position is the caller's, kept in the transaction of what it did with the events. Since positions
are dense, a gap cannot go unseen; after any fault the consumer is made anew from the next position.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from collections.abc import Set as AbstractSet
from contextlib import aclosing, suppress
from typing import Any, Protocol

from nats.aio.client import Client
from nats.errors import Error as NatsError

from roadcase.clock import monotonic
from roadcase.errors import LogBlocked, LogDiverged, Unavailable
from roadcase.event_store.chain import first_bad
from roadcase.event_store.records import GENESIS, Head, Record
from roadcase.said import Said
from roadcase.stream.client import straight
from roadcase.stream.messages import record_of, status_of, stream_name

_HEARTBEAT = 0.25  # seconds; two missed ones mean that the consumer is gone
_PULL, _PULL_BYTES = 500, 8 << 20  # per request; NATS cuts off who is sent too much at once
_PULLS = 2  # requests that are open at any time
# How a request ends; https://github.com/nats-io/nats-architecture-and-design, ADR-13.
_ENDS = ("404", "408", "409 Batch Completed", "409 Message Size Exceeds MaxBytes")
_PAGE = 5000  # records per read of the log
_PAUSE, _STANDS = 0.05, 1.0  # seconds before it starts again
_MOMENT = 1.0  # seconds; a fault that lasts longer is worth telling
_NS = 1_000_000_000
_log = logging.getLogger(__name__)


class _Interrupted(Exception):
    """The consumer is gone, or its server: make a new one."""


class Backfill(Protocol):
    """Where a follower reads what the stream holds no more: a log of ours, or its owner's."""

    async def head(self) -> Head: ...

    async def read(self, after: int, limit: int) -> list[Record]:
        """Records from `after + 1` on, at most `limit`. Raises Unavailable: it is away."""


class Follower:
    """Yields the events of one service in batches, in order, each exactly once per `follow`.

    `log` is where it reads what the stream no longer holds; without it, it waits for that. Over
    the seam the chain of hashes must hold. `fault` says what it waits for.
    """

    def __init__(self, client: Client, service: str, log: Backfill | None = None) -> None:
        self.service = service
        self.restarts = 0
        self.fault: str | None = None
        self._said = Said(_log)
        self._since = 0.0  # when that fault began
        self._client = client
        self._name = stream_name(service)
        self._log = log

    @property
    def waits(self) -> str | None:
        """Its fault, once it has lasted for more than a moment."""
        return self.fault if monotonic() - self._since > _MOMENT else None

    async def follow(
        self,
        after: int,
        topics: AbstractSet[str] | None = None,  # noqa: ARG002 - for who can pass over the others
        passed: Callable[[int], None] | None = None,  # noqa: ARG002
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of records from `after + 1` on, for ever. Waits out servers that are away.

        A batch in which nothing is of one of these `topics` may be passed over: instead of it, its
        last position is told to `passed`.
        """
        last: Record | None = None
        while True:
            try:
                async with aclosing(self._once(after, last)) as batches:
                    async for records in batches:
                        yield records
                        last = records[-1]
                        after = last.position
            except (_Interrupted, Unavailable, NatsError, OSError, TimeoutError) as error:
                self.restarts += 1
                self._since = self._since if self.fault else monotonic()
                self.fault = str(error)
                self._said.because(f"a follower of {self.service} starts again", error)
                await asyncio.sleep(_STANDS if isinstance(error, LogBlocked) else _PAUSE)

    async def _once(self, after: int, last: Record | None) -> AsyncGenerator[list[Record], None]:
        """Follow until something breaks. `last` is what was yielded before, if anything was."""
        async for records in self._from_log(after, last):
            yield records
            last = records[-1]
            after = last.position
        inbox, letters = self._client.new_inbox(), _Letters()
        async with straight(self._client, inbox, letters.take):
            consumer = await self._consumer(after)
            try:
                async with aclosing(self._pulled(consumer, inbox, letters)) as batches:
                    async for batch in batches:
                        _check(after, batch)
                        if last:  # once: from here on NATS keeps the order of what is there
                            self._check_chain(last, batch[:1])
                            last = None
                        self.fault = None
                        yield batch
                        after = batch[-1].position
            finally:
                if self._client.is_connected:
                    await _quietly(self._request(f"CONSUMER.DELETE.{self._name}.{consumer}", {}))

    async def _pulled(
        self, consumer: str, inbox: str, letters: _Letters
    ) -> AsyncGenerator[list[Record], None]:
        pulls = 0
        while True:
            while pulls < _PULLS:
                await self._pull(consumer, inbox)
                pulls += 1
            batch, ended = await letters.read()
            pulls -= ended
            if batch:
                yield batch
            else:
                self.fault = None  # it says that there is nothing new

    async def head(self) -> int:
        """The last position there is, as far as one can tell without making a stream."""
        if self._log is not None:
            with suppress(Unavailable):  # the stream may know
                return (await self._log.head()).position
        info = await self._request(f"STREAM.INFO.{self._name}", {})
        return int(info["state"]["last_seq"])

    async def record(self, position: int) -> Record | None:
        """One record from the log, where the follower may read it."""
        if self._log is None or position < 1:
            return None
        return next(iter(await self._log.read(position - 1, 1)), None)

    async def _from_log(
        self, after: int, before: Record | None
    ) -> AsyncGenerator[list[Record], None]:
        """What the stream does not hold any more."""
        info = await self._request(f"STREAM.INFO.{self._name}", {})
        first, last = int(info["state"]["first_seq"]), int(info["state"]["last_seq"])
        if last < after:
            raise Unavailable(f"{self._name} is being filled again and ends at {last}")
        while after + 1 < first:
            if self._log is None:
                raise Unavailable(f"{self._name} begins at {first}, wanted is {after + 1}")
            if before is None:
                before = await self.record(after)
            records = await self._log.read(after, min(_PAGE, first - 1 - after))
            if not records:
                raise Unavailable(f"the log of {self.service} ends before {first}")
            _check(after, records)
            self._check_chain(before, records)
            self.fault = None
            yield records
            before = records[-1]
            after = before.position

    def _check_chain(self, before: Record | None, records: list[Record]) -> None:
        bad = first_bad(before, records, GENESIS)
        if bad is not None:
            raise LogDiverged(
                f"record {bad} of {self.service} does not follow from the one before it: what its "
                f"log holds and what {self._name} holds are two stories, or one was altered. "
                "Run `roadcase log verify`.",
                position=bad,
            )

    async def _consumer(self, after: int) -> str:
        config = {
            "ack_policy": "none",
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": after + 1,
            "mem_storage": True,
            "inactive_threshold": 10 * _NS,
            "num_replicas": 1,
        }
        made = await self._request(
            f"CONSUMER.CREATE.{self._name}", {"stream_name": self._name, "config": config}
        )
        return str(made["name"])

    async def _pull(self, consumer: str, inbox: str) -> None:
        ask = {
            "batch": _PULL,
            "max_bytes": _PULL_BYTES,
            "expires": 30 * _NS,
            "idle_heartbeat": int(_HEARTBEAT * _NS),
        }
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._name}.{consumer}",
            json.dumps(ask).encode(),
            reply=inbox,
        )

    async def _request(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            reply = await self._client.request(
                f"$JS.API.{verb}", json.dumps(body).encode(), timeout=1
            )
        except (NatsError, OSError, TimeoutError) as error:
            raise Unavailable(f"NATS does not answer {verb}: {error!r}") from error
        answer: dict[str, Any] = json.loads(reply.data)
        if refusal := answer.get("error"):
            raise Unavailable(f"{verb}: {refusal.get('description')}")
        return answer


class _Letters:
    """Messages that came and were not read yet."""

    def __init__(self) -> None:
        self._all: list[tuple[bytes, bytes | None, bytes]] = []
        self._any = asyncio.Event()

    def take(self, _: bytes, reply: bytes, headers: bytes | None, data: bytes) -> None:
        self._all.append((reply, headers, data))
        if len(self._all) == 1:
            self._any.set()

    async def read(self) -> tuple[list[Record], int]:
        """All records that are there, waiting for one; and how many requests have ended."""
        try:
            async with asyncio.timeout(2.5 * _HEARTBEAT):
                await self._any.wait()
        except TimeoutError as error:
            raise _Interrupted("no heartbeat") from error
        letters, self._all = self._all, []
        self._any.clear()
        batch: list[Record] = []
        ended = 0
        for letter in letters:
            status = status_of(letter[1])
            if status is None:
                batch.append(record_of(*letter))
                continue
            ended += status.startswith(_ENDS)
            if not status.startswith(("100", *_ENDS)):
                raise _Interrupted(status)
        return batch, ended


def _check(after: int, batch: list[Record]) -> None:
    if batch[0].position != after + 1 or batch[-1].position != after + len(batch):
        raise _Interrupted(f"after {after} came {batch[0].position} to {batch[-1].position}")


async def _quietly(cleaning_up: Any) -> None:
    try:
        await cleaning_up
    except (Unavailable, NatsError, OSError, TimeoutError):
        return  # the server forgets idle consumers by itself
