"""Fires what is due: asks the decider of each stream whose moment has come to look at it again.

A timer row is written with the events that made it and moves with the events that its firing
becomes, so it fires at least once, and takes effect once however many processes fire it: the
second one finds a state that is not due any more and decides nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from roadcase.asked import Context
from roadcase.clock import Clock, monotonic, now
from roadcase.decider import Decider
from roadcase.dispatch import Dispatcher
from roadcase.errors import Overloaded, RoadcaseError, Unavailable
from roadcase.event_store.records import Timer
from roadcase.said import Said

_MANY = 500
_AGAIN = 30.0  # seconds after which a timer without effect is tried again
_log = logging.getLogger(__name__)


class Timers:
    """Run `run()` as a task. `late` is how late the last timer was fired, in seconds.

    `failed` counts timers that were fired without effect: those wait half a minute.
    """

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
        self._stuck: dict[str, tuple[datetime | None, float]] = {}

    async def run(self) -> None:
        said = Said(_log)
        while True:
            try:
                pause = await self._fire_due()
            except (Unavailable, Overloaded) as error:
                said.because(f"timers of {self._dispatch.log.name} wait", error)
                pause = self._poll
            await asyncio.sleep(pause)

    async def _fire_due(self) -> float:
        """Fire what is due; the seconds after which something may be due again."""
        at = self._at()
        soon = [each for each in await self._next(at, self._poll) if self._may(each)]
        due = [each for each in soon if each.due and each.due <= at]
        if due:
            await self._fire(due)
            return 0.0
        next_ = soon[0].due if soon else None
        wait = (next_ - self._clock()).total_seconds() if next_ else self._poll
        return min(self._poll, max(0.001, wait))

    def _at(self) -> datetime:
        """The time of the log, which never falls even where the wall clock does."""
        return max(self._clock(), self._dispatch.head.at)

    async def _next(self, at: datetime, within: float) -> list[Timer]:
        until = at + timedelta(seconds=within)
        return await self._dispatch.log.due(until, _MANY + len(self._stuck))

    def _may(self, timer: Timer) -> bool:
        due, again = self._stuck.get(timer.stream, (None, 0.0))
        return due != timer.due or monotonic() >= again

    async def _fire(self, due: list[Timer]) -> None:
        looks = (self._look_at(timer.stream) for timer in due)
        faults = await asyncio.gather(*looks, return_exceptions=True)
        idle = []
        for timer, fault in zip(due, faults, strict=True):
            if fault is None:
                self.fired += 1
                self.late = (self._at() - timer.due).total_seconds() if timer.due else 0.0
                self._stuck.pop(timer.stream, None)
            else:
                idle.append((timer, fault))
        if idle:
            await self._explain(idle)

    async def _explain(self, idle: list[tuple[Timer, BaseException]]) -> None:
        """Tell what had no effect because another process was faster from what is at fault."""
        still = set(await self._next(self._at(), 0))
        for timer, fault in idle:
            if isinstance(fault, Unavailable | Overloaded):
                raise fault  # that is soon over
            if timer in still:
                self.failed += 1
                if self._stuck.get(timer.stream, (None, 0.0))[0] != timer.due:
                    _log.error("the timer of %s has no effect", timer.stream, exc_info=fault)
                self._stuck[timer.stream] = timer.due, monotonic() + _AGAIN

    async def _look_at(self, stream: str) -> Exception | None:
        """Ask the decider of a stream to look at it; why that had no effect, or None."""
        tenant, category, name = stream.split("/", 2)
        decider = self._deciders.get(category)
        if decider is None or decider.on_due is None:
            return RoadcaseError(f"no decider of {category} waits for anything")
        outcome = await self._dispatch(decider.on_due(name), Context(tenant=tenant, actor="timer"))
        return (
            None if outcome.events else RoadcaseError("it decided nothing, and would be due again")
        )
