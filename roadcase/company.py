"""For how many commands a round waits, and when: while the processor is busy with them (ADR 6)."""

from __future__ import annotations

import asyncio
from collections.abc import Sized

from roadcase.clock import monotonic, worked

_MOST = 32  # commands: for more than these, a round need not wait
_WINDOW = 0.02  # seconds that a round waits at most
_GAP = 0.002  # seconds in which somebody must come, or nobody will
_PERIOD = 0.02  # seconds over which the following two are measured
_MANY = 300  # commands per second: where fewer come, nobody waits
_BUSY = 0.85  # of a processor: where it is less, to begin at once is quicker for everyone
_LONGEST = 500  # rounds that do not wait, after others waited in vain


class Company:
    """Lets the commands that are `waiting` wait for others, if they come so fast that they will.

    A round costs about the same for one command as for a dozen. So when the processor is the one
    that everybody waits for, all are answered sooner if a round waits for some of them: it saves
    the work of the rounds in between. Where nobody came, the next rounds do not wait, and the more
    of them the more often that happened: callers who wait for their answer cannot come.
    """

    def __init__(self, waiting: Sized) -> None:
        self._waiting = waiting
        self._came, self._counted, self._since = 0, 0, monotonic()
        self._rate, self._worked, self._busy = 0.0, worked(), 0.0
        self._skip = self._again = 0  # rounds
        self._enough = asyncio.Event()

    def came(self) -> None:
        """One more waits."""
        self._came += 1
        if len(self._waiting) == _MOST:  # they come one by one
            self._enough.set()

    async def wait(self) -> None:
        """Before a round: wait for company, or not at all."""
        self._measure()
        if self._rate < _MANY or self._busy < _BUSY or len(self._waiting) >= _MOST:
            return
        if self._skip:
            self._skip -= 1
            return
        came = self._came
        await self._gather()
        self._again = 0 if self._came > came else min(_LONGEST, 2 * self._again + 1)
        self._skip = self._again

    async def _gather(self) -> None:
        """Until there are enough, the window is over, or nobody comes any more."""
        until = monotonic() + _WINDOW
        while len(self._waiting) < _MOST and monotonic() < until:
            came = self._came
            self._enough.clear()
            alarm = asyncio.get_running_loop().call_later(_GAP, self._enough.set)
            try:
                await self._enough.wait()
            finally:
                alarm.cancel()
            if self._came == came:
                return

    def _measure(self) -> None:
        if (passed := monotonic() - self._since) >= _PERIOD:
            self._rate = (self._came - self._counted) / passed
            self._busy = (worked() - self._worked) / passed
            self._counted, self._since, self._worked = self._came, monotonic(), worked()
