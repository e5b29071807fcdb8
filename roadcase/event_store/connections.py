"""Connections to PostgreSQL, and its errors in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

import asyncpg

from roadcase.errors import Conflict, Unavailable

# For what can be made again from the log: its commits keep their order, and a server that dies may
# lose the latest of them, together with the checkpoint in the same transaction.
DERIVED = {"synchronous_commit": "off"}
_IDLE = 15.0  # seconds
TRANSIENT = ("08", "53", "57", "58", "25P03")  # connection, resources, shutdown, disk, idle killed
# A server killed at the wrong moment leaves the driver's own state in disorder (InternalClient).
BROKEN = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    RuntimeError,  # uvloop's, for writing to a connection that was just cut
)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn the driver's errors into ours: Unavailable when trying again may help, else Conflict."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"{doing}: {error}") from error
    except asyncpg.PostgresError as error:
        if (error.sqlstate or "").startswith(TRANSIENT):
            raise Unavailable(f"PostgreSQL cannot go on while {doing}: {error}") from error
        raise
    except BROKEN as error:
        raise Unavailable(f"PostgreSQL is away while {doing}: {error}") from error


async def connect(url: str, role: str | None = None, **settings: str) -> asyncpg.Connection[Any]:
    """One connection, acting as `role`. Raises Unavailable when there is no server."""
    server_settings = {"application_name": "roadcase", **settings}
    if role:
        server_settings["role"] = role
    with translated("connecting"):
        return await asyncpg.connect(url, server_settings=server_settings, timeout=5)


class Lent(asyncpg.Connection):
    """For pools. What we set in a session we set for good: no trip after each use to reset it."""

    def get_reset_query(self) -> str:
        return ""


async def open_pool(url: str, **more: Any) -> asyncpg.Pool[Any]:
    """A small pool; what is not used is closed after a while: each is a process of PostgreSQL."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=4,
        timeout=5,
        max_inactive_connection_lifetime=_IDLE,
        connection_class=Lent,
        **more,
    )


@asynccontextmanager
async def connected(url: str, role: str, **settings: str) -> AsyncIterator[asyncpg.Pool[Any]]:
    """A small pool of connections acting as `role`."""
    with translated("connecting"):
        server_settings = {"application_name": "roadcase", "role": role, **settings}
        pool = await open_pool(url, server_settings=server_settings)
    try:
        yield pool
    finally:
        pool.terminate()


class _Shared:
    """A pool for many, and how many use it."""

    def __init__(self, url: str, role: str, settings: dict[str, str]) -> None:
        self.users = 0
        self._stack = AsyncExitStack()
        entering = self._stack.enter_async_context(connected(url, role, **settings))
        self.pool: asyncio.Task[asyncpg.Pool[Any]] = asyncio.create_task(entering)

    async def close(self) -> None:
        await asyncio.gather(self.pool, return_exceptions=True)
        await self._stack.aclose()


_pools: dict[tuple[object, ...], _Shared] = {}


@asynccontextmanager
async def shared(url: str, role: str, **settings: str) -> AsyncIterator[asyncpg.Pool[Any]]:
    """`connected`, but all who ask in one event loop for the same have one pool.

    For those of whom there are many and who ask seldom: each connection is a process of
    PostgreSQL. It is closed when the last one leaves.
    """
    key = (asyncio.get_running_loop(), url, role, *sorted(settings.items()))
    if (mine := _pools.get(key)) is None:
        mine = _pools[key] = _Shared(url, role, settings)
    mine.users += 1
    try:
        yield await asyncio.shield(mine.pool)
    finally:
        mine.users -= 1
        if not mine.users:
            del _pools[key]
            await mine.close()
