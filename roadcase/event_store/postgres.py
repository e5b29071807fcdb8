"""The log on PostgreSQL: one writer at a time by the lock on the head row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Self

import asyncpg

from roadcase.errors import Conflict
from roadcase.event_store.connections import BROKEN, connect, open_pool, translated
from roadcase.event_store.postgres_at_once import append_at
from roadcase.event_store.postgres_writer import (
    COLUMNS,
    PostgresWriter,
    committing,
    lock,
    read,
    read_stream,
    used,
)
from roadcase.event_store.records import Head, Key, Record, Timer


class PostgresLog:
    """`EventLog` on one schema of a database that `migrate` has prepared. See `port.py`.

    Needs `fsync` and `synchronous_commit` on; a writer that stops inside its block for 5 s loses
    the lock (its session is ended by the server), so a frozen process cannot hold the log.
    """

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.role = f"{name}_app"
        self._url = url
        self._pool: asyncpg.Pool[Any] | None = None
        self._connection: asyncpg.Connection[Any] | None = None
        self._writing = asyncio.Lock()
        self._known: Head | None = None  # as we left it

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[PostgresWriter]:
        async with self._writing:
            connection = await self._writing_connection()
            try:
                with translated("locking the log"):
                    head = await lock(connection, self.name, self._known)
                writer = PostgresWriter(connection, self.name, head)
                yield writer
                await writer.commit()
                self._known = writer.head
            except BaseException:
                self._known = None
                await self._roll_back(connection)
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
        async with self._writing:
            connection = await self._writing_connection()
            end = Head(records[-1].position, records[-1].hash, at) if records else head
            self._known = None
            try:
                with committing(connection):
                    done = await append_at(
                        connection,
                        self.name,
                        head=head,
                        end=end,
                        records=records,
                        keys=keys,
                        timers=timers,
                    )
            except Conflict:
                raise
            except BaseException:
                self._connection = None
                connection.terminate()
                raise
            self._known = end if done else None
            return done

    async def head(self) -> Head:
        async with self._reader() as connection:
            row = await connection.fetchrow(f"SELECT position, hash, at FROM {self.name}.head")
        return Head(*row)

    async def holds(self, position: int, digest: bytes) -> bool:
        if position == 0:
            return True
        async with self._reader() as connection:
            found = await connection.fetchval(
                f"SELECT hash FROM {self.name}.events WHERE position = $1", position
            )
        return bool(found == digest)

    async def read(self, after: int, limit: int) -> list[Record]:
        async with self._reader() as connection:
            return await read(connection, self.name, after, limit)

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        async with self._reader() as connection:
            return await read_stream(connection, self.name, stream, after)

    async def read_topics(self, topics: Sequence[str], after: int, until: int) -> list[Record]:
        """Records of topics of which there are few, with positions `after + 1 .. until`."""
        async with self._reader() as connection:
            rows = await connection.fetch(
                f"SELECT {COLUMNS} FROM {self.name}.events WHERE position > $1 "
                "AND position <= $2 AND topic = ANY($3) ORDER BY position",
                after,
                until,
                topics,
            )
        return [Record(*row) for row in rows]

    async def used(self, keys: Sequence[bytes]) -> Mapping[bytes, Key]:
        async with self._reader() as connection:
            return await used(connection, self.name, keys)

    async def due(self, until: datetime, limit: int) -> list[Timer]:
        async with self._reader() as connection:
            rows = await connection.fetch(
                f"SELECT stream, due FROM {self.name}.timers WHERE due <= $1 ORDER BY due LIMIT $2",
                until,
                limit,
            )
        return [Timer(*row) for row in rows]

    async def next_due(self) -> datetime | None:
        async with self._reader() as connection:
            due: datetime | None = await connection.fetchval(
                f"SELECT min(due) FROM {self.name}.timers"
            )
        return due

    async def close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await _close(connection)
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.close()

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[Any]:
        with translated("reading the log"):
            if self._pool is None:
                settings = {"application_name": "roadcase", "role": self.role}
                self._pool = await open_pool(self._url, server_settings=settings)
            async with self._pool.acquire() as connection:
                try:
                    yield connection
                except asyncpg.InternalClientError:
                    connection.terminate()  # or the pool would lend it again
                    raise

    async def _writing_connection(self) -> asyncpg.Connection[Any]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(
                self._url, self.role, idle_in_transaction_session_timeout="5s"
            )
        return self._connection

    async def _roll_back(self, connection: asyncpg.Connection[Any]) -> None:
        """Leave no transaction behind; a connection that cannot promise that is thrown away."""
        try:
            await asyncio.wait_for(asyncio.shield(connection.execute("ROLLBACK")), 5)
        except (asyncpg.PostgresError, *BROKEN):
            self._connection = None
            connection.terminate()


async def _close(connection: asyncpg.Connection[Any]) -> None:
    with suppress(asyncpg.PostgresError, *BROKEN):
        await connection.close(timeout=2)
        return
    connection.terminate()
