"""What the tests of a run share: one PostgreSQL, one NATS per worker, and a part of each."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from roadcase.embedded import Nats, Postgres
from roadcase.errors import Unavailable
from roadcase.stream.client import connect

T = TypeVar("T")
Migrate = Callable[[str], Awaitable[None]]

_TEMPLATE = "roadcase_template"
_AHEAD = 3
# Each DROP DATABASE forces a checkpoint that everybody waits for; 32 databases are 250 MB.
_KEPT = 32
_DISCONNECT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
_ACCOUNTS = 32
_POLL = 0.02
_WITHIN = 60.0


class Databases:
    """New databases on one server, made ahead of need. Used from one event loop."""

    def __init__(self, server: str, prefix: str) -> None:
        self._server = server
        self._prefix = prefix
        self._ready: asyncio.Queue[str | Exception] = asyncio.Queue(_AHEAD)
        self._used: asyncio.Queue[str] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        self._tasks = [asyncio.create_task(self._make()), asyncio.create_task(self._clean())]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def take(self) -> str:
        """The address of a database that nobody used before."""
        made = await self._ready.get()
        if isinstance(made, Exception):
            raise made
        return made

    async def give_back(self, url: str) -> None:
        """Disconnects whoever forgot to; the database is dropped when enough others came after."""
        await self._used.put(url.rpartition("/")[2])

    async def _make(self) -> None:
        count = 0
        try:
            connection = await asyncpg.connect(self._server)
            while True:
                count += 1
                name = f"test_{self._prefix}_{count}"
                await connection.execute(
                    f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY wal_log"
                )
                await self._ready.put(_at(self._server, name))
        except (OSError, asyncpg.PostgresError) as why:
            await self._ready.put(why)

    async def _clean(self) -> None:
        connection = await asyncpg.connect(self._server)
        kept: deque[str] = deque()
        while True:
            kept.append(await self._used.get())
            await connection.execute(_DISCONNECT, kept[-1])
            if len(kept) > _KEPT:
                await connection.execute(f"DROP DATABASE {kept.popleft()} WITH (FORCE)")


class Accounts:
    """A NATS server whose accounts are handed out once each. Used from one event loop."""

    def __init__(self, home: Path) -> None:
        self._free = _names(0)
        self._made = _ACCOUNTS
        self._nats = Nats(home, bound=True, accounts=self._free)

    async def open(self) -> None:
        await self._nats.start()

    async def close(self) -> None:
        await self._nats.stop()

    async def take(self) -> str:
        """The address of an account that nobody used before."""
        if not self._free:
            self._free = _names(self._made)
            self._made += _ACCOUNTS
            await self._nats.add_accounts(self._free)
        return self._nats.url_of(self._free.pop())

    async def give_back(self, url: str) -> None:
        """Delete its streams: NATS sets room aside for each, and the next tests need it."""
        client = await connect(url)
        manager = client.jetstream()
        for name in [each.config.name for each in await manager.streams_info()]:
            await manager.delete_stream(name or "")
        await client.close()


class Loop:
    """An event loop in a thread of its own, for what outlives the loop of one test."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.submit(work).result(_WITHIN)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class SharedPostgres:
    """Started by the one process of a run that is not a worker, when somebody asks for it."""

    def __init__(self, folder: Path, migrate: Migrate, *, fsync: bool) -> None:
        self._home = folder / "postgres-run"
        self._wanted = folder / "postgres-wanted"
        self._answer = folder / "postgres-answer"
        self._migrate = migrate
        # Compressing the WAL would triple the time that copying a template takes.
        self._settings = {"wal_compression": "off", "max_wal_size": "256MB"}
        if not fsync:
            self._settings |= {"fsync": "off", "synchronous_commit": "off"}
        self._loop: Loop | None = None
        self._server: Postgres | None = None
        self._answering: Future[None] | None = None

    def started(self) -> str:
        """The server's address; starts it if it does not run yet."""
        self._loop = self._loop or Loop()
        if self._server is None:
            self._loop.run(self._start())
        assert self._server is not None
        return self._server.url

    def asked(self) -> str:
        """The server's address, for a worker: asks the controller and waits for its answer."""
        self._wanted.touch()
        until = time.monotonic() + _WITHIN
        while not self._answer.exists():
            if time.monotonic() > until:
                raise Unavailable("The test run's controller did not start PostgreSQL.")
            time.sleep(_POLL)
        url = self._answer.read_text()
        if not url.startswith("postgresql://"):
            raise Unavailable(url)
        return url

    def answer(self) -> None:
        """Waits in the background for the first worker that asks."""
        self._loop = self._loop or Loop()
        self._answering = self._answering or self._loop.submit(self._wait_and_start())

    def close(self) -> None:
        if self._answering:
            self._answering.cancel()
        if self._loop:
            if self._server:
                self._loop.run(self._server.stop())
            self._loop.close()

    async def _wait_and_start(self) -> None:
        while not self._wanted.exists():  # noqa: ASYNC110  (another process writes it)
            await asyncio.sleep(_POLL)
        try:
            await self._start()
        except Exception as why:  # noqa: BLE001  (the worker raises it)
            self._tell(f"{type(why).__name__}: {why}")
        else:
            assert self._server is not None
            self._tell(self._server.url)

    def _tell(self, answer: str) -> None:
        new = self._answer.with_suffix(".new")
        new.write_text(answer)
        new.replace(self._answer)

    async def _start(self) -> None:
        self._home.mkdir(mode=0o700)
        server = Postgres(self._home, bound=True, settings=self._settings)
        await server.start()
        self._server = server
        connection = await asyncpg.connect(server.url)
        await connection.execute(f"CREATE DATABASE {_TEMPLATE} STRATEGY wal_log")
        await connection.close()
        await self._migrate(_at(server.url, _TEMPLATE))


def _at(server: str, database: str) -> str:
    return f"{server.rpartition('/')[0]}/{database}"


def _names(start: int) -> list[str]:
    return [f"test_{number}" for number in range(start, start + _ACCOUNTS)]
