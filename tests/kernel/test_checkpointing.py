"""Checkpoints that are written while running, and what they find out about a log afterwards."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.js.errors import APIError

from roadcase.checkpointing import Checkpoints, kept, keys_of, last_kept
from roadcase.errors import LogCorrupt
from roadcase.event_store.checkpoints import CheckpointRefused
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.verify import verify
from roadcase.secret import Secret
from tests.kernel.streaming import connected_to, task_of, write
from tests.kernel.test_stream import restored

SECRET = Secret("a secret of more than thirty-two characters")
KEYS = keys_of(SECRET)


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    await migrate(database, "shop")
    async with PostgresLog(database, "shop") as log:
        yield log


@pytest.fixture
async def client(nats_url: str) -> AsyncIterator[Client]:
    async with connected_to(nats_url) as client:
        yield client
        await client.jetstream().delete_stream("CHK_shop")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints" / "shop.jsonl"


async def test_they_are_written_while_it_runs_and_hold(log, client, file):
    async with task_of(Checkpoints(log, client, SECRET, file, every=0.01)):
        for _ in range(3):
            await write(log, 2)
            head = await log.head()
            async with asyncio.timeout(20):
                while True:
                    found = await kept(file, client, "shop", KEYS)
                    if [each.hash for each in found].count(head.hash) == 2:
                        break
                    await asyncio.sleep(0.01)
    assert (await verify(log, found)).position == 6
    lines = file.read_text().splitlines()
    assert len(lines) == len(set(lines)) <= 4, "a head that is known already was written again"


@pytest.mark.parametrize(
    ("only", "sold_on"), [("file", 0), ("file", 9), ("stream", 0), ("stream", 9)]
)
async def test_a_tail_that_was_cut_off_is_found_after_a_restart(  # noqa: PLR0917 - six fixtures
    database, log, client, file, only, sold_on
):
    await write(log, 8)
    await Checkpoints(log, client, SECRET, file).write()
    await restored(database, 5)
    if sold_on:
        await write(log, sold_on, payload=b'{"a":2}')
    await Checkpoints(log, client, SECRET, file).write()  # the restarted process does not know
    await verify(log)  # nor does the chain itself
    if only == "stream":
        file.unlink()
    elif only == "file":
        await client.jetstream().delete_stream("CHK_shop")
    checkpoints = await kept(file, client, "shop", KEYS)
    said = "not what it was" if sold_on else "ends before it"
    with pytest.raises(LogCorrupt, match=said) as found:
        await verify(log, checkpoints)
    assert found.value.facts["checkpoint"] == 8
    await Checkpoints(log, client, SECRET, file).write()


async def test_what_another_key_signed_is_refused(log, client, file):
    await write(log, 1)
    await Checkpoints(log, client, Secret("another secret, as long as the first"), file).write()
    with pytest.raises(CheckpointRefused):
        await kept(file, client, "shop", KEYS)
    file.unlink()
    with pytest.raises(CheckpointRefused):
        await kept(file, client, "shop", KEYS)


async def test_a_place_that_cannot_be_written_is_no_reason_to_stop(log, client, file, caplog):
    await write(log, 1)
    file.parent.write_text("not a folder")
    writing = Checkpoints(log, client, SECRET, file)
    await writing.write()
    assert "a checkpoint of shop was not written" in caplog.text
    file.parent.unlink()
    await writing.write()
    assert len(await kept(file, client, "shop", KEYS)) == 2


async def test_nobody_purges_them_from_the_stream(log, client, file):
    await write(log, 1)
    await Checkpoints(log, client, SECRET, file).write()
    with pytest.raises(APIError):
        await client.jetstream().purge_stream("CHK_shop")
    with pytest.raises(APIError):
        await client.jetstream().delete_msg("CHK_shop", 1)


async def test_two_processes_write_to_the_file_in_turns(log, client, file):
    await write(log, 1)
    await Checkpoints(log, client, SECRET, file).write()
    await write(log, 1)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        writing = asyncio.create_task(Checkpoints(log, client, SECRET, file).write())
        await asyncio.sleep(0.3)
        assert len(file.read_text().splitlines()) == 1
    await writing
    assert len(file.read_text().splitlines()) == 2


async def test_the_last_one_is_the_newest_of_file_and_stream(log, client, file, tmp_path):
    assert await last_kept(file, client, "shop", KEYS) is None
    await write(log, 3)
    await Checkpoints(log, client, SECRET, file).write()
    await write(log, 2)
    elsewhere = tmp_path / "another machine" / "shop.jsonl"
    await Checkpoints(log, client, SECRET, elsewhere).write()
    assert (await last_kept(file, client, "shop", KEYS)).position == 5
    assert (await last_kept(file, None, "shop", KEYS)).position == 3
    with pytest.raises(CheckpointRefused):
        await last_kept(tmp_path / "none", client, "shop", keys_of(Secret("x" * 40)))
