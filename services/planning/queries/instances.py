"""What is asked of manifests that extend others; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader


async def instance(read: Reader, kind: str, name: str) -> dict[str, Any] | None:
    """What an event or a series is made with, as was shown last. None: it extends nothing."""
    rows = await read.fetch(
        "SELECT * FROM instances WHERE tenant = $1 AND kind = $2 AND name = $3", kind, name
    )
    return rows[0] if rows else None
