"""The log `platform` in a process that serves: heard, copied to its stream, signed checkpoints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from nats.aio.client import Client

from roadcase.checkpointing import Checkpoints, file_of
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.platform.events import NAME
from roadcase.platform.trust import Trust
from roadcase.running import kept_up
from roadcase.secret import Secret
from roadcase.service import Service
from roadcase.settings import Settings
from roadcase.stream.relay import Relay
from roadcase.stream.stream import Stream

if TYPE_CHECKING:
    from roadcase.platform.asking import Issued

ROOM: Final = 64 << 20  # bytes of the stream: some hundred thousand events
_LOOK = 5.0  # seconds between two looks of the relay, which is told of what is new


class PlatformLog:
    """The log and what this process makes of it. `faults` as in `Running`."""

    def __init__(self, url: str, client: Client, secret: Secret, settings: Settings) -> None:
        self.faults = 0
        self.log = PostgresLog(url, NAME)
        self.stream = Stream(client, self.log, max_bytes=ROOM)
        self.trust = Trust(self.log, secret, guard=self.stream.recognise)
        self.relay = Relay(self.log, self.stream, poll=_LOOK)
        self.trust.on_news.append(self.relay.offer)
        self.checkpoints = Checkpoints(self.log, client, secret, file_of(settings, NAME))
        self._secret = secret

    async def open(self, services: Iterable[Service]) -> None:
        """Learn all that counts; see to it that there is a key, and these services' scopes."""
        await self.trust.catch_up()
        scopes = {each.name: frozenset(each.scopes) for each in services}
        asked = frozenset().union(*scopes.values())
        if not self.trust.has_key or not asked <= self.trust.scopes:
            await self._begin(scopes)
            await self.trust.look()

    async def _begin(self, scopes: Mapping[str, frozenset[str]]) -> None:
        from roadcase.platform.asking import asking  # noqa: PLC0415 - only the first time

        async with asking(
            self.log, self._secret, actor="roadcase", guard=self.stream.recognise
        ) as platform:
            await platform.begin(scopes)

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
    this = PlatformLog(url, client, secret, settings)
    try:
        await this.open(services)
        parts = {
            "trust": this.trust.run,
            "relay": this.relay.run,
            "checkpoints": this.checkpoints.run,
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
