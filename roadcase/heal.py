"""Heals a log that is behind its stream: a database restored from an older copy gets its tail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from nats.aio.client import Client

from roadcase.decider import Decider
from roadcase.errors import LogDiverged, LogRegressed, Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record
from roadcase.restore import Restored, Told, restore
from roadcase.stream.follow import Follower
from roadcase.stream.stream import Stream

_SILENCE = 20.0  # seconds without an event, after which the stream is given up


async def heal(
    log: EventLog,
    deciders: Sequence[Decider[Any]],
    client: Client,
    told: Told = lambda _position: None,
) -> Restored:
    """Bring back from the stream what the log has lost; nothing, where the log is as long.

    May run beside the service, which refuses to write until this is done; after any fault, run it
    again. Raises LogDiverged where both hold different events, with the first such position, and
    LogRegressed when the stream does not reach back to the end of the log.
    """
    stream = Stream(client, log)
    first, last = await stream.first(), await stream.last()
    head = (await log.head()).position
    await _agree(stream, log, first, min(last, head))
    if last > head and first > head + 1:
        raise LogRegressed(
            f"The log of {log.name} ends at {head}, and its stream begins at {first}: neither has "
            f"the events between. Restore a newer copy of the database, or run `roadcase log "
            f"import` with an export that reaches position {first - 1}; then heal again.",
            log=head,
            first=first,
        )
    if last <= head:
        return Restored(log.name, head, 0)
    async with aclosing(_tail(client, log.name, head, last)) as tail:
        return await restore(log, deciders, tail, told)


async def _agree(stream: Stream, log: EventLog, first: int, last: int) -> None:
    """Raise LogDiverged unless stream and log are the same from `first` to `last`.

    Each hash stands for all records before it, so the first difference is found by halving.
    """
    if last < first or await _same(stream, log, last):
        return
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if await _same(stream, log, middle):
            low = middle + 1
        else:
            high = middle
    raise LogDiverged(
        f"The stream {stream.name} and the log of {log.name} hold different events from position "
        f"{low} on, so nothing was changed. Either keep the stream: restore a copy of the database "
        f"that ends before position {low}, and heal again. Or keep the log: delete the stream "
        f"(`nats stream rm {stream.name}`), which is made again from the log, and rebuild the "
        "read models; what only the stream held is lost.",
        position=low,
    )


async def _same(stream: Stream, log: EventLog, position: int) -> bool:
    copied = await stream.record(position)
    return copied is not None and await log.holds(position, copied.hash)


async def _tail(
    client: Client, service: str, after: int, last: int
) -> AsyncGenerator[list[Record], None]:
    """The stream's records from `after + 1` to `last`."""
    follower = Follower(client, service)
    async with aclosing(follower.follow(after)) as batches:
        while after < last:
            try:
                async with asyncio.timeout(_SILENCE):
                    batch = await anext(batches)
            except TimeoutError as error:
                why = follower.fault or "it says nothing"
                raise Unavailable(f"the stream of {service} cannot be read: {why}") from error
            yield [each for each in batch if each.position <= last]
            after = batch[-1].position
