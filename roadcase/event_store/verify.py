"""Verifies a log: recomputes its whole chain and compares it with checkpoints kept elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from contextlib import aclosing
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import NamedTuple

from roadcase.errors import LogCorrupt
from roadcase.event_store.checkpoints import (
    Checkpoint,
    CheckpointRefused,
    append_checkpoint,
    check,
    read_checkpoints,
    sign,
)
from roadcase.event_store.pages import pages
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import GENESIS, Record

__all__ = [
    "Checkpoint",
    "CheckpointRefused",
    "Verified",
    "append_checkpoint",
    "check",
    "read_checkpoints",
    "sign",
    "verify",
]

Progress = Callable[[int, int], None]

_start = Struct(">32sIqI").pack  # hash before; length, position; length of the stream
_middle = Struct(">IqI").pack  # length, version; length of the topic
_length = Struct(">I").pack
_encoded = lru_cache(maxsize=1024)(str.encode)


class Verified(NamedTuple):
    """A log whose chain holds up to `position`, where its hash is `hash`; `events` were read."""

    position: int
    hash: bytes
    events: int


async def verify(
    log: EventLog, checkpoints: Iterable[Checkpoint] = (), progress: Progress | None = None
) -> Verified:
    """Verify everything up to the head of now. Others may go on writing.

    `checkpoints` were checked before, as `read_checkpoints` does. `progress` is told the position
    reached and the last one. Raises LogCorrupt, with the first bad position as a fact, when a
    record is missing or altered, when the head is not the last record, when the log ends before a
    checkpoint or is not what it was at one.
    """
    chain = _Chain(log.name, checkpoints)
    head = await log.head()
    async with aclosing(pages(log, 0, head.position)) as read:
        async for records in read:
            chain.follow(records, head.position)
            if progress:
                progress(chain.position, head.position)
    if chain.hash != head.hash:
        raise _corrupt(log.name, head.position, "the head does not have the hash of that record")
    beyond = await log.read(head.position, 1)
    if beyond and (await log.head()).position < beyond[0].position:
        raise _corrupt(log.name, head.position + 1, "there is a record after the head")
    chain.end()
    return Verified(chain.position, chain.hash, chain.position)


class _Chain:
    """The chain as far as it was recomputed."""

    def __init__(self, service: str, checkpoints: Iterable[Checkpoint]) -> None:
        self.position = 0
        self.hash = GENESIS
        self._service = service
        self._good = 0  # the last checkpoint that was as it should be
        self._ahead = sorted(checkpoints, key=lambda each: each.position, reverse=True)
        for each in self._ahead:
            if each.service != service:
                raise CheckpointRefused(f"This is a checkpoint of {each.service}, not {service}.")
        self._compare()

    def follow(self, records: list[Record], last: int) -> None:
        """Take the next page of the log, which should go on to `last` sooner or later."""
        while records:
            stop = self._ahead[-1].position if self._ahead else last
            count = max(stop - self.position, 1)
            self._link(records[:count])
            self._compare()
            records = records[count:]
            if not records:
                return
        raise _corrupt(self._service, self.position + 1, "that record is missing")

    def end(self) -> None:
        if self._ahead:
            after = self._ahead[-1]
            raise _corrupt(
                self._service,
                self.position + 1,
                f"the log ends before it, but a checkpoint was made at {after.position}: "
                "its tail was cut off, or an older copy was restored",
                checkpoint=after.position,
            )

    def _link(self, records: list[Record]) -> None:
        position, digest = self.position, self.hash
        try:
            for found, stream, version, topic, payload, meta, stored in records:
                position += 1
                if found != position:
                    raise _corrupt(self._service, position, "that record is missing")
                owner, name = stream.encode(), _encoded(topic)
                digest = sha256(
                    b"".join(
                        (
                            _start(digest, 8, position, len(owner)),
                            owner,
                            _middle(8, version, len(name)),
                            name,
                            _length(len(payload)),
                            payload,
                            _length(len(meta)),
                            meta,
                        )
                    )
                ).digest()
                if digest != stored:
                    why = "that record does not have its hash: one of the two was altered"
                    raise _corrupt(self._service, position, why)
        except (TypeError, AttributeError, struct.error) as error:
            why = f"that record has a field of another type: {error}"
            raise _corrupt(self._service, position, why) from error
        self.position, self.hash = position, digest

    def _compare(self) -> None:
        """Compare with all checkpoints at this position."""
        while self._ahead and self._ahead[-1].position <= self.position:
            checkpoint = self._ahead.pop()
            if checkpoint.hash != self.hash:
                raise _corrupt(
                    self._service,
                    self.position,
                    "the log is not what it was when a checkpoint was made there: records after "
                    f"position {self._good} were written anew, with hashes that fit",
                    checkpoint=checkpoint.position,
                    good=self._good,
                )
            self._good = self.position


def _corrupt(service: str, position: int, why: str, **facts: object) -> LogCorrupt:
    message = f"The log of {service} is wrong at position {position}: {why}."
    return LogCorrupt(message, position=position, **facts)
