"""Lists as they stand or as they stood, for files that an operator writes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NamedTuple

from roadcase.codec import Codec
from roadcase.event_store.port import EventLog
from roadcase.http.sheets import Batches, Opened, Stands
from roadcase.listed import Listed
from roadcase.projection import Projection
from roadcase.replay import Told, as_of
from roadcase.views import TenantViews


async def as_it_stands(views: TenantViews, listed: Listed, of: str) -> AsyncGenerator[Opened]:
    """The list from its table, at one moment and in constant memory; no contacts."""
    async with aclosing(views.stream(listed.table, listed.sql, of)) as source:
        stands = Stands(**(await anext(source))[0])
        async with aclosing(_less(source, listed)) as batches:
            yield Opened(listed.columns, stands, batches)


async def _less(source: Batches, listed: Listed) -> AsyncGenerator[list[dict[str, Any]]]:
    async with aclosing(listed.unfolded(source)) as lines:
        async for batch in lines:
            yield [{name: line[name] for name in listed.columns} for line in batch]


class Past(NamedTuple):
    """What a list is made from again: a log up to a moment of it."""

    log: EventLog
    projection: Projection
    codec: Codec
    stands: Stands


async def as_it_stood(
    past: Past, listed: Listed, tenant: str, of: str, told: Told | None = None
) -> AsyncGenerator[Opened]:
    """The same from the log, in memory. Raises Invalid beyond the log."""
    rows = await as_of(past.log, past.projection, past.codec, past.stands.position, told)
    ours = [row for row in rows if row["tenant"] == tenant and listed.has(row, of)]

    async def one() -> AsyncGenerator[list[dict[str, Any]]]:
        yield listed.sorted(ours)

    async with aclosing(one()) as found, aclosing(_less(found, listed)) as batches:
        yield Opened(listed.columns, past.stands, batches)
