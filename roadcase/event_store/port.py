"""The port of a log: what every adapter promises, in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from roadcase.errors import Unavailable
from roadcase.event_store.records import Entry, Head, Key, Record, Timer, Tracking


class CommitUnknown(Unavailable):
    """The connection broke while committing: the log's head tells whether it happened."""

    code = "roadcase.commit_unknown"


class LogWriter(Protocol):
    """The log, locked. From `EventLog.writer`; valid until that block ends.

    Nobody else can append while it lives, so what it reads is what the next append follows.
    """

    head: Head

    async def used(self, keys: Sequence[bytes]) -> Mapping[bytes, Key]:
        """Those of these idempotency keys that were used before."""

    async def forget(self, until: int, limit: int) -> int:
        """Forget at most `limit` keys of events up to position `until`; how many it were."""

    async def read(self, after: int, limit: int) -> list[Record]:
        """Records with positions `after + 1 ..`, in order, at most `limit`."""

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        """Records of one stream with versions above `after`, in order of version."""

    async def append(
        self,
        entries: Iterable[Entry],
        *,
        at: datetime,
        keys: Iterable[Key] = (),
        timers: Iterable[Timer] = (),
        tracking: Tracking | None = None,
        sent: Callable[[list[Record]], None] | None = None,
    ) -> list[Record]:
        """Number, chain and write these entries, keys, timers and tracking; advance the head.

        Durable when the writer's block ends without an error; at most once per block. Positions
        are dense. `entries` is consumed to its end, some being written while later ones are made;
        then `keys` and `timers`, which may depend on it. Nothing else of the block may be used
        meanwhile. In between, once all records are made and while they are being written, `sent`
        is told of them; it must not raise. Raises Conflict when a stream already has one of these
        versions, when a key was used before, or when `tracking` does not advance, here or where
        the block ends; then nothing of the block is kept.
        """


class EventLog(Protocol):
    """One service's log: append-only, dense positions in commit order, a hash chain.

    Safe for many tasks and, unless an adapter says otherwise, many processes. Every method raises
    Unavailable when the database is away; reads may be repeated at will.
    """

    name: str

    def writer(self) -> AbstractAsyncContextManager[LogWriter]:
        """Lock the head, for as short as possible.

        Leaving the block commits; an error in it rolls back and goes on to the caller.
        Raises CommitUnknown when the connection broke during the commit; the caller must then ask
        `holds`. Any other error means that nothing was written.
        """

    async def append_at(
        self,
        head: Head,
        records: Sequence[Record],
        *,
        at: datetime,
        keys: Sequence[Key] = (),
        timers: Sequence[Timer] = (),
    ) -> bool:
        """Append records that `chain.number` made to follow `head`, all at once and durably.

        False if the log does not end at `head`: then nothing was written. Without records, only
        tells that. Raises as a writer's block does, CommitUnknown included.
        """

    async def head(self) -> Head:
        """The last committed position, its hash and time."""

    async def holds(self, position: int, digest: bytes) -> bool:
        """Whether the record at this position exists and has this hash."""

    async def read(self, after: int, limit: int) -> list[Record]:
        """Committed records with positions `after + 1 ..`, in order, at most `limit`.

        Because positions are dense and commit in order, a reader that goes on from the last
        position it saw can never miss a record.
        """

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        """Committed records of one stream with versions above `after`."""

    async def used(self, keys: Sequence[bytes]) -> Mapping[bytes, Key]:
        """Those of these idempotency keys that were used in what is committed."""

    async def due(self, until: datetime, limit: int) -> list[Timer]:
        """Timers due at or before `until`, earliest first."""

    async def next_due(self) -> datetime | None:
        """When the earliest timer is due."""

    async def close(self) -> None:
        """Give all connections back."""
