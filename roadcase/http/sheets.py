"""Lists as files: CSV, JSON and lines of JSON, written while they are read, in constant memory.

Whatever fails after the first byte cuts the connection, so that a chunked answer has no end. For
whoever cannot see that, JSON lacks its last bracket then, lines of JSON their last line, and CSV
the record that `end` asks for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

import msgspec
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.types import Receive, Scope, Send

Format = Literal["csv", "json", "ndjson"]
Batches = AsyncIterator[list[dict[str, Any]]]
Rendered = AsyncGenerator[bytes]

TYPES: Final[dict[str, str]] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
}
BOM: Final = "\ufeff"
# https://owasp.org/www-community/attacks/CSV_Injection, and what Excel takes for the same in CJK.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001
_json = msgspec.json.Encoder()
_cell = msgspec.json.Encoder(order="deterministic")  # the same from a table and from the log


class Stands(NamedTuple):
    """How far a list had come when it was read."""

    position: int
    at: datetime


class Style(BaseModel):
    """How CSV is written. `bom`: Excel takes it for UTF-8; `end`: a last record `END,<rows>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bom: bool = False
    end: bool = False


def cell(value: object) -> str:
    """A value as CSV holds it. Text that a spreadsheet would run gets an apostrophe before it.

    Numbers are no text: they stay as they are, with their sign. Times are ISO 8601 with a zone.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime():
            return value.isoformat()
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
    return _cell.encode(value).decode()


async def as_csv(columns: Sequence[str], batches: Batches, style: Style) -> Rendered:
    """Records with CRLF after a header, as RFC 4180 has it."""
    rows = 0
    yield (BOM * style.bom + _records([columns])).encode()
    async for batch in batches:
        rows += len(batch)
        yield _records([cell(row[name]) for name in columns] for row in batch).encode()
    if style.end:
        yield _records([["END", str(rows)]]).encode()


async def as_ndjson(batches: Batches, stands: Stands) -> Rendered:
    """One row a line, and a last line `{"end": …}`, by which it is known to be whole."""
    rows = 0
    async for batch in batches:
        rows += len(batch)
        yield b"".join(_json.encode(row) + b"\n" for row in batch)
    yield _json.encode({"end": {"rows": rows, "as_of": stands._asdict()}}) + b"\n"


async def as_json(batches: Batches, stands: Stands) -> Rendered:
    """One object with `as_of`, `items`, and how many `rows` they are."""
    rows = 0
    yield b'{"as_of":' + _json.encode(stands._asdict()) + b',"items":['
    async for batch in batches:
        comma = b"," if rows and batch else b""
        rows += len(batch)
        yield comma + b",".join(_json.encode(row) for row in batch)
    yield b'],"rows":%d}\n' % rows


class Opened(NamedTuple):
    """A list as it is read: its columns, how far it had come, and its rows."""

    columns: Sequence[str]
    stands: Stands
    batches: Batches


async def sheet(
    name: str, format_: Format, service: str, source: AsyncGenerator[Opened], style: Style
) -> StreamingResponse:
    """An answer that streams what `source` yields once. What it raises first is a problem."""
    opened = await anext(source)
    stands, batches = opened.stands, opened.batches
    if format_ == "csv":
        chunks = as_csv(opened.columns, batches, style)
    else:
        chunks = (as_json if format_ == "json" else as_ndjson)(batches, stands)
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "log-position": f"{service}:{stands.position}",
        "x-accel-buffering": "no",  # a proxy that holds it back would not hold it in memory only
    }
    return _Sheet(source, chunks, headers=headers, media_type=TYPES[format_])


class _Sheet(StreamingResponse):
    """Gives back what it reads from, however it ends: told, cut, or never begun."""

    def __init__(self, source: AsyncGenerator[Opened], chunks: Rendered, **named: Any) -> None:
        super().__init__(chunks, **named)
        self._source = source
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._source), aclosing(self._chunks):
            await super().__call__(scope, receive, send)


async def each(
    batches: Batches, do: Callable[[list[dict[str, Any]]], Awaitable[list[dict[str, Any]]]]
) -> AsyncGenerator[list[dict[str, Any]]]:
    """The same batches, after `do`."""
    async for batch in batches:
        yield await do(batch)


def _records(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
