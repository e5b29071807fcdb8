"""The records of one topic: found by PostgreSQL, for topics of which a log has few."""

from __future__ import annotations

from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record

_COLUMNS = ", ".join(Record._fields)


async def read_topic(log: PostgresLog, topic: str, after: int, until: int) -> list[Record]:
    """Those with positions `after + 1 .. until`, in order."""
    async with log.reader() as connection:
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM {log.name}.events WHERE position > $1 AND position <= $2 "
            "AND topic = $3 ORDER BY position",
            after,
            until,
            topic,
        )
    return [Record(*row) for row in rows]
