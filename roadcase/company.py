"""For how many commands a round waits, and for how long: found out by trying (ADR 6)."""

from __future__ import annotations

import asyncio
from collections.abc import Sized

from roadcase.clock import monotonic

_MOST = 16  # commands: for more than these, a round need not wait
_COMPANY = 4  # commands that must be expected within the window, or nobody waits
_WINDOW = 0.005  # seconds
_TRY_AGAIN = 100  # rounds after which more are hoped for than came last time


class Company:
    """Lets the commands that are `waiting` wait for others, if they come so fast that they will.

    A round costs about the same for one command as for a dozen. So when callers are many and
    rounds are quick, all are answered sooner if a round waits for some of them. How many is found
    out: twice as many as long as they come, and when they did not, as many as did.
    """

    def __init__(self, waiting: Sized) -> None:
        self._waiting = waiting
        self._wanted = 1
        self._more = True  # whether to want more
        self._rounds = 0  # since it was known how many are too many
        self._came = 0
        self._since = monotonic()
        self._enough = asyncio.Event()

    def came(self) -> None:
        """One more waits."""
        self._came += 1
        if len(self._waiting) >= self._wanted:
            self._enough.set()

    async def wait(self) -> None:
        """Before a round: wait for company, or not at all."""
        came, since = self._came, self._since
        self._came, self._since = 0, monotonic()
        self._rounds += 1
        rate = came / max(self._since - since, _WINDOW)
        if len(self._waiting) < self._wanted and rate * _WINDOW >= _COMPANY:
            self._enough.clear()
            alarm = asyncio.get_running_loop().call_later(_WINDOW, self._enough.set)
            try:
                await self._enough.wait()
            finally:
                alarm.cancel()
            if len(self._waiting) < self._wanted:
                self._wanted, self._more, self._rounds = len(self._waiting), False, 0
        if self._more or self._rounds >= _TRY_AGAIN:
            self._wanted, self._more = min(_MOST, 2 * max(1, self._wanted)), True
