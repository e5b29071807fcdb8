"""Dispatchers on the log of a shop, and what must hold of every log that they write."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from roadcase.asked import Context, Outcome
from roadcase.codec import Codec
from roadcase.decider import Command, Decider
from roadcase.dispatch import Dispatcher
from roadcase.errors import Overloaded, Unavailable
from roadcase.event_store.chain import first_bad
from roadcase.event_store.port import EventLog
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import GENESIS, Record, meta_of
from roadcase.testing.logs import check
from tests.kernel.shop import SHOP, Shop

NAME = "ticketing"  # the schema that every test database has; the log does not care for its name
FOREVER = datetime(2222, 1, 1, tzinfo=UTC)


def by(key: str | None = None, tenant: str = "t", **more: Any) -> Context:
    return Context(tenant=tenant, actor="ann", key=key, **more)


@asynccontextmanager
async def dispatching(
    url: str, *deciders: Decider[Any], name: str = NAME, drained: bool = True, **options: Any
) -> AsyncIterator[Dispatcher]:
    """A running dispatcher; without `drained` it ends as a killed process does."""
    log = PostgresLog(url, name)
    dispatch = Dispatcher(log, deciders or [SHOP], secret=b"secret", **options)
    task = asyncio.create_task(dispatch.run())
    try:
        yield dispatch
    finally:
        if drained:
            await asyncio.wait_for(dispatch.drain(), 20)
        await ended(task)
        await log.close()


async def ended(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def insist(
    dispatch: Dispatcher, command: Command, context: Context, seconds: float = 30
) -> Outcome:
    """Ask again for as long as the answer is that asking again may help."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await dispatch(command, context)
            except (Unavailable, Overloaded):
                await asyncio.sleep(0.01)


async def until(condition: Any, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it waits for tells nobody
            await asyncio.sleep(0.001)


async def sound(log: EventLog, deciders: Sequence[Decider[Any]] = (SHOP,)) -> list[Record]:
    """Assert all that holds of a log at every prefix; return its records."""
    records = await check(log, (await log.head()).position)
    assert first_bad(None, records, GENESIS) is None
    _assert_times_and_keys(records)
    states = _folded(records, deciders)
    waits = {stream: due for stream, (_, due) in states.items() if due is not None}
    assert dict(await log.due(FOREVER, 10_000)) == waits
    return records


def _assert_times_and_keys(records: list[Record]) -> None:
    metas = [meta_of(record) for record in records]
    assert [meta.at for meta in metas] == sorted(meta.at for meta in metas)
    assert len({meta.id for meta in metas}) == len(metas)
    commands: dict[bytes, str] = {}
    for meta in metas:
        if meta.key is not None:
            assert commands.setdefault(meta.key, meta.command) == meta.command, "two effects"
    runs = Counter(command for command, _ in groupby(meta.command for meta in metas))
    assert set(runs.values()) <= {1}, "the events of a command were torn apart"


def _folded(records: list[Record], deciders: Sequence[Decider[Any]]) -> dict[str, Any]:
    codec = Codec(
        [event for each in deciders for event in each.events],
        {topic: up for each in deciders for topic, up in each.upcasts.items()},
    )
    of = {each.category: each for each in deciders}
    states: dict[str, Any] = {}
    versions: Counter[str] = Counter()
    for record in records:
        versions[record.stream] += 1
        assert record.version == versions[record.stream], "versions are not contiguous"
        decider = of[record.stream.split("/")[1]]
        state = states.setdefault(record.stream, decider.initial())
        event = codec.decode(record.topic, record.payload)
        decider.evolve(state, event)  # the shop's own raises when a hold ends twice
        if isinstance(state, Shop):
            assert 0 <= state.sold + state.held <= state.capacity, "one too many"
    return {
        stream: (state, decider.deadline(state) if decider.deadline else None)
        for stream, state in states.items()
        for decider in [of[stream.split("/")[1]]]
    }


def orders(records: list[Record]) -> Counter[str]:
    """How often each order was sold."""
    decode = Codec(SHOP.events).decode
    events = [decode(each.topic, each.payload) for each in records if "sold" in each.topic]
    return Counter(event.order for event in events)
