"""Keys that a process remembers for a while, and the connection that tells it to forget them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from typing import Any, NamedTuple

import asyncpg

from roadcase.clock import monotonic
from roadcase.errors import Unavailable
from roadcase.event_store.connections import BROKEN, connect
from roadcase.keyring.store import ROLE, SCHEMA

_BEAT, _TRUSTED = 1.0, 4.0  # seconds
_PAUSE = 0.2


class Known(NamedTuple):
    """A person whose key is at hand. `contact` is the HMAC by which they were found, if so."""

    tenant: str
    subject: str
    key: bytes
    contact: bytes | None = None


class Cache:
    """At most `limit` people. Whoever is erased, by any process, is forgotten.

    PostgreSQL tells of erasures on a connection of its own, which is asked for an answer every
    second. When it has been silent for four, nothing is remembered and every key is asked for: an
    erased key may be used that long where the network is broken, and not at all where it is not.
    """

    def __init__(self, url: str, limit: int) -> None:
        self.epoch = 0  # changes with every erasure
        self._url = url
        self._limit = limit
        self._by_subject: OrderedDict[tuple[str, str], Known] = OrderedDict()
        self._by_contact: dict[tuple[str, bytes], Known] = {}
        self._heard = 0.0

    @property
    def trusted(self) -> bool:
        return monotonic() - self._heard < _TRUSTED

    def subject(self, tenant: str, subject: str) -> Known | None:
        return self._by_subject.get((tenant, subject)) if self.trusted else None

    def contact(self, tenant: str, contact: bytes) -> Known | None:
        return self._by_contact.get((tenant, contact)) if self.trusted else None

    def remember(self, known: Known, epoch: int) -> None:
        """`epoch` is that of when it was asked for: what was erased meanwhile is not kept."""
        if epoch != self.epoch or not self.trusted:
            return
        place = known[:2]
        if known.contact is None and (before := self._by_subject.get(place)):
            known = before  # which also says by which contact it is found
        self._by_subject[place] = known
        if known.contact is not None:
            self._by_contact[known.tenant, known.contact] = known
        if len(self._by_subject) > self._limit:
            self._drop(next(iter(self._by_subject)))

    def forget(self, subject: str) -> None:
        """Subjects are unique over all tenants."""
        self.epoch += 1
        for place in [each for each in self._by_subject if each[1] == subject]:
            self._drop(place)

    def clear(self) -> None:
        self.epoch += 1
        self._by_subject.clear()
        self._by_contact.clear()

    def _drop(self, place: tuple[str, str]) -> None:
        known = self._by_subject.pop(place)
        if known.contact is not None:
            self._by_contact.pop((known.tenant, known.contact), None)

    async def listen(self) -> None:
        """Hear of erasures for ever. Run it as a task."""
        while True:
            try:
                connection = await connect(self._url, ROLE)
            except Unavailable:
                await asyncio.sleep(_PAUSE)
                continue
            try:
                await connection.add_listener(SCHEMA, self._told)
                await self._beat(connection)
            except (asyncpg.PostgresError, *BROKEN):
                self._heard = 0.0
                await asyncio.sleep(_PAUSE)
            finally:
                self._heard = 0.0
                self.clear()
                connection.terminate()

    async def _beat(self, connection: asyncpg.Connection[Any]) -> None:
        """What was told before an answer has been heard when the answer is here."""
        while True:
            asked = monotonic()
            await connection.execute("SELECT 1", timeout=_TRUSTED)
            if not self.trusted:
                self.clear()  # remembered before a silence in which anything may have been erased
            self._heard = asked
            with suppress(TimeoutError):
                await asyncio.sleep(_BEAT)

    def _told(self, _connection: Any, _pid: int, _channel: str, subject: Any) -> None:
        self.forget(str(subject))
