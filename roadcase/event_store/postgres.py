"""The log on PostgreSQL: one writer at a time by the lock on the head row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Self

import asyncpg

from roadcase.event_store.connections import BROKEN, Lent, connect, translated
from roadcase.event_store.postgres_writer import (
    COLUMNS,
    COMMITTED,
    PostgresWriter,
    lock,
    read,
    read_stream,
    used,
)
from roadcase.event_store.records import Head, Key, Record, Timer

_IN_A_ROW = 8  # blocks; then others come first, if any wait
_IDLE = 0.1  # seconds that the log stays locked for a block that does not come


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
        self._known: Head | None = None  # as the last block left it
        self._state = COMMITTED
        self._in_a_row = 0  # blocks for which the log stayed locked
        self._letting_go: asyncio.TimerHandle | None = None
        self._let_go_task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[PostgresWriter]:
        async with self._writing:
            if self._letting_go is not None:
                self._letting_go.cancel()
            connection = await self._writing_connection()
            try:
                with translated("locking the log"):
                    head = await lock(connection, self.name, self._known, self._state)
                writer = PostgresWriter(connection, self.name, head)
                yield writer
                await self._commit(writer)
            except BaseException:
                self._known, self._state = None, COMMITTED
                await self._roll_back(connection)
                raise

    async def _commit(self, writer: PostgresWriter) -> None:
        self._in_a_row = self._in_a_row + 1 if writer.more else 0
        if self._in_a_row == _IN_A_ROW:
            self._in_a_row, writer.more = 0, False
        self._state = await writer.commit()
        self._known = writer.head
        if self._state != COMMITTED:
            self._letting_go = asyncio.get_running_loop().call_later(_IDLE, self._let_go)

    def _let_go(self) -> None:
        """Nobody came though somebody said so: others must not wait for that."""
        self._let_go_task = asyncio.create_task(self._let_go_now())

    async def _let_go_now(self) -> None:
        async with self._writing:
            if self._state != COMMITTED and self._connection is not None:
                self._state = COMMITTED
                await self._roll_back(self._connection)

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
        if self._letting_go is not None:
            self._letting_go.cancel()
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
                self._pool = await asyncpg.create_pool(
                    self._url,
                    min_size=0,
                    max_size=4,
                    timeout=5,
                    connection_class=Lent,
                    server_settings={"application_name": "roadcase", "role": self.role},
                )
            async with self._pool.acquire() as connection:
                try:
                    yield connection
                except asyncpg.InternalClientError:
                    connection.terminate()  # or the pool would lend it again
                    raise

    async def _writing_connection(self) -> asyncpg.Connection[Any]:
        if self._connection is None or self._connection.is_closed():
            self._state = COMMITTED
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
