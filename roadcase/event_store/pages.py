"""A long stretch of a log, page by page; the next ones are asked for while one is worked on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from itertools import islice

from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record

PAGE = 2_000  # records; larger ones only cost memory
_AHEAD = 3  # pages read at once: the database works while we do


async def pages(log: EventLog, after: int, until: int) -> AsyncGenerator[list[Record], None]:
    """The records after `after` up to `until`, in order. Use it under `aclosing`.

    A page with too few records, or none, is one of a log that is not whole.
    """
    starts = iter(range(after, until, PAGE))
    reads = deque(_read(log, start, until) for start in islice(starts, _AHEAD))
    try:
        while reads:
            yield await reads[0]
            reads.popleft()
            if (start := next(starts, None)) is not None:
                reads.append(_read(log, start, until))
                await asyncio.sleep(0)  # let it be sent
    finally:
        for read in reads:
            read.cancel()
        await asyncio.gather(*reads, return_exceptions=True)


def _read(log: EventLog, after: int, until: int) -> asyncio.Future[list[Record]]:
    return asyncio.ensure_future(log.read(after, min(PAGE, until - after)))
