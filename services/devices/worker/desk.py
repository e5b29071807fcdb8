"""What all spools say, in memory, as new as the log: the worker reads its work from here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from roadcase.codec import Codec
from roadcase.errors import Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record, meta_of
from roadcase.said import Said
from services.devices.domain import SPOOL
from services.devices.domain.spool import Job, Printer, Spool
from services.devices.events import JobAbandoned, JobConfirmed, JobOperatorConfirmed, JobRequested

_PAGE = 5000
_log = logging.getLogger(__name__)


class Place(NamedTuple):
    """A device of a spool of a tenant."""

    tenant: str
    spool: str
    device: str


class Trace(NamedTuple):
    """What a job is a part of: it goes on in every event about the job."""

    correlation: str | None = None
    causation: str | None = None
    traceparent: str | None = None


class Desk:
    """Run `run()` as a task, and give `offer` to the dispatcher's `on_commit`.

    What this process commits is known at once; what others do, within `poll` seconds.
    """

    def __init__(self, log: EventLog, *, poll: float = 0.2) -> None:
        self.position = 0
        self.caught_up = asyncio.Event()
        self._record_log = log
        self._poll = poll
        self._wake = asyncio.Event()
        self._codec = Codec(SPOOL.events)
        self._spools: dict[tuple[str, str], Spool] = {}
        self._traces: dict[tuple[str, str, str], Trace] = {}
        self._watchers: list[Callable[[], None]] = []

    def offer(self, records: Sequence[Record]) -> None:
        if records[0].position == self.position + 1:
            self._follow(records)
        else:
            self._wake.set()

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call this whenever there is something new; returns how to stop that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def run(self) -> None:
        said = Said(_log)
        while True:
            self._wake.clear()
            try:
                records = await self._record_log.read(self.position, _PAGE)
            except Unavailable as error:
                said.because("the print desk waits", error)
                records = []
            else:
                if not records:
                    self.caught_up.set()
            unseen = [each for each in records if each.position > self.position]
            if unseen:
                self._follow(unseen)
                continue
            try:
                async with asyncio.timeout(self._poll):
                    await self._wake.wait()
            except TimeoutError:
                pass

    def places(self) -> Iterator[Place]:
        for (tenant, spool), state in self._spools.items():
            for device in state.printers:
                yield Place(tenant, spool, device)

    def spool(self, place: Place) -> Spool:
        return self._spools[place.tenant, place.spool]

    def printer(self, place: Place) -> Printer:
        return self.spool(place).printers[place.device]

    def queued(self, place: Place) -> Iterator[tuple[str, Job]]:
        """What waits for this device, in order: a queue for each role that is bound to it."""
        spool = self.spool(place)
        for role in spool.roles_of(place.device):
            for name in role.queue:
                yield name, spool.jobs[name]

    def trace(self, place: Place, job: str) -> Trace:
        return self._traces.get((place.tenant, place.spool, job), Trace())

    def _follow(self, records: Sequence[Record]) -> None:
        for record in records:
            tenant, category, name = record.stream.split("/", 2)
            if category == SPOOL.category:
                self._evolve(tenant, name, record)
        self.position = records[-1].position
        for watcher in self._watchers:
            watcher()

    def _evolve(self, tenant: str, name: str, record: Record) -> None:
        event = self._codec.decode(record.topic, record.payload)
        SPOOL.evolve(self._spools.setdefault((tenant, name), Spool()), event)
        if isinstance(event, JobRequested):
            meta = meta_of(record)
            trace = Trace(meta.correlation or meta.id, meta.id, meta.traceparent)
            self._traces[tenant, name, event.job] = trace
        elif isinstance(event, JobConfirmed | JobOperatorConfirmed | JobAbandoned):
            self._traces.pop((tenant, name, event.job), None)
