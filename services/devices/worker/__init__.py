"""The worker that prints: one writer for each device that a role was ever bound to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from roadcase.doors import Dispatch
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record
from roadcase.ids import new_id
from services.devices.adapters import Connect, connect_tcp
from services.devices.worker.desk import Desk, Place
from services.devices.worker.pace import Pace
from services.devices.worker.traces import Traces

if TYPE_CHECKING:
    from roadcase.tracing import Tracing
    from services.devices.worker.writer import DeviceWriter

__all__ = ["Pace", "PrintWorker"]


class PrintWorker:
    """Run `run()` as a task; after `stop()` it returns when what is on its way has landed.

    Several may run, in one process or in many: a lease lets one of them write to each device.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        log: EventLog,
        on_commit: list[Callable[[list[Record]], None]],
        *,
        connect: Connect = connect_tcp,
        pace: Pace | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        self.desk = Desk(log)
        self.holder = new_id("worker")
        on_commit.append(self.desk.offer)
        self._dispatch = dispatch
        self._connect = connect
        self._pace = pace or Pace()
        self._tracing = tracing
        self._news = asyncio.Event()
        self._stopping = False
        self._writers: dict[Place, tuple[DeviceWriter, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        following = asyncio.create_task(self.desk.run())
        unwatch = self.desk.watch(self._news.set)
        try:
            await self.desk.caught_up.wait()
            while not self._stopping:
                self._news.clear()
                await self._start_new()
                await self._news.wait()
            tasks = [task for _, task in self._writers.values()]
            if tasks:
                await asyncio.wait(tasks, timeout=self._pace.grace + 2)
        finally:
            unwatch()
            await _ended([following, *(task for _, task in self._writers.values())])
            self._writers.clear()

    def stop(self) -> None:
        self._stopping = True
        self._news.set()
        for writer, _ in self._writers.values():
            writer.stop()

    async def _start_new(self) -> None:
        for place in [each for each in self.desk.places() if each not in self._writers]:
            # python-escpos takes half a second to load: only who prints waits for it
            await asyncio.to_thread(import_module, "services.devices.worker.writer")
            from services.devices.worker.writer import DeviceWriter  # noqa: PLC0415

            writer = DeviceWriter(
                self.desk,
                self._dispatch,
                place,
                holder=self.holder,
                connect=self._connect,
                pace=self._pace,
                traces=Traces(self.desk, place, self._tracing),
            )
            self._writers[place] = writer, asyncio.create_task(writer.run())


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
