"""How an outbox stands: what waits, what needs a decision, and since when."""

from __future__ import annotations

from typing import Any, NamedTuple

from roadcase.event_store.connections import translated


class Standing(NamedTuple):
    """Messages that wait, are parked, are in doubt; the `oldest` waits for so many seconds."""

    waiting: int = 0
    parked: int = 0
    in_doubt: int = 0
    oldest: float = 0.0


async def standing(connection: Any, service: str) -> Standing:
    """Nothing at all where there is no outbox (yet). Raises Unavailable."""
    with translated("reading the outbox"):
        if await connection.fetchval(f"SELECT to_regclass('{service}_views.outbox')") is None:
            return Standing()
        row = await connection.fetchrow(
            "SELECT count(*) FILTER (WHERE state IN ('waiting', 'handed_over')), "
            "count(*) FILTER (WHERE state = 'parked'), "
            "count(*) FILTER (WHERE state = 'in_doubt'), "
            "extract(epoch FROM clock_timestamp() - min(queued_at) "
            "FILTER (WHERE state IN ('waiting', 'handed_over')))::float8 "
            f"FROM {service}_views.outbox WHERE state NOT IN ('sent', 'dropped')"
        )
    waiting, parked, in_doubt, oldest = row
    return Standing(waiting, parked, in_doubt, max(0.0, oldest or 0.0))
