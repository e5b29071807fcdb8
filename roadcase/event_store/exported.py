"""A log in a file: one record a line, as JSON, from which all its bytes come back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from roadcase.errors import Invalid, LogCorrupt
from roadcase.event_store.chain import first_bad
from roadcase.event_store.records import GENESIS, Record

_PAGE = 1000


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    position: int
    stream: str
    version: int
    topic: str
    payload: str
    meta: str
    hash: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Line).decode


def to_line(record: Record) -> bytes:
    """Payload and meta as text, byte for byte, so that the hash can be made again."""
    position, stream, version, topic, payload, meta, digest = record
    line = _Line(position, stream, version, topic, payload.decode(), meta.decode(), digest.hex())
    return _encode(line) + b"\n"


def read_exported(path: Path) -> Iterator[list[Record]]:
    """The records of a file, in pages. Raises Invalid with the first line that is none."""
    with path.open("rb") as file:
        lines = enumerate(file, 1)
        while page := list(islice(lines, _PAGE)):
            yield [_record(path, number, line) for number, line in page]


def check_exported(path: Path) -> Record:
    """The last record of a file whose records are all there and have their hashes.

    Raises Invalid for a file that is no export or was cut off, LogCorrupt with the first position
    that is missing or altered.
    """
    last: Record | None = None
    for records in read_exported(path):
        if last is None and records[0].position != 1:  # a tail: the log must say what it follows
            last, records = records[0], records[1:]  # noqa: PLW2901
        if (bad := first_bad(last, records, GENESIS)) is not None:
            raise LogCorrupt(
                f"{path} is wrong at position {bad}: that record is missing or altered.",
                position=bad,
            )
        last = records[-1] if records else last
    if last is None:
        raise Invalid(f"{path} is empty: there is nothing to import")
    return last


def _record(path: Path, number: int, line: bytes) -> Record:
    if not line.endswith(b"\n"):
        raise Invalid(f"line {number} of {path} was cut off", line=number)
    try:
        found = _decode(line)
        return Record(
            found.position,
            found.stream,
            found.version,
            found.topic,
            found.payload.encode(),
            found.meta.encode(),
            bytes.fromhex(found.hash),
        )
    except ValueError as error:
        raise Invalid(
            f"line {number} of {path} is no record of a log: {error}", line=number
        ) from error
