"""The log `platform` in a process that serves: heard, copied to its stream, signed checkpoints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from nats.aio.client import Client

from roadcase.checkpointing import Checkpoints, file_of
from roadcase.errors import LogBlocked, Unavailable
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.platform.events import NAME
from roadcase.platform.trust import Trust
from roadcase.running import Part, kept_up
from roadcase.secret import Secret
from roadcase.service import Service
from roadcase.settings import Settings
from roadcase.stream.relay import Relay
from roadcase.stream.stream import Stream

if TYPE_CHECKING:
    from roadcase.platform.asking import Issued

_AGAIN = 1.0  # seconds between two attempts
_WAITS = 1.0  # seconds for which what can wait does
_LOOK = 5.0  # seconds between two looks of the relay, which is told of what is new


class PlatformLog:
    """The log and what this process makes of it. `faults` as in `Running`."""

    def __init__(
        self,
        url: str,
        client: Client,
        secret: Secret,
        settings: Settings,
        services: Iterable[Service],
    ) -> None:
        self.faults = 0
        self.log = PostgresLog(url, NAME)
        self.stream = Stream(client, self.log)
        self.trust = Trust(self.log, secret, self.stream)
        self.relay = Relay(self.log, self.stream, poll=_LOOK)
        self.trust.on_news.append(self.relay.offer)
        self.checkpoints = Checkpoints(self.log, client, secret, file_of(settings, NAME))
        self._secret = secret
        self._scopes = {each.name: frozenset(each.scopes) for each in services}

    async def open(self) -> None:
        """Learn all that counts, and begin where this is the first time."""
        await self.trust.catch_up()
        with suppress(LogBlocked):  # `begin` goes on trying, and readiness says why
            await self._once()

    async def begin(self) -> None:
        """See to it that there is a key, and that these services' scopes are known."""
        while self._lacks():
            try:
                await self._once()
            except Unavailable:
                await asyncio.sleep(_AGAIN)

    def _lacks(self) -> bool:
        asked = frozenset().union(*self._scopes.values())
        return not self.trust.has_key or not asked <= self.trust.scopes

    async def _once(self) -> None:
        if not self._lacks():
            return
        from roadcase.platform.asking import asking  # noqa: PLC0415 - only the first time

        async with asking(
            self.log, self._secret, actor="roadcase", guard=self.stream.recognise
        ) as platform:
            await platform.begin(self._scopes)
        await self.trust.look()

    async def issue(self, tenant: str, actor: str, *scopes: str) -> Issued:
        """A new token, from within this process."""
        from roadcase.platform.asking import asking  # noqa: PLC0415 - only the demonstration asks

        async with asking(
            self.log,
            self._secret,
            actor="roadcase",
            guard=self.stream.recognise,
            on_commit=self.trust.offer,
        ) as platform:
            return await platform.issue(tenant, actor, scopes)


@asynccontextmanager
async def platform_log(
    url: str, client: Client, secret: Secret, settings: Settings, services: Iterable[Service]
) -> AsyncIterator[PlatformLog]:
    """Migrate, then follow the log until the block ends."""
    await migrate(url, NAME)
    this = PlatformLog(url, client, secret, settings, services)
    try:
        await this.open()
        parts: dict[str, Part] = {
            "begin": this.begin,
            "trust": this.trust.run,
            "recognition": this.trust.recognise,
            "relay": partial(_later, this.relay.run),
            "checkpoints": partial(_later, this.checkpoints.run),
        }
        tasks = [
            asyncio.create_task(kept_up(this, f"{name} of {NAME}", part))
            for name, part in parts.items()
        ]
        try:
            yield this
            await this.checkpoints.write()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await this.log.close()


async def _later(part: Part) -> None:
    """Leave the first moments of a process to those who sell."""
    await asyncio.sleep(_WAITS)
    await part()
