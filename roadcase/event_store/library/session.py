"""Our log for callers without an event loop: it runs in a thread of its own."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread, current_thread
from typing import Any, TypeVar

import asyncpg
from eventsourcing import persistence as library

from roadcase.errors import Conflict, Invalid, Unavailable
from roadcase.event_store.connections import connect, translated
from roadcase.event_store.postgres import PostgresLog

T = TypeVar("T")
_POOL = 4


@contextmanager
def dressed() -> Iterator[None]:
    """Turn our errors into the library's."""
    try:
        yield
    except Conflict as error:
        raise library.IntegrityError(str(error)) from error
    except Unavailable as error:
        raise library.OperationalError(str(error)) from error
    except Invalid as error:
        raise library.DataError(str(error)) from error


class Session:
    """One log, for many threads. Closed by `close`, or when nothing refers to it any more."""

    def __init__(self, url: str, service: str) -> None:
        self.service = service
        self.log = PostgresLog(url, service)
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=_serve, args=(self._loop,), daemon=True)
        self._thread.start()
        self._pool: asyncpg.Pool[Any] = self.run(_pool(url, self.log.role))
        self._finalizer = weakref.finalize(self, _end, self._loop, self.log, self._pool)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a coroutine that runs in the thread. Raises the library's errors."""
        if self._loop.is_closed():
            work.close()
            raise library.OperationalError(f"the log of {self.service} was closed")
        with dressed():
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def fetch(self, query: str, *values: object) -> list[Any]:
        with translated("reading the log"):
            return await self._pool.fetch(query, *values)

    async def execute_many(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        """All rows, or none."""
        with translated("writing beside the log"):
            await self._pool.executemany(statement, rows)

    async def listen(
        self, heard: Callable[[], None], lost: Callable[[], None]
    ) -> asyncpg.Connection[Any]:
        """Call `heard` after each commit, and `lost` once, when the connection has ended."""
        connection = await connect(self._url, self.log.role)
        connection.add_termination_listener(lambda *_: lost())
        with translated("listening"):
            await connection.add_listener(f"{self.service}_log", lambda *_: heard())
        return connection

    def hang_up(self, connection: asyncpg.Connection[Any]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(connection.terminate)

    def close(self) -> None:
        self._finalizer()
        if current_thread() is not self._thread:
            self._thread.join()


async def _pool(url: str, role: str) -> asyncpg.Pool[Any]:
    settings = {"application_name": "roadcase", "role": role}
    with translated("connecting"):
        return await asyncpg.create_pool(
            url, min_size=0, max_size=_POOL, timeout=5, server_settings=settings
        )


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


def _end(loop: asyncio.AbstractEventLoop, log: PostgresLog, pool: asyncpg.Pool[Any]) -> None:
    """Does not wait: it may be called by the garbage collector, in any thread."""

    async def close() -> None:
        try:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await log.close()
            pool.terminate()
        finally:
            loop.call_soon(loop.stop)

    if not loop.is_closed():
        asyncio.run_coroutine_threadsafe(close(), loop)
