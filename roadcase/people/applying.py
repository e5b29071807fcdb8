"""Applies the erasures in a log to the keyring: those it missed, and then those that come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

import msgspec

from roadcase.clock import monotonic
from roadcase.errors import Unavailable
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record, tenant_of
from roadcase.keyring import Keyring
from roadcase.people.erasing import PersonErased
from roadcase.said import Said
from roadcase.stream.stream import Stream

_LOOK, _PAUSE = 5.0, 0.2  # seconds between two looks when nothing is heard, and two attempts
_log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(PersonErased).decode


class Erasures:
    """The erasures of one service's log. `catch_up()` before a door opens, then `run()` as a task.

    How far they were applied is kept in the keyring. A keyring that was restored from an older
    copy says so by itself, and loses once more what it had lost. Where the log is the older copy,
    its stream still tells of erasures that the log has to be given back.
    """

    def __init__(self, log: PostgresLog, stream: Stream, keyring: Keyring) -> None:
        self._log = log
        self._stream = stream
        self._keyring = keyring
        self._heard = asyncio.Event()
        self._applying = asyncio.Lock()  # so that the mark never goes back
        self._said = Said(_log)

    def offer(self, records: Sequence[Record]) -> None:
        """What was just committed. The log has it too: this only saves waiting."""
        if any(record.topic == PersonErased.topic for record in records):
            self._heard.set()

    async def apply(self) -> None:
        """Bring the keyring up to the end of the log, and of its stream. Raises Unavailable."""
        async with self._applying:
            await self._apply()

    async def _apply(self) -> None:
        name, head = self._log.name, (await self._log.head()).position
        applied = await self._keyring.store.applied_to(name)
        topics = [PersonErased.topic]
        for record in await self._log.read_topics(topics, min(applied, head), head):
            await self._erase(record)
        if applied != head:
            await self._keyring.store.apply_to(name, head)
        async for record in self._beyond(head):
            await self._erase(record)

    async def catch_up(self, patience: float = 15.0) -> None:
        """The same, waiting so many seconds for servers that are away. Raises Unavailable."""
        until = monotonic() + patience
        while True:
            try:
                return await self.apply()
            except Unavailable as error:
                if monotonic() > until:
                    raise
                self._said.because(f"the doors wait for erasures of {self._log.name}", error)
            await asyncio.sleep(_PAUSE)

    async def run(self) -> None:
        """For ever: also what other processes wrote, and what a heal brings."""
        while True:
            self._heard.clear()
            try:
                await self.apply()
            except Unavailable as error:
                self._said.because(f"erasures of {self._log.name} wait", error)
            try:
                async with asyncio.timeout(_LOOK):
                    await self._heard.wait()
            except TimeoutError:
                continue

    async def _beyond(self, position: int) -> AsyncIterator[Record]:
        """Erasures in the stream after the end of the log: it was restored from an older copy."""
        subject = f"evt.{self._log.name}.*.*.person.person_erased"
        while record := await self._stream.next_after(position, subject):
            yield record
            position = record.position

    async def _erase(self, record: Record) -> None:
        event = _decode(record.payload)
        await self._keyring.erase(tenant_of(record.stream), event.subject, event.erased_at)
