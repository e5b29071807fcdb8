"""Answers out of the log: what the keys of earlier calls became.

Both work beside the commits. Whether a key was used changes what its caller hears and never what
is written: the log refuses a key that is written twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence

from roadcase.asked import Outcome, Pending
from roadcase.codec import Codec
from roadcase.errors import RoadcaseError, Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Key, meta_of
from roadcase.inbox import Inbox

_log = logging.getLogger(__name__)


class Replays:
    """Answers in tasks of its own. A log that says nothing for `patience` seconds is away."""

    def __init__(self, log: EventLog, codec: Codec, inbox: Inbox, patience: float) -> None:
        self._log = log
        self._codec = codec
        self._inbox = inbox
        self._patience = patience
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked: list[tuple[Pending, Outcome | Exception]] = []
        self._looking = False

    def replay(self, pending: Pending, key: Key) -> None:
        """Answer a key that was used before from the events that it became."""
        self._start(self._answer(pending, key))

    def look_up(self, idle: Sequence[tuple[Pending, Outcome | Exception]]) -> None:
        """Answer commands that wrote nothing with this, unless their key was used before.

        A retry of what was won must not hear "sold out".
        """
        for pending, answer in idle:
            if isinstance(answer, Exception):
                pending.break_chain()
            if pending.key is None:
                self._give(pending, answer)
            else:
                self._asked.append((pending, answer))
        if self._asked and not self._looking:
            self._looking = True
            self._start(self._look_up())

    async def wait(self) -> None:
        """Wait until all are answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_up(self) -> None:
        """One question at a time: what is asked meanwhile is in the next one."""
        try:
            while idle := self._asked:
                self._asked = []
                await self._answer_idle(idle)
        finally:
            self._looking = False

    async def _answer_idle(self, idle: list[tuple[Pending, Outcome | Exception]]) -> None:
        keys = [pending.key for pending, _ in idle if pending.key is not None]
        try:
            async with asyncio.timeout(self._patience):
                used = await self._log.used(keys)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - callers are told
            if isinstance(error, asyncio.CancelledError):
                idle += self._asked
                self._asked = []
            for pending, _ in idle:
                self._fail(pending, error)
            return
        for pending, answer in idle:
            if (key := used.get(pending.key or b"")) is not None:
                self.replay(pending, key)
            else:
                self._give(pending, answer)

    def _give(self, pending: Pending, answer: Outcome | Exception) -> None:
        if isinstance(answer, Exception):
            self._inbox.refuse(pending, answer)
        else:
            self._inbox.answer(pending, answer)

    async def _answer(self, pending: Pending, key: Key) -> None:
        try:
            async with asyncio.timeout(self._patience):
                records = await self._log.read(key.position - 1, key.events)
            events = tuple(self._codec.decode(each.topic, each.payload) for each in records)
            outcome = Outcome(records[-1].position, events)
            self._inbox.answers.remember(key.hash, (meta_of(records[0]).request, outcome))
            self._inbox.settle(pending)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - its caller is told
            self._fail(pending, error)

    def _fail(self, pending: Pending, error: BaseException) -> None:
        if isinstance(error, TimeoutError | asyncio.CancelledError):
            error = Unavailable(f"the log of {self._log.name} does not answer; try again")
        elif not isinstance(error, RoadcaseError):
            _log.error("what the key %r became cannot be told", pending.context.key, exc_info=error)
        assert isinstance(error, Exception)
        self._inbox.refuse(pending, error)
