"""Whatever is changed in a log is found, and the first bad position is named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from roadcase.embedded.account import postgres_programs
from roadcase.errors import LogCorrupt
from roadcase.event_store import pages as paging
from roadcase.event_store.chain import number
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Entry, Head
from roadcase.event_store.sqlite import SqliteLog
from roadcase.event_store.verify import (
    CheckpointRefused,
    Verified,
    append_checkpoint,
    read_checkpoints,
    sign,
    verify,
)
from roadcase.testing.logs import AT, entry, put

COUNT = 12
KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KEYS = {"2026": KEY.public_key()}
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"

TAMPERING = {
    "payload": "UPDATE {}.events SET payload = set_byte(payload, 3, 88) WHERE position = 7",
    "meta": "UPDATE {}.events SET meta = set_byte(meta, 0, 9) WHERE position = 7",
    "topic": "UPDATE {}.events SET topic = overlay(topic placing 'T' from 1) WHERE position = 7",
    "stream": "UPDATE {}.events SET stream = overlay(stream placing 'u' from 1) WHERE position = 7",
    "version": "UPDATE {}.events SET version = version + 256 WHERE position = 7",
    "hash": "UPDATE {}.events SET hash = set_byte(hash, 31, 255 - get_byte(hash, 31)) "
    "WHERE position = 7",
    "a byte moved from payload to meta": "UPDATE {}.events SET meta = '\\x7d'::bytea || meta, "
    "payload = substr(payload, 1, length(payload) - 1) WHERE position = 7",
    "a deleted row": "DELETE FROM {}.events WHERE position = 7",
    "two swapped rows": "UPDATE {}.events SET position = CASE position WHEN 7 THEN 1009 "
    "ELSE 1007 END WHERE position IN (7, 9); "
    "UPDATE {}.events SET position = position - 1000 WHERE position > 1000",
    "an inserted row": "UPDATE {}.events SET position = position + 1000 WHERE position >= 7; "
    "UPDATE {}.events SET position = position - 999 WHERE position > 1000; "
    "INSERT INTO {}.events SELECT 7, 99, stream, topic, payload, meta, hash "
    "FROM {}.events WHERE position = 6",
}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 5)


@dataclass
class Case:
    log: PostgresLog
    sql: Callable[[str], Awaitable[str]]

    async def refused(self, *checkpoints):
        with pytest.raises(LogCorrupt) as caught:
            await verify(self.log, checkpoints)
        position = caught.value.facts["position"]
        assert f"position {position}" in str(caught.value)
        return position

    async def checkpoint(self):
        return sign("ticketing", await self.log.head(), "2026", KEY)

    async def records(self):
        return await self.log.read(0, 1000)


@pytest.fixture
async def case(database):
    superuser = await asyncpg.connect(database)
    async with PostgresLog(database, "ticketing") as log:
        for n in range(1, COUNT + 1):
            await put(log, entry(f"t/seats/{n % 3}", n, b'{"seat":%d}' % n, b'{"by":"ann"}'))
        yield Case(log, lambda text: superuser.execute(text.replace("{}", "ticketing")))
    await superuser.close()


async def test_a_whole_log_holds(case):
    told = []
    head = await case.log.head()
    found = await verify(case.log, [await case.checkpoint()], lambda *each: told.append(each))
    assert found == Verified(COUNT, head.hash, COUNT)
    assert told == [(5, COUNT), (10, COUNT), (COUNT, COUNT)]


async def test_an_empty_log_holds(database):
    async with PostgresLog(database, "ticketing") as log:
        assert await verify(log) == Verified(0, bytes(32), 0)
        assert await verify(log, [sign("ticketing", Head(), "2026", KEY)])


@pytest.mark.parametrize("what", TAMPERING)
async def test_tampering_is_found_where_it_was_done(case, what):
    await case.sql(TAMPERING[what])
    assert await case.refused() == 7


@pytest.mark.parametrize("column", ["payload", "meta", "hash"])
async def test_every_single_byte_counts(case, column):
    (record,) = await case.log.read(COUNT - 1, 1)
    for byte in range(len(getattr(record, column))):
        change = f"set_byte({column}, {byte}, get_byte({column}, {byte}) # 1)"
        flip = f"UPDATE {{}}.events SET {column} = {change} WHERE position = {COUNT}"
        await case.sql(flip)
        assert await case.refused() == COUNT
        await case.sql(flip)
    await verify(case.log)


async def test_a_tail_that_was_cut_off_is_found(case):
    checkpoint = await case.checkpoint()
    await case.sql("DELETE FROM {}.events WHERE position > 9")
    assert await case.refused() == 10  # the head still knows
    await case.sql(
        "UPDATE {}.head SET position = 9, hash = (SELECT hash FROM {}.events WHERE position = 9)"
    )
    await verify(case.log)  # nothing in the database can know any more
    assert await case.refused(checkpoint) == 10


async def test_a_head_that_was_moved_is_found(case):
    await case.sql("UPDATE {}.head SET hash = decode(repeat('ab', 32), 'hex')")
    assert await case.refused() == COUNT
    await case.sql(
        "UPDATE {}.head SET position = 9, hash = (SELECT hash FROM {}.events WHERE position = 9)"
    )
    assert await case.refused() == 10
    await case.sql("UPDATE {}.head SET position = 0, hash = decode(repeat('00', 32), 'hex')")
    assert await case.refused() == 1


async def test_a_log_written_anew_is_found_by_the_first_checkpoint_after_the_change(case):
    records = await case.records()
    heads = [Head(each.position, each.hash, AT) for each in records]
    checkpoints = [sign("ticketing", heads[n - 1], "2026", KEY) for n in (4, 8, COUNT)]
    entries = [Entry(*each[1:6]) for each in records]
    entries[5] = entries[5]._replace(payload=b'{"seat":666}')
    anew, _ = number(Head(), entries)
    for record in anew[5:]:
        await case.sql(
            f"UPDATE {{}}.events SET payload = '\\x{record.payload.hex()}', "
            f"hash = '\\x{record.hash.hex()}' WHERE position = {record.position}"
        )
    await case.sql(f"UPDATE {{}}.head SET hash = '\\x{anew[-1].hash.hex()}'")
    await verify(case.log)
    with pytest.raises(LogCorrupt, match="after position 4 were written anew") as caught:
        await verify(case.log, reversed(checkpoints))
    assert caught.value.facts == {"position": 8, "checkpoint": 8, "good": 4}


async def test_a_log_may_grow_while_it_is_verified(case):
    async def grow():
        for n in range(20):
            await put(case.log, entry("t/more/a", n + 1))

    grown = []

    async def read(after, limit):
        if not grown:
            grown.append(True)
            await grow()
        return await type(case.log).read(case.log, after, limit)

    case.log.read = read
    assert (await verify(case.log)).position == COUNT
    assert (await verify(case.log)).position == COUNT + 20


async def test_a_file_is_verified_too(tmp_path):
    async with SqliteLog(tmp_path / "log.db", "ticketing") as log:
        await put(log, *(entry("t/seats/a", n) for n in range(1, COUNT + 1)))
        assert (await verify(log)).position == COUNT

        def tamper(file):
            cursor = file.writing.cursor()
            cursor.execute("DROP TRIGGER roadcase_events_stay_as_they_are")
            cursor.execute("UPDATE stored_events SET state = 'a text' WHERE rowid = 8")

        await log._run("tampering", tamper)
        with pytest.raises(LogCorrupt, match="wrong at position 8"):
            await verify(log)


def checkpoint_at(position, key=KEY, kid="2026"):
    return sign("ticketing", Head(position, bytes([position]) * 32, AT), kid, key)


def test_checkpoints_are_kept_in_a_file(tmp_path):
    path = tmp_path / "checkpoints"
    kept = [checkpoint_at(n) for n in (3, 5, 8)]
    for each in kept:
        append_checkpoint(path, each)
    assert read_checkpoints(path, KEYS) == kept
    lines = path.read_text().splitlines()
    assert len(lines) == 3
    assert bytes([5]).hex() * 32 in lines[1]


@pytest.mark.parametrize(
    "changed",
    [
        {"position": 6},
        {"hash": bytes(32)},
        {"service": "pos"},
        {"at": AT + timedelta(seconds=1)},
        {"kid": "2025"},
        {"signature": bytes(64)},
        {"signature": b""},
    ],
    ids=str,
)
def test_a_checkpoint_with_any_other_field_is_refused(tmp_path, changed):
    append_checkpoint(tmp_path / "file", replace(checkpoint_at(5), **changed))
    with pytest.raises(CheckpointRefused):
        read_checkpoints(tmp_path / "file", KEYS | {"2025": OTHER.public_key()})


def test_a_checkpoint_of_a_stranger_is_refused(tmp_path):
    for path, kid, why in (("a", "2026", "altered or forged"), ("b", "2027", "not known")):
        append_checkpoint(tmp_path / path, checkpoint_at(5, OTHER, kid))
        with pytest.raises(CheckpointRefused, match=why):
            read_checkpoints(tmp_path / path, KEYS)


def test_what_a_crash_left_half_written_is_skipped_and_mended(tmp_path):
    path = tmp_path / "checkpoints"
    append_checkpoint(path, checkpoint_at(3))
    whole = path.read_bytes()
    for cut in (1, 20, len(whole) - 1):
        path.write_bytes(whole + whole[:cut])
        assert read_checkpoints(path, KEYS) == [checkpoint_at(3)]
        append_checkpoint(path, checkpoint_at(5))
        assert read_checkpoints(path, KEYS) == [checkpoint_at(3), checkpoint_at(5)]
    path.write_bytes(whole + b"{}\n" + whole)
    with pytest.raises(CheckpointRefused, match="Line 2"):
        read_checkpoints(path, KEYS)


async def test_a_checkpoint_of_another_service_is_not_compared(case):
    with pytest.raises(CheckpointRefused, match="of pos"):
        await verify(case.log, [sign("pos", await case.log.head(), "2026", KEY)])


def documented(language):
    """The first block in this language of the section on checking without our code."""
    text = OPERATIONS.read_text("utf-8").partition("## Check the log with your own program")[2]
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


async def test_the_documented_program_of_a_stranger_agrees(case, database, tmp_path):
    (tmp_path / "check_log.py").write_text(documented("python"))
    odd = [Entry("t/ü/a", 2**60, 'top"ic,\n', b"x" * 200_000, bytes(range(256)))]
    await put(case.log, *odd, entry("t/empty/a", 1, b"", b""))
    head = await case.log.head()
    done = _run(documented("sh"), database, tmp_path)
    assert done.stderr == ""
    assert done.stdout.split("\n")[-2] == f"{head.position} records, {head.hash.hex()}"
    assert done.returncode == 0
    await case.sql(TAMPERING["payload"])
    done = _run(documented("sh"), database, tmp_path)
    assert done.returncode == 1
    assert "wrong at position 7" in done.stdout + done.stderr


def _run(commands, database, folder):
    """The documented commands, word by word, with our psql and python in front of the path."""
    programs = f"{postgres_programs(None)}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-ec", commands],
        cwd=folder,
        env={"PATH": programs, "DATABASE_URL": database, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
