"""Where a reaction begins, and how far it has heard: one row, which only ever moves forward."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from roadcase.clock import now
from roadcase.errors import Unavailable
from roadcase.event_store.connections import translated
from roadcase.event_store.moments import last_until
from roadcase.event_store.records import Record
from roadcase.reaction import Reaction
from roadcase.stream.follow import Follower
from roadcase.stream.stream import Stream


def consumer_of(reaction: Reaction, source: str) -> str:
    """Under which name a reaction remembers how far it has heard a source."""
    return f"rx/{reaction.name}/{source}"


async def begins(reaction: Reaction, follower: Follower, stream: Stream) -> int:
    """The position after which a new reaction hears. Raises Unavailable: nobody knows the end."""
    if reaction.from_start:
        return 0
    head = await follower.head()
    if not reaction.looks_back:
        return head

    async def read(position: int) -> Record | None:
        with suppress(Unavailable):
            return await stream.record(position) or await follower.record(position)
        return None  # the stream holds it no more, and the owner is away: it is old

    return await last_until(read, now() - reaction.looks_back, head)


class Checkpoint:
    """The row of a consumer of `service`, and what it says as far as this process knows."""

    def __init__(self, service: str, consumer: str) -> None:
        self.kept = 0
        self._service, self._consumer = service, consumer

    async def read(self, connection: Any) -> int | None:
        """None: the consumer is new."""
        with translated("reading a checkpoint"):
            known: int | None = await connection.fetchval(
                f"SELECT position FROM {self._service}.tracking WHERE consumer = $1",
                self._consumer,
            )
        return known

    async def move(self, connection: Any, position: int) -> None:
        """It has come this far; never back."""
        with translated("moving a checkpoint"):
            await connection.execute(
                f"INSERT INTO {self._service}.tracking AS t VALUES ($1, $2) "
                "ON CONFLICT (consumer) DO UPDATE SET position = $2 WHERE t.position < $2",
                self._consumer,
                position,
            )
        self.kept = max(self.kept, position)
