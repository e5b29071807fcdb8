"""The folded states of streams, kept in memory between commands and always as new as the log."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import Any, Protocol

from roadcase.codec import Codec
from roadcase.decider import Decider, Event
from roadcase.event_store.records import Record


class Reader(Protocol):
    async def read(self, after: int, limit: int) -> list[Record]: ...
    async def read_stream(self, stream: str, after: int = 0) -> list[Record]: ...


class Folded:
    """A stream folded up to `version`. `due` is what its timer row says."""

    __slots__ = ("decider", "due", "state", "version")

    def __init__(self, decider: Decider[Any]) -> None:
        self.decider = decider
        self.state = decider.initial()
        self.version = 0
        self.due: datetime | None = None

    def evolve(self, event: Event) -> None:
        self.decider.evolve(self.state, event)
        self.version += 1

    def deadline(self) -> datetime | None:
        return self.decider.deadline(self.state) if self.decider.deadline else None


class States:
    """At most `limit` folded streams, the longest unused forgotten first.

    `position` is the position up to which every kept state has been folded: a caller that holds
    the log's lock brings it up to the head with `follow` before it asks for anything.
    """

    def __init__(self, codec: Codec, limit: int = 20_000) -> None:
        self.position = 0
        self._codec = codec
        self._limit = limit
        self._folded: OrderedDict[str, Folded] = OrderedDict()

    async def of(self, stream: str, decider: Decider[Any], reader: Reader) -> Folded:
        """The state of a stream, folded from the log when it is not kept."""
        folded = self._folded.get(stream)
        if folded is None:
            folded = Folded(decider)
            for record in await reader.read_stream(stream):
                folded.evolve(self._codec.decode(record.topic, record.payload))
            folded.due = folded.deadline()
            self._folded[stream] = folded
            if len(self._folded) > self._limit:
                self._folded.popitem(last=False)
        else:
            self._folded.move_to_end(stream)
        return folded

    async def follow(self, reader: Reader, head: int, limit: int = 1000) -> None:
        """Fold the next records that others appended, up to `head`, into the kept states."""
        if not self._folded:
            self.position = head
            return
        records = await reader.read(self.position, limit)
        for record in records:
            folded = self._folded.get(record.stream)
            if folded is not None:
                folded.evolve(self._codec.decode(record.topic, record.payload))
                folded.due = folded.deadline()
            self.position = record.position

    def clear(self) -> None:
        self._folded.clear()
