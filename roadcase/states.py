"""The folded states of streams, kept in memory between commands and always as new as the log."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol

from roadcase.codec import Codec
from roadcase.decider import Decider, Event
from roadcase.errors import LogCorrupt
from roadcase.event_store.records import Record

_FAR = 10_000  # records; from here on, reading the streams that are asked for again is less work


class Reader(Protocol):
    async def read(self, after: int, limit: int) -> list[Record]: ...


class Folded:
    """A stream folded up to `version`. `due` is what its timer row says."""

    __slots__ = ("decider", "due", "state", "version")

    def __init__(self, decider: Decider[Any]) -> None:
        self.decider = decider
        self.state = decider.initial()
        self.version = 0
        self.due: datetime | None = None

    def follow(self, events: Iterable[Event]) -> None:
        """Fold what the log holds already, together with its timer."""
        for event in events:
            self.decider.evolve(self.state, event)
            self.version += 1
        self.due = self.deadline()

    def deadline(self) -> datetime | None:
        return self.decider.deadline(self.state) if self.decider.deadline else None


class States:
    """At most `limit` folded streams, the longest unused forgotten first.

    `position` is the position up to which every kept state has been folded: a caller that holds
    the log's lock brings it up to the head with `follow` before it asks for anything.
    """

    def __init__(self, codec: Codec, limit: int = 20_000) -> None:
        self.codec = codec
        self.position = 0
        self._limit = limit
        self._folded: OrderedDict[str, Folded] = OrderedDict()

    def kept(self, stream: str) -> Folded | None:
        folded = self._folded.get(stream)
        if folded is not None:
            self._folded.move_to_end(stream)
        return folded

    def fold(self, stream: str, decider: Decider[Any], history: list[Record]) -> Folded:
        """Fold and keep a stream. Raises whatever its events or its rules raise."""
        folded = Folded(decider)
        folded.follow(self._events(history))
        self._folded[stream] = folded
        if len(self._folded) > self._limit:
            self._folded.popitem(last=False)
        return folded

    async def follow(self, reader: Reader, head: int, limit: int = 1000) -> None:
        """Fold the next records that others appended, up to `head`, into the kept states."""
        if head - self.position > _FAR:
            self.clear()
        if not self._folded:
            self.position = head
            return
        records = await reader.read(self.position, limit)
        if not records:
            raise LogCorrupt(f"the log ends before {self.position + 1}, its head says {head}")
        news: dict[str, list[Record]] = {}
        for record in records:
            folded = self._folded.get(record.stream)
            if folded and folded.version < record.version:  # or it was read just now
                news.setdefault(record.stream, []).append(record)
        for stream, added in news.items():
            try:
                self._folded[stream].follow(self._events(added))
            except Exception:  # noqa: BLE001 - the next command on it folds it anew, and is told
                del self._folded[stream]
        self.position = records[-1].position

    def _events(self, records: list[Record]) -> Iterator[Event]:
        return (self.codec.decode(record.topic, record.payload) for record in records)

    def drop(self, streams: Iterable[str]) -> None:
        """Forget states that went further than the log."""
        for stream in streams:
            self._folded.pop(stream, None)

    def clear(self) -> None:
        self._folded.clear()
