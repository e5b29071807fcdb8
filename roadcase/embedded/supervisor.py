"""PostgreSQL and NATS together: started side by side, kept running, stopped together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from roadcase.embedded.files import DataFolder
from roadcase.embedded.nats import Nats
from roadcase.embedded.postgres import Postgres


class Embedded:
    """`async with Embedded(folder) as servers:` gives `postgres_url` and `nats_url`.

    Raises Unavailable when the folder is in use or a server does not start. A server that dies is
    started again on the same port within a second; `on_restart(name, how often)` is then called.
    When this process is killed, the servers go on, and the next start on the folder adopts them.
    """

    def __init__(
        self,
        data: Path,
        *,
        on_restart: Callable[[str, int], None] | None = None,
        monitoring_port: int | None = None,
    ) -> None:
        self.data = data.absolute()
        self._folder = DataFolder(self.data)
        self._on_restart = on_restart or (lambda _name, _count: None)
        self._monitoring_port = monitoring_port
        self._watchers: list[asyncio.Task[None]] = []
        self.postgres: Postgres
        self.nats: Nats

    @property
    def postgres_url(self) -> str:
        return self.postgres.url

    @property
    def nats_url(self) -> str:
        return self.nats.url

    async def __aenter__(self) -> Self:
        self._folder.open()
        try:
            self.postgres = Postgres(self.data)
            self.nats = Nats(self.data, monitoring_port=self._monitoring_port)
            await self._start()
        except BaseException:
            self._folder.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        await self._stop()
        self._folder.close()

    async def _start(self) -> None:
        starts = [asyncio.ensure_future(server.start()) for server in (self.postgres, self.nats)]
        try:
            await asyncio.gather(*starts)
        except BaseException:
            for start in starts:
                start.cancel()
            await asyncio.gather(*starts, return_exceptions=True)
            await self._stop()
            raise
        self._watchers = [
            asyncio.create_task(server.watch(self._on_restart))
            for server in (self.postgres, self.nats)
        ]

    async def _stop(self) -> None:
        await asyncio.gather(self.postgres.stop(), self.nats.stop())
