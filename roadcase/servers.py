"""Where PostgreSQL and NATS are: the ones named in the settings, or our own in the data folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from roadcase.embedded import Embedded, Nats, Postgres
from roadcase.errors import Unavailable
from roadcase.settings import Settings


class Servers(NamedTuple):
    """Addresses, passwords included. `ours` are the embedded ones, if this process runs them."""

    postgres_url: str
    nats_url: str
    ours: Embedded | None = None


@asynccontextmanager
async def servers(settings: Settings, *, join: bool = False) -> AsyncIterator[Servers]:
    """The servers to use, started if they are ours to start.

    `join`: when another process runs the ones in the data folder, use those. Raises Unavailable.
    """
    if settings.postgres_url and settings.nats_url:
        yield Servers(settings.postgres_url, settings.nats_url)
        return
    async with AsyncExitStack() as stack:
        try:
            ours = await stack.enter_async_context(Embedded(settings.data / "servers"))
        except Unavailable as error:
            if not join or "holder" not in error.facts:
                raise
            found = await asyncio.to_thread(_beside, settings)
        else:
            found = Servers(ours.postgres_url, ours.nats_url, ours)
        yield Servers(
            settings.postgres_url or found.postgres_url,
            settings.nats_url or found.nats_url,
            found.ours,
        )


def _beside(settings: Settings) -> Servers:
    """The addresses of the servers that another process runs in the data folder."""
    data = (settings.data / "servers").absolute()
    postgres, nats = Postgres(data), Nats(data)
    for server in (postgres, nats):
        server.port = int((data / f"{server.name}.port").read_text())
    return Servers(postgres.url, nats.url)
