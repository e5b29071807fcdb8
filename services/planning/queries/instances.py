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


async def instances(read: Reader, document: str, after: str, limit: int) -> list[dict[str, Any]]:
    """All that is made with any version of a document, by kind and name, as was shown last.

    `document` is without its version. `state` is that of an event, as it stands; `kept` are the
    nights of a series that stay as they were declared before.
    """
    return await read.fetch(
        "SELECT i.*, o.state, s.kept FROM instances i LEFT JOIN occurrences o "
        "ON o.tenant = i.tenant AND i.kind = 'Event' AND o.occurrence = i.name "
        "LEFT JOIN series s ON s.tenant = i.tenant AND i.kind = 'Series' AND s.series = i.name "
        "WHERE i.tenant = $1 AND (i.kind || '/' || i.name) COLLATE \"C\" > $3 AND EXISTS (SELECT "
        "FROM jsonb_array_elements(i.documents) d WHERE starts_with(d->>'reference', $2 || '@')) "
        "ORDER BY (i.kind || '/' || i.name) COLLATE \"C\" LIMIT $4",
        document,
        after,
        limit,
    )


async def instances_of(read: Reader, document: str) -> dict[int, int]:
    """How many are made with each version of a document, as was shown last."""
    rows = await read.fetch(
        "SELECT d->>'reference' AS reference, count(*) AS count FROM instances i, "
        "jsonb_array_elements(i.documents) d WHERE i.tenant = $1 "
        "AND starts_with(d->>'reference', $2 || '@') GROUP BY 1",
        document,
    )
    return {int(row["reference"].rpartition("@")[2]): row["count"] for row in rows}
