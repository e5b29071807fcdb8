"""A few records on PostgreSQL in one statement, which is lock, check, write and commit in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, count
from typing import Any

from roadcase.event_store.records import Head, Key, Record, Timer

_EVENTS = {
    "position": "bigint",
    "stream": "text",
    "version": "bigint",
    "topic": "text",
    "payload": "bytea",
    "meta": "bytea",
    "hash": "bytea",
}
_KEYS = {"key": "bytea", "position": "bigint", "events": "int"}
_DUE = {"stream": "text", "due": "timestamptz"}
_GONE = {"stream": "text"}
_LOOK = "SELECT 1 FROM {name}.head WHERE position = $1 AND hash = $2"
_HANDFUL = 4  # rows: as many arguments of their own; asyncpg looks long at each array


async def append_at(
    connection: Any,
    name: str,
    *,
    head: Head,
    end: Head,
    records: Sequence[Record],
    keys: Sequence[Key],
    timers: Sequence[Timer],
) -> bool:
    """See `EventLog.append_at`; `end` is the head to be. Raises the driver's errors."""
    if not records:
        there = await connection.fetchval(_LOOK.format(name=name), head.position, head.hash)
        return there is not None
    gone = [(timer.stream,) for timer in timers if timer.due is None]
    due = [timer for timer in timers if timer.due is not None]
    tables = (records, keys, due, gone)
    statement = _statement(name, *map(_shape, tables))
    rows = chain.from_iterable(map(_arguments, tables))
    done = await connection.execute(statement, head.position, head.hash, *end, *rows)
    return bool(done == "SELECT 1")


def _shape(rows: Sequence[Any]) -> int:
    """How many rows are arguments of their own; -1 for arrays of any length."""
    return len(rows) if len(rows) <= _HANDFUL else -1


def _arguments(rows: Sequence[tuple[Any, ...]]) -> Iterable[Any]:
    return chain.from_iterable(rows) if len(rows) <= _HANDFUL else zip(*rows, strict=True)


@cache
def _statement(name: str, records: int, keys: int, due: int, gone: int) -> str:
    """Whoever moves the head writes the rest; it only moves from where it was supposed to be."""
    place = count(6)
    moved = f"UPDATE {name}.head SET position = $3, hash = $4, at = $5"
    parts = [f"moved AS ({moved} WHERE position = $1 AND hash = $2 RETURNING 1)"]
    for table, rows, columns in (("events", records, _EVENTS), ("keys", keys, _KEYS)):
        if rows:
            parts.append(f"{table} AS ({_insert(name, table, rows, columns, place)})")
    if due:
        conflict = "ON CONFLICT (stream) DO UPDATE SET due = excluded.due"
        parts.append(f"due AS ({_insert(name, 'timers', due, _DUE, place)} {conflict})")
    if gone:
        streams = f"SELECT stream FROM {_rows(gone, _GONE, place)}"
        parts.append(f"gone AS (DELETE FROM {name}.timers USING moved WHERE stream IN ({streams}))")
    return f"WITH {', '.join(parts)} SELECT pg_notify('{name}_log', '') FROM moved"


def _insert(name: str, table: str, rows: int, columns: dict[str, str], place: Iterator[int]) -> str:
    names = ", ".join(columns)
    return (
        f"INSERT INTO {name}.{table} ({names}) "
        f"SELECT {names} FROM moved, {_rows(rows, columns, place)}"
    )


def _rows(rows: int, columns: dict[str, str], place: Iterator[int]) -> str:
    """A table of arguments."""
    names = ", ".join(columns)
    if rows < 0:
        arrays = ", ".join(f"${next(place)}::{kind}[]" for kind in columns.values())
        return f"unnest({arrays}) AS row ({names})"
    row = (", ".join(f"${next(place)}::{kind}" for kind in columns.values()) for _ in range(rows))
    return f"(VALUES {', '.join(f'({each})' for each in row)}) AS row ({names})"
