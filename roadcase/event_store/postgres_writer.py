"""The log on PostgreSQL, locked: what is written goes as COPY, and a few as one statement."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import asyncpg

from roadcase.errors import Conflict
from roadcase.event_store.chain import number
from roadcase.event_store.connections import BROKEN, TRANSIENT, translated
from roadcase.event_store.port import CommitUnknown
from roadcase.event_store.records import Entry, Head, Key, Record, Timer, Tracking

_EVENTS = ("position", "stream", "version", "topic", "payload", "meta", "hash")
COLUMNS = ", ".join(_EVENTS)
# https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format"
_COPY_STARTS = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_ENDS = b"\xff\xff"
_SEVEN_FIELDS = b"\0\7"
_HASH_FOLLOWS = b"\0\0\0\x20"
_AT_A_TIME = 64  # events that are sent while the next ones are decided
_FEW = 32  # events
_NONE = ((), (), ())
_INSERT = (
    f"WITH events AS (INSERT INTO {{name}}.events ({COLUMNS}) SELECT * FROM unnest($1::bigint[], "
    "$2::text[], $3::bigint[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[])) "
    "INSERT INTO {name}.keys SELECT * FROM unnest($8::bytea[], $9::bigint[], $10::int[])"
)


class PostgresWriter:
    """`LogWriter` inside one transaction. See `port.py`."""

    def __init__(self, connection: asyncpg.Connection[Any], name: str, head: Head) -> None:
        self.head = head
        self._connection = connection
        self._name = name
        self._at: datetime | None = None
        self._keys = ""  # of a large batch: they go with what ends the block, for a trip less

    async def used(self, keys: Sequence[bytes]) -> Mapping[bytes, Key]:
        with translated("looking up keys"):
            return await used(self._connection, self._name, keys)

    async def forget(self, until: int, limit: int) -> int:
        with translated("forgetting keys"):
            done = await self._connection.execute(
                f"DELETE FROM {self._name}.keys WHERE ctid = ANY (ARRAY("
                f"SELECT ctid FROM {self._name}.keys WHERE position <= $1 LIMIT $2))",
                until,
                limit,
            )
        return int(done.rpartition(" ")[2])

    async def read(self, after: int, limit: int) -> list[Record]:
        with translated("reading the log"):
            return await read(self._connection, self._name, after, limit)

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        with translated("reading a stream"):
            return await read_stream(self._connection, self._name, stream, after)

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
        entries, records = iter(entries), list[Record]()
        first = list(islice(entries, _AT_A_TIME))
        sent = sent or _nobody
        with translated("appending"):
            if tracking:
                await self._track(tracking)
            if first:
                await self._write(first, entries, records, keys, sent)
                self.head, self._at = Head(records[-1].position, records[-1].hash, at), at
            else:
                sent(records)
            if timers := list(timers):
                await self._set_timers(timers)
        return records

    async def _events(
        self,
        chunk: list[Entry],
        entries: Iterator[Entry],
        records: list[Record],
        sent: Callable[[list[Record]], None],
    ) -> AsyncIterator[bytes]:
        """The rows of these entries, a chunk at a time; `records` grows by what was numbered."""
        head, start = self.head, _COPY_STARTS
        while chunk:
            numbered, bodies = number(head, chunk)
            records += numbered
            head = Head(numbered[-1].position, numbered[-1].hash, head.at)
            yield start + b"".join(
                [
                    part
                    for record, body in zip(numbered, bodies, strict=True)
                    for part in (_SEVEN_FIELDS, body, _HASH_FOLLOWS, record.hash)
                ]
            )
            await asyncio.sleep(0)  # lets it be sent, so that PostgreSQL works beside us
            chunk, start = list(islice(entries, _AT_A_TIME)), b""
        sent(records)
        yield _COPY_ENDS

    async def commit(self) -> None:
        """End the block."""
        if self._at is None:
            with translated("ending a transaction"):
                await self._connection.execute("COMMIT")
            return
        with committing(self._connection):
            await self._connection.execute(
                f"{self._keys}UPDATE {self._name}.head SET position = {self.head.position:d}, "
                f"hash = '\\x{self.head.hash.hex()}', at = '{self._at.isoformat()}'; "
                f"NOTIFY {self._name}_log; COMMIT"
            )

    async def _write(
        self,
        first: list[Entry],
        entries: Iterator[Entry],
        records: list[Record],
        keys: Iterable[Key],
        sent: Callable[[list[Record]], None],
    ) -> None:
        """A few in one exchange with the server, where COPY takes two for each table."""
        if len(first) <= _FEW:
            records += number(self.head, first)[0]
            sent(records)
            await self._insert(records, list(keys))
            return
        await self._copy("events", self._events(first, entries, records, sent), _EVENTS)
        self._keys = self._with_keys(list(keys))

    def _with_keys(self, keys: list[Key]) -> str:
        """A statement, short as text: 512 keys are one constant of 16 bytes each."""
        if not keys:
            return ""
        hashes, positions, counts = zip(*keys, strict=True)
        return (
            f"INSERT INTO {self._name}.keys SELECT substring("
            f"'\\x{b''.join(hashes).hex()}'::bytea FROM 16 * n::int - 15 FOR 16), position, events "
            f"FROM unnest('{{{','.join(map(str, positions))}}}'::bigint[], "
            f"'{{{','.join(map(str, counts))}}}'::int[]) "
            "WITH ORDINALITY AS key (position, events, n); "
        )

    async def _insert(self, records: list[Record], keys: list[Key]) -> None:
        await self._connection.execute(
            _INSERT.format(name=self._name),
            *zip(*records, strict=True),
            *(list(zip(*keys, strict=True)) or _NONE),
        )

    async def _copy(self, table: str, source: AsyncIterator[bytes], columns: Sequence[str]) -> None:
        """COPY what is in PostgreSQL's binary format already.

        Not from a file: asyncpg reads those in another thread, and waits for it twice.
        """
        await self._connection.copy_to_table(
            table, schema_name=self._name, columns=columns, source=source, format="binary"
        )

    async def _track(self, tracking: Tracking) -> None:
        advanced = await self._connection.fetchval(
            f"INSERT INTO {self._name}.tracking AS t VALUES ($1, $2) ON CONFLICT (consumer) "
            "DO UPDATE SET position = excluded.position WHERE t.position < excluded.position "
            "RETURNING position",
            *tracking,
        )
        if advanced is None:
            raise Conflict(f"{tracking.consumer} is already at or past {tracking.position}")

    async def _set_timers(self, timers: list[Timer]) -> None:
        gone = [timer.stream for timer in timers if timer.due is None]
        due = [timer for timer in timers if timer.due is not None]
        if gone:
            await self._connection.execute(
                f"DELETE FROM {self._name}.timers WHERE stream = ANY ($1)", gone
            )
        if due:
            await self._connection.execute(
                f"INSERT INTO {self._name}.timers SELECT * FROM unnest($1::text[], "
                "$2::timestamptz[]) ON CONFLICT (stream) DO UPDATE SET due = excluded.due",
                [timer.stream for timer in due],
                [timer.due for timer in due],
            )


async def lock(connection: Any, name: str, known: Head | None) -> Head:
    """Wait for the log's lock: its head. One exchange if it still ends where it is `known` to."""
    if known is None:
        await connection.execute("BEGIN")
    elif await connection.execute(_lock_at(name, known)) == "SELECT 1":
        return known
    row = await connection.fetchrow(f"SELECT position, hash, at FROM {name}.head FOR UPDATE")
    assert row is not None, f"the head row of {name} is gone"
    return Head(*row)


def _lock_at(name: str, head: Head) -> str:
    """Begins a transaction, and locks the log if it still ends at `head`."""
    return (
        f"BEGIN; SELECT FROM {name}.head WHERE position = {head.position:d} "
        f"AND hash = '\\x{head.hash.hex()}' FOR UPDATE"
    )


@contextmanager
def committing(connection: asyncpg.Connection[Any]) -> Iterator[None]:
    """Raises CommitUnknown where nobody can tell whether PostgreSQL still did it."""
    try:
        yield
    except (asyncpg.PostgresConnectionError, *BROKEN) as error:
        raise CommitUnknown(f"the connection broke while committing: {error}") from error
    except asyncpg.PostgresError as error:
        # A server that panics says so before it closes the connection, and may have written.
        if connection.is_closed() or (error.sqlstate or "").startswith(TRANSIENT):
            raise CommitUnknown(f"the server went away while committing: {error}") from error
        with translated("committing"):
            raise


def _nobody(_records: list[Record]) -> None:
    """Nobody wants to be told."""


async def used(connection: Any, name: str, keys: Sequence[bytes]) -> dict[bytes, Key]:
    rows = await connection.fetch(
        f"SELECT key, position, events FROM {name}.keys WHERE key = ANY ($1)", keys
    )
    return {row[0]: Key(*row) for row in rows}


async def read(connection: Any, name: str, after: int, limit: int) -> list[Record]:
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM {name}.events WHERE position > $1 ORDER BY position LIMIT $2",
        after,
        limit,
    )
    return list(map(Record._make, rows))


async def read_stream(connection: Any, name: str, stream: str, after: int) -> list[Record]:
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM {name}.events WHERE stream = $1 AND version > $2 ORDER BY version",
        stream,
        after,
    )
    return list(map(Record._make, rows))
