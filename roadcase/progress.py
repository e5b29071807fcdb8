"""Where the projections of a service stand: their checkpoints, as the database has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from roadcase.projection import Projection
from roadcase.tables import schema_hash


class Progress(NamedTuple):
    """Where a projection stands. `stopped` is why it stands still, or None."""

    name: str
    position: int
    schema_hash: str
    generation: int
    stopped: str | None


async def progress(connection: Any, service: str) -> dict[str, Progress]:
    """Where every projection of a service stands, by name."""
    rows = await connection.fetch(
        f"SELECT name, position, schema_hash, generation, stopped FROM {service}.projections"
    )
    return {row[0]: Progress(*row) for row in rows}


def that_live(
    projections: Iterable[Projection], known: Mapping[str, Progress]
) -> Iterator[tuple[Projection, Progress]]:
    """Those whose tables are there, of today's shape, and not stopped; and where they stand."""
    for projection in projections:
        stands = known.get(projection.name)
        if stands and stands.schema_hash == schema_hash(projection) and not stands.stopped:
            yield projection, stands
