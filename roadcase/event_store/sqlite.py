"""The log in one SQLite file: for a venue node, with one process and no server.

Events lie in the table of the `eventsourcing` library's SQLite recorder, so that the library can
read them; hashes, meta, keys, timers and the head lie beside them and are written in the same
transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self, TypeVar

from eventsourcing.sqlite import SQLiteCursor

from roadcase.errors import Conflict
from roadcase.event_store.chain import number
from roadcase.event_store.port import CommitUnknown
from roadcase.event_store.records import Entry, Head, Key, Record, Timer, Tracking
from roadcase.event_store.sqlite_file import (
    LogFile,
    head_of,
    insert,
    read,
    read_stream,
    set_timers,
    to_moment,
    to_number,
    translated,
    used,
)

T = TypeVar("T")


class Run(Protocol):
    def __call__(self, doing: str, work: Callable[[LogFile], T]) -> Awaitable[T]: ...


class SqliteLog:
    """`EventLog` on one file, made when missing. See `port.py`.

    One process, one object: a second one is refused with Unavailable. All calls to SQLite are
    made in one thread, so nothing here blocks the event loop.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._path = path
        self._file: LogFile | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._writing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._run("opening the log", lambda _: None)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[SqliteWriter]:
        async with self._writing:
            try:
                head = await self._run("locking the log", LogFile.begin)
                writer = SqliteWriter(self._run, head)
                yield writer
                await writer.commit()
            except BaseException:
                await asyncio.shield(self._run("rolling back", lambda f: f.writing.rollback()))
                raise

    async def append_at(
        self,
        head: Head,
        records: Sequence[Record],
        *,
        at: datetime,
        keys: Sequence[Key] = (),
        timers: Sequence[Timer] = (),
    ) -> bool:
        async with self.writer() as writer:
            if writer.head[:2] != head[:2]:
                return False
            await writer.put(records, at, keys, timers)
        return True

    async def head(self) -> Head:
        return await self._read("reading the head", head_of)

    async def holds(self, position: int, digest: bytes) -> bool:
        if position == 0:
            return True
        found = await self.read(position - 1, 1)
        return bool(found) and found[0].position == position and found[0].hash == digest

    async def read(self, after: int, limit: int) -> list[Record]:
        return await self._read("reading the log", lambda cursor: read(cursor, after, limit))

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        return await self._read("reading a stream", lambda c: read_stream(c, stream, after))

    async def used(self, keys: Sequence[bytes]) -> Mapping[bytes, Key]:
        return await self._read("looking up keys", lambda cursor: used(cursor, keys))

    async def due(self, until: datetime, limit: int) -> list[Timer]:
        def find(cursor: SQLiteCursor) -> list[Timer]:
            cursor.execute(
                "SELECT stream, due FROM roadcase_timers WHERE due <= ? ORDER BY due LIMIT ?",
                (to_number(until), limit),
            )
            return [Timer(stream, to_moment(due)) for stream, due in cursor.fetchall()]

        return await self._read("looking for what is due", find)

    async def next_due(self) -> datetime | None:
        def find(cursor: SQLiteCursor) -> datetime | None:
            cursor.execute("SELECT min(due) FROM roadcase_timers")
            (due,) = cursor.fetchone()
            return None if due is None else to_moment(due)

        return await self._read("looking for what is due", find)

    async def close(self) -> None:
        if self._thread is not None:
            await self._run("closing the log", self._close_file)
            thread, self._thread = self._thread, None
            thread.shutdown()

    async def _read(self, doing: str, work: Callable[[SQLiteCursor], T]) -> T:
        return await self._run(doing, lambda file: work(file.reading.cursor()))

    async def _run(self, doing: str, work: Callable[[LogFile], T]) -> T:
        """Do this in the one thread: in the order asked for, even when nobody waits any more."""

        def do() -> T:
            self._file = self._file or LogFile(self._path, self.name)
            with translated(doing):
                return work(self._file)

        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"{self.name}-log")
        return await asyncio.get_running_loop().run_in_executor(self._thread, do)

    def _close_file(self, file: LogFile) -> None:
        self._file = None
        file.close()


class SqliteWriter:
    """`LogWriter` inside one transaction. See `port.py`."""

    def __init__(self, run: Run, head: Head) -> None:
        self.head = head
        self._run = run
        self._advanced = False
        self._failed = False

    async def used(self, keys: Sequence[bytes]) -> Mapping[bytes, Key]:
        return await self._do("looking up keys", lambda cursor: used(cursor, keys))

    async def read(self, after: int, limit: int) -> list[Record]:
        return await self._do("reading the log", lambda cursor: read(cursor, after, limit))

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        return await self._do("reading a stream", lambda c: read_stream(c, stream, after))

    async def forget(self, until: int, limit: int) -> int:
        def delete(cursor: SQLiteCursor) -> int:
            cursor.execute(
                "DELETE FROM roadcase_keys WHERE key IN "
                "(SELECT key FROM roadcase_keys WHERE position <= ? LIMIT ?) RETURNING 1",
                (until, limit),
            )
            return len(cursor.fetchall())

        return await self._do("forgetting keys", delete)

    async def append(
        self,
        entries: Iterable[Entry],
        *,
        at: datetime,
        keys: Iterable[Key] = (),
        timers: Iterable[Timer] = (),
        tracking: Tracking | None = None,
        sent: Callable[[list[Record]], None] | None = None,
    ) -> list[Record]:
        records, _ = number(self.head, entries)
        if sent:
            sent(records)
        await self.put(records, at, list(keys), list(timers), tracking)
        return records

    async def put(
        self,
        records: Sequence[Record],
        at: datetime,
        keys: Sequence[Key],
        timers: Sequence[Timer],
        tracking: Tracking | None = None,
    ) -> None:
        """Write records that follow the head."""

        def write(file: LogFile) -> None:
            cursor = file.writing.cursor()
            if tracking:
                file.recorder.track(cursor, tracking)
            insert(cursor, records)
            cursor.executemany("INSERT INTO roadcase_keys VALUES (?, ?, ?)", keys)
            set_timers(cursor, timers)

        self._failed = True  # until it is done: SQLite would keep the first half of a block
        await self._run("appending", write)
        self._failed = False
        if records:
            self.head = Head(records[-1].position, records[-1].hash, at)
            self._advanced = True

    async def commit(self) -> None:
        if self._failed:
            raise Conflict("an append of this block failed, so nothing of it is kept")
        await self._run("committing", self._commit)

    def _commit(self, file: LogFile) -> None:
        if self._advanced:
            position, digest, at = self.head
            file.writing.cursor().execute(
                "UPDATE roadcase_head SET position = ?, hash = ?, at = ?",
                (position, digest, to_number(at)),
            )
        try:
            file.writing.commit()
        except sqlite3.OperationalError as error:
            raise CommitUnknown(f"the file could not be written: {error}") from error

    async def _do(self, doing: str, work: Callable[[SQLiteCursor], T]) -> T:
        return await self._run(doing, lambda file: work(file.writing.cursor()))
