"""What this process trusts: its Verifier, kept as the log `platform` says, at most a second late.

It asks PostgreSQL for what is new a few times a second: one query by primary key, which NATS need
not live for. PostgreSQL being away, what is known stays as it is, and readiness says so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from roadcase.auth import LONGEST, Verifier
from roadcase.clock import Clock, monotonic, now
from roadcase.codec import Codec
from roadcase.decider import Event
from roadcase.errors import LogBlocked, LogDiverged, LogRegressed, Unavailable
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record, meta_of
from roadcase.platform.events import (
    NAME,
    KeyAdded,
    KeyRetired,
    ScopesDeclared,
    TenantClosed,
    TenantCreated,
    TokenRevoked,
)
from roadcase.platform.keys import signing_key
from roadcase.secret import Secret
from roadcase.stream.stream import Stream

_EVERY, _LONG = 0.25, 1.0  # seconds between two looks, and when nobody answers
_ANSWER = 2.0  # seconds for an answer
_SILENT = _EVERY + _ANSWER + 1.0  # seconds without one, after which something is wrong with us
_PAGE = 500
_SPARE = timedelta(hours=1)  # longer than a token lives: clocks are set back
_TOLD: Final = (
    KeyAdded,
    KeyRetired,
    ScopesDeclared,
    TenantCreated,
    TenantClosed,
    TokenRevoked,
)
_REFUSALS: Final = {event.topic for event in (KeyRetired, TenantClosed, TokenRevoked)}
_log = logging.getLogger(__name__)


class Trust:
    """Keeps `verifier`. `catch_up()` before a door opens, then `run()` and `recognise()` as tasks.

    Where `stream` is further than the log, or another one, nothing is ready; until the log is
    mended, what only the stream knows to be refused is refused. `on_news` hears of new records.
    """

    def __init__(
        self,
        log: PostgresLog,
        secret: Secret,
        stream: Stream,
        *,
        clock: Clock = now,
    ) -> None:
        self.verifier = Verifier({}, clock)
        self.position = 0
        self.scopes: set[str] = set()
        self.on_news: list[Callable[[Sequence[Record]], None]] = []
        self._log_read = log
        self._secret = secret
        self._stream = stream
        self._clock = clock
        self._codec = Codec(_TOLD)
        self._hash = b""
        self._beyond_log = 0  # how far the stream was read, where the log ends before it
        self._newest: str | None = None
        self._replaced: dict[str, datetime] = {}
        self._fault: str | None = "starting"
        self._stranger: str | None = "starting"
        self._doubt = asyncio.Event()
        self._doubt.set()
        self._heard = 0.0
        self._wake = asyncio.Event()

    @property
    def has_key(self) -> bool:
        """Whether there is a key that tokens can be signed with."""
        return self._newest is not None

    @property
    def silent(self) -> float:
        """Seconds since the log was last read to its end."""
        return monotonic() - self._heard

    @property
    def not_ready(self) -> str | None:
        """Why a revocation may not be heard right now; None while all are, within a second."""
        if why := self._fault or self._stranger:
            return why
        return f"the log platform is silent for {self.silent:.0f} s" if self._is_silent else None

    @property
    def _is_silent(self) -> bool:
        return self.silent > _SILENT

    def offer(self, _records: Sequence[Record]) -> None:
        """Something was just committed: look now."""
        self._wake.set()

    async def catch_up(self) -> None:
        """Learn all that counts, at the start. Raises Unavailable."""
        head = await self._log_read.head()
        topics = [event.topic for event in _TOLD]
        self._take(await self._log_read.read_topics(topics, 0, head.position))
        self.position, self._hash = head.position, head.hash
        self._heard = monotonic()

    async def look(self) -> None:
        """Learn what is new. Raises Unavailable, and LogBlocked where the log is another one."""
        more = True
        while more:
            # Our own last record is read again: it tells whether this is still the log it was.
            records = await self._log_read.read(max(0, self.position - 1), _PAGE)
            news = self._beyond(records)
            if news:
                self._take(news)
                self.position, self._hash = news[-1].position, news[-1].hash
                for listener in self.on_news:
                    listener(news)
            more = len(records) == _PAGE
        self._drop_old_keys()
        self._heard, self._fault = monotonic(), None

    async def run(self) -> None:
        """For ever, whatever happens to PostgreSQL."""
        while True:
            self._wake.clear()
            pause = _EVERY
            try:
                async with asyncio.timeout(_ANSWER):
                    await self.look()
            except (Unavailable, TimeoutError) as error:
                pause = _LONG
                self._say(error)
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _say(self, error: Exception) -> None:
        if isinstance(error, LogBlocked):
            self._doubt.set()
        why = str(error) or "PostgreSQL does not answer"
        text = f"revocations are not heard: {why}"
        if self._fault != text:
            _log.warning("%s", text)
        self._fault = text

    async def recognise(self) -> None:
        """For ever: compare log and stream at the start, and after the log was another one.

        Beside `run`, which must not wait for NATS.
        """
        while True:
            await self._doubt.wait()
            try:
                await self._compare()
            except Unavailable as error:
                self._stranger = str(error)
                await asyncio.sleep(_LONG)
            else:
                self._stranger = None
                self._doubt.clear()

    async def _compare(self) -> None:
        head = await self._log_read.head()
        try:
            await self._stream.recognise(head)
        except LogRegressed:
            self._beyond_log = max(self._beyond_log, head.position)
            subject = f"evt.{NAME}.>"
            while record := await self._stream.next_after(self._beyond_log, subject):
                if record.topic in _REFUSALS:
                    self._take([record])
                self._beyond_log = record.position
            raise

    def _beyond(self, records: Sequence[Record]) -> Sequence[Record]:
        """The records after our last one, which must be the first of these."""
        if not self.position:
            return records
        if not records:
            raise LogRegressed(
                f"the log platform ends before {self.position}, which was read before: was the "
                "database restored from an older copy? Run `roadcase log heal -s platform`.",
            )
        if records[0].hash != self._hash:
            raise LogDiverged(at=self.position)
        return records[1:]

    def _take(self, records: Sequence[Record]) -> None:
        revoked = []
        for record in records:
            if self._codec.knows(record.topic):
                event = self._codec.decode(record.topic, record.payload)
                if not isinstance(event, TokenRevoked):
                    self._learn(event, meta_of(record).at)
                elif event.expires_at + _SPARE > self._clock():
                    revoked.append(event.token)
        if revoked:  # all at once: each time, whoever is being answered is looked at
            self.verifier.revoke(*revoked)

    def _learn(self, event: Event, at: datetime) -> None:
        verifier = self.verifier
        match event:
            case KeyAdded():
                if self._newest:
                    self._replaced[self._newest] = at
                self._newest = event.key
                verifier.trust(event.key, signing_key(self._secret, event.key).public_key())
            case KeyRetired():
                verifier.distrust(event.key)
            case ScopesDeclared():
                self.scopes.update(event.scopes)
            case TenantCreated():
                verifier.open(event.tenant)
            case TenantClosed():
                verifier.close(event.tenant)

    def _drop_old_keys(self) -> None:
        """A key that signs no more is not needed once the last of its tokens has expired."""
        if not self._replaced:
            return
        before = self._clock() - LONGEST - _SPARE
        for key in [key for key, at in self._replaced.items() if at < before]:
            del self._replaced[key]
            self.verifier.distrust(key)
