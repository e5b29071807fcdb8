"""One read model's table in PostgreSQL: rows by key loaded, written in bulk, summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, NamedTuple

import asyncpg
import msgspec

from roadcase.errors import RoadcaseError, Unavailable
from roadcase.event_store.connections import BROKEN, TRANSIENT
from roadcase.projection import Projection, Row

RowKey = tuple[str, ...]  # tenant, then the projection's key
_MANY = 500  # from here on, new rows are COPYed
_PASSING = (*TRANSIENT, "40", "55")  # and deadlocks, and locks
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class BadFold(RoadcaseError):
    """A projection could not fold an event; it stands still until its code is mended."""

    code = "roadcase.bad_fold"


class Changes(NamedTuple):
    """Rows to be written: those not in the table yet, those that are, and keys to be removed."""

    new: Sequence[tuple[RowKey, Row]]
    changed: Sequence[tuple[RowKey, Row]]
    gone: Sequence[RowKey]


async def typed(connection: Any) -> None:
    """Let rows carry any JSON value in `jsonb` columns."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\1" + _encode(value),
        decoder=lambda raw: _decode(raw[1:]),
    )


class Rows:
    """The table of a projection in `schema`. Columns are learnt from it when it is first used."""

    def __init__(self, projection: Projection, schema: str) -> None:
        self.name = projection.name
        self.table = f"{schema}.{projection.name}"
        self._schema = schema
        self._key = ("tenant", *projection.key)
        self._names: list[str] = []  # the key's first
        self._kinds: list[str] = []
        self._fields: frozenset[str] = frozenset()  # of a row: all columns but the tenant
        self._others: Callable[[Row], tuple[Any, ...]] = _picked(())
        self._upserts: dict[int, str] = {}  # by the place of their argument

    async def load(self, connection: Any, keys: Sequence[RowKey]) -> Iterable[tuple[RowKey, Row]]:
        """The rows that have one of these keys. Raises BadFold where the table is not there."""
        with blaming_the_fold(self.name):
            await self._learn(connection)
            names = ", ".join(self._key)
            rows = await connection.fetch(
                f"SELECT {', '.join(self._names)} FROM {self.table} "
                f"JOIN unnest({self._key_arrays()}) AS wanted ({names}) USING ({names})",
                *zip(*keys, strict=True),
            )
        width = len(self._key)
        return [(tuple(row.values())[:width], _without_tenant(row)) for row in rows]

    async def keys(self, connection: Any, limit: int) -> list[RowKey] | None:
        """The keys of all rows; None if they are more than `limit`."""
        rows = await connection.fetch(
            f"SELECT {', '.join(self._key)} FROM {self.table} LIMIT {limit + 1}"
        )
        return None if len(rows) > limit else [tuple(row) for row in rows]

    def finding(self, number: int, keys: Sequence[RowKey], args: list[Any]) -> str:
        """A query for which of these keys are there; see `roadcase.tables.find`."""
        names = ", ".join(self._key)
        arrays = self._key_arrays(len(args))
        args += zip(*keys, strict=True)
        return (
            f"SELECT {number}, wanted.place FROM {self.table} JOIN unnest({arrays}) "
            f"WITH ORDINALITY AS wanted ({names}, place) USING ({names})"
        )

    async def copy(self, connection: Any, rows: Sequence[tuple[RowKey, Row]]) -> None:
        """Rows that are not in the table yet: the quickest way for many of them."""
        await self._learn(connection)
        await connection.copy_records_to_table(
            self.name, schema_name=self._schema, records=self._values(rows), columns=self._names
        )

    async def statements(self, connection: Any, changes: Changes, args: list[Any]) -> list[str]:
        """What writes these changes, as parts of one statement whose arguments go into `args`."""
        await self._learn(connection)
        parts = []
        if changes.gone:
            parts.append(self._delete(len(args)))
            args += zip(*changes.gone, strict=True)
        if rows := [*changes.new, *changes.changed]:
            self._check(rows)
            args.append(_encode([self._whole(*each) for each in rows]).decode())
            parts.append(self._upsert(len(args)))
        return parts

    def _whole(self, key: RowKey, row: Row) -> Row:
        """The row with its key, of which a fold need not have made all."""
        whole = dict(row)
        for name, value in zip(self._key, key, strict=True):
            whole[name] = value  # noqa: PERF403 - to make one dict of two takes three times as long
        return whole

    def _values(self, rows: Sequence[tuple[RowKey, Row]]) -> list[tuple[Any, ...]]:
        """The rows as tuples. The key's columns are the key, whatever a fold made of them."""
        self._check(rows)
        others = self._others
        return [key + others(row) for key, row in rows]

    def _check(self, rows: Sequence[tuple[RowKey, Row]]) -> None:
        fields, count = self._fields, len(self._fields)
        for _, row in rows:
            if len(row) != count or not fields.issuperset(row):
                wrong = ", ".join(sorted(row.keys() ^ fields))
                raise BadFold(f"{self.name}: a row and the table differ in {wrong}")

    def _upsert(self, place: int) -> str:
        if place not in self._upserts:
            self._upserts[place] = self._made_upsert(place)
        return self._upserts[place]

    def _made_upsert(self, place: int) -> str:
        """The rows as JSON: in arrays, asyncpg looks at each value for longer than all else."""
        names, kinds = self._names, self._kinds
        sent = [
            (n, "text" if kind == "bytea" else kind) for n, kind in zip(names, kinds, strict=True)
        ]
        types = ", ".join(f"{n} {kind}" for n, kind in sent)
        values = ", ".join(
            f"decode({n}, 'base64')" if kind == "bytea" else n
            for n, kind in zip(names, kinds, strict=True)
        )
        changes = ", ".join(f"{n} = excluded.{n}" for n in names if n not in self._key)
        return (
            f"INSERT INTO {self.table} ({', '.join(names)}) "
            f"SELECT {values} FROM json_to_recordset(${place}::json) AS new ({types}) "
            f"ON CONFLICT ({', '.join(self._key)}) "
            f"DO {f'UPDATE SET {changes}' if changes else 'NOTHING'}"
        )

    def _delete(self, given: int) -> str:
        return (
            f"DELETE FROM {self.table} WHERE ({', '.join(self._key)}) IN "
            f"(SELECT * FROM unnest({self._key_arrays(given)}))"
        )

    def _key_arrays(self, given: int = 0) -> str:
        return ", ".join(f"${n}::text[]" for n in range(given + 1, given + len(self._key) + 1))

    async def _learn(self, connection: Any) -> None:
        if self._names:
            return
        rows = await connection.fetch(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
            "WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped "
            "ORDER BY attnum",
            self.table,
        )
        kinds = dict(map(tuple, rows))
        if lists := [name for name, kind in kinds.items() if kind.endswith("[]")]:
            raise BadFold(f"{self.name}: {', '.join(lists)} must be jsonb, not a list")
        others = [name for name in kinds if name not in self._key]
        self._fields = frozenset(kinds) - {"tenant"}
        self._others = _picked(others)
        self._kinds = [kinds[name] for name in (*self._key, *others)]
        self._names = [*self._key, *others]


class Fence(NamedTuple):
    """What must hold for anything to be written, as a part of the statement that writes it.

    `answer` ends the statement, looks at what `moved` returned, and fails when that is wrong.
    """

    moved: str
    answer: str
    args: Sequence[Any]


async def write(
    connection: Any, changes: Sequence[tuple[Rows, Changes]], fence: Fence | None = None
) -> None:
    """Write the changes of some tables: few of them in one trip to the server.

    Raises BadFold for rows that a table cannot hold, or when the fence does not.
    """
    with blaming_the_fold(", ".join(rows.name for rows, _ in changes)):
        args: list[Any] = [*fence.args] if fence else []
        parts = [f"moved AS ({fence.moved})"] if fence else []
        for rows, each in changes:
            few = each
            if len(each.new) >= _MANY and not fence:
                await rows.copy(connection, each.new)
                few = each._replace(new=())
            for part in await rows.statements(connection, few, args):
                parts.append(f"part{len(parts)} AS ({part})")
        if parts:
            answer = fence.answer if fence else "SELECT"
            await connection.execute(f"WITH {', '.join(parts)} {answer}", *args)


@contextmanager
def blaming_the_fold(name: str) -> Iterator[None]:
    """What cannot be stored now cannot be stored later, but for passing faults."""
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


def _picked(names: Sequence[str]) -> Callable[[Row], tuple[Any, ...]]:
    """A function from a row to these fields of it; the quickest there is for many of them."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


def _without_tenant(row: Any) -> dict[str, Any]:
    found = dict(row)
    del found["tenant"]
    return found


async def checksum(connection: asyncpg.Connection[Any], schema: str, table: str) -> tuple[int, int]:
    """Rows and a sum over their contents: equal for equal tables, whatever the order."""
    row = await connection.fetchrow(
        f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text "
        f"FROM {schema}.{table} AS t"
    )
    assert row is not None
    return int(row[0]), int(row[1])
