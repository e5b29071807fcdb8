"""Parked events: what a reaction could not take. Kept in order per stream until someone decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from roadcase.decider import Command, Decider, Event
from roadcase.errors import NotFound
from roadcase.event_store.connections import translated
from roadcase.event_store.records import Record, meta_of

State = Literal["parked", "retry", "skip"]
_COLUMNS = "reaction, source, position, stream, topic, event_id, reason, attempts, state, parked_at"


class Parked(NamedTuple):
    """One parked event; `reason` says why, in words."""

    reaction: str
    source: str
    position: int
    stream: str
    topic: str
    event_id: str
    reason: str
    attempts: int
    state: State
    parked_at: datetime


class RetryParked(Command):
    reaction: str
    source: str
    position: int
    why: str


class SkipParked(Command):
    reaction: str
    source: str
    position: int
    why: str


class ParkedRetried(Event, frozen=True, kw_only=True):
    topic = "roadcase.parked_retried.v1"

    reaction: str
    source: str
    position: int
    why: str


class ParkedSkipped(Event, frozen=True, kw_only=True):
    topic = "roadcase.parked_skipped.v1"

    reaction: str
    source: str
    position: int
    why: str


@dataclass
class Desk:
    """Nothing to remember: what an operator asks for is a fact, whatever came before."""


def retry(_desk: Desk, cmd: RetryParked, _at: datetime) -> Iterator[Event]:
    yield ParkedRetried(**cmd.model_dump())


def skip(_desk: Desk, cmd: SkipParked, _at: datetime) -> Iterator[Event]:
    yield ParkedSkipped(**cmd.model_dump())


def evolve(_desk: Desk, _event: Event) -> None:
    """The table of parked events is what changes."""


PARKED: Decider[Desk] = Decider(
    category="parked",
    key="reaction",
    initial=Desk,
    evolve=evolve,
    events=[ParkedRetried, ParkedSkipped],
    commands={RetryParked: retry, SkipParked: skip},
)


class ParkedEvents:
    """The table of a service's parked events. `connection` acts for its app role."""

    def __init__(self, connection: Any, service: str) -> None:
        self._connection = connection
        self._table = f"{service}.parked"

    async def listed(self, reaction: str | None = None) -> list[Parked]:
        with translated("listing parked events"):
            rows = await self._connection.fetch(
                f"SELECT {_COLUMNS} FROM {self._table} WHERE $1::text IS NULL OR reaction = $1 "
                "ORDER BY reaction, source, position",
                reaction,
            )
        return [Parked(*row) for row in rows]

    async def park(
        self, reaction: str, source: str, record: Record, reason: str, attempts: int
    ) -> None:
        """Keep an event, or say anew why it is kept; with no `attempts`, only if it is not yet."""
        with translated("parking an event"):
            await self._connection.execute(
                f"INSERT INTO {self._table} AS p (reaction, source, position, stream, topic, "
                "event_id, reason, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                "ON CONFLICT (reaction, source, position) DO UPDATE SET reason = $7, "
                "attempts = p.attempts + $8, state = 'parked' WHERE $8 > 0",
                reaction,
                source,
                record.position,
                record.stream,
                record.topic,
                meta_of(record).id,
                reason,
                attempts,
            )

    async def fail(self, parked: Parked, reason: str, attempts: int) -> None:
        """It was tried again in vain: it waits for the next decision."""
        with translated("parking an event again"):
            await self._connection.execute(
                f"UPDATE {self._table} SET reason = $4, attempts = attempts + $5, state = 'parked' "
                "WHERE reaction = $1 AND source = $2 AND position = $3",
                *parked[:3],
                reason,
                attempts,
            )

    async def decide(self, reaction: str, source: str, position: int, state: State) -> None:
        """Let the reactor retry or skip one. Raises NotFound."""
        with translated("deciding on a parked event"):
            done = await self._connection.execute(
                f"UPDATE {self._table} SET state = $4 "
                "WHERE reaction = $1 AND source = $2 AND position = $3",
                reaction,
                source,
                position,
                state,
            )
        if done != "UPDATE 1":
            raise NotFound(f"{reaction} has not parked event {position} of {source}")

    async def remove(self, parked: Parked) -> None:
        with translated("forgetting a parked event"):
            await self._connection.execute(
                f"DELETE FROM {self._table} WHERE reaction = $1 AND source = $2 AND position = $3",
                parked.reaction,
                parked.source,
                parked.position,
            )
