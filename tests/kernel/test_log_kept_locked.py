"""PostgreSQL's lock on a log, kept from one block to the next: nobody is kept out for long."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from roadcase.event_store import postgres, postgres_writer
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Head
from roadcase.testing.logs import AT, check, entry, put


@pytest.fixture
async def logs(database):
    async with PostgresLog(database, "ticketing") as one, PostgresLog(database, "ticketing") as two:
        yield one, two


async def promise(log, stream="t/seats/a", version=1):
    """A block after which another one is said to follow."""
    async with log.writer() as writer:
        writer.more = True
        return await writer.append([entry(stream, version)], at=AT)


async def locked(database):
    connection = await asyncpg.connect(database)
    try:
        return not await connection.fetch("SELECT FROM ticketing.head FOR UPDATE SKIP LOCKED")
    finally:
        await connection.close()


async def test_it_stays_locked_for_the_block_that_was_promised(logs, database, monkeypatch):
    monkeypatch.setattr(postgres, "_IDLE", 60)
    (first,) = await promise(logs[0])
    assert await locked(database)
    assert await logs[1].read(0, 10) == [first], "what was committed is there for all"
    async with logs[0].writer() as writer:
        assert writer.head == await logs[1].head()
        assert await writer.read(0, 10) == [first]
    assert not await locked(database)
    await check(logs[1], 1)


async def test_a_block_that_does_not_come_keeps_nobody_out(logs):
    await promise(logs[0])
    async with asyncio.timeout(3):
        await put(logs[1], entry("t/seats/b"))
    await put(logs[0], entry("t/seats/c"))
    await check(logs[0], 3)


async def test_who_always_promises_more_lets_others_in(logs):
    """Not after a pause, but after some blocks."""
    blocks = 0

    async def busy():
        nonlocal blocks
        while True:
            await promise(logs[0], f"t/seats/{blocks}")
            blocks += 1

    async with asyncio.timeout(20):
        task = asyncio.create_task(busy())
        for number in range(5):
            await put(logs[1], entry(f"t/other/{number}"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert blocks < 5 * 40  # eight between two of the others, and some while they begin
    await put(logs[1], entry("t/other/last"))
    assert len(await check(logs[1], len(await logs[1].read(0, 1000)))) >= blocks


async def test_who_did_not_get_the_lock_again_waits_for_it_in_the_next_block(logs, monkeypatch):
    """As when another one was quicker: then what is committed is answered all the same."""
    real = postgres_writer.lock_at
    elsewhere = Head(99)
    monkeypatch.setattr(postgres_writer, "lock_at", lambda name, _: real(name, elsewhere))
    await promise(logs[0])
    monkeypatch.undo()
    await put(logs[1], entry("t/seats/b"))  # it is not locked
    async with logs[0].writer() as writer:
        assert writer.head == await logs[1].head()
        other = asyncio.create_task(put(logs[1], entry("t/seats/d")))
        await asyncio.sleep(0.05)
        assert not other.done()
        await writer.append([entry("t/seats/c")], at=AT)
    await other
    assert [each.stream[-1] for each in await check(logs[0], 4)] == ["a", "b", "c", "d"]


async def test_the_lock_is_given_up_now_and_then_though_more_is_promised(logs, database):
    kept = []
    for version in range(1, 18):
        await promise(logs[0], version=version)
        kept.append(await locked(database))
    assert [number for number, each in enumerate(kept, 1) if not each] == [8, 16]


async def test_a_log_that_moved_is_seen_at_once(logs):
    await put(logs[0], entry("t/seats/a"))
    await put(logs[1], entry("t/seats/b"))
    async with logs[0].writer() as writer:
        assert writer.head == await logs[1].head()
        await writer.append([entry("t/seats/c")], at=AT)
    await check(logs[1], 3)


async def test_an_error_gives_the_lock_back(logs, database):
    await promise(logs[0])
    with pytest.raises(ZeroDivisionError):
        await put(logs[0], entry("t/seats/b"), then=ZeroDivisionError)
    assert not await locked(database)


async def test_a_connection_that_is_cut_while_it_keeps_the_lock_is_replaced(logs, database):
    await promise(logs[0])
    superuser = await asyncpg.connect(database)
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state LIKE 'idle in%'"
    )
    await superuser.close()
    await asyncio.sleep(0.3)  # longer than it would be kept
    await put(logs[0], entry("t/seats/b"))
    await check(logs[1], 2)
