"""The disk of NATS is full: selling goes on, somebody is told, and the copy catches up."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager

import pytest

from roadcase.embedded import room
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from tests.kernel.selling import by, dispatching, ended, until
from tests.kernel.shop import Open, Sell
from tests.kernel.small_disk import small_disk_at
from tests.kernel.streaming import (
    assert_copied,
    caught_up,
    connected_to,
    relaying,
    stream_of,
    write,
)


@pytest.fixture
async def disk(own_nats):
    """The folder of this NATS, which something else can fill."""
    own_nats.kill()
    folder = own_nats.data / "nats"
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    account = own_nats.account
    owner = (account.uid, account.gid) if account else (0, 0)
    with small_disk_at(folder, "256m", owner):
        await own_nats.start()
        yield folder
        own_nats.kill()


def fill(ballast):
    """Leave half a megabyte of its disk."""
    left = shutil.disk_usage(ballast.parent).free - 512 * 1024
    ballast.write_bytes(bytes(left))


@asynccontextmanager
async def watched(server):
    """As `roadcase up` keeps it running."""
    restarts = []
    watching = asyncio.create_task(server.watch(lambda *told: restarts.append(told)))
    try:
        yield restarts
    finally:
        await ended(watching)


@pytest.mark.parametrize("quietly", [False, True])
async def test_after_a_full_disk_it_comes_back_by_itself_once_there_is_room(
    database, own_nats, disk, quietly
):
    if quietly:  # as when its log is on the same disk, and cannot be written either
        own_nats.log.unlink()
        own_nats.log.touch()
    await migrate(database, "shop")
    async with (
        PostgresLog(database, "shop") as log,
        connected_to(own_nats.url) as client,
        relaying(client, log) as relay,
        watched(own_nats) as restarts,
    ):
        await write(log, 10)
        await caught_up(stream_of(client, log), log)
        ballast = disk / "ballast"
        await asyncio.to_thread(fill, ballast)
        for _ in range(30):
            await write(log, 1, payload=b'"' + b"x" * 200_000 + b'"')
        await asyncio.sleep(2.5)
        assert restarts == []
        assert relay.position < 40
        ballast.unlink()
        await until(lambda: restarts, 20)
        await assert_copied(client, log, own_nats.url)
        await asyncio.sleep(1.5)
        assert restarts == [("nats", 1)]


def test_what_the_server_said_of_its_disk_counts_from_its_start_on(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "_EVERY", 0.0)
    log = tmp_path / "nats.log"
    log.write_text("write 1.blk: no space left on device\n")
    disk = room.Room(tmp_path, log)
    assert not disk.is_back()
    with log.open("a") as said:
        said.write("write 2.blk: no space le")
        said.flush()
        assert not disk.is_back()
        said.write("ft on device\n")
    assert disk.is_back()
    disk.begin()
    assert not disk.is_back()
    log.unlink()
    assert not disk.is_back()


async def test_a_nats_that_cannot_start_on_a_full_disk_is_tried_until_it_can(own_nats, disk):
    ballast = disk / "ballast"
    await asyncio.to_thread(lambda: ballast.write_bytes(bytes(shutil.disk_usage(disk).free)))
    async with watched(own_nats) as restarts:
        own_nats.kill()
        await asyncio.sleep(1)
        ballast.unlink()
        await until(lambda: restarts, 20)
        async with connected_to(own_nats.url) as client:
            assert client.is_connected


async def test_a_full_disk_under_nats_stops_no_sale_and_the_copy_catches_up(
    database, own_nats, disk
):
    await migrate(database, "shop")
    async with (
        PostgresLog(database, "shop") as log,
        connected_to(own_nats.url) as client,
        relaying(client, log) as relay,
        dispatching(database, name="shop", guard=stream_of(client, log).recognise) as dispatch,
    ):
        dispatch.on_commit.append(relay.offer)
        await dispatch(Open(shop="a", capacity=10**6), by())
        await caught_up(stream_of(client, log), log)
        ballast = disk / "ballast"
        await asyncio.to_thread(fill, ballast)
        for number in range(300):
            order = str(number)
            await dispatch(Sell(shop="a", order=order, note="x" * 20_000), by(order))
        assert dispatch.not_ready is None
        await until(lambda: relay.fault, 60)
        assert "disk full" in relay.fault
        assert relay.position < 301
        assert dispatch.not_ready is None
        ballast.unlink()
        await own_nats.stop()
        await own_nats.start()
        await assert_copied(client, log, own_nats.url)
        assert relay.fault is None
