"""What only the log in a file promises: one owner, synced answers, readable by the library."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.sqlite import SQLiteDatastore, SQLiteProcessRecorder

from roadcase.errors import LogCorrupt, Unavailable
from roadcase.event_store.sqlite import SqliteLog
from roadcase.testing.logs import check, entries, entry, put


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "venue node.db"


async def test_the_library_reads_the_file_and_cannot_write_past_the_chain(path):
    async with SqliteLog(path, "ticketing") as log:
        await put(log, *entries("t/seats/a", 2), entry("t/seats/b", 1, b'{"a":1}'))
    store = SQLiteDatastore(str(path), originator_id_type="text")
    try:
        recorder = SQLiteProcessRecorder(store)
        assert [each.id for each in recorder.select_notifications(1, 10)] == [1, 2, 3]
        (event,) = recorder.select_events("t/seats/b")
        assert (event.originator_version, event.state) == (1, b'{"a":1}')
        with pytest.raises(IntegrityError, match="is written by"):
            recorder.insert_events([StoredEvent("t/seats/b", 2, "x", b"")])
    finally:
        store.close()
    async with SqliteLog(path, "ticketing") as log:
        await check(log, 3)


async def test_what_is_in_the_file_cannot_be_changed_by_accident(path):
    async with SqliteLog(path, "ticketing") as log:
        await put(log, *entries("t/seats/a", 2))
    connection = sqlite3.connect(path)
    for statement in ("DELETE FROM stored_events", "UPDATE stored_events SET state = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


async def test_a_file_is_open_once(path):
    async with SqliteLog(path, "ticketing") as log:
        await put(log, entry("t/seats/a"))
        with pytest.raises(Unavailable, match="is open already"):
            await SqliteLog(path, "ticketing").head()
        await check(log, 1)
    async with SqliteLog(path, "ticketing") as log:
        await check(log, 1)


async def test_a_second_process_is_refused_until_the_first_was_killed(path):
    process = _child(
        path,
        """
        async with SqliteLog(path, "ticketing") as log:
            print("open", flush=True)
            await asyncio.sleep(60)
        """,
    )
    assert process.stdout.readline() == "open\n"
    with pytest.raises(Unavailable, match="is open already"):
        async with SqliteLog(path, "ticketing"):
            pass
    _kill(process)
    async with SqliteLog(path, "ticketing") as log:
        await check(log, 0)


async def test_what_was_answered_is_there_after_a_kill(path):
    process = _child(
        path,
        """
        async with SqliteLog(path, "ticketing") as log:
            for version in range(1, 100_000):
                await put(log, entry("t/seats/a", version), entry("t/seats/b", version))
                print(version, flush=True)
        """,
    )
    for _ in range(50):
        answered = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    answered = max([answered, *map(int, process.stdout.read().split("\n")[:-1])])
    _kill(process)
    async with SqliteLog(path, "ticketing") as log:
        head = await log.head()
        assert head.position >= 2 * answered
        assert head.position % 2 == 0
        await check(log, head.position)


async def test_every_commit_is_synced_into_a_write_ahead_log(path):
    async with SqliteLog(path, "ticketing") as log:
        assert await log._run("", lambda file: _pragmas(file.writing)) == ("wal", 2, 1, 1)


async def test_another_services_file_is_refused(path):
    async with SqliteLog(path, "ticketing"):
        pass
    with pytest.raises(Unavailable, match="the log of ticketing, not of pos"):
        async with SqliteLog(path, "pos"):
            pass


async def test_a_file_that_is_no_database_and_a_missing_folder_are_named(path):
    path.write_bytes(b"once upon a time " * 500)
    with pytest.raises(LogCorrupt, match="damaged"):
        await SqliteLog(path, "ticketing").head()
    with pytest.raises(Unavailable, match="opening"):
        await SqliteLog(path.parent / "missing" / "log.db", "ticketing").head()


async def test_the_event_loop_goes_on_while_the_file_is_written(path):
    async with SqliteLog(path, "ticketing") as log:
        new = [entry("t/seats/a", n, b"x" * 50_000) for n in range(1, 501)]
        pause, done = 0.0, asyncio.create_task(put(log, *new))
        while not done.done():
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            pause = max(pause, time.perf_counter() - before)
        await done
        assert pause < 0.25


def _pragmas(connection):
    def ask(name):
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]

    names = ("journal_mode", "synchronous", "fullfsync", "checkpoint_fullfsync")
    return tuple(ask(name) for name in names)


def _child(path, body):
    program = (
        "import asyncio, pathlib, sys\n"
        "from roadcase.event_store.sqlite import SqliteLog\n"
        "from roadcase.testing.logs import entry, put\n"
        "async def main(path):\n"
        + textwrap.indent(textwrap.dedent(body), "    ")
        + "\nasyncio.run(main(pathlib.Path(sys.argv[1])))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
    )


def _kill(process):
    process.kill()
    process.wait()
    process.stdout.close()
