"""Rebuilds a read model from the log beside the living one, and swaps it in without downtime."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, NamedTuple

from roadcase.clock import monotonic
from roadcase.codec import Codec
from roadcase.errors import Unavailable
from roadcase.event_store.connections import DERIVED, connect, translated
from roadcase.event_store.pages import pages
from roadcase.event_store.port import EventLog
from roadcase.progress import Progress, progress
from roadcase.projection import Projection
from roadcase.reports import make_way
from roadcase.tables import Table, checksum, schema_hash, typed

_NEAR = 2_000  # events that are folded while the living table stands still
_FLUSH = 8_000  # rows kept in memory before they are written


class Rebuilt(NamedTuple):
    """What a rebuild found. `equal` is None when there was no living table of the same shape."""

    projection: str
    position: int
    rows: int
    seconds: float
    equal: bool | None


Told = Callable[[int, int], None]


def _untold(_done: int, _of: int) -> None:
    """Nobody wants to hear of the progress."""


class Rebuild:
    """One rebuild of one projection. `told(done, of)` hears of its progress, in events."""

    def __init__(
        self,
        url: str,
        log: EventLog,
        projection: Projection,
        codec: Codec,
        told: Told = _untold,
    ) -> None:
        self._url = url
        self._log = log
        self._projection = projection
        self._codec = codec
        self._told = told
        self._name = projection.name
        self._service = log.name
        self._views = f"{log.name}_views"
        self._shadow = f"{log.name}_shadow_{projection.name}"

    async def swap(self) -> Rebuilt:
        """Fold the whole log into a shadow table and put it in the living one's place.

        Interrupted at any moment it leaves the living table as it was. Two rebuilds of one
        projection wait for each other; the projector waits only while the last events are folded.
        """
        async with self._shadowed() as (connection, table, started):
            near = await self._catch_up(connection, table)
            async with connection.transaction():
                await self._keep_still(connection)
                lives, until = await self._goal(connection, lock=True)
                await self._fold(connection, table, near, until)
                found = await self._compare(connection, lives, until, started)
                await self._put_in_place(connection, until)
        return found

    async def diff(self) -> Rebuilt:
        """Fold the log up to the living table's checkpoint and compare; change nothing."""
        async with self._shadowed() as (connection, table, started):
            near = await self._catch_up(connection, table)
            async with connection.transaction():
                lives, until = await self._goal(connection, lock=True)
                await self._fold(connection, table, near, until)
                return await self._compare(connection, lives, until, started)

    async def _catch_up(self, connection: Any, table: Table) -> int:
        """Fold until the goal is near, so that the living table will not stand still for long."""
        done = 0
        if (await self._goal(connection))[1] <= _NEAR:  # as of a new installation
            return done
        later = await self._put_indexes_off(connection)
        while True:
            _, goal = await self._goal(connection)
            if goal - done <= _NEAR:
                if not later:
                    await connection.execute(f"ANALYZE {self._shadow}.{self._name}")
                    return done
                await connection.execute(later.pop())
                continue
            await self._fold(connection, table, done, goal)
            done = goal

    async def _put_indexes_off(self, connection: Any) -> list[str]:
        """Drop what only finds rows; the statements that make it anew, at once and so cheaper."""
        indexes = await connection.fetch(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made "
            "FROM pg_index WHERE indrelid = $1::text::regclass AND NOT indisunique",
            f"{self._shadow}.{self._name}",
        )
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        return [index["made"] for index in indexes]

    async def _goal(self, connection: Any, *, lock: bool = False) -> tuple[Progress | None, int]:
        """Where to fold to: where the living table stands, or else the end of the log."""
        lives = await self._lives(connection, lock=lock)
        return lives, lives.position if lives else (await self._log.head()).position

    async def _keep_still(self, connection: Any) -> None:
        """Nobody writes the living table meanwhile; who reads it goes on.

        Before its checkpoint is locked: the projector's statement has the table before that, too.
        """
        table = f"{self._views}.{self._name}"
        if await connection.fetchval("SELECT to_regclass($1)", table) is not None:
            await connection.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")

    async def _lives(self, connection: Any, *, lock: bool) -> Progress | None:
        """The living table's checkpoint, if it is of today's shape and not stopped."""
        if lock:
            await connection.execute(
                f"SELECT FROM {self._service}.projections WHERE name = $1 FOR UPDATE", self._name
            )
        stands = (await progress(connection, self._service)).get(self._name)
        if stands is None or stands.stopped or stands.schema_hash != schema_hash(self._projection):
            return None
        return stands

    @asynccontextmanager
    async def _shadowed(self) -> AsyncIterator[tuple[Any, Table, float]]:
        started = monotonic()
        connection = await connect(self._url, **DERIVED)
        table = Table(self._projection, self._codec, self._shadow, empty=True, limit=_FLUSH)
        try:
            with translated(f"rebuilding {self._name}"):
                await typed(connection)
                await connection.execute(
                    "SELECT pg_advisory_lock(hashtextextended($1, 0))", self._shadow
                )
                await self._make_shadow(connection)
                yield connection, table, started
                await connection.execute(f"DROP SCHEMA IF EXISTS {self._shadow} CASCADE")
        finally:
            await table.abandon()
            await connection.close(timeout=2)

    async def _make_shadow(self, connection: Any) -> None:
        async with connection.transaction():
            await connection.execute(
                f"DROP SCHEMA IF EXISTS {self._shadow} CASCADE;"
                f"CREATE SCHEMA {self._shadow} AUTHORIZATION {self._service}_app;"
                f"SET LOCAL ROLE {self._service}_app;"
                f"SET LOCAL search_path TO {self._shadow};"
                f"{self._projection.schema}"
            )

    async def _fold(self, connection: Any, table: Table, after: int, until: int) -> None:
        """Fold the records after `after` up to `until` and store them."""
        async with aclosing(pages(self._log, after, until)) as read:
            async for records in read:
                if not records:
                    break
                await table.fold(connection, records)
                if table.full:
                    await table.flush(connection)
                after = records[-1].position
                self._told(after, until)
        if after < until:
            raise Unavailable(f"the log of {self._service} ends at {after}, not at {until}")
        await table.flush(connection)
        await table.settled()

    async def _compare(
        self, connection: Any, lives: Progress | None, position: int, started: float
    ) -> Rebuilt:
        ours = await checksum(connection, self._shadow, self._name)
        theirs = await checksum(connection, self._views, self._name) if lives else None
        equal = ours == theirs if lives else None
        seconds = round(monotonic() - started, 3)
        return Rebuilt(self._name, position, ours[0], seconds, equal)

    async def _put_in_place(self, connection: Any, position: int) -> None:
        await make_way(connection, self._service, f"{self._views}.{self._name}")
        await connection.execute(
            f"DROP TABLE IF EXISTS {self._views}.{self._name};"
            f"ALTER TABLE {self._shadow}.{self._name} SET SCHEMA {self._views}"
        )
        await connection.execute(
            f"INSERT INTO {self._service}.projections AS p (name, position, schema_hash) "
            "VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET position = $2, "
            "schema_hash = $3, generation = p.generation + 1, stopped = NULL, changed_at = now()",
            self._name,
            position,
            schema_hash(self._projection),
        )


async def rebuild_outdated(
    url: str, log: EventLog, projections: Sequence[Projection], codec: Codec
) -> list[Rebuilt]:
    """Make the tables that are missing or were made by an older schema."""
    connection = await connect(url)
    try:
        known = await progress(connection, log.name)
    finally:
        await connection.close()
    outdated = [
        each
        for each in projections
        if each.name not in known or known[each.name].schema_hash != schema_hash(each)
    ]
    return [await Rebuild(url, log, each, codec).swap() for each in outdated]
