"""What is asked of devices' read models; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader

Rows = list[dict[str, Any]]


async def roles(read: Reader) -> Rows:
    return await read.fetch(
        "SELECT role, device, resend, queued, sending, printed, in_doubt, abandoned, copies, "
        "last_printed_at FROM roles WHERE tenant = $1 AND spool = 'main' ORDER BY role LIMIT 200"
    )


async def printers(read: Reader) -> Rows:
    return await read.fetch(
        "SELECT device, address, profile, online, paper, cover, stopped, changed_at, seen_at, "
        "printed, doubts FROM printers WHERE tenant = $1 AND spool = 'main' "
        "ORDER BY device LIMIT 200"
    )


async def jobs(read: Reader, state: str, after: str, limit: int) -> Rows:
    """A page of jobs, by id, from the one after `after`; with a state, only those in it."""
    return await read.fetch(
        "SELECT job, role, occurrence, order_id, ticket, state, device, attempt, copy, evidence, "
        "why, requested_at, sent_at, ended_at FROM jobs WHERE tenant = $1 AND spool = 'main' "
        "AND ($2 = '' OR state = $2) AND job > $3 ORDER BY job LIMIT $4",
        state,
        after,
        limit,
    )
