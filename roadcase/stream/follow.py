"""Follows a service's events from a position: the stream where it has them, the log before that.

Our own pull loop over a throw-away consumer: no acknowledgements, no state on the server. The
position is the caller's, kept in the transaction of what it did with the events. Since positions
are dense, a gap cannot go unseen; after any fault the consumer is made anew from the next position.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from roadcase.errors import Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record
from roadcase.stream.messages import record_of, stream_name

_HEARTBEAT = 0.25  # seconds; two missed ones mean that the consumer is gone
_PULL = 1000  # messages per request
_PAGE = 5000  # records per read of the log
_NS = 1_000_000_000


class _Interrupted(Exception):
    """The consumer is gone, or its server: make a new one."""


class Follower:
    """Yields the events of one service in batches, in order, each exactly once per `follow`.

    `log` is the service's own log where the follower may read it; without it, what the stream no
    longer holds is reported as Unavailable.
    """

    def __init__(self, client: Client, service: str, log: EventLog | None = None) -> None:
        self.service = service
        self.restarts = 0
        self._client = client
        self._name = stream_name(service)
        self._log = log

    async def follow(self, after: int) -> AsyncGenerator[list[Record], None]:
        """Batches of records from `after + 1` on, for ever. Waits out servers that are away."""
        while True:
            try:
                async with aclosing(self._once(after)) as batches:
                    async for records in batches:
                        yield records
                        after = records[-1].position
            except (_Interrupted, Unavailable, NatsError, OSError, TimeoutError):
                self.restarts += 1
                await asyncio.sleep(0.05)

    async def _once(self, after: int) -> AsyncGenerator[list[Record], None]:
        """Follow until something breaks."""
        async for records in self._from_log(after):
            yield records
            after = records[-1].position
        messages: asyncio.Queue[Msg] = asyncio.Queue()
        inbox = self._client.new_inbox()
        subscription = await self._client.subscribe(inbox, cb=messages.put)
        consumer = await self._consumer(after)
        try:
            asked = 0
            while True:
                if asked < _PULL // 2:
                    await self._pull(consumer, inbox)
                    asked += _PULL
                batch, ended = await _gather(messages)
                asked = 0 if ended else asked - len(batch)
                if batch:
                    _check(after, batch)
                    yield batch
                    after = batch[-1].position
        finally:
            await _quietly(subscription.unsubscribe())
            await _quietly(self._request(f"CONSUMER.DELETE.{self._name}.{consumer}", {}))

    async def _from_log(self, after: int) -> AsyncGenerator[list[Record], None]:
        """What the stream does not hold any more."""
        info = await self._request(f"STREAM.INFO.{self._name}", {})
        first = int(info["state"]["first_seq"])
        while after + 1 < first:
            if self._log is None:
                raise Unavailable(f"{self._name} begins at {first}, wanted is {after + 1}")
            records = await self._log.read(after, min(_PAGE, first - 1 - after))
            if not records:
                raise Unavailable(f"the log of {self.service} ends before {first}")
            yield records
            after = records[-1].position

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
        ask = {"batch": _PULL, "expires": 30 * _NS, "idle_heartbeat": int(_HEARTBEAT * _NS)}
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._name}.{consumer}",
            json.dumps(ask).encode(),
            reply=inbox,
        )

    async def _request(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = await self._client.request(f"$JS.API.{verb}", json.dumps(body).encode(), timeout=1)
        answer: dict[str, Any] = json.loads(reply.data)
        if error := answer.get("error"):
            raise Unavailable(f"{verb}: {error.get('description')}")
        return answer


async def _gather(messages: asyncio.Queue[Msg]) -> tuple[list[Record], bool]:
    """All messages that are there, waiting for the first; and whether the pull has ended."""
    try:
        async with asyncio.timeout(2.5 * _HEARTBEAT):
            message = await messages.get()
    except TimeoutError as error:
        raise _Interrupted("no heartbeat") from error
    batch: list[Record] = []
    while True:
        status = (message.headers or {}).get("Status")
        if status in ("404", "408"):
            return batch, True
        if status is None:
            batch.append(record_of(message))
        elif status != "100":
            raise _Interrupted(f"{status} {(message.headers or {}).get('Description')}")
        if messages.empty():
            return batch, False
        message = messages.get_nowait()


def _check(after: int, batch: list[Record]) -> None:
    if batch[0].position != after + 1 or batch[-1].position != after + len(batch):
        raise _Interrupted(f"after {after} came {batch[0].position} to {batch[-1].position}")


async def _quietly(cleaning_up: Any) -> None:
    try:
        await cleaning_up
    except (Unavailable, NatsError, OSError, TimeoutError):
        return  # the server forgets idle consumers by itself
