"""A log that was restored from an older copy gets its tail back from the stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from nats.aio.client import Client

from roadcase.clock import now
from roadcase.errors import Conflict, LogCorrupt, LogDiverged, LogRegressed
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record, meta_of
from roadcase.event_store.verify import verify
from roadcase.forgetting import KEPT
from roadcase.heal import heal
from roadcase.restore import restore
from roadcase.timers import Timers
from tests.kernel.selling import FOREVER, by, dispatching, orders, sound
from tests.kernel.shop import SHOP, Open, Sell, Take
from tests.kernel.streaming import (
    SMALL,
    all_of,
    assert_copied,
    caught_up,
    connected_to,
    relaying,
    stream_of,
    task_of,
    write,
)


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    await migrate(database, "shop")
    async with PostgresLog(database, "shop") as log:
        yield log


@pytest.fixture
async def client(nats_url: str) -> AsyncIterator[Client]:
    async with connected_to(nats_url) as client:
        yield client
        await client.jetstream().delete_stream("EVT_shop")


TABLES = ("events", "head", "keys", "timers", "tracking")


async def copy_made(database: str) -> None:
    await run(database, *(f"CREATE TABLE old_{each} AS TABLE shop.{each}" for each in TABLES))


async def copy_restored(database: str) -> None:
    await run(
        database,
        f"TRUNCATE {', '.join(f'shop.{each}' for each in TABLES)}",
        *(f"INSERT INTO shop.{each} TABLE old_{each}" for each in TABLES),
    )


async def run(database: str, *statements: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(";".join(statements))
    finally:
        await connection.close()


async def sold_copied_and_restored(database: str, client: Client, log: PostgresLog) -> list[Record]:
    """Three sales, a copy of the database, five more sales and two holds, the copy put back."""
    async with relaying(client, log):
        async with dispatching(database, name="shop") as dispatch:
            await dispatch(Open(shop="a", capacity=20), by())
            for n in range(3):
                await dispatch(Sell(shop="a", order=f"early-{n}"), by(f"early-{n}"))
            await dispatch(Take(shop="a", hold="old", seconds=3), by("old"))
        await copy_made(database)
        async with dispatching(database, name="shop") as dispatch:
            await dispatch(Open(shop="b", capacity=5), by())
            for n in range(5):
                await dispatch(Sell(shop="a", order=f"late-{n}"), by(f"late-{n}"))
            await dispatch(Take(shop="b", hold="new", seconds=3), by("new"))
            await dispatch(Take(shop="a", hold="newer", seconds=3600), by("newer"))
        await caught_up(stream_of(client, log), log)
    records = await all_of(log)
    await copy_restored(database)
    assert (await log.head()).position == len(records) - 8
    return records


async def test_after_healing_every_acknowledged_sale_key_and_timer_is_there(database, client, log):
    records = await sold_copied_and_restored(database, client, log)
    guard = stream_of(client, log).recognise
    async with dispatching(database, name="shop", guard=guard) as dispatch:
        with pytest.raises(LogRegressed, match="log heal"):
            await dispatch(Sell(shop="a", order="refused"), by())
        told: list[int] = []
        found = await heal(log, [SHOP], client, told.append)
        assert found == ("shop", len(records), 8)
        assert told[-1] == len(records)
        assert await all_of(log) == records
        assert (await verify(log)).position == len(records)
        await sound(log)
        again = await dispatch(Sell(shop="a", order="late-4"), by("late-4"))
        assert again.replayed
        assert again.position == 11
        assert orders(await all_of(log))["late-4"] == 1
        async with task_of(Timers(dispatch, [SHOP], poll=0.02)):
            async with asyncio.timeout(20):
                while len(await log.due(FOREVER, 9)) > 1:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        (newer,) = await log.due(FOREVER, 9)
        assert newer.stream == "t/shop/a"
        assert newer.due > now() + timedelta(seconds=3000)
        await dispatch(Sell(shop="a", order="next"), by())
    async with relaying(client, log):
        await assert_copied(client, log, client.connected_url.geturl())
    assert len(await sound(log)) > len(records)


async def test_a_log_that_is_whole_is_healed_by_doing_nothing(database, client, log):
    await sold_copied_and_restored(database, client, log)
    first = await heal(log, [SHOP], client)
    before = await all_of(log)
    assert (await heal(log, [SHOP], client))._replace(events=8) == first
    async with dispatching(database, name="shop") as dispatch:
        await dispatch(Sell(shop="a", order="not copied yet"), by())
    assert (await heal(log, [SHOP], client)).events == 0
    assert (await all_of(log))[: len(before)] == before


async def test_two_at_once_bring_every_event_back_once(database, client, log):
    records = await sold_copied_and_restored(database, client, log)
    async with PostgresLog(database, "shop") as other:
        faults = await asyncio.gather(
            *(heal(each, [SHOP], client) for each in (log, other)), return_exceptions=True
        )
    assert all(isinstance(each, tuple | Conflict) for each in faults), faults
    await heal(log, [SHOP], client)
    assert await all_of(log) == records
    await sound(log)


async def test_a_log_that_was_sold_on_is_refused_with_the_first_position(database, client, log):
    records = await sold_copied_and_restored(database, client, log)
    async with dispatching(database, name="shop") as dispatch:  # as if NATS had been away, too
        await dispatch(Sell(shop="a", order="other"), by("other"))
    before = await all_of(log)
    with pytest.raises(LogDiverged, match=r"from position 6 on.*nats stream rm EVT_shop") as caught:
        await heal(log, [SHOP], client)
    assert caught.value.facts == {"position": 6}
    assert await all_of(log) == before != records[:6]


async def test_a_stream_that_does_not_reach_back_is_refused_and_says_what_is_missing(
    database, client, log
):
    records = await sold_copied_and_restored(database, client, log)
    await run(database, "TRUNCATE shop.events, shop.keys, shop.timers")
    await run(database, "UPDATE shop.head SET position = 0, hash = decode(repeat('00', 32), 'hex')")
    await client.jetstream().delete_stream("EVT_shop")
    await restore(log, [SHOP], pages(records))
    short = stream_of(client, log, republished=3, max_bytes=SMALL)
    assert await short.first() == len(records) - 2
    async with relaying(client, log, republished=3):
        await caught_up(short, log)
    await copy_restored(database)
    with pytest.raises(LogRegressed, match=r"begins at 11.*import") as caught:
        await heal(log, [SHOP], client)
    assert caught.value.facts == {"log": 5, "first": 11}
    await restore(log, [SHOP], pages(records[:10]))  # as `roadcase log import` does
    assert (await heal(log, [SHOP], client)).events == 3
    await sound(log)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_events_of_one_command_are_never_parted(database, log, size):
    async with dispatching(database, name="shop") as dispatch:
        await dispatch(Open(shop="a", capacity=20), by())
        for n in range(3):
            await dispatch(Take(shop="a", hold=f"h{n}", seconds=0.01), by(f"t{n}"))
        await asyncio.sleep(0.05)
        expired = await dispatch(Sell(shop="a", order="o"), by("many"))
        assert len(expired.events) == 4
    records = await all_of(log)
    await run(database, "TRUNCATE shop.events, shop.keys, shop.timers")
    await run(database, "UPDATE shop.head SET position = 0, hash = decode(repeat('00', 32), 'hex')")
    await restore(log, [SHOP], pages(records, size))
    async with dispatching(database, name="shop") as dispatch:
        again = await dispatch(Sell(shop="a", order="o"), by("many"))
    assert (again.replayed, again.events) == (True, expired.events)
    await sound(log)


async def test_a_copy_that_was_altered_is_refused_and_nothing_of_it_is_kept(log):
    records = await write(log, 3)
    bad = records[2]._replace(position=4, version=4, payload=b'{"a":2}')
    with pytest.raises(LogCorrupt, match="wrong at position 4"):
        await restore(log, [], pages([*records, bad]))
    with pytest.raises(LogDiverged, match="at position 2"):
        await restore(log, [], pages([records[0], records[1]._replace(payload=b"{}")]))
    with pytest.raises(Conflict, match="next record of the copy is 5"):
        await restore(log, [], pages([bad._replace(position=5)]))
    assert await all_of(log) == records
    assert meta_of(records[2]).id == "e3"


async def test_keys_that_are_old_enough_to_be_forgotten_are_not_brought_back(database, log):
    clock = [now() - KEPT - timedelta(hours=1)]
    async with dispatching(database, name="shop", clock=lambda: clock[0]) as dispatch:
        await dispatch(Open(shop="a", capacity=20), by())
        await dispatch(Sell(shop="a", order="old"), by("old"))
        clock[0] = now()
        await dispatch(Sell(shop="a", order="new"), by("new"))
    records = await all_of(log)
    await run(database, "TRUNCATE shop.events, shop.keys, shop.timers")
    await run(database, "UPDATE shop.head SET position = 0, hash = decode(repeat('00', 32), 'hex')")
    await restore(log, [SHOP], pages(records))
    connection = await asyncpg.connect(database)
    assert [row[0] for row in await connection.fetch("SELECT position FROM shop.keys")] == [3]
    await connection.close()


async def pages(records: list[Record], size: int = 100) -> AsyncIterator[list[Record]]:
    for start in range(0, len(records), size):
        yield records[start : start + size]
