"""The disk of NATS is full: selling goes on, somebody is told, and the copy catches up."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from tests.kernel.selling import by, dispatching, until
from tests.kernel.shop import Open, Sell
from tests.kernel.small_disk import small_disk_at
from tests.kernel.streaming import assert_copied, caught_up, connected_to, relaying, stream_of


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
