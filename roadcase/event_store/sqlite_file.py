"""The file of a `SqliteLog`: its tables, two connections, and the lock that keeps others out."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from eventsourcing import persistence as library
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteProcessRecorder,
)

from roadcase.clock import EPOCH
from roadcase.errors import Conflict, LogCorrupt, Unavailable
from roadcase.event_store.records import Head, Key, Record, Timer, Tracking

_MICROSECOND = timedelta(microseconds=1)
# One fsync of the write-ahead log at each commit; on macOS one that reaches the disk.
_DURABLE = ("synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON")
_COLUMNS = "e.rowid, originator_id, originator_version, topic, state, meta, hash"
_RECORDS = f"SELECT {_COLUMNS} FROM stored_events e JOIN roadcase_links ON position = e.rowid"
_EVENT = (
    "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state) "
    "VALUES (?, ?, ?, ?, ?)"
)
_TIMER = "INSERT INTO roadcase_timers VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET due = ?2"


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn the errors of SQLite, raw or as the library dresses them, into ours."""
    try:
        yield
    except (sqlite3.IntegrityError, library.IntegrityError) as error:
        raise Conflict(f"{doing}: {error}") from error
    except (sqlite3.OperationalError, OSError) as error:
        raise Unavailable(f"SQLite cannot go on while {doing}: {error}") from error
    except (library.OperationalError, library.InterfaceError) as error:
        raise Unavailable(f"SQLite cannot go on while {doing}: {error}") from error
    except (sqlite3.DatabaseError, library.DatabaseError) as error:
        if type(error) in (sqlite3.DatabaseError, library.DatabaseError):
            raise LogCorrupt(f"the file is damaged, found while {doing}: {error}") from error
        raise


class Recorder(SQLiteProcessRecorder):
    """The library's recorder with our tables beside its own."""

    def construct_create_table_statements(self) -> list[str]:
        text = (files("roadcase.event_store") / "sqlite.sql").read_text("utf-8")
        return [*super().construct_create_table_statements(), *text.split("\n\n")[1:]]

    def track(self, cursor: SQLiteCursor, tracking: Tracking) -> None:
        self._insert_tracking(cursor, library.Tracking(*tracking))


class LogFile:
    """The open file and its two connections. Used in the log's one thread only."""

    def __init__(self, path: Path, service: str) -> None:
        with ExitStack() as stack, translated(f"opening {path}"):
            _lock(path, stack)
            store = SQLiteDatastore(str(path), originator_id_type="text")
            stack.callback(store.close)
            self.recorder = Recorder(store)
            self.recorder.create_table()
            self.writing = self._connected(stack.enter_context(store.get_connection(commit=True)))
            self.reading = self._connected(stack.enter_context(store.get_connection(commit=False)))
            self._meet(path, service)
            self._stack = stack.pop_all()

    def close(self) -> None:
        self._stack.close()

    def begin(self) -> Head:
        self.writing.cursor().execute("BEGIN IMMEDIATE")
        return head_of(self.writing.cursor())

    @staticmethod
    def _connected(connection: SQLiteConnection) -> SQLiteConnection:
        for pragma in _DURABLE:
            connection.cursor().execute(f"PRAGMA {pragma}")
        return connection

    def _meet(self, path: Path, service: str) -> None:
        cursor = self.writing.cursor()
        cursor.execute(
            "INSERT INTO roadcase_head VALUES (1, ?, 0, zeroblob(32), 0) ON CONFLICT DO NOTHING",
            (service,),
        )
        cursor.execute("SELECT service FROM roadcase_head")
        (owner,) = cursor.fetchone()
        if owner != service:
            raise Unavailable(f"{path} is the log of {owner}, not of {service}", service=owner)


def _lock(path: Path, stack: ExitStack) -> None:
    """Hold the file beside `path` as long as the stack; the system lets go when a process dies."""
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    stack.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Unavailable(
            f"{path} is open already, here or in another process, and a SQLite log has only one: "
            "stop the other one, or use PostgreSQL.",
            path=str(path),
        ) from None


def head_of(cursor: SQLiteCursor) -> Head:
    cursor.execute("SELECT position, hash, at FROM roadcase_head")
    position, digest, at = cursor.fetchone()
    return Head(position, digest, to_moment(at))


def read(cursor: SQLiteCursor, after: int, limit: int) -> list[Record]:
    cursor.execute(f"{_RECORDS} WHERE e.rowid > ? ORDER BY e.rowid LIMIT ?", (after, limit))
    return [Record(*row) for row in cursor.fetchall()]


def used(cursor: SQLiteCursor, keys: Sequence[bytes]) -> dict[bytes, Key]:
    found = {}
    for key in keys:
        cursor.execute("SELECT * FROM roadcase_keys WHERE key = ?", (key,))
        if row := cursor.fetchone():
            found[key] = Key(*row)
    return found


def read_stream(cursor: SQLiteCursor, stream: str, after: int) -> list[Record]:
    cursor.execute(
        f"{_RECORDS} WHERE originator_id = ? AND originator_version > ? "
        "ORDER BY originator_version",
        (stream, after),
    )
    return [Record(*row) for row in cursor.fetchall()]


def insert(cursor: SQLiteCursor, records: Sequence[Record]) -> None:
    links = [(record.position, record.meta, record.hash) for record in records]
    cursor.executemany("INSERT INTO roadcase_links VALUES (?, ?, ?)", links)
    cursor.executemany(_EVENT, [record[:5] for record in records])


def set_timers(cursor: SQLiteCursor, timers: Sequence[Timer]) -> None:
    gone = [(stream,) for stream, due in timers if due is None]
    rows = [(stream, to_number(due)) for stream, due in timers if due is not None]
    cursor.executemany("DELETE FROM roadcase_timers WHERE stream = ?", gone)
    cursor.executemany(_TIMER, rows)


def to_number(at: datetime) -> int:
    return (at - EPOCH) // _MICROSECOND


def to_moment(count: int) -> datetime:
    return EPOCH + count * _MICROSECOND
