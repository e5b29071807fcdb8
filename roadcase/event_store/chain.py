"""The hash chain over a log.

`hash(n) = sha256(hash(n-1) || canonical(n))`, and `hash(0)` is 32 zero bytes. `canonical(n)` is
six fields, each preceded by its length as four bytes, big-endian:

    position (8 bytes, big-endian), stream (UTF-8), version (8 bytes, big-endian),
    topic (UTF-8), payload (as stored), meta (as stored)

These are also the bytes of the first six fields of a row in PostgreSQL's binary COPY format.
So a stranger can check a log with any SHA-256; `docs/operations.md` shows it in 30 lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct

from roadcase.event_store.records import Entry, Head, Record, made

_length = Struct(">I").pack


@lru_cache(maxsize=2048)
def _head(stream: str, topic: str) -> tuple[Callable[..., bytes], bytes, bytes]:
    """Packs the first four fields and the length of the fifth, all that are short, at once."""
    name, kind = stream.encode(), topic.encode()
    pack = Struct(f">IqI{len(name)}sIqI{len(kind)}sI").pack
    return pack, name, kind


def canonical(position: int, entry: Entry) -> bytes:
    """The bytes of a record that are hashed."""
    stream, version, topic, payload, meta = entry
    pack, name, kind = _head(stream, topic)
    size = len(payload)
    head = pack(8, position, len(name), name, 8, version, len(kind), kind, size)
    return b"".join((head, payload, _length(len(meta)), meta))


def link(previous: bytes, body: bytes) -> bytes:
    """The hash of the record with these canonical bytes, given the hash of the one before it."""
    return sha256(previous + body).digest()


def number(head: Head, entries: Iterable[Entry]) -> tuple[list[Record], list[bytes]]:
    """Give entries the positions after the head and chain them: records and canonical bytes."""
    position, previous = head.position, head.hash
    records: list[Record] = []
    bodies: list[bytes] = []
    for entry in entries:
        position += 1
        body = canonical(position, entry)
        previous = link(previous, body)
        bodies.append(body)
        records.append(made((position, *entry, previous)))
    return records, bodies


def first_bad(previous: Record | None, records: Sequence[Record], genesis: bytes) -> int | None:
    """The first position in `records` that is missing, out of order or altered; None: all hold.

    `previous` is the record before them, or None when they start the log (or its remaining part,
    in which case `genesis` is the hash before them).
    """
    position = previous.position if previous else (records[0].position - 1 if records else 0)
    digest = previous.hash if previous else genesis
    for record in records:
        position += 1
        if record.position != position:
            return position
        if link(digest, canonical(position, Entry(*record[1:6]))) != record.hash:
            return position
        digest = record.hash
    return None
