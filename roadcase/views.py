"""The read models as doors ask for them: always of one tenant, with how far they have come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Any, Final, Self

import asyncpg

from roadcase.errors import Overloaded, Unavailable
from roadcase.event_store.connections import open_pool, translated
from roadcase.tables import typed

_TENANT = "tenant = $1"
_AT_ONCE: Final = 500  # rows of a long list in memory
_LISTS: Final = 2  # long lists read at a time; their files are PostgreSQL's to keep


class Views:
    """One service's read models. Open it as a context manager; `of(tenant)` reads for a tenant."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._pool: asyncpg.Pool[Any] | None = None
        self._lists = asyncio.Semaphore(_LISTS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.terminate()
            self._pool = None  # whoever opens it again gets a new one

    def of(self, tenant: str) -> TenantViews:
        return TenantViews(self, tenant)

    async def fetch(self, sql: str, *args: object) -> list[dict[str, Any]]:
        with translated(f"reading {self._service}"):
            if self._pool is None:
                self._pool = await self._open()
            rows = await self._pool.fetch(sql, *args)
        return [dict(row) for row in rows]

    async def as_of(self, projection: str) -> tuple[int, datetime]:
        rows = await self.fetch(
            _stands(self._service),
            projection,
        )
        if not rows:
            raise Unavailable("this read model is being made; try again shortly")
        return rows[0]["position"], rows[0]["at"]

    async def head(self) -> int:
        rows = await self.fetch(f"SELECT position FROM {self._service}.head")
        return rows[0]["position"] if rows else 0

    async def stream(
        self, reads: str, sql: str, *args: object
    ) -> AsyncGenerator[list[dict[str, Any]]]:
        """See `Reader.stream`.

        The cursor is held after its transaction: PostgreSQL keeps the result in a file of its own,
        so that a slow caller locks no table (a rebuild moves them) and keeps no dead rows alive.
        """
        if self._lists.locked():
            raise Overloaded("two long lists are being read; try again when one is done")
        async with self._lists:
            with translated(f"reading {self._service}"):
                connection = await asyncpg.connect(
                    self._url, timeout=5, command_timeout=300, server_settings=self._session
                )
            try:
                with translated(f"reading {self._service}"):
                    await typed(connection)
                    async with connection.transaction(isolation="repeatable_read", readonly=True):
                        # Before the snapshot: one from before a swap finds the new table empty.
                        await connection.execute(f"LOCK TABLE {reads} IN ACCESS SHARE MODE")
                        stands = await connection.fetch(
                            _all_stand(self._service), reads.split(", ")
                        )
                        declared = f"DECLARE list NO SCROLL CURSOR WITH HOLD FOR {sql}"
                        await connection.execute(declared, *args)
                yield [dict(row) for row in stands]
                while True:
                    with translated(f"reading {self._service}"):
                        rows = await connection.fetch(f"FETCH {_AT_ONCE} FROM list")
                    if not rows:
                        return
                    yield [dict(row) for row in rows]
            finally:
                connection.terminate()

    async def _open(self) -> asyncpg.Pool[Any]:
        return await open_pool(
            self._url, command_timeout=10, init=typed, server_settings=self._session
        )

    @property
    def _session(self) -> dict[str, str]:
        return {
            "application_name": "roadcase",
            "role": f"{self._service}_app",
            "search_path": f"{self._service}_views",
            "default_transaction_read_only": "on",
        }


def _stands(service: str) -> str:
    return f"SELECT position, clock_timestamp() AS at FROM {service}.projections WHERE name = $1"


def _all_stand(service: str) -> str:
    """The same of several: that of the one which has come least far; no row while one is made."""
    return (
        f"SELECT min(position) AS position, clock_timestamp() AS at FROM {service}.projections "
        "WHERE name = ANY($1) HAVING count(*) = cardinality($1)"
    )


class TenantViews:
    """`Reader` for one tenant: `$1` is the tenant in every query, the caller's arguments follow."""

    def __init__(self, views: Views, tenant: str) -> None:
        self._views = views
        self._tenant = tenant

    async def fetch(self, sql: str, *args: object) -> list[dict[str, Any]]:
        """Rows of this tenant. The query must say `tenant = $1`: nothing else keeps tenants apart.

        Raises Unavailable while a read model is being made for the first time.
        """
        assert _TENANT in sql, f"a query of read models names {_TENANT}: {sql}"
        try:
            return await self._views.fetch(sql, self._tenant, *args)
        except asyncpg.UndefinedTableError as error:
            raise Unavailable("this read model is being made; try again shortly") from error

    async def as_of(self, projection: str) -> tuple[int, datetime]:
        """How far a read model has come. Asked before its rows, it is never said too far."""
        return await self._views.as_of(projection)

    async def head(self) -> int:
        return await self._views.head()

    async def stream(
        self, reads: str, sql: str, *args: object
    ) -> AsyncGenerator[list[dict[str, Any]]]:
        assert _TENANT in sql, f"a query of read models names {_TENANT}: {sql}"
        source = self._views.stream(reads, sql, self._tenant, *args)
        try:
            async with aclosing(source):
                stands = await anext(source)
                if not stands:
                    raise Unavailable("this read model is being made; try again shortly")
                yield stands
                async for batch in source:
                    yield batch
        except asyncpg.UndefinedTableError as error:
            raise Unavailable("this read model is being made; try again shortly") from error
