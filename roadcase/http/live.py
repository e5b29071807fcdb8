"""Tells everyone who looks at something how it stands: one look at the database serves them all."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from roadcase.clock import monotonic, now
from roadcase.doors import Reader
from roadcase.errors import RoadcaseError, Unavailable
from roadcase.history import History
from roadcase.http.events import Event

LOOK = 0.25  # seconds between looks
TICK = 1.0  # seconds after which viewers hear how fresh it is, though nothing changed
_MARKS = 1000
Moment = tuple[datetime, float]  # on both clocks
See = Callable[[Reader, str], Awaitable[dict[str, Any]]]  # how the thing of this name stands
_log = logging.getLogger(__name__)


class Lives:
    """The things that are being looked at, by tenant and name.

    `see` reads how one stands from the read model `projection`.
    """

    def __init__(self, projection: str, see: See) -> None:
        self._projection = projection
        self._see = see
        self._watched: dict[tuple[str, str], _Watched] = {}

    async def watch(
        self, tenant: str, name: str, read: Reader, past: History, last_id: str | None
    ) -> AsyncGenerator[Event, None]:
        """How it stands, whenever it changes, and every second how fresh that is.

        `last_id` is the id of a `state` seen before: it is not told again if nothing changed
        since. A state is the whole truth, so a slow viewer skips to the newest and misses nothing.
        """
        key = tenant, name
        watched = self._watched.get(key)
        if watched is None:
            looks = _Looks(name, self._projection, self._see, read, past)
            watched = self._watched[key] = _Watched(looks)
        watched.viewers += 1
        try:
            async for event in watched.tell(last_id):
                yield event
        finally:
            watched.viewers -= 1
            if not watched.viewers:
                watched.looking.cancel()
                del self._watched[key]


class Fresh:
    """How fresh a read model is: the last moment at which it showed all that was in the log."""

    def __init__(self) -> None:
        self.position = 0
        self.at = now()
        self._seen = monotonic()
        self._marks: deque[tuple[int, Moment]] = deque()

    def looked(self, when: Moment, head: int, position: int) -> None:
        """Then the log ended at `head`, and a bit later the read model had come to `position`."""
        if self._marks and self._marks[-1][0] >= head:
            self._marks.pop()  # nothing was added since: what was true then is true now
        if len(self._marks) < _MARKS:
            self._marks.append((head, when))
        self.position = position
        while self._marks and self._marks[0][0] <= position:
            self.at, self._seen = self._marks.popleft()[1]

    def told(self) -> dict[str, Any]:
        """`age` is in seconds."""
        age = round(max(0.0, monotonic() - self._seen), 3)
        return {"position": self.position, "at": self.at, "age": age}


class _Looks(NamedTuple):
    """What is looked at, and through what."""

    name: str
    projection: str
    see: See
    read: Reader
    past: History


class _Watched:
    """One thing, looked at for all its viewers."""

    def __init__(self, looks: _Looks) -> None:
        self.viewers = 0
        self.state: bytes | None = None  # as JSON, without how fresh it is
        self.id = ""
        self.fresh = Fresh()
        self._looks = looks
        self._failed: RoadcaseError | None = None
        self._news = asyncio.Event()
        self.looking = asyncio.create_task(self._look())

    async def tell(self, last_id: str | None) -> AsyncIterator[Event]:
        """Raises what kept the very first look from seeing anything, as Unavailable."""
        seen = last_id
        while True:
            news = self._news
            if self.state is not None:
                fresh = self.fresh.told()
                if seen == self.id:
                    yield Event(_json(fresh).decode(), name="tick")
                else:
                    seen = self.id
                    yield Event(_joined(fresh, self.state), id=seen, name="state")
            elif self._failed is not None:
                raise self._failed
            await news.wait()

    async def _look(self) -> None:
        told = -TICK
        while True:
            changed = False
            try:
                changed = await self._see()
                self._failed = None
            except Exception as error:  # noqa: BLE001 - told to whoever waits, and tried again
                self._fail(error)
            if changed or monotonic() - told >= TICK or self.state is None:
                told = monotonic()
                news, self._news = self._news, asyncio.Event()
                news.set()
            await asyncio.sleep(LOOK)

    def _fail(self, error: Exception) -> None:
        if self._failed is None:
            _log.warning("who watches %s sees nothing: %s", self._looks.name, error)
        if not isinstance(error, RoadcaseError):
            error = Unavailable("this cannot be read right now")
        self._failed = error

    async def _see(self) -> bool:
        """Whether it has changed since the look before."""
        looks = self._looks
        when = now(), monotonic()
        head = await looks.past.head()
        position, _ = await looks.read.as_of(looks.projection)
        if self.state is not None and position == self.fresh.position:
            self.fresh.looked(when, head, position)
            return False
        state = _json(await looks.see(looks.read, looks.name))
        self.fresh.looked(when, head, position)
        if state == self.state:
            return False
        self.state, self.id = state, str(position)
        return True


def _joined(fresh: dict[str, Any], state: bytes) -> str:
    """Two JSON objects as one: the state is encoded once for all viewers."""
    return f"{_json(fresh)[:-1].decode()},{state[1:].decode()}"


async def begun(told: AsyncGenerator[Event, None]) -> AsyncIterator[Event]:
    """The same events once the first is there: what is wrong is raised before a stream begins."""
    return _with(await anext(told), told)


async def _with(first: Event, rest: AsyncGenerator[Event, None]) -> AsyncIterator[Event]:
    try:
        yield first
        async for event in rest:
            yield event
    finally:
        await rest.aclose()


_json = msgspec.json.encode
