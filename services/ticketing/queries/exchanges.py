"""What is asked of exchanges; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader


async def exchange(read: Reader, process: str) -> dict[str, Any] | None:
    """How far it is."""
    rows = await read.fetch(
        "SELECT process, state, total, back, why FROM exchanges WHERE tenant = $1 AND process = $2",
        process,
    )
    return rows[0] if rows else None
