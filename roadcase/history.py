"""A tenant's streams as doors may read them: for what shows how something came to be."""

from __future__ import annotations

from typing import NamedTuple

from roadcase.codec import Codec
from roadcase.decider import Event
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Record, meta_of
from roadcase.ids import stream_id
from roadcase.projection import Stamp


class Happened(NamedTuple):
    """One event, as read models hear it. It is decoded when it is asked for."""

    record: Record
    tenant: str
    codec: Codec

    @property
    def event(self) -> Event:
        return self.codec.decode(self.record.topic, self.record.payload)

    @property
    def stamp(self) -> Stamp:
        meta = meta_of(self.record)
        return Stamp(self.record.position, self.record.stream, self.tenant, meta.at, meta.actor)


class History:
    """What happened to one tenant. Reads commands' own log, not a read model."""

    def __init__(self, log: EventLog, codec: Codec, tenant: str) -> None:
        self._log = log
        self._codec = codec
        self._tenant = tenant

    async def head(self) -> int:
        """The last position of the log: a read model that shows it shows everything."""
        return (await self._log.head()).position

    async def read(self, category: str, name: str, after: int = 0) -> list[Happened]:
        """The events of the tenant's stream with versions above `after`. Raises Invalid."""
        stream = stream_id(self._tenant, category, name)
        records = await self._log.read_stream(stream, after)
        return [Happened(record, self._tenant, self._codec) for record in records]
