"""What devices runs beside its doors: one binds the printers of the settings, one prints."""

from __future__ import annotations

import asyncio

from roadcase.asked import Context
from roadcase.doors import Dispatch
from roadcase.errors import Invalid
from roadcase.running import Running
from roadcase.settings import Settings
from services.devices.commands import BindRole
from services.devices.printers import bindings
from services.devices.worker import PrintWorker


class Binder:
    """Binds each role of the settings to its printer; bound already, that decides nothing."""

    def __init__(self, dispatch: Dispatch, printers: str) -> None:
        self._dispatch = dispatch
        self._wanted = list(_wanted(printers))
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Asked for all at once, before any reaction has begun to ask for prints."""
        asked = [
            self._dispatch(command, Context(tenant=tenant, actor="settings"))
            for tenant, command in self._wanted
        ]
        await asyncio.gather(*asked)
        await self._stopped.wait()

    def stop(self) -> None:
        self._stopped.set()


def _wanted(printers: str) -> list[tuple[str, BindRole]]:
    found = []
    for entry in filter(None, map(str.strip, printers.split(","))):
        tenant, slash, rest = entry.partition("/")
        if not slash or "=" in tenant:
            raise Invalid(f"ROADCASE_PRINTERS: {entry!r} is not tenant/role=host:port")
        found += [(tenant, command) for command in bindings(rest)]
    return found


def binder(running: Running, settings: Settings) -> Binder:
    return Binder(running.dispatch, settings.printers)


def print_worker(running: Running, _settings: Settings) -> PrintWorker:
    return PrintWorker(
        running.dispatch, running.log, running.dispatch.on_commit, tracing=running.tracing
    )
