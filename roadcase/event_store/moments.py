"""Finds where in a log a moment is: time never falls within a log, so halving does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from roadcase.event_store.records import Record, meta_of


async def last_until(
    read: Callable[[int], Awaitable[Record | None]], moment: datetime, head: int
) -> int:
    """The last position up to `head` that was recorded at or before a moment; 0: none was.

    `read` gives the record at a position; None is taken for one that is too old to be there.
    """
    low, high = 0, head
    while low < high:
        middle = (low + high + 1) // 2
        found = await read(middle)
        if found is None or meta_of(found).at <= moment:
            low = middle
        else:
            high = middle - 1
    return low
