"""Forgets idempotency keys a week after their events were recorded, a few at a time."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from roadcase.clock import Clock, now
from roadcase.errors import Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import meta_of

KEPT = timedelta(days=7)
_EVERY = 3600.0  # seconds
_AT_ONCE = 500  # keys: some milliseconds under the log's lock
_PAUSE = 0.05  # seconds between two of those: whoever sells comes first
_log = logging.getLogger(__name__)


class Forgetting:
    """Run `run()` as a task. A key is old when a week has passed since it was recorded.

    Passed for the clock and for the log alike: a clock that is wrong alone forgets nothing.
    """

    def __init__(self, log: EventLog, clock: Clock = now, every: float = _EVERY) -> None:
        self._log = log
        self._clock = clock
        self._every = every
        self.forgotten = 0

    async def run(self) -> None:
        while True:
            try:
                self.forgotten += await self.forget()
            except Unavailable as error:
                _log.info("keys of %s are forgotten later: %s", self._log.name, error)
            await asyncio.sleep(self._every)

    async def forget(self) -> int:
        """Forget all that is old enough by now; how many keys it were."""
        head = await self._log.head()
        until = await self._last_before(min(self._clock(), head.at) - KEPT, head.position)
        forgotten = 0
        while until:
            async with self._log.writer() as writer:
                done = await writer.forget(until, _AT_ONCE)
            forgotten += done
            if not done:
                break
            await asyncio.sleep(_PAUSE)
        return forgotten

    async def _last_before(self, moment: datetime, head: int) -> int:
        """The last position recorded before a moment; 0: none. Time never falls within a log."""
        low, high = 0, head
        while low < high:
            middle = (low + high + 1) // 2
            found = await self._log.read(middle - 1, 1)
            if found and meta_of(found[0]).at < moment:
                low = middle
            else:
                high = middle - 1
        return low
