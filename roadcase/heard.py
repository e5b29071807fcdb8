"""How far a reaction has heard a source: one row, which only ever moves forward."""

from __future__ import annotations

from typing import Any

from roadcase.event_store.connections import translated
from roadcase.reaction import Reaction


def consumer_of(reaction: Reaction, source: str) -> str:
    """Under which name a reaction remembers how far it has heard a source."""
    return f"rx/{reaction.name}/{source}"


async def advance(connection: Any, service: str, consumer: str, position: int) -> None:
    """Remember that a consumer of `service` has come this far; never back."""
    with translated("moving a checkpoint"):
        await connection.execute(
            f"INSERT INTO {service}.tracking AS t VALUES ($1, $2) "
            "ON CONFLICT (consumer) DO UPDATE SET position = $2 WHERE t.position < $2",
            consumer,
            position,
        )
