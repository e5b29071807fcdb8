"""`log verify` needs the database and a file; without NATS it says what it did not compare."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import asyncpg
import pytest

from roadcase.checkpointing import Checkpoints, file_of
from roadcase.event_store.postgres import PostgresLog
from roadcase.secret import Secret
from roadcase.settings import Settings
from roadcase.stream.stream import connect
from tests.kernel.streaming import write
from tests.system.alone import SECRET, settings

NOWHERE = "nats://127.0.0.1:9"


async def verified(database: str, nats_url: str, data, *options: str) -> tuple[int, str]:
    told = settings(postgres_url=database, nats_url=nats_url, data=data)
    command = [sys.executable, "-m", "roadcase", "log", "verify", *options]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, env=told
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
async def checked(database, nats_url, tmp_path):
    """A log with a checkpoint in the file and on the stream."""
    client = await connect(nats_url)
    async with PostgresLog(database, "ticketing") as log:
        await write(log, 5)
        file = file_of(Settings(data=tmp_path), "ticketing")
        await Checkpoints(log, client, Secret(SECRET), file).write()
        yield tmp_path
    await client.close()


async def test_without_nats_log_and_file_are_verified_and_the_rest_is_said(
    database, nats_url, checked
):
    code, said = await verified(database, nats_url, checked, "--json")
    assert (code, json.loads(said)["stream_compared"]) == (0, True)
    code, said = await verified(database, NOWHERE, checked, "--json")
    told = json.loads(said)
    assert (code, told["position"], told["checkpoints"]) == (0, 5, 1)
    assert told["stream_compared"] is False
    code, said = await verified(database, NOWHERE, checked)
    assert "the stream was not compared" in " ".join(said.split())


async def test_without_nats_a_log_that_was_cut_off_is_still_found(database, checked):
    owner = await asyncpg.connect(database)
    await owner.execute("DELETE FROM ticketing.events WHERE position > 3")
    await owner.execute(
        "UPDATE ticketing.head SET position = 3, "
        "hash = (SELECT hash FROM ticketing.events WHERE position = 3)"
    )
    await owner.close()
    code, said = await verified(database, NOWHERE, checked)
    assert code == 1
    assert "a checkpoint was made at 5" in " ".join(said.split())
