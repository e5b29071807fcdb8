"""What is asked of firings; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader


async def firings(read: Reader, occurrence: str, before: str, limit: int) -> list[dict[str, Any]]:
    """Of an occurrence, the last first; `before`: the number of the last of the page before."""
    return await read.fetch(
        "SELECT service, firing, number, trigger, fact, reason, about, actions, failed, fired_at "
        "FROM firings WHERE tenant = $1 AND occurrence = $2 AND ($3 = '' OR number < $3) "
        "ORDER BY number DESC, service, firing LIMIT $4",
        occurrence,
        before,
        limit,
    )
