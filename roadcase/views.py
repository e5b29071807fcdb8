"""The read models as doors ask for them: always of one tenant, with how far they have come."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import asyncpg

from roadcase.errors import Unavailable
from roadcase.event_store.connections import Lent, translated
from roadcase.projector import Projector
from roadcase.tables import typed

_TENANT = "tenant = $1"


class Views:
    """One service's read models. Open it as a context manager; `of(tenant)` reads for a tenant."""

    def __init__(self, url: str, service: str, projector: Projector) -> None:
        self.projector = projector
        self._url = url
        self._service = service
        self._pool: asyncpg.Pool[Any] | None = None

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
            f"SELECT position, clock_timestamp() AS at FROM {self._service}.projections "
            "WHERE name = $1",
            projection,
        )
        if not rows:
            raise Unavailable("this read model is being made; try again shortly")
        return rows[0]["position"], rows[0]["at"]

    async def _open(self) -> asyncpg.Pool[Any]:
        return await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=4,
            timeout=5,
            command_timeout=10,
            init=typed,
            connection_class=Lent,
            server_settings={
                "application_name": "roadcase",
                "role": f"{self._service}_app",
                "search_path": f"{self._service}_views",
                "default_transaction_read_only": "on",
            },
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
