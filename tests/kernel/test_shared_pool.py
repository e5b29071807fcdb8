"""One pool for many: as long as anybody uses it, and back after the server was away."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from roadcase.event_store import connections
from roadcase.event_store.connections import DERIVED, shared
from roadcase.event_store.migrate import migrate

ROLE = "ticketing_app"


async def test_all_who_ask_for_the_same_have_one_pool(database):
    async with shared(database, ROLE) as one, shared(database, ROLE) as two:
        assert one is two
        async with shared(database, ROLE, **DERIVED) as other:
            assert other is not one
            assert await other.fetchval("SHOW synchronous_commit") == "off"
        assert await one.fetchval("SHOW synchronous_commit") == "on"
    assert not connections._pools
    with pytest.raises(asyncpg.InterfaceError):
        await one.fetchval("SELECT 1")


async def test_it_stays_until_the_last_one_leaves(database):
    leave = asyncio.Event()

    async def user():
        async with shared(database, ROLE) as pool:
            await leave.wait()
            return await pool.fetchval("SELECT 1")

    users = [asyncio.create_task(user()) for _ in range(9)]
    async with shared(database, ROLE) as pool:
        assert await pool.fetchval("SELECT 1") == 1
    users[0].cancel()
    await asyncio.sleep(0)
    leave.set()
    assert await asyncio.gather(*users[1:]) == [1] * 8
    assert not connections._pools


async def test_what_is_not_used_is_closed(database, monkeypatch):
    monkeypatch.setattr(connections, "_IDLE", 0.05)
    async with connections.connected(database, ROLE) as pool:
        assert await asyncio.gather(*(pool.fetchval("SELECT 1") for _ in range(4))) == [1] * 4
        async with asyncio.timeout(5):
            while pool.get_size():  # noqa: ASYNC110 - the driver tells nobody
                await asyncio.sleep(0.02)
        assert await pool.fetchval("SELECT 1") == 1


async def test_it_is_good_again_once_the_server_is(own_postgres):
    await migrate(own_postgres.url, "ticketing")
    async with shared(own_postgres.url, ROLE) as pool:
        assert await pool.fetchval("SELECT 1") == 1
        await own_postgres.stop()
        with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
            await pool.fetchval("SELECT 1")
        await own_postgres.start()
        async with asyncio.timeout(10):
            while True:
                try:
                    assert await pool.fetchval("SELECT 1") == 1
                    break
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await asyncio.sleep(0.05)
