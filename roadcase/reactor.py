"""Runs one reaction on one source: hear, ask, remember how far; park what cannot be taken."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

from roadcase.asking import Asking
from roadcase.clock import monotonic
from roadcase.dispatch import Dispatcher
from roadcase.errors import Overloaded, RoadcaseError, Unavailable
from roadcase.event_store.connections import DERIVED, shared
from roadcase.event_store.records import Record
from roadcase.heard import Checkpoint, begins, consumer_of
from roadcase.parked import Parked, ParkedEvents
from roadcase.reaction import Reaction
from roadcase.said import Said
from roadcase.stream.follow import Follower
from roadcase.stream.stream import Stream

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

_RETRIES = (0.0, 0.05, 0.2)  # seconds before each attempt; then the event is parked
_MOST = 1000  # events asked for at once: an inbox holds about four thousand commands
_CHECKPOINT = 0.5  # seconds between two checkpoints at least; what was heard since is heard again
_SELDOM = 5.0  # seconds between two of who heard nothing that concerns it: to do so again is cheap
_MOMENT = 1.0  # seconds; who is not ready for longer tells of it
_BEHIND = "waits behind an earlier event of this stream that is parked"
_GONE = "this event is too old for the stream, and no log was named that has it: skip it"
_log = logging.getLogger(__name__)


class Reactor:
    """Run `run()` as a task. `stream` is the source's, for parked events.

    The checkpoint moves after the events were taken, and not for each, so after a crash some are
    heard again; their commands have the same keys and take effect once. `position` is how far it
    has come, `not_ready` why it cannot hear anything yet, `waits` what it waits for right now.
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
        self.position = self.taken = self.parked = 0
        self.not_ready: str | None = f"reaction {reaction.name} does not know where to begin"
        self._made, self._said = monotonic(), Said(_log)
        self._url = url
        self._service = dispatch.log.name
        self._ask = Asking(reaction, dispatch, tracing)
        self._follower = follower
        self._stream = stream
        self._topics = frozenset(reaction.hears.topics)
        self._blocked: set[str] = set()
        self._taking = asyncio.Lock()
        self._moved = asyncio.Event()
        self._checkpoint = Checkpoint(self._service, consumer_of(reaction, self.source))

    @property
    def waits(self) -> str | None:
        if self.not_ready and monotonic() - self._made > _MOMENT:
            return self.not_ready
        return self._follower.waits

    async def run(self) -> None:
        while True:
            try:
                async with shared(self._url, f"{self._service}_app", **DERIVED) as pool:
                    await self._follow(pool)
            except (Unavailable, Overloaded) as error:
                self._said.because(f"reaction {self.reaction.name} starts again", error)
                await asyncio.sleep(0.1)

    async def _follow(self, pool: Any) -> None:
        parked = ParkedEvents(pool, self._service)
        self.position = await self._start(pool)
        self._blocked = {each.stream for each in await self._waiting(parked)}
        self.not_ready = None
        parts = self._hear_all(parked, pool), self._obey(parked), self._keep(pool)
        tasks = [asyncio.create_task(each) for each in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear_all(self, parked: ParkedEvents, pool: Any) -> None:
        following = self._follower.follow(self.position, self._topics, self._pass)
        async with aclosing(following) as batches:
            async for records in batches:
                for start in range(0, len(records), _MOST):
                    await self._hear(parked, pool, records[start : start + _MOST])

    async def _hear(self, parked: ParkedEvents, pool: Any, records: list[Record]) -> None:
        """After something was parked the checkpoint moves at once: operators may decide on it."""
        before = self.parked
        async with self._taking:
            await self._take_all(parked, records)
            self.position = records[-1].position
            if self._blocked or self.parked != before:
                await self._checkpoint.move(pool, self.position)
        self._moved.set()

    def _pass(self, position: int) -> None:
        """Nothing up to here concerns this reaction."""
        self.position = position

    async def _keep(self, pool: Any) -> None:
        """Move the checkpoint beside the taking: nobody waits for its commit."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SELDOM):
                    await self._moved.wait()
            self._moved.clear()
            try:
                if self._checkpoint.kept < self.position:
                    await self._checkpoint.move(pool, self.position)
            except Unavailable as error:
                self._said.because(f"a checkpoint of {self.reaction.name} waits", error)
                self._moved.set()
            await asyncio.sleep(_CHECKPOINT)

    async def _waiting(self, parked: ParkedEvents) -> list[Parked]:
        listed = await parked.listed(self.reaction.name)
        return [each for each in listed if each.source == self.source]

    async def _start(self, pool: Any) -> int:
        start = await self._checkpoint.read(pool)
        if start is None:
            start = await begins(self.reaction, self._follower, self._stream)
            await self._checkpoint.move(pool, start)
        return start

    async def _take_all(self, parked: ParkedEvents, records: list[Record]) -> None:
        """Streams at once, the events of each in order. Nothing goes on when this returns."""
        streams: dict[str, list[Record]] = {}
        topics = self._topics
        for record in records:
            if record.topic in topics:
                streams.setdefault(record.stream, []).append(record)
        taking = (self._take(parked, each) for each in streams.values())
        for fault in await asyncio.gather(*taking, return_exceptions=True):
            if fault is not None:
                raise fault

    async def _take(self, parked: ParkedEvents, records: list[Record]) -> None:
        at = 0
        while at < len(records):
            record, reason, attempts = records[at], _BEHIND, 0
            if record.stream not in self._blocked:
                taken, fault = await self._attempts(records[at:])
                at += taken
                if fault is None:
                    return
                record, reason, attempts = records[at], fault, len(_RETRIES)
                self._blocked.add(record.stream)
                self.parked += 1
                _log.error("reaction %s parked %d: %s", self.reaction.name, record.position, reason)
            await parked.park(self.reaction.name, self.source, record, reason, attempts)
            at += 1

    async def _attempts(self, records: list[Record]) -> tuple[int, str | None]:
        """Take events of a stream: how many, and why the next cannot be. Waits out servers."""
        done = tries = 0
        reason = ""
        while done < len(records) and tries < len(_RETRIES):
            if tries:
                await asyncio.sleep(_RETRIES[tries])
            taken, error = await self._ask(records[done:])
            done += taken
            self.taken += taken
            tries = 0 if taken else tries
            if error is not None:
                tries += 1
                reason = (
                    f"{error.code}: {error}" if isinstance(error, RoadcaseError) else repr(error)
                )
        return done, reason if done < len(records) else None

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
                self._said.because(f"parked events of {self.reaction.name} wait", error)

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
        record = await self._stream.record(each.position)
        record = record or await self._follower.record(each.position)
        if record is None:
            await parked.fail(each, _GONE, 1)
            return False
        _, reason = await self._attempts([record])
        if reason is not None:
            await parked.fail(each, reason, len(_RETRIES))
        return reason is None
