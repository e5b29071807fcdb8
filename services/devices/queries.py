"""What is asked of devices' read models; `$1` is always the tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from roadcase.doors import Reader
from roadcase.errors import NotFound

Rows = list[dict[str, Any]]
SHOWN: Final = 6  # what was printed last


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
        "SELECT job, role, kind, occurrence, order_id, ticket, text, trigger, reason, state, "
        "device, attempt, copy, evidence, why, requested_at, sent_at, ended_at "
        "FROM jobs WHERE tenant = $1 AND spool = 'main' "
        "AND ($2 = '' OR state = $2) AND job > $3 ORDER BY job LIMIT $4",
        state,
        after,
        limit,
    )


async def printed_last(
    read: Reader, occurrence: str, until: datetime | None = None, limit: int = SHOWN
) -> Rows:
    """The jobs of a night that ended last: printed, or in doubt.

    As of `until`: all that were printed by then, and of those in doubt the ones that still are.
    """
    return await read.fetch(
        "SELECT job, kind, text, ticket, number, tickets AS of, ticket_type, price_minor, "
        "currency, state, coalesce(sent_copy, copy) AS copy, tier IS NULL AS by_hand, "
        "ended_at AS at, coalesce(types -> ticket_type ->> -1, ticket_type) AS type_name "
        "FROM jobs LEFT JOIN names USING (tenant, spool, occurrence) "
        "WHERE jobs.tenant = $1 AND spool = 'main' AND occurrence = $2 "
        "AND state IN ('printed', 'in_doubt') "
        "AND ended_at <= coalesce($3::timestamptz, 'infinity') "
        "ORDER BY ended_at DESC, job DESC LIMIT $4",
        occurrence,
        until,
        limit,
    )


async def printed(read: Reader, job: str) -> dict[str, Any]:
    """All that is known of a job that was printed. Raises NotFound."""
    rows = await read.fetch(
        "SELECT jobs.*, coalesce(jobs.profile, printers.profile) AS printed_for, names, types "
        "FROM jobs LEFT JOIN names USING (tenant, spool, occurrence) "
        "LEFT JOIN printers USING (tenant, spool, device) "
        "WHERE jobs.tenant = $1 AND spool = 'main' AND job = $2 "
        "AND state = 'printed' AND sha256 IS NOT NULL",
        job,
    )
    if not rows:
        raise NotFound
    return rows[0]
