"""Fires what is due: asks the decider of each stream whose moment has come to look at it again.

A timer row is written with the events that made it and moves with the events that its firing
becomes, so it fires at least once, and takes effect once however many processes fire it: the
second one finds a state that is not due any more and decides nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from roadcase.clock import Clock, now
from roadcase.decider import Decider
from roadcase.dispatch import Dispatcher
from roadcase.errors import RoadcaseError, Unavailable
from roadcase.event_store.records import Timer
from roadcase.rounds import Context

_MANY = 500
_log = logging.getLogger(__name__)


class Timers:
    """Run `run()` as a task. `late` is how late the last timer was fired, in seconds."""

    def __init__(
        self,
        dispatch: Dispatcher,
        deciders: Sequence[Decider[Any]],
        *,
        clock: Clock = now,
        poll: float = 0.2,
    ) -> None:
        self.fired = 0
        self.failed = 0
        self.late = 0.0
        self._dispatch = dispatch
        self._deciders = {each.category: each for each in deciders if each.on_due}
        self._clock = clock
        self._poll = poll
        self._stuck: dict[str, datetime] = {}

    async def run(self) -> None:
        while True:
            try:
                await self._fire_due()
                await asyncio.sleep(await self._until_next())
            except Unavailable as error:
                _log.info("timers wait: %s", error)
                await asyncio.sleep(self._poll)

    async def _fire_due(self) -> None:
        at = max(self._clock(), self._dispatch.head.at)
        due = [each for each in await self._dispatch.log.due(at, _MANY) if self._may(each)]
        if due:
            await asyncio.gather(*(self._fire(timer, at) for timer in due))

    def _may(self, timer: Timer) -> bool:
        """A timer that was fired without effect is not fired again until it is due anew."""
        return self._stuck.get(timer.stream) != timer.due

    async def _fire(self, timer: Timer, at: datetime) -> None:
        fault = await self._look_at(timer.stream)
        if fault is None:
            self.fired += 1
            self.late = (at - timer.due).total_seconds() if timer.due else 0.0
        elif timer in await self._dispatch.log.due(at, _MANY):  # else another process was faster
            self.failed += 1
            self._stuck[timer.stream] = timer.due or at
            _log.error("the timer of %s has no effect: %r", timer.stream, fault, exc_info=fault)

    async def _look_at(self, stream: str) -> Exception | None:
        """Ask the decider of a stream to look at it; why that had no effect, or None."""
        tenant, category, name = stream.split("/", 2)
        decider = self._deciders.get(category)
        if decider is None or decider.on_due is None:
            return RoadcaseError(f"no decider of {category} waits for anything")
        try:
            command = decider.on_due(name)
            outcome = await self._dispatch(command, Context(tenant=tenant, actor="timer"))
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one stream's fault must not stop the others
            return error
        return (
            None if outcome.events else RoadcaseError("it decided nothing, and would be due again")
        )

    async def _until_next(self) -> float:
        due = await self._dispatch.log.next_due()
        if due is None:
            return self._poll
        return min(self._poll, max(0.001, (due - self._clock()).total_seconds()))
