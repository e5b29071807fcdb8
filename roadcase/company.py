"""For how many commands a round waits, and for how long: found out by trying (ADR 6)."""

from __future__ import annotations

import asyncio
from collections.abc import Sized

from roadcase.clock import monotonic

_MOST = 16  # commands: for more than these, a round need not wait
_WINDOW = 0.01  # seconds that a round waits at most
_MANY = 800  # commands per second: where fewer come, nobody waits
_PERIOD = 0.02  # seconds over which they are counted
_TRY_AGAIN = 10  # rounds after which more are hoped for than came last time
_LONGEST = 1000  # the same, when they never come


class Company:
    """Lets the commands that are `waiting` wait for others, if they come so fast that they will.

    A round costs about the same for one command as for a dozen. So when callers are many and
    rounds are quick, all are answered sooner if a round waits for some of them. How many is found
    out: twice as many as long as they come, and when they did not, as many as did.
    """

    def __init__(self, waiting: Sized) -> None:
        self._waiting = waiting
        self._wanted = 1
        self._proven = 1  # so many came the last time that so many were wanted
        self._more = True  # whether to want more
        self._rounds = 0  # since it was known how many are too many
        self._again = _TRY_AGAIN
        self._came, self._since, self._rate = 0, monotonic(), 0.0
        self._enough = asyncio.Event()

    def came(self) -> None:
        """One more waits."""
        self._came += 1
        if len(self._waiting) >= self._wanted:
            self._enough.set()

    async def wait(self) -> None:
        """Before a round: wait for company, or not at all."""
        self._count()
        self._rounds += 1
        came = len(self._waiting) >= self._wanted
        if not came and self._rate >= _MANY:
            came = await self._all_came()
            if not came:
                self._want_fewer()
            elif self._more:
                self._again = _TRY_AGAIN
        if came:
            self._proven = self._wanted
        if self._more or self._rounds >= self._again:
            self._wanted, self._more = min(_MOST, 2 * max(1, self._wanted)), True

    def _want_fewer(self) -> None:
        """As many as came, though not fewer than came before more were wanted."""
        fewer = self._proven if self._proven < self._wanted else 1
        self._wanted = max(len(self._waiting), fewer)
        self._more, self._rounds = False, 0
        self._again = min(_LONGEST, 2 * self._again)

    def _count(self) -> None:
        if (passed := monotonic() - self._since) >= _PERIOD:
            self._rate = self._came / passed
            self._came, self._since = 0, self._since + passed

    async def _all_came(self) -> bool:
        """Whether as many as wanted came within the window."""
        self._enough.clear()
        alarm = asyncio.get_running_loop().call_later(_WINDOW, self._enough.set)
        try:
            await self._enough.wait()
        finally:
            alarm.cancel()
        return len(self._waiting) >= self._wanted
