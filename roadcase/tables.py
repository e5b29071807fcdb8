"""The rows of one read model: loaded, folded in memory, and stored together.

Live following and rebuilding fold through this same class, so that they cannot differ. For the
same reason a fold always gets a row as the table holds it: every column but `tenant`, no others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, NoReturn

import msgspec

from roadcase.codec import Codec
from roadcase.decider import Event
from roadcase.event_store.records import Record, tenant_of
from roadcase.projection import Fold, Key, Projection, Row, Stamp, schema_hash
from roadcase.rows import (
    BadFold,
    Changes,
    Fence,
    RowKey,
    Rows,
    blaming_the_fold,
    checksum,
    typed,
    write,
)
from roadcase.sieve import Sieve

__all__ = [
    "BadFold",
    "Fence",
    "Read",
    "Table",
    "Work",
    "checksum",
    "find",
    "schema_hash",
    "store",
    "typed",
]

Read = dict[int, tuple[Event, Stamp]]  # events by position, decoded once for all tables
Work = list[tuple[RowKey, Fold, Event, Stamp]]  # what events do to which rows


_MET = 20_000  # rows; of more, nobody learns the keys
_UNTOUCHED: Row = {}


class _Stamped(msgspec.Struct, frozen=True, gc=False):
    """What a read model may know of an event's meta: the rest need not be read."""

    at: datetime
    actor: str


_stamped = msgspec.json.Decoder(_Stamped).decode


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
        self._changes: Changes | None = None  # of what was touched, once somebody has asked
        self._heard = {event.topic: keyed for event, keyed in projection.hears.items()}
        self._key = ("tenant", *projection.key)
        self._writing: asyncio.Task[None] | None = None

    async def meet(self, connection: Any) -> None:
        """Learn which rows are there, if they are few: then nobody need ask for each new one."""
        keys = await self._rows.keys(connection, _MET)
        if keys is not None:
            self._dropped = Sieve()
            self._dropped.add(keys)

    @property
    def place(self) -> str:
        """Where its table stands: `schema.name`."""
        return self._rows.table

    def hears_any(self, topics: AbstractSet[str]) -> bool:
        """Whether events of one of these topics change its rows."""
        return not self._heard.keys().isdisjoint(topics)

    async def fold(
        self, connection: Any, records: Iterable[Record], read: Read | None = None
    ) -> None:
        """Fold these records into memory; `store` writes what they touched. Raises BadFold.

        Tables that are given the same `read` decode each event once among them.
        """
        await self.do(connection, self.work(records, {} if read is None else read))

    def work(self, records: Iterable[Record], read: Read) -> Work:
        """The first half of `fold`: what is to be done. Raises BadFold."""
        heard, width = self._heard, len(self._key)
        work: Work = []
        for record in records:
            keyed = heard.get(record.topic)
            if keyed is None:
                continue
            try:
                event, stamp = read.get(record.position) or self._read(record, read)
                for key_of, fold in keyed:
                    key = key_of(event)
                    if key is None:
                        continue
                    whole = (stamp.tenant, key) if isinstance(key, str) else (stamp.tenant, *key)
                    if len(whole) != width:
                        self._misfit(key)
                    work.append((whole, fold, event, stamp))
            except Exception as error:
                raise BadFold(f"{self._at(record.position)}: {error!r}") from error
        return work

    def _misfit(self, key: Key) -> NoReturn:
        raise ValueError(f"{key!r} is not a key of {', '.join(self._key[1:])}")

    async def do(self, connection: Any, work: Work) -> None:
        """The other half of it. Raises BadFold."""
        if work and self._dropped and (missing := self.unknown(work)):
            await self.settled()
            for key, row in await self._rows.load(connection, missing):
                self._cached[key] = row
                self._stored.add(key)
        self._do(work)

    def _do(self, work: Work) -> None:
        touched, cached, last_key = self._touched, self._cached, self._key[-1]
        self._changes = None
        for key, fold, event, stamp in work:
            row = touched.get(key, _UNTOUCHED)
            if row is _UNTOUCHED:
                row = cached.get(key)
            try:
                row = fold(row, event, stamp)
            except Exception as error:
                raise BadFold(f"{self._at(stamp.position)} ({stamp.stream}): {error!r}") from error
            if row is not None and last_key not in row:
                row = {**row, **dict(zip(self._key[1:], key[1:], strict=True))}
            touched[key] = row
        self.rows += len(work)

    def _at(self, position: int) -> str:
        return f"{self.projection.name} at position {position}"

    def _read(self, record: Record, read: Read) -> tuple[Event, Stamp]:
        meta, stream = _stamped(record.meta), record.stream
        stamp = Stamp(record.position, stream, tenant_of(stream), meta.at, meta.actor)
        found = self._codec.decode(record.topic, record.payload), stamp
        read[record.position] = found
        return found

    def unknown(self, work: Work) -> list[RowKey]:
        """The rows for this work that may be in the table and are not in memory."""
        if self._dropped is None:
            return []
        cached, touched = self._cached, self._touched  # not `keys - cached`, which walks over it
        missing = [key for key in {each[0] for each in work} if key not in cached]
        if touched:
            missing = [key for key in missing if key not in touched]
        return self._dropped.among(missing)

    def finding(self, number: int, keys: Sequence[RowKey], args: list[Any]) -> str:
        """A query for which of these keys are in the table: rows of `number` and place, from 1."""
        return self._rows.finding(number, keys, args)

    def absent(self, keys: Iterable[RowKey]) -> None:
        """These are not in the table: there is nothing to load for them."""
        self._cached.update(dict.fromkeys(keys))

    async def store(self, connection: Any) -> None:
        """Write what was touched. The caller owns the transaction and calls `stored` after it.

        Raises BadFold for rows that the table cannot hold.
        """
        await store(connection, [self])

    def forget(self) -> None:
        """What was touched since it was last `stored` did not happen."""
        self._touched, self._changes = {}, None

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
        self._changes = Changes(new, changed, gone)
        return self._rows, self._changes

    def stored(self) -> None:
        """What `store` wrote was committed."""
        if not self._touched:
            return
        changes, stored = self._changes or self.changes()[1], self._stored
        new = [key for key, _ in changes.new]
        stored.update(new)
        stored.difference_update(changes.gone)
        if self._dropped is not None:  # a few at a time, while they are at hand
            self._dropped.add(new)
        self._cached.update(self._touched)
        self._touched, self._changes = {}, None
        if len(self._cached) > self._limit:
            if self._dropped is None:
                self._dropped = Sieve()
                self._dropped.add(stored)
            self._cached.clear()
            stored.clear()

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


async def find(connection: Any, wanted: Iterable[tuple[Table, Work]]) -> None:
    """Learn in one trip to the server which rows of these tables are not there yet.

    Most rows that are not in memory are new ones, and each table would ask for its own.
    Raises BadFold where a table is not there.
    """
    unknown = [(table, keys) for table, work in wanted if (keys := table.unknown(work))]
    if len(unknown) <= 1:  # then to load them is one trip, too
        return
    args: list[Any] = []
    parts = [table.finding(n, keys, args) for n, (table, keys) in enumerate(unknown)]
    with blaming_the_fold(", ".join(table.projection.name for table, _ in unknown)):
        there = {tuple(row) for row in await connection.fetch(" UNION ALL ".join(parts), *args)}
    for n, (table, keys) in enumerate(unknown):
        table.absent(key for place, key in enumerate(keys, 1) if (n, place) not in there)


async def store(connection: Any, tables: Iterable[Table], fence: Fence | None = None) -> None:
    """`Table.store` for all of these at once, if the fence holds.

    Raises BadFold if one of them cannot be stored, or when it does not.
    """
    await write(connection, [table.changes() for table in tables], fence)
