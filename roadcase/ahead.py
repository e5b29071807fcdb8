"""One round ahead of the log: the next batch is decided while the last one is being committed.

So rules and disk work at the same time. What was decided ahead is only written if the log, once it
is locked, ends just where that round supposed; else it is forgotten and decided anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from roadcase.asked import Pending
from roadcase.event_store.records import Head
from roadcase.inbox import Inbox
from roadcase.rounds import Round
from roadcase.states import States


class Ahead:
    """Looks one round ahead. `new` makes a round that begins at a head."""

    def __init__(
        self, inbox: Inbox, states: States, new: Callable[[Head], Round], max_batch: int
    ) -> None:
        self._inbox = inbox
        self._states = states
        self._new = new
        self._max_batch = max_batch
        self._committing: Round | None = None
        self._round: Round | None = None

    def take(self) -> list[Pending]:
        """The next batch: what was decided ahead, if anything was, and what came since."""
        return self._inbox.take(self._max_batch)

    def look(self, committing: Round) -> None:
        """Decide the next round while this one is on its way."""
        self._committing = committing
        asyncio.get_running_loop().call_soon(self._decide, committing)

    def _decide(self, committing: Round) -> None:
        batch = self._inbox.next(self._max_batch)
        if batch and committing is self._committing and not committing.chains_broken:
            self._round = self._new(committing.end)
            self._go_on(self._round, self._round.ahead(batch))

    def _go_on(self, round_: Round, parts: Iterator[None]) -> None:
        """The next part, unless the round has begun by now; then let PostgreSQL have a word."""
        if round_ is self._round and next(parts, parts) is None:
            asyncio.get_running_loop().call_soon(self._go_on, round_, parts)

    def committed(self) -> None:
        """That round is in the log: what was not decided ahead by now will not be."""
        self._committing = None

    def foreseen(self, head: Head, batch: list[Pending]) -> Round | None:
        """The round decided ahead, if this batch begins with it and the log ends as it supposed.

        If not, no state goes further than the log any more: ask before they follow the log.
        """
        ahead, self._round = self._round, None
        if ahead is None or (ahead.head[:2] == head[:2] and ahead.begins(batch)):
            return ahead
        self._states.drop(ahead.changed)
        return None

    def forget(self) -> None:
        """Forget all states: they may be further than the log, or behind it."""
        self._states.clear()
        self._committing = self._round = None
