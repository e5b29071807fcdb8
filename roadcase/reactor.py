"""Runs one reaction on one source: hear, ask, remember how far; park what cannot be taken."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import msgspec

from roadcase import telemetry
from roadcase.decider import Heard
from roadcase.dispatch import Dispatcher
from roadcase.errors import Overloaded, RoadcaseError, Unavailable
from roadcase.event_store.connections import connected, translated
from roadcase.event_store.records import Meta, Record, meta_of, tenant_of
from roadcase.parked import Parked, ParkedEvents
from roadcase.reaction import Reaction
from roadcase.rounds import Context
from roadcase.stream.follow import Follower
from roadcase.stream.stream import Stream

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

_RETRIES = (0.0, 0.05, 0.2)  # seconds before each attempt; then the event is parked
_BEHIND = "waits behind an earlier event of this stream that is parked"
_GONE = "the stream has this event no more, it is too old: skip it"
_log = logging.getLogger(__name__)


class Reactor:
    """Run `run()` as a task. `stream` is the source's, for parked events.

    The checkpoint moves after the events were taken, so after a crash some are heard again; their
    commands have the same keys and take effect once.
    """

    def __init__(
        self,
        reaction: Reaction,
        dispatch: Dispatcher,
        *,
        url: str,
        follower: Follower,
        stream: Stream,
        tracing: Tracing | None = None,
    ) -> None:
        self.reaction = reaction
        self.source = follower.service
        self.position = 0
        self.taken = 0
        self.parked = 0
        self._url = url
        self._service = dispatch.log.name
        self._dispatch = dispatch
        self._follower = follower
        self._stream = stream
        self._tracing = tracing
        self._decoder: msgspec.json.Decoder[Heard] = msgspec.json.Decoder(reaction.hears)
        self._blocked: set[str] = set()
        self._taking = asyncio.Lock()
        self._consumer = f"rx/{reaction.name}/{self.source}"

    async def run(self) -> None:
        while True:
            try:
                async with connected(self._url, f"{self._service}_app") as pool:
                    await self._follow(pool)
            except (Unavailable, Overloaded) as error:
                _log.info("reaction %s starts again: %s", self.reaction.name, error)
                await asyncio.sleep(0.1)

    async def _follow(self, pool: Any) -> None:
        parked = ParkedEvents(pool, self._service)
        self.position = await self._start(pool)
        self._blocked = {each.stream for each in await self._waiting(parked)}
        operators = asyncio.create_task(self._obey(parked))
        try:
            async with aclosing(self._follower.follow(self.position)) as batches:
                async for records in batches:
                    async with self._taking:
                        await self._take_all(parked, records)
                        await self._advance(pool, records[-1].position)
        finally:
            operators.cancel()
            await asyncio.gather(operators, return_exceptions=True)

    async def _waiting(self, parked: ParkedEvents) -> list[Parked]:
        listed = await parked.listed(self.reaction.name)
        return [each for each in listed if each.source == self.source]

    async def _start(self, pool: Any) -> int:
        with translated("reading a checkpoint"):
            known = await pool.fetchval(
                f"SELECT position FROM {self._service}.tracking WHERE consumer = $1",
                self._consumer,
            )
        if known is not None:
            return int(known)
        start = 0 if self.reaction.from_start else await self._follower.head()
        await self._advance(pool, start)
        return start

    async def _advance(self, pool: Any, position: int) -> None:
        with translated("moving a checkpoint"):
            await pool.execute(
                f"INSERT INTO {self._service}.tracking AS t VALUES ($1, $2) "
                "ON CONFLICT (consumer) DO UPDATE SET position = $2 WHERE t.position < $2",
                self._consumer,
                position,
            )
        self.position = position

    async def _take_all(self, parked: ParkedEvents, records: list[Record]) -> None:
        """Streams at once, the events of each in order. Nothing goes on when this returns."""
        streams: dict[str, list[Record]] = {}
        for record in records:
            if record.topic in self.reaction.hears.topics:
                streams.setdefault(record.stream, []).append(record)
        taking = (self._take(parked, each) for each in streams.values())
        for fault in await asyncio.gather(*taking, return_exceptions=True):
            if fault is not None:
                raise fault

    async def _take(self, parked: ParkedEvents, records: list[Record]) -> None:
        for record in records:
            if record.stream in self._blocked:
                await parked.park(self.reaction.name, self.source, record, _BEHIND, 0)
            elif (reason := await self._attempts(record)) is not None:
                self._blocked.add(record.stream)
                self.parked += 1
                await parked.park(self.reaction.name, self.source, record, reason, len(_RETRIES))
                _log.error("reaction %s parked %d: %s", self.reaction.name, record.position, reason)

    async def _attempts(self, record: Record) -> str | None:
        """Take an event; the reason if it cannot be taken. Waits while a server is away."""
        reason = ""
        for pause in _RETRIES:
            await asyncio.sleep(pause)
            try:
                await self._react(record)
            except (Unavailable, Overloaded):
                raise
            except RoadcaseError as error:
                reason = f"{error.code}: {error}"
            except Exception as error:  # noqa: BLE001 - it is parked with this reason
                reason = repr(error)
            else:
                self.taken += 1
                return None
        return reason

    async def _react(self, record: Record) -> None:
        meta = meta_of(record)
        if self._tracing is None:
            await self._ask(record, meta, meta.traceparent)
            return
        attributes: dict[str, str | int] = {
            telemetry.REACTION: self.reaction.name,
            telemetry.STREAM: record.stream,
            telemetry.POSITION: record.position,
        }
        with self._tracing.span(telemetry.REACT, meta.traceparent, attributes) as span:
            await self._ask(record, meta, span.traceparent)

    async def _ask(self, record: Record, meta: Meta, traceparent: str | None) -> None:
        event = self._decoder.decode(record.payload)
        for number, command in enumerate(self.reaction.do(event)):
            context = Context(
                tenant=tenant_of(record.stream),
                actor=f"reaction:{self.reaction.name}",
                key=f"rx:{self.reaction.name}:{meta.id}:{number}",
                correlation=meta.correlation or meta.id,
                causation=meta.id,
                traceparent=traceparent,
            )
            await self._dispatch(command, context)

    async def _obey(self, parked: ParkedEvents) -> None:
        """Do what operators decided on parked events, and go on with those behind them."""
        while True:
            await asyncio.sleep(0.5)
            if not self._blocked:
                continue
            try:
                async with self._taking:
                    await self._unpark_all(parked)
            except (Unavailable, Overloaded) as error:
                _log.info("parked events of %s wait: %s", self.reaction.name, error)

    async def _unpark_all(self, parked: ParkedEvents) -> None:
        streams: dict[str, list[Parked]] = {}
        for each in await self._waiting(parked):
            streams.setdefault(each.stream, []).append(each)
        for gone in self._blocked - streams.keys():  # another process has taken what was parked
            self._blocked.discard(gone)
        for stream, waiting in streams.items():
            if waiting[0].state != "parked":
                await self._unpark(parked, stream, waiting)

    async def _unpark(self, parked: ParkedEvents, stream: str, waiting: list[Parked]) -> None:
        for each in waiting:
            if each.state != "skip" and not await self._retry(parked, each):
                return
            await parked.remove(each)
        self._blocked.discard(stream)

    async def _retry(self, parked: ParkedEvents, each: Parked) -> bool:
        record = await self._follower.record(each.position)
        record = record or await self._stream.record(each.position)
        if record is None:
            await parked.fail(each, _GONE, 1)
            return False
        reason = await self._attempts(record)
        if reason is not None:
            await parked.fail(each, reason, len(_RETRIES))
        return reason is None
