"""What dispatch promises while PostgreSQL, the network, the disk or the process itself fails."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest

from roadcase import dispatch as dispatch_module
from roadcase.errors import LogDiverged, LogRegressed, Unavailable
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.inbox import Answers
from roadcase.testing.logs import AT, entry
from tests.kernel.selling import NAME, by, dispatching, ended, insist, orders, sound, until
from tests.kernel.shop import Open, Sell, SoldOut
from tests.kernel.small_disk import mount, small_disk_at

ROOT = Path(__file__).parents[2]
OPEN = Open(shop="s", capacity=1000)


@asynccontextmanager
async def superuser(url):
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def storm(dispatch, names, won, workers=40):
    """Sell these orders, each until it is answered; `won` is told where. Returns the refused."""
    queue, refused = list(names), set()

    async def work():
        while queue:
            name = queue.pop()
            try:
                outcome = await insist(dispatch, Sell(shop="s", order=name), by(name))
                won[name] = outcome.position
            except SoldOut:
                refused.add(name)

    await asyncio.gather(*(work() for _ in range(workers)))
    return refused


def assert_sold(records, won, refused):
    """Exactly what was acknowledged is in the log, where the answer said it is, once."""
    assert orders(records) == dict.fromkeys(won, 1)
    assert not refused & set(orders(records))
    assert all(json.loads(records[at - 1].payload)["order"] == name for name, at in won.items())


async def test_postgres_is_killed_again_and_again_during_a_sale(own_postgres):
    url, restarted, chance = own_postgres.url, [], random.Random()
    await migrate(url, "shop")
    watching = asyncio.create_task(own_postgres.watch(lambda *each: restarted.append(each)))
    async with dispatching(url, name="shop", patience=0.1) as dispatch:
        await insist(dispatch, OPEN, by())
        won, refused = {}, set()
        for turn in range(4):
            names = [f"{turn}-{number}" for number in range(400)]
            answers = len(won)
            selling = asyncio.create_task(storm(dispatch, names, won))
            if turn < 3:  # the fourth is sold out half-way
                await until(lambda: len(won) > answers + chance.random() * 200)  # noqa: B023
            own_postgres.kill()
            refused |= await selling
            await until(lambda: len(restarted) == turn + 1)  # noqa: B023
        assert (len(won), len(refused)) == (1000, 600)
        assert_sold(await sound(dispatch.log), won, refused)
    await ended(watching)


async def test_writers_are_terminated_at_any_moment(database):
    async with dispatching(database) as one, dispatching(database) as two:
        await one(OPEN, by())

        async def terminate(server):
            while True:
                await asyncio.sleep(0.02 + random.random() * 0.03)
                await server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name = 'roadcase'"
                )

        async with superuser(database) as server:
            terminating = asyncio.create_task(terminate(server))
            won = {}  # by few at a time, so that there are many commits to be cut
            await asyncio.gather(
                storm(one, [f"a{n}" for n in range(50)], won, 2),
                storm(two, [f"b{n}" for n in range(50)], won, 2),
            )
            await ended(terminating)
        assert_sold(await sound(one.log), won, set())


# The connection breaks after COMMIT was sent.


class Cut:
    """A proxy that breaks the connection at the next commits, each in the way that is asked for.

    lost: the server never hears of it. done: the server commits, its answer is lost. late: the
    connection breaks at once, but what was sent arrives at the server half a second later.
    """

    def __init__(self, url):
        parts = urlsplit(url)
        self.server = parts.hostname, parts.port
        self.ways = []
        self.cuts = 0
        self._url = url
        self._port = parts.port
        self._tasks = set()

    async def __aenter__(self):
        self._listening = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._listening.sockets[0].getsockname()[1]
        self.url = self._url.replace(f":{self._port}/", f":{port}/")
        return self

    async def __aexit__(self, *_):
        self._listening.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        back_reader, back_writer = await asyncio.open_connection(*self.server)
        answers = asyncio.create_task(self._copy(back_reader, writer))
        try:
            while data := await reader.read(1 << 16):
                if self.ways and b".head SET position" in data:
                    self.cuts += 1
                    await self._cut(self.ways.pop(0), data, answers, writer, back_writer)
                    break
                back_writer.write(data)
                await back_writer.drain()
        finally:
            await ended(answers)
            for each in (writer, back_writer):
                each.close()

    async def _copy(self, reader, writer):
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                writer.write(data)
            writer.close()

    async def _cut(self, way, data, answers, writer, back_writer):
        await ended(answers)
        if way == "late":
            writer.transport.abort()
            await asyncio.sleep(0.5)
        if way != "lost":
            back_writer.write(data)
            await back_writer.drain()
            await asyncio.sleep(0.1)
        writer.transport.abort()


@pytest.mark.parametrize("key", ["k", None])
@pytest.mark.parametrize("way", ["lost", "done", "late"])
async def test_a_commit_of_unknown_fate_is_looked_up_and_has_one_effect(database, way, key):
    async with Cut(database) as proxy, dispatching(proxy.url) as dispatch:
        await dispatch(OPEN, by())
        proxy.ways = [way]
        outcome = await dispatch(Sell(shop="s", order="a"), by(key))
        assert (outcome.position, outcome.replayed, proxy.cuts) == (2, False, 1)
        await dispatch(Sell(shop="s", order="b"), by())
        await asyncio.sleep(0.8 if way == "late" else 0)  # now that is there, too
        assert orders(await sound(dispatch.log)) == {"a": 1, "b": 1}


async def test_commits_of_unknown_fate_one_after_the_other(database):
    async with Cut(database) as proxy, dispatching(proxy.url) as dispatch:
        await dispatch(OPEN, by())
        proxy.ways = ["lost", "lost", "done", "lost", "done"]
        won = {}
        await storm(dispatch, [f"{n}" for n in range(100)], won, 20)
        assert proxy.cuts == 5
        assert_sold(await sound(dispatch.log), won, set())


async def test_who_lost_patience_retries_what_had_happened(database):
    async with Cut(database) as proxy, dispatching(proxy.url, patience=0.015) as dispatch:
        await insist(dispatch, OPEN, by())
        proxy.ways = ["late"]
        sell = Sell(shop="s", order="a")
        with pytest.raises(Unavailable):
            await dispatch(sell, by("k"))
        await insist(dispatch, sell, by("k"))
        assert orders(await sound(dispatch.log)) == {"a": 1}


# Nothing is said at all.


def signal_all(server, what):
    process = psutil.Process(server.pid)
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            each.send_signal(what)


@pytest.mark.parametrize("hung", [30.0, 0.3])
async def test_a_frozen_postgres_costs_patience_and_nothing_else(own_postgres, monkeypatch, hung):
    monkeypatch.setattr(dispatch_module, "_HUNG", hung)
    await migrate(own_postgres.url, "shop")
    async with dispatching(own_postgres.url, name="shop", patience=0.2) as dispatch:
        await insist(dispatch, OPEN, by())
        won = await insist(dispatch, Sell(shop="s", order="0"), by("0"))
        dispatch._inbox.answers = Answers()
        signal_all(own_postgres, signal.SIGSTOP)
        try:
            for _ in range(3):
                started = time.monotonic()
                with pytest.raises(Unavailable):
                    await dispatch(Sell(shop="s", order="a"), by("a"))
                assert time.monotonic() - started < 1.5
            assert "does not answer" in dispatch.not_ready
        finally:
            signal_all(own_postgres, signal.SIGCONT)
        await insist(dispatch, Sell(shop="s", order="a"), by("a"))
        assert dispatch.not_ready is None
        assert await insist(dispatch, Sell(shop="s", order="0"), by("0")) == (*won[:2], True)
        assert orders(await sound(dispatch.log)) == {"0": 1, "a": 1}


async def test_a_frozen_writer_loses_the_lock_after_five_seconds(database):
    async with PostgresLog(database, NAME) as frozen, dispatching(database, patience=8) as dispatch:
        await dispatch(OPEN, by())
        started = time.monotonic()

        async def freeze():
            async with frozen.writer() as writer:
                await writer.append([entry("t/shop/s", 2)], at=AT)
                await dispatch(Sell(shop="s", order="a"), by("a"))

        with pytest.raises(Unavailable):
            await freeze()
        assert 4.5 < time.monotonic() - started < 7
        assert orders(await sound(dispatch.log)) == {"a": 1}


# The database is not the one it was.


async def sell_some(dispatch):
    await dispatch(OPEN, by())
    for number in range(3):
        await dispatch(Sell(shop="s", order=f"{number}"), by(f"{number}"))


DISCONNECT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.mark.parametrize("reconnected", [True, False])
async def test_a_log_restored_from_an_older_copy_refuses_until_it_is_healed(database, reconnected):
    async with superuser(database) as server, dispatching(database) as dispatch:
        await sell_some(dispatch)
        await server.execute(
            f"CREATE TABLE lost AS SELECT * FROM {NAME}.events WHERE position > 2;"
            f"CREATE TABLE lost_head AS SELECT * FROM {NAME}.head;"
            f"DELETE FROM {NAME}.events WHERE position > 2; DELETE FROM {NAME}.keys;"
            f"UPDATE {NAME}.head SET position = 2, hash = e.hash "
            f"FROM {NAME}.events AS e WHERE e.position = 2"
        )
        if reconnected:
            await server.execute(DISCONNECT)
        for _ in range(2):
            with pytest.raises(LogRegressed, match="Run `roadcase log heal`") as refused:
                await dispatch(Sell(shop="s", order="x"), by("x"))
        assert refused.value.facts == {"ends_at": 2, "expected": 4}
        assert dispatch.not_ready == str(refused.value)
        assert await server.fetchval(f"SELECT count(*) FROM {NAME}.events") == 2
        await server.execute(
            f"INSERT INTO {NAME}.events (SELECT * FROM lost);"
            f"UPDATE {NAME}.head SET position = l.position, hash = l.hash FROM lost_head AS l"
        )
        await until(lambda: dispatch.not_ready is None)
        await dispatch(Sell(shop="s", order="x"), by("x"))
        assert orders(await sound(dispatch.log)).total() == 4


OTHER_STORIES = {
    "another end": f"""
        UPDATE {NAME}.events SET hash = sha256(hash) WHERE position = 4;
        UPDATE {NAME}.head SET hash = sha256(hash)""",
    "another record, and more after it": f"""
        UPDATE {NAME}.events SET hash = sha256(hash) WHERE position = 4;
        INSERT INTO {NAME}.events
            (SELECT 5, version, 't/shop/new', topic, payload, meta, sha256(hash)
             FROM {NAME}.events WHERE position = 1);
        UPDATE {NAME}.head SET position = 5, hash = sha256(hash)""",
    "no record, but more after it": f"""
        UPDATE {NAME}.events SET position = 5 WHERE position = 4;
        UPDATE {NAME}.head SET position = 5, hash = sha256(hash)""",
}


@pytest.mark.parametrize("story", OTHER_STORIES)
@pytest.mark.parametrize("reconnected", [True, False])
async def test_a_log_with_another_story_at_our_position_is_refused(database, story, reconnected):
    async with superuser(database) as server, dispatching(database) as dispatch:
        await sell_some(dispatch)
        await server.execute(OTHER_STORIES[story])
        if reconnected:
            await server.execute(DISCONNECT)
        end = await dispatch.log.head()
        for _ in range(2):
            with pytest.raises(LogDiverged, match="Run `roadcase log heal`") as refused:
                await dispatch(Sell(shop="s", order="x"), by("x"))
        assert refused.value.facts == {"at": 4}
        assert dispatch.not_ready == str(refused.value)
        assert await dispatch.log.head() == end


async def test_a_hole_in_what_others_wrote_is_an_error_and_no_endless_search(database):
    async with superuser(database) as server, dispatching(database) as dispatch:
        await sell_some(dispatch)
        await dispatch(Open(shop="other", capacity=1), by("other"))
        await server.execute(f"UPDATE {NAME}.head SET position = 9")
        with pytest.raises(Exception, match="the log ends before 6"):
            await dispatch(Sell(shop="s", order="x"), by("x"))


@pytest.fixture
def small_disk(own_postgres):
    """A disk with room for very few events, on which PostgreSQL may write."""
    owner = own_postgres.account.uid, own_postgres.account.gid
    with (
        tempfile.TemporaryDirectory(prefix="roadcase-small-") as name,
        small_disk_at(Path(name), "1m", owner) as folder,
    ):
        yield folder


async def test_a_full_disk_refuses_and_writes_nothing_by_halves(own_postgres, small_disk):
    url = own_postgres.url
    await migrate(url, "shop")
    async with superuser(url) as server, dispatching(url, name="shop", patience=1) as dispatch:
        await server.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
        await server.execute("ALTER TABLE shop.events SET TABLESPACE small")
        await dispatch(OPEN, by())
        sold = []

        async def fill():
            while True:
                sold.append(Sell(shop="s", order=f"{len(sold)}", note="x" * 20_000))
                await dispatch(sold[-1], by(sold[-1].order))

        with pytest.raises(Unavailable, match="No space left"):
            await fill()
        assert "No space left" in dispatch.not_ready
        assert len(await sound(dispatch.log)) == len(sold) > 10
        mount(small_disk, "remount,size=64m")
        await insist(dispatch, sold[-1], by(sold[-1].order))
        assert orders(await sound(dispatch.log)) == {each.order: 1 for each in sold}
        assert dispatch.not_ready is None
        await server.execute("ALTER TABLE shop.events SET TABLESPACE pg_default")
        await server.execute("DROP TABLESPACE small")


# The process itself is killed.

SELLER = """
import asyncio, sys
from tests.kernel.selling import by, dispatching
from tests.kernel.shop import Sell

async def main(url):
    async with dispatching(url) as dispatch:
        async def sell(worker):
            for number in range(10**6):
                name = f"{worker}-{number}"
                outcome = await dispatch(Sell(shop="s", order=name), by(name))
                sys.stdout.write(f"{name} {outcome.position}\\n")
                sys.stdout.flush()
        await asyncio.gather(*(sell(worker) for worker in range(8)))

asyncio.run(main(sys.argv[1]))
"""


async def test_what_a_killed_process_acknowledged_is_in_the_log(database):
    chance = random.Random()
    async with dispatching(database) as dispatch:
        await dispatch(Open(shop="s", capacity=10**6), by())
        won = {}
        for _ in range(3):
            seller = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", SELLER, database),
                stdout=subprocess.PIPE,
                cwd=ROOT,
                start_new_session=True,
            )
            told = await seller.stdout.readline()
            await asyncio.sleep(chance.random() * 0.2)
            seller.kill()
            told += await seller.stdout.read()
            await seller.wait()
            assert told, "it sold nothing"
            for line in told.decode().splitlines(keepends=True):
                if line.endswith("\n"):  # the last one may be torn
                    name, at = line.split()
                    assert won.setdefault(name, int(at)) == int(at), "one key, two answers"
        await dispatch(Sell(shop="s", order="after"), by())
        records = await sound(dispatch.log)
        sold = orders(records)
        assert set(sold.values()) == {1}
        assert all(json.loads(records[at - 1].payload)["order"] == name for name, at in won.items())
