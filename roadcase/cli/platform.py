"""The log `platform`, opened for a command that asks something of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from roadcase.cli.common import opened
from roadcase.errors import LogBlocked, Unavailable
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Head
from roadcase.platform.asking import Platform, asking
from roadcase.platform.events import NAME
from roadcase.secret import find_secret
from roadcase.settings import read
from roadcase.stream.stream import Stream, connect

_PATIENCE = 0.5  # seconds for NATS


class Asked(NamedTuple):
    """The log, and who takes commands for it."""

    log: PostgresLog
    platform: Platform


@asynccontextmanager
async def platform() -> AsyncIterator[Asked]:
    """On the servers that run, or on ones started for this command. NATS may be away."""
    settings = read()
    async with opened(NAME, settings) as this:

        async def guard(head: Head) -> None:
            await _recognise(this.log, this.servers.nats_url, head)

        async with asking(this.log, find_secret(settings), guard=guard) as found:
            yield Asked(this.log, found)


async def _recognise(log: PostgresLog, nats_url: str, head: Head) -> None:
    """Raises LogBlocked where the stream says that this is not the log. Silent, it says nothing:

    a token must be revoked when NATS is away, too.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            client = await connect(nats_url)
            try:
                await Stream(client, log).recognise(head)
            finally:
                await client.close()
    except LogBlocked:
        raise
    except (Unavailable, TimeoutError):
        return
