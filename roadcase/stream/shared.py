"""One follower for many: what a process hears of a service is fetched and read once.

Everyone is at a position of their own. The latest records are kept for whoever is a little behind;
who is further behind follows alone until it has caught up, so that nobody holds up the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from collections.abc import Set as AbstractSet
from contextlib import aclosing

from roadcase.event_store.records import Record
from roadcase.stream.follow import Follower

_KEPT = 5000  # records at most, for those who are behind
_BATCH = 500  # records at once, so that the loop is not held up for long


class SharedFollower(Follower):
    """A `Follower` on which many may follow at once, each from its own position."""

    _task: asyncio.Task[None] | None = None

    async def follow(
        self,
        after: int,
        topics: AbstractSet[str] | None = None,
        passed: Callable[[int], None] | None = None,
    ) -> AsyncGenerator[list[Record], None]:
        reader = _Reader(after, topics, passed)
        self._enter(reader)
        try:
            while True:
                reader.news.clear()
                records = self._after(reader.position)
                if records is None:
                    async with aclosing(super().follow(reader.position)) as alone:
                        async for records in alone:
                            yield records
                            reader.position = records[-1].position
                            if self._after(reader.position) is not None:
                                break
                elif records:
                    yield records
                    reader.position = records[-1].position
                else:
                    await reader.wait()
        finally:
            await self._leave(reader)

    def _enter(self, reader: _Reader) -> None:
        """The first one decides where the others' records begin."""
        if self._task is None:
            self._readers = {reader}
            self._records: list[Record] = []
            self._begins = reader.position  # the position before the first one that is kept
            self._task = asyncio.create_task(self._fetch(super().follow(self._begins)))
        self._readers.add(reader)

    async def _leave(self, reader: _Reader) -> None:
        self._readers.discard(reader)
        if self._task is not None and not self._readers:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _fetch(self, following: AsyncGenerator[list[Record], None]) -> None:
        try:
            async with aclosing(following) as batches:
                async for records in batches:
                    self._keep(records)
                    topics = {each.topic for each in records}
                    for reader in self._readers:
                        reader.hear(records[0].position, records[-1].position, topics)
        finally:
            for reader in self._readers:
                reader.news.set()

    def _keep(self, records: list[Record]) -> None:
        """These, and those before them that somebody has not read yet."""
        self._records += records
        read = min((each.position for each in self._readers), default=0)
        gone = max(read - self._begins, len(self._records) - _KEPT)
        if gone > 0:
            del self._records[:gone]
            self._begins += gone

    def _after(self, position: int) -> list[Record] | None:
        """What is there after a position; None for one from which one has to follow alone."""
        assert self._task is not None
        if self._task.done():
            self._task.result()  # raises what nobody foresaw
        start = position - self._begins
        if start < 0 or start > len(self._records) + _KEPT:
            return None
        return self._records[start : start + _BATCH]


class _Reader:
    """Someone who follows: everything, or what is of some topics."""

    def __init__(
        self,
        position: int,
        topics: AbstractSet[str] | None,
        passed: Callable[[int], None] | None,
    ) -> None:
        self.position = position
        self.news = asyncio.Event()
        self._topics, self._passed = topics, passed
        self._idle = False

    async def wait(self) -> None:
        """Until there is something."""
        self._idle = True
        try:
            await self.news.wait()
        finally:
            self._idle = False

    def hear(self, first: int, last: int, topics: AbstractSet[str]) -> None:
        """There are records of these topics: who waits for them and for none of these waits on."""
        mine = self._topics is None or not self._topics.isdisjoint(topics)
        if mine or not self._idle or self.position != first - 1:
            self.news.set()
            return
        self.position = last
        if self._passed:
            self._passed(last)
