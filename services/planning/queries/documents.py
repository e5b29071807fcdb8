"""What is asked of documents; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader, wait_all_shown
from services.planning.domain.refusals import NoDocument

Rows = list[dict[str, Any]]


async def document(read: Reader, id_: str, version: int) -> dict[str, Any]:
    """One version, also if it was published a moment ago; 0: the newest. Raises NoDocument."""
    sql = (
        "SELECT * FROM documents WHERE tenant = $1 AND document = $2 "
        "AND ($3::bigint = 0 OR number = $3) ORDER BY number DESC LIMIT 1"
    )
    rows = await read.fetch(sql, id_, version)
    if not rows:
        await wait_all_shown(read, "documents")
        rows = await read.fetch(sql, id_, version)
    if not rows:
        raise NoDocument(document=id_, version=version)
    return rows[0]


async def versions(read: Reader, id_: str) -> list[int]:
    """The versions that there are of a document, the oldest first."""
    rows = await read.fetch(
        "SELECT number FROM documents WHERE tenant = $1 AND document = $2 ORDER BY number", id_
    )
    return [row["number"] for row in rows]


async def documents(read: Reader, kind: str, after: str, limit: int) -> Rows:
    """The newest version of each, of one kind or of all, without its content."""
    return await read.fetch(
        "SELECT DISTINCT ON (document) document, number, kind, name, title, digest, published_at "
        "FROM documents WHERE tenant = $1 AND ($2 = '' OR kind = $2) AND document > $3 "
        "ORDER BY document, number DESC LIMIT $4",
        kind,
        after,
        limit,
    )


async def all_versions(read: Reader, ids: list[str]) -> Rows:
    """Every version of these, without its content; the oldest of each first."""
    return await read.fetch(
        "SELECT document, kind, name, title, number, digest, inputs, published_at FROM documents "
        "WHERE tenant = $1 AND document = ANY($2) ORDER BY document, number",
        ids,
    )
