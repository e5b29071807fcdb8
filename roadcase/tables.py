"""The rows of one read model: loaded, folded in memory, and stored together.

Live following and rebuilding fold through this same class, so that they cannot differ. For the
same reason a fold always gets a row as the table holds it: every column but `tenant`, no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec

from roadcase.codec import Codec
from roadcase.decider import Event
from roadcase.errors import RoadcaseError, Unavailable
from roadcase.event_store.connections import BROKEN, TRANSIENT
from roadcase.event_store.records import Record, meta_of, tenant_of
from roadcase.projection import Fold, Key, Projection, Row, Stamp

RowKey = tuple[str, ...]  # tenant, then the projection's key
Read = dict[int, tuple[Event, Stamp]]  # events by position, decoded once for all tables
_MANY = 64  # from here on, new rows are COPYed
_PASSING = (*TRANSIENT, "40", "55")  # and deadlocks, and locks
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
        self._names: set[str] = set()  # of all columns but the tenant
        self._heard = {event.topic: keyed for event, keyed in projection.hears.items()}
        self._key_columns = ("tenant", *projection.key)
        self._last_key = projection.key[-1]

    def hears(self, record: Record) -> bool:
        return record.topic in self._heard

    async def fold(
        self, connection: Any, records: Iterable[Record], read: Read | None = None
    ) -> None:
        """Fold these records into memory; `store` writes what they touched. Raises BadFold.

        Tables that are given the same `read` decode each event once among them.
        """
        read = {} if read is None else read
        work = [each for record in records for each in self._work(record, read)]
        await self._load(connection, {key for key, *_ in work})
        touched, cached, last_key = self._touched, self._cached, self._last_key
        for key, fold, event, stamp in work:
            row = touched[key] if key in touched else cached.get(key)
            try:
                row = fold(row, event, stamp)
            except Exception as error:
                raise BadFold(f"{self._at(stamp)}: {error!r}") from error
            if row is not None and last_key not in row:
                row = {**row, **dict(zip(self.projection.key, key[1:], strict=True))}
            touched[key] = row
        self.rows += len(work)

    def _at(self, stamp: Stamp) -> str:
        return f"{self.projection.name} at position {stamp.position} ({stamp.stream})"

    def _work(self, record: Record, read: Read) -> list[tuple[RowKey, Fold, Event, Stamp]]:
        """What an event does to which rows."""
        keyed = self._heard.get(record.topic)
        if keyed is None:
            return []
        try:
            event, stamp = read.get(record.position) or self._read(record, read)
            work = []
            for key_of, fold in keyed:
                work.append((self._row_key(stamp.tenant, key_of(event)), fold, event, stamp))
        except Exception as error:
            raise BadFold(
                f"{self.projection.name} at position {record.position}: {error!r}"
            ) from error
        return work

    def _row_key(self, tenant: str, key: Key) -> RowKey:
        whole = (tenant, key) if isinstance(key, str) else (tenant, *key)
        if len(whole) != len(self._key_columns):
            raise ValueError(f"{key!r} is not a key of {', '.join(self.projection.key)}")
        return whole

    def _read(self, record: Record, read: Read) -> tuple[Event, Stamp]:
        meta = meta_of(record)
        tenant = tenant_of(record.stream)
        stamp = Stamp(record.position, record.stream, tenant, meta.at, meta.actor)
        found = read[record.position] = self._codec.decode(record.topic, record.payload), stamp
        return found

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
            self._cached[key] = found = dict(row)
            del found["tenant"]
            self._stored.add(key)

    async def store(self, connection: Any) -> None:
        """Write what was touched. The caller owns the transaction and calls `stored` after it.

        Raises BadFold for rows that the table cannot hold.
        """
        if not self._touched:
            return
        with self._blaming_the_fold():
            await self._learn_columns(connection)
            await self._write(connection)

    @contextmanager
    def _blaming_the_fold(self) -> Iterator[None]:
        """What cannot be stored now cannot be stored later, but for passing faults."""
        name = self.projection.name
        try:
            yield
        except asyncpg.PostgresError as error:
            if (error.sqlstate or "").startswith(_PASSING):
                raise Unavailable(f"PostgreSQL cannot store {name} now: {error!r}") from error
            raise BadFold(f"{name}: {error!r}") from error
        except (RoadcaseError, *BROKEN):
            raise
        except Exception as error:  # a value of the wrong type, which COPY tells in many ways
            raise BadFold(f"{name}: {error!r}") from error

    async def _write(self, connection: Any) -> None:
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

    def current(self) -> list[Row]:
        """All rows, touched or not; only for a table that started empty and kept everything."""
        assert self._complete, "rows were dropped from memory"
        rows = self._cached | self._touched
        return [{"tenant": key[0], **row} for key, row in sorted(rows.items()) if row is not None]

    def _values(self, key: RowKey, row: Row) -> tuple[Any, ...]:
        keys = dict(zip(self._key_columns, key, strict=True))
        if row.keys() != self._names:
            wrong = ", ".join(sorted(row.keys() ^ self._names))
            raise BadFold(f"{self.projection.name}: a row and the table differ in {wrong}")
        return tuple(keys[name] if name in keys else row[name] for name, _ in self._columns)

    async def _upsert(self, connection: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        """JSON travels as text here: in an array, a list would be taken for one more dimension."""
        names = [name for name, _ in self._columns]
        json = [kind == "jsonb" for _, kind in self._columns]
        arrays = ", ".join(
            f"${n}::{'text' if is_json else kind}[]"
            for n, ((_, kind), is_json) in enumerate(zip(self._columns, json, strict=True), 1)
        )
        values = ", ".join(f"{name}::{kind}" for name, kind in self._columns)
        changes = ", ".join(f"{n} = excluded.{n}" for n in names if n not in self._key_columns)
        await connection.execute(
            f"INSERT INTO {self.schema}.{self.projection.name} ({', '.join(names)}) "
            f"SELECT {values} FROM unnest({arrays}) AS new ({', '.join(names)}) "
            f"ON CONFLICT ({', '.join(self._key_columns)}) "
            f"DO {f'UPDATE SET {changes}' if changes else 'NOTHING'}",
            *(
                [None if value is None else _encode(value).decode() for value in column]
                if is_json
                else column
                for column, is_json in zip(zip(*rows, strict=True), json, strict=True)
            ),
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
        self._names = {row[0] for row in rows} - {"tenant"}
        if lists := [name for name, kind in self._columns if kind.endswith("[]")]:
            raise BadFold(f"{self.projection.name}: {', '.join(lists)} must be jsonb, not a list")


async def checksum(connection: asyncpg.Connection[Any], schema: str, table: str) -> tuple[int, int]:
    """Rows and a sum over their contents: equal for equal tables, whatever the order."""
    row = await connection.fetchrow(
        f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text "
        f"FROM {schema}.{table} AS t"
    )
    assert row is not None
    return int(row[0]), int(row[1])
