"""A rebuild does not wait for ever until somebody's report has been read."""

from __future__ import annotations

import asyncio
from typing import Any, Final

PATIENCE: Final = 10.0  # seconds; a table that waits to be swapped is one that nobody can read
_PAUSE: Final = 0.1
_READERS: Final = """
    SELECT a.pid FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    JOIN {service}.report_users AS u ON u.role = a.usename
    WHERE l.granted AND l.locktype = 'relation' AND l.relation = to_regclass($1)
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def make_way(
    connection: Any, service: str, table: str, patience: float | None = None
) -> None:
    """Wait until no report reads `table`; end the sessions that still do after `patience` seconds.

    Call it before the table's exclusive lock is asked for: behind that one, all other readers wait.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + (PATIENCE if patience is None else patience)
    readers = _READERS.format(service=service)
    while True:
        await connection.execute("SELECT pg_stat_clear_snapshot()")  # or it shows what once was
        pids = [row["pid"] for row in await connection.fetch(readers, table)]
        if not pids:
            return
        if loop.time() >= until:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", pids
            )
        await asyncio.sleep(_PAUSE)
