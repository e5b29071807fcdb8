"""The relay copies the log to the stream. It keeps no state: the stream's last sequence is all.

Every publish is fenced by `Nats-Expected-Last-Sequence`, so a second relay, a lost answer or a
wiped data folder can neither double nor reorder nor skip a message: whoever is refused reads the
last sequence again and goes on from there. For the same reason some may be on their way at once.

NATS syncs what it stores. A message of its own takes 0.7 ms there, an atomic batch 4 to 15. NATS
would take one while it stores the one before; but then they are smaller, and each costs it 2 ms of
a processor.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError

from roadcase.clock import monotonic, nanoseconds
from roadcase.errors import LogBlocked, LogCorrupt, Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record
from roadcase.ids import uuid7
from roadcase.said import Said
from roadcase.stream.client import Message, ask_all, publish_all
from roadcase.stream.messages import headers_of, subject_of
from roadcase.stream.stream import Rejected, Stream, acknowledged
from roadcase.telemetry import RELAY

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

_EXPECTED = "Nats-Expected-Last-Sequence"
_BATCH = 1000  # the most messages NATS takes in one atomic batch
_BYTES = 8 << 20  # and how many bytes of them we put in flight at once
_FEW = 8  # up to here, messages of their own are faster than an atomic batch
_FLIGHTS = 16  # publishes of a few that are on their way at once
_KEPT = 8192
_PATIENT = 10.0  # seconds in which something should have been stored
_PAUSE, _STANDS = 0.05, 1.0  # seconds before it starts again
_log = logging.getLogger(__name__)


class Relay:
    """Run `run()` as a task; give it `offer` for what was just committed, or `wake` it.

    Without either it finds new records by itself within `poll` seconds. `fault` says why it stands
    still, where only a person can mend that.
    """

    def __init__(
        self,
        log: EventLog,
        stream: Stream,
        *,
        poll: float = 0.25,
        timeout: float = 5.0,
        tracing: Tracing | None = None,
    ) -> None:
        self.position = 0
        self.published = 0
        self.resyncs = 0
        self.fault: str | None = None
        self._stands, self._waits = Said(_log, logging.ERROR), Said(_log)
        self._stuck_at, self._stuck_since = -1, 0.0
        self._event_log = log
        self._stream = stream
        self._poll = poll
        self._timeout = timeout
        self._tracing = tracing
        self._wake = asyncio.Event()
        self._tail: deque[Record] = deque()
        self._sent = 0  # up to where messages are on their way
        self._flights: deque[asyncio.Task[int]] = deque()  # each returns the position it came to

    def offer(self, records: Sequence[Record]) -> None:
        """These were just committed: they need not be read from the log again."""
        if len(self._tail) + len(records) <= _KEPT:
            self._tail.extend(records)
        else:
            self._tail.clear()
        self._wake.set()

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Copy until cancelled; whatever goes wrong, start again from the stream's end."""
        while True:
            try:
                self.position = self._sent = await self._stream.last()
                await self._stream.recognise(await self._event_log.head())
                while True:
                    await self._copy()
            except (LogBlocked, LogCorrupt) as error:
                self.fault = str(error)
                self._stands.because(f"the relay of {self._event_log.name} stands still", error)
                await asyncio.sleep(_STANDS)
            except (Rejected, Unavailable, NatsError, OSError, TimeoutError) as error:
                self._waits.because(
                    f"the relay of {self._event_log.name} starts again", repr(error)
                )
                self._doubt(error)
                await asyncio.sleep(_PAUSE)
            finally:
                await self._abandon()
            self.resyncs += 1
            self._tail.clear()

    def _doubt(self, error: Exception) -> None:
        """A server that answers, and stores nothing, does not get well by itself."""
        if self._stuck_at != self.position or not self._stream.client.is_connected:
            self._stuck_at, self._stuck_since = self.position, monotonic()
        elif self.fault is None and monotonic() - self._stuck_since > _PATIENT:
            self.fault = (
                f"NATS stores nothing of {self._event_log.name} any more: {error!r}. Selling goes "
                "on. Is its disk full? Make room: a NATS of ours then starts again by itself, "
                "another one restart yourself"
            )
            _log.error("%s", self.fault)

    async def _copy(self) -> None:
        self._wake.clear()
        self._land()
        if len(self._flights) < _FLIGHTS and (records := await self._next()):
            self._sent = records[-1].position
            flight = asyncio.create_task(self._fly(records))
            flight.add_done_callback(lambda _: self._wake.set())
            self._flights.append(flight)
            if len(records) > _FEW:  # an atomic batch: what comes meanwhile is the next one
                await asyncio.wait((flight,))
            return
        try:
            async with asyncio.timeout(self._poll):
                await self._wake.wait()
        except TimeoutError:
            if not self._flights:
                await self._look()
                self.fault = None

    async def _next(self) -> list[Record]:
        """What follows: as it was offered or, when nothing is on its way, from the log."""
        if records := self._from_tail():
            if len(records) > _FEW and self._flights:
                await asyncio.wait(self._flights)
            return records
        return [] if self._flights else await self._event_log.read(self._sent, _BATCH)

    async def _fly(self, records: list[Record]) -> int:
        began = nanoseconds()
        await self._publish(records)
        if self._tracing:
            self._tracing.batch(RELAY, self._event_log.name, records, began)
        self.published += len(records)
        return records[-1].position

    def _land(self) -> None:
        """Go on from where the flights came to. Raises what stopped the first that was stopped."""
        while self._flights and self._flights[0].done():
            self.position = self._flights.popleft().result()
            self.fault = None

    async def _abandon(self) -> None:
        """What stopped one has stopped those behind it, too: each is fenced by the one before."""
        flights = list(self._flights)
        self._flights.clear()
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    async def _look(self) -> None:
        """See, while there is nothing to copy, whether the copy is still there."""
        last = await self._stream.last()
        if last != self.position:
            raise Rejected(f"the stream ends at {last}, and not at {self.position} any more")

    def _from_tail(self) -> list[Record]:
        """Offered records that follow what was sent, if they follow it without a gap."""
        tail = self._tail
        while tail and tail[0].position <= self._sent:
            tail.popleft()
        if not tail or tail[0].position != self._sent + 1:
            tail.clear()
            return []
        return [tail.popleft() for _ in range(min(len(tail), _BATCH))]

    async def _publish(self, records: Sequence[Record]) -> None:
        if len(records) <= _FEW:
            # All at once: whatever stops one, its fence stops those behind it.
            await self._settle(records, (self._alone(record) for record in records))
            return
        start, size = 0, 0
        for end, record in enumerate(records, 1):
            size += len(record.payload) + len(record.meta) + 500
            if size > _BYTES or end == len(records):
                await self._publish_batch(records[start:end])
                start, size = end, 0

    def _alone(self, record: Record) -> Message:
        return self._message(record, f"{_EXPECTED}: {record.position - 1}\r\n")

    async def _publish_batch(self, records: Sequence[Record]) -> None:
        """All or nothing (ADR-50 of NATS): one fence, one sync to disk, one answer."""
        batch_id = uuid7()
        messages = []
        for number, record in enumerate(records, 1):
            control = f"Nats-Batch-Id: {batch_id}\r\nNats-Batch-Sequence: {number}\r\n"
            if number == 1:
                control += f"{_EXPECTED}: {record.position - 1}\r\n"
            if number == len(records):
                control += "Nats-Batch-Commit: 1\r\n"
            messages.append(self._message(record, control))
        await publish_all(self._stream.client, messages[:-1])
        await self._settle(records[-1:], messages[-1:])

    def _message(self, record: Record, control: str) -> Message:
        subject = subject_of(self._event_log.name, record.stream, record.topic)
        return subject, record.payload, headers_of(record, self._stream.source, control)

    async def _settle(self, records: Sequence[Record], messages: Iterable[Message]) -> None:
        answers = await ask_all(self._stream.client, messages, self._timeout)
        for record, answer in zip(records, answers, strict=True):
            if (sequence := acknowledged(answer)) != record.position:
                raise Rejected(f"position {record.position} was stored as sequence {sequence}")
