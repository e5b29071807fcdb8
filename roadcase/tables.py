"""The rows of one read model: loaded, folded in memory, and stored together.

Live following and rebuilding fold through this same class, so that they cannot differ. For the
same reason a fold always gets a row as the table holds it: every column but `tenant`, no others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from roadcase.codec import Codec
from roadcase.decider import Event
from roadcase.event_store.records import Record, meta_of, tenant_of
from roadcase.projection import Fold, Key, Projection, Row, Stamp
from roadcase.rows import BadFold, Changes, RowKey, Rows, checksum, typed, write

__all__ = ["BadFold", "Read", "Table", "checksum", "schema_hash", "store", "typed"]

Read = dict[int, tuple[Event, Stamp]]  # events by position, decoded once for all tables


def schema_hash(projection: Projection) -> str:
    """Changes when the projection's table changes; then it is rebuilt."""
    return sha256(f"{projection.key}\n{projection.schema}".encode()).hexdigest()[:16]


class Table:
    """One projection's rows. `schema` is where its table stands; `empty`: it has no rows yet.

    At most `limit` rows are kept in memory between batches.
    """

    def __init__(
        self,
        projection: Projection,
        codec: Codec,
        schema: str,
        *,
        empty: bool = False,
        limit: int = 4_000,
    ) -> None:
        self.projection = projection
        self.rows = 0  # folded so far, for progress
        self._codec = codec
        self._rows = Rows(projection, schema)
        self._limit = limit
        self._dropped = None if empty else Sieve(full=True)
        self._cached: dict[RowKey, Row | None] = {}
        self._stored: set[RowKey] = set()
        self._touched: dict[RowKey, Row | None] = {}
        self._heard = {event.topic: keyed for event, keyed in projection.hears.items()}
        self._key = ("tenant", *projection.key)
        self._writing: asyncio.Task[None] | None = None

    def hears(self, record: Record) -> bool:
        return record.topic in self._heard

    async def fold(
        self, connection: Any, records: Iterable[Record], read: Read | None = None
    ) -> None:
        """Fold these records into memory; `store` writes what they touched. Raises BadFold.

        Tables that are given the same `read` decode each event once among them.
        """
        work = self._work(records, read)
        if self._dropped:
            work = list(work)
            await self._load(connection, self._dropped, {each[0] for each in work})
        touched, cached, last_key = self._touched, self._cached, self._key[-1]
        for key, fold, event, stamp in work:
            row = touched[key] if key in touched else cached.get(key)
            try:
                row = fold(row, event, stamp)
            except Exception as error:
                raise BadFold(f"{self._at(stamp.position)} ({stamp.stream}): {error!r}") from error
            if row is not None and last_key not in row:
                row = {**row, **dict(zip(self._key[1:], key[1:], strict=True))}
            touched[key] = row
            self.rows += 1

    def _at(self, position: int) -> str:
        return f"{self.projection.name} at position {position}"

    def _work(
        self, records: Iterable[Record], read: Read | None
    ) -> Iterable[tuple[RowKey, Fold, Event, Stamp]]:
        """What these events do to which rows."""
        heard = self._heard
        for record in records:
            keyed = heard.get(record.topic)
            if keyed is None:
                continue
            try:
                event, stamp = self._read(record, read)
                for key_of, fold in keyed:
                    key = self._whole(stamp.tenant, key_of(event))
                    yield key, fold, event, stamp
            except Exception as error:
                raise BadFold(f"{self._at(record.position)}: {error!r}") from error

    def _whole(self, tenant: str, key: Key) -> RowKey:
        whole = (tenant, key) if isinstance(key, str) else (tenant, *key)
        if len(whole) != len(self._key):
            raise ValueError(f"{key!r} is not a key of {', '.join(self._key[1:])}")
        return whole

    def _read(self, record: Record, read: Read | None) -> tuple[Event, Stamp]:
        if read and (known := read.get(record.position)):
            return known
        meta, stream = meta_of(record), record.stream
        stamp = Stamp(record.position, stream, tenant_of(stream), meta.at, meta.actor)
        found = self._codec.decode(record.topic, record.payload), stamp
        if read is not None:
            read[record.position] = found
        return found

    async def _load(self, connection: Any, dropped: Sieve, keys: set[RowKey]) -> None:
        keys = keys - self._cached.keys() - self._touched.keys()
        if missing := dropped.among(keys):
            await self.settled()
            for key, row in await self._rows.load(connection, missing):
                self._cached[key] = row
                self._stored.add(key)

    async def store(self, connection: Any) -> None:
        """Write what was touched. The caller owns the transaction and calls `stored` after it.

        Raises BadFold for rows that the table cannot hold.
        """
        await store(connection, [self])

    def forget(self) -> None:
        """What was touched since it was last `stored` did not happen."""
        self._touched = {}

    def changes(self) -> tuple[Rows, Changes]:
        """What was touched, and the table it belongs into."""
        new: list[tuple[RowKey, Row]] = []
        changed: list[tuple[RowKey, Row]] = []
        gone: list[RowKey] = []
        stored = self._stored
        for key, row in self._touched.items():
            if row is not None:
                (changed if key in stored else new).append((key, row))
            elif key in stored:
                gone.append(key)
        return self._rows, Changes(new, changed, gone)

    def stored(self) -> None:
        """What `store` wrote was committed."""
        for key, row in self._touched.items():
            if row is None:
                self._stored.discard(key)
            else:
                self._stored.add(key)
        self._cached.update(self._touched)
        self._touched = {}
        if len(self._cached) > self._limit:
            self._dropped = self._dropped or Sieve()
            self._dropped.add(self._stored)
            self._cached.clear()
            self._stored.clear()

    async def flush(self, connection: Any) -> None:
        """Begin to write what was touched, in a task of its own, so that folding can go on.

        For a table of which nothing is used before `settled`, and which is thrown away when that
        fails. Nobody else may use the connection until then.
        """
        await self.settled()
        changes = self.changes()
        self.stored()
        self._writing = asyncio.create_task(write(connection, [changes]))

    async def settled(self) -> None:
        """What `flush` began is written. Raises BadFold, or whatever stopped it."""
        if self._writing:
            writing, self._writing = self._writing, None
            await writing

    async def abandon(self) -> None:
        """Nobody wants the table any more: stop writing it."""
        if self._writing:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    @property
    def full(self) -> bool:
        """Whether it is time to `store`, so that memory stays bounded."""
        return len(self._touched) + len(self._cached) > self._limit

    def current(self) -> list[Row]:
        """All rows, touched or not; only for a table that started empty and kept everything."""
        assert self._dropped is None, "rows were dropped from memory"
        rows = self._cached | self._touched
        return [{"tenant": key[0], **row} for key, row in sorted(rows.items()) if row is not None]


async def store(connection: Any, tables: Iterable[Table]) -> None:
    """`Table.store` for all of these at once. Raises BadFold if one of them cannot be stored."""
    await write(connection, [table.changes() for table in tables])


class Sieve:
    """Which rows may be in the table though they are not in memory any more.

    Says yes for every key that was added, and now and then for one that was not: a rebuild of
    millions of rows need not ask PostgreSQL for each new one whether it is there. `full`: any key
    may be. 4 MB; of a million keys that were not added it lets 30,000 through where a million were.
    """

    _SLOTS = 1 << 25

    def __init__(self, *, full: bool = False) -> None:
        self._bits = None if full else bytearray(self._SLOTS >> 3)

    def add(self, keys: Iterable[RowKey]) -> None:
        if (bits := self._bits) is not None:
            for key in keys:
                place = hash(key) % self._SLOTS
                bits[place >> 3] |= 1 << (place & 7)

    def among(self, keys: Iterable[RowKey]) -> list[RowKey]:
        """Those of the keys that may have been added."""
        if (bits := self._bits) is None:
            return list(keys)
        places = ((key, hash(key) % self._SLOTS) for key in keys)
        return [key for key, place in places if bits[place >> 3] >> (place & 7) & 1]
