"""Any read model as it was: the log folded up to a position or a moment, in memory.

It costs what is live nothing and has no effect on anything.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any

from roadcase.codec import Codec
from roadcase.errors import Invalid
from roadcase.event_store.moments import last_until
from roadcase.event_store.pages import pages
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record
from roadcase.projection import Projection
from roadcase.tables import Table

Told = Callable[[int, int], None]


async def position_at(log: EventLog, moment: datetime) -> int:
    """The last position recorded at or before a moment; 0 if there is none."""

    async def read(position: int) -> Record | None:
        return (await log.read(position - 1, 1))[0]

    return await last_until(read, moment, (await log.head()).position)


async def as_of(
    log: EventLog, projection: Projection, codec: Codec, position: int, told: Told | None = None
) -> list[dict[str, Any]]:
    """The rows of a read model after the record at `position`. Raises Invalid beyond the log."""
    head = (await log.head()).position
    if not 0 <= position <= head:
        raise Invalid(f"position {position} is not in the log, which has 0 to {head}")
    table = Table(projection, codec, "", empty=True)
    async with aclosing(pages(log, 0, position)) as read:
        async for records in read:
            await table.fold(None, records)
            if told:
                told(records[-1].position, position)
    return [dict(row) for row in table.current()]
