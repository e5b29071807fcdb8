"""How long paper takes to move. Whoever prints asks for movement and may wait until it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from roadcase.clock import monotonic

DOTS_PER_MM = 8
_NAP = 0.25  # how long a sleeper may miss that the motor was stopped
_TINY = 1e-6


class Motor:
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._due = 0.0
        self._held: float | None = None
        self._released = asyncio.Event()
        self.asked = 0.0  # seconds of movement asked for so far

    @property
    def left(self) -> float:
        """Seconds of movement that are still to come."""
        return max(0.0, self._due - self._clock()) if self._held is None else self._held

    def move(self, dots: int, speed: float) -> None:
        """Adds a movement. `speed` is in millimetres per second; 0 takes no time."""
        if not speed:
            return
        seconds = dots / DOTS_PER_MM / speed
        self.asked += seconds
        if self._held is None:
            self._due = max(self._due, self._clock()) + seconds
        else:
            self._held += seconds

    def stop(self) -> None:
        if self._held is None:
            self._held = self.left
            self._released.clear()

    def start(self) -> None:
        if self._held is not None:
            self._due = self._clock() + self._held
            self._held = None
            self._released.set()

    def forget(self) -> None:
        """Movement that did not happen yet will not."""
        self.asked -= self.left
        self._due = 0.0
        if self._held is not None:
            self._held = 0.0

    async def reach(self, mark: float) -> None:
        """Waits until everything up to `mark`, a former value of `asked`, has moved."""
        while (wait := mark - (self.asked - self.left)) > _TINY:
            if self._held is None:
                await asyncio.sleep(min(wait, _NAP))
            else:
                await self._released.wait()
