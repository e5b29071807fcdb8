"""What a log holds: entries before they have a position, records after, and the head of the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

import msgspec

from roadcase.clock import EPOCH

GENESIS = bytes(32)


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What the kernel knows of an event and the business does not. JSON in the column `meta`.

    `at` is when it was recorded. `key` and `request` are hashes: of the caller's idempotency key,
    and of what was asked under it. `command` is one id for all events of one command.
    """

    id: str
    at: datetime
    actor: str
    command: str
    key: bytes | None = None
    request: bytes | None = None
    correlation: str | None = None
    causation: str | None = None
    traceparent: str | None = None


class Entry(NamedTuple):
    """One event to be appended: everything that is hashed but its position."""

    stream: str
    version: int
    topic: str
    payload: bytes
    meta: bytes


class Record(NamedTuple):
    """One event as the log holds it. `hash` closes the chain over all records up to this one."""

    position: int
    stream: str
    version: int
    topic: str
    payload: bytes
    meta: bytes
    hash: bytes


class Head(NamedTuple):
    """The end of a log: its last position (0 when empty), that record's hash, its recorded time."""

    position: int = 0
    hash: bytes = GENESIS
    at: datetime = EPOCH


class Key(NamedTuple):
    """A used idempotency key: its 16-byte hash, its first event's position, how many there are."""

    hash: bytes
    position: int
    events: int


# Of all their fields at once, in half of the time: each event becomes each of these.
made: Callable[[tuple[Any, ...]], Record] = partial(tuple.__new__, Record)
entered: Callable[[tuple[str, int, str, bytes, bytes]], Entry] = partial(tuple.__new__, Entry)
keyed: Callable[[tuple[bytes, int, int]], Key] = partial(tuple.__new__, Key)


class Timer(NamedTuple):
    """The one due moment of a stream; None when it waits for nothing."""

    stream: str
    due: datetime | None


class Tracking(NamedTuple):
    """How far a consumer has come in another log; written in one transaction with what it wrote."""

    consumer: str
    position: int


_META = msgspec.json.Decoder(Meta)


def meta_of(record: Record) -> Meta:
    """The kernel's view of an event. Raises msgspec.DecodeError for bytes it never wrote."""
    return _META.decode(record.meta)


@lru_cache(maxsize=8192)
def tenant_of(stream: str) -> str:
    """The tenant a stream belongs to: the part before the first slash."""
    return stream[: stream.index("/")]
