"""The rows of one read model: loaded, folded in memory, and stored together.

Live following and rebuilding fold through this same class, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec

from roadcase.codec import Codec
from roadcase.decider import Event
from roadcase.errors import RoadcaseError
from roadcase.event_store.records import Record, meta_of, tenant_of
from roadcase.projection import Fold, Projection, Row, Stamp

RowKey = tuple[str, ...]  # tenant, then the projection's key
_MANY = 64  # from here on, new rows are COPYed
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class BadFold(RoadcaseError):
    """A projection could not fold an event; it stands still until its code is mended."""

    code = "roadcase.bad_fold"


def schema_hash(projection: Projection) -> str:
    """Changes when the projection's table changes; then it is rebuilt."""
    return sha256(f"{projection.key}\n{projection.schema}".encode()).hexdigest()[:16]


async def typed(connection: Any) -> None:
    """Let rows carry any JSON value in `jsonb` columns."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\1" + _encode(value),
        decoder=lambda raw: _decode(raw[1:]),
    )


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
        limit: int = 20_000,
    ) -> None:
        self.projection = projection
        self.schema = schema
        self.rows = 0  # folded so far, for progress
        self._codec = codec
        self._limit = limit
        self._complete = empty
        self._cached: dict[RowKey, Row | None] = {}
        self._stored: set[RowKey] = set()
        self._touched: dict[RowKey, Row | None] = {}
        self._columns: list[tuple[str, str]] = []
        self._heard = {event.topic: keyed for event, keyed in projection.hears.items()}
        self._key_columns = ("tenant", *projection.key)

    def hears(self, record: Record) -> bool:
        return record.topic in self._heard

    async def fold(self, connection: Any, records: Iterable[Record]) -> None:
        """Fold these records into memory; `store` writes what they touched. Raises BadFold."""
        work = [each for record in records for each in self._work(record)]
        await self._load(connection, {key for key, *_ in work})
        touched, cached = self._touched, self._cached
        for key, fold, event, stamp in work:
            row = touched[key] if key in touched else cached.get(key)
            try:
                touched[key] = fold(row, event, stamp)
            except Exception as error:
                raise BadFold(f"{self._at(stamp)}: {error!r}") from error
        self.rows += len(work)

    def _at(self, stamp: Stamp) -> str:
        return f"{self.projection.name} at position {stamp.position} ({stamp.stream})"

    def _work(self, record: Record) -> list[tuple[RowKey, Fold, Event, Stamp]]:
        """What an event does to which rows."""
        keyed = self._heard.get(record.topic)
        if keyed is None:
            return []
        tenant = tenant_of(record.stream)
        try:
            meta = meta_of(record)
            stamp = Stamp(record.position, record.stream, tenant, meta.at, meta.actor)
            event = self._codec.decode(record.topic, record.payload)
            work = []
            for key_of, fold in keyed:
                key = key_of(event)
                whole = (tenant, key) if isinstance(key, str) else (tenant, *key)
                work.append((whole, fold, event, stamp))
        except Exception as error:
            raise BadFold(
                f"{self.projection.name} at position {record.position}: {error!r}"
            ) from error
        return work

    async def _load(self, connection: Any, keys: set[RowKey]) -> None:
        missing = [key for key in keys if key not in self._cached and key not in self._touched]
        if not missing or self._complete:
            return
        await self._learn_columns(connection)
        columns = list(zip(*missing, strict=True))
        names = ", ".join(self._key_columns)
        arrays = ", ".join(f"${n}::text[]" for n in range(1, len(columns) + 1))
        rows = await connection.fetch(
            f"SELECT {', '.join(name for name, _ in self._columns)} "
            f"FROM {self.schema}.{self.projection.name} "
            f"JOIN unnest({arrays}) AS wanted ({names}) USING ({names})",
            *columns,
        )
        for row in rows:
            key = tuple(row[name] for name in self._key_columns)
            self._cached[key] = dict(row)
            self._stored.add(key)

    async def store(self, connection: Any) -> None:
        """Write what was touched. The caller owns the transaction and calls `stored` after it."""
        if not self._touched:
            return
        await self._learn_columns(connection)
        new: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        gone: list[RowKey] = []
        for key, row in self._touched.items():
            if row is not None:
                (changed if key in self._stored else new).append(self._values(key, row))
            elif key in self._stored:
                gone.append(key)
        if gone:
            await self._delete(connection, gone)
        if changed or (new and len(new) < _MANY):
            await self._upsert(connection, changed + (new if len(new) < _MANY else []))
        if len(new) >= _MANY:
            await connection.copy_records_to_table(
                self.projection.name,
                schema_name=self.schema,
                records=new,
                columns=[name for name, _ in self._columns],
            )

    def stored(self) -> None:
        """What `store` wrote was committed."""
        for key, row in self._touched.items():
            if row is None:
                self._stored.discard(key)
            else:
                self._stored.add(key)
            self._cached[key] = row
        self._touched = {}
        if len(self._cached) > self._limit:
            self._complete = False
            self._cached.clear()
            self._stored.clear()

    @property
    def full(self) -> bool:
        """Whether it is time to `store`, so that memory stays bounded."""
        return len(self._touched) + len(self._cached) > self._limit

    def forget(self) -> None:
        """The transaction failed, or somebody else wrote: believe nothing that is in memory."""
        self._complete = False
        self._cached.clear()
        self._stored.clear()
        self._touched.clear()

    def current(self) -> list[Row]:
        """All rows, touched or not; only for a table that started empty and kept everything."""
        assert self._complete, "rows were dropped from memory"
        rows = self._cached | self._touched
        return [
            dict(zip(self._key_columns, key, strict=True)) | dict(row)
            for key, row in sorted(rows.items())
            if row is not None
        ]

    def _values(self, key: RowKey, row: Row) -> tuple[Any, ...]:
        keys = dict(zip(self._key_columns, key, strict=True))
        try:
            return tuple(keys[name] if name in keys else row[name] for name, _ in self._columns)
        except KeyError as error:
            raise BadFold(f"{self.projection.name}: a row has no {error}") from error

    async def _upsert(self, connection: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        names = [name for name, _ in self._columns]
        arrays = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(self._columns, 1))
        changes = ", ".join(f"{n} = excluded.{n}" for n in names if n not in self._key_columns)
        await connection.execute(
            f"INSERT INTO {self.schema}.{self.projection.name} ({', '.join(names)}) "
            f"SELECT * FROM unnest({arrays}) ON CONFLICT ({', '.join(self._key_columns)}) "
            f"DO {f'UPDATE SET {changes}' if changes else 'NOTHING'}",
            *zip(*rows, strict=True),
        )

    async def _delete(self, connection: Any, keys: Sequence[RowKey]) -> None:
        names = ", ".join(self._key_columns)
        arrays = ", ".join(f"${n}::text[]" for n in range(1, len(self._key_columns) + 1))
        await connection.execute(
            f"DELETE FROM {self.schema}.{self.projection.name} WHERE ({names}) IN "
            f"(SELECT * FROM unnest({arrays}))",
            *zip(*keys, strict=True),
        )

    async def _learn_columns(self, connection: Any) -> None:
        if self._columns:
            return
        rows = await connection.fetch(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
            "WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped "
            "ORDER BY attnum",
            f"{self.schema}.{self.projection.name}",
        )
        self._columns = [(row[0], row[1]) for row in rows]


async def checksum(connection: asyncpg.Connection[Any], schema: str, table: str) -> tuple[int, int]:
    """Rows and a sum over their contents: equal for equal tables, whatever the order."""
    row = await connection.fetchrow(
        f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text "
        f"FROM {schema}.{table} AS t"
    )
    assert row is not None
    return int(row[0]), int(row[1])
