"""Forgets idempotency keys a week after their events were recorded, a few at a time."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from roadcase.clock import Clock, now
from roadcase.errors import Unavailable
from roadcase.event_store.moments import last_until
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record

KEPT = timedelta(days=7)
_MOMENT = timedelta(microseconds=1)  # a key of just that age is kept
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
        old = min(self._clock(), head.at) - KEPT - _MOMENT
        until = await last_until(self._record, old, head.position)
        forgotten = 0
        while until:
            async with self._log.writer() as writer:
                done = await writer.forget(until, _AT_ONCE)
            forgotten += done
            if not done:
                break
            await asyncio.sleep(_PAUSE)
        return forgotten

    async def _record(self, position: int) -> Record | None:
        return next(iter(await self._log.read(position - 1, 1)), None)
