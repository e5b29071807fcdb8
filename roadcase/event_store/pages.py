"""A long stretch of a log, page by page, the next one under way while one is worked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from roadcase.errors import Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record

_PAGE = 2_000  # records; larger ones only cost memory


async def pages(log: EventLog, after: int, until: int) -> AsyncGenerator[list[Record], None]:
    """The records after `after` up to `until`, in order. Use it under `aclosing`.

    Raises Unavailable when the log ends before.
    """
    task = None
    try:
        while after < until:
            task = task or asyncio.create_task(log.read(after, min(_PAGE, until - after)))
            records = await task
            task = None
            if not records:
                raise Unavailable(f"the log of {log.name} ends at {after}, not at {until}")
            after = records[-1].position
            if after < until:
                task = asyncio.create_task(log.read(after, min(_PAGE, until - after)))
                await asyncio.sleep(0)  # so that it has been asked for
            yield records
    finally:
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
