"""Before a process can begin: doors that only say which server is away, until both are there."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack

from roadcase.auth import Verifier
from roadcase.errors import Unavailable
from roadcase.event_store.connections import connect
from roadcase.http import HttpServer
from roadcase.rpc import RpcServer
from roadcase.said import Said
from roadcase.servers import Servers
from roadcase.settings import Settings
from roadcase.stream.stream import connect as connect_nats

_PAUSE = 0.5  # seconds between two looks
_log = logging.getLogger(__name__)


async def servers_there(settings: Settings, found: Servers, stop: asyncio.Event) -> bool:
    """Wait until PostgreSQL and NATS answer; False: told to stop before they did."""
    away = await _away(found)
    if not away:
        return True
    async with AsyncExitStack() as stack:
        nobody = Verifier({})
        http = HttpServer(nobody, ready=lambda: away, host=settings.host, port=settings.http_port)
        rpc = RpcServer(nobody, ready=lambda: away, host=settings.host, port=settings.grpc_port)
        for door in (rpc, http):
            await door.start()
            stack.push_async_callback(door.stop)
        said = Said(_log, logging.WARNING)
        while away and not stop.is_set():
            for why in away.values():
                said.because("waiting", why)
            await asyncio.sleep(_PAUSE)
            away = await _away(found)
    return not stop.is_set()


async def _away(found: Servers) -> dict[str, str]:
    """Which server does not answer, and why."""
    away = {}
    try:
        await (await connect(found.postgres_url)).close()
    except Unavailable as error:
        away["postgres"] = str(error)
    try:
        await (await connect_nats(found.nats_url)).close()
    except Unavailable as error:
        away["nats"] = str(error)
    return away
