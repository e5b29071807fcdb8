"""What is asked of questions, vouchers, allotments and policies; `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from roadcase.doors import Reader
from services.ticketing.queries.rows import Rows


async def questions(read: Reader, occurrence: str) -> Rows:
    """All that is or was asked, by id."""
    return await read.fetch(
        "SELECT question, text, kind, choices, per, ticket_types, required, active FROM questions "
        "WHERE tenant = $1 AND occurrence = $2 ORDER BY question",
        occurrence,
    )


async def answers_of(read: Reader, occurrence: str, order: str) -> dict[str, Any] | None:
    """What an order answered: `at`, which are `given` by place, and `answers`, sealed."""
    rows = await read.fetch(
        "SELECT at, given, answers FROM answers "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id = $3",
        occurrence,
        order,
    )
    return rows[0] if rows else None


async def vouchers(read: Reader, occurrence: str) -> Rows:
    """All vouchers, and how many valid tickets were `sold` with each."""
    return await read.fetch(
        "SELECT voucher, terms, lapsed, (SELECT count(*) FROM attendees AS each "
        "WHERE each.tenant = $1 AND each.occurrence = $2 AND each.voucher = vouchers.voucher "
        "AND each.state = 'sold') AS sold FROM vouchers "
        "WHERE tenant = $1 AND occurrence = $2 ORDER BY voucher",
        occurrence,
    )


async def voucher(read: Reader, occurrence: str, code: str) -> dict[str, Any] | None:
    """The voucher with this code, as above."""
    rows = await read.fetch(
        "SELECT voucher, terms, lapsed, (SELECT count(*) FROM attendees AS each "
        "WHERE each.tenant = $1 AND each.occurrence = $2 AND each.voucher = $3 "
        "AND each.state = 'sold') AS sold FROM vouchers "
        "WHERE tenant = $1 AND occurrence = $2 AND voucher = $3",
        occurrence,
        code,
    )
    return rows[0] if rows else None


async def allotment_of(read: Reader, occurrence: str, code: str) -> dict[str, Any] | None:
    """An allotment that this code may buy from."""
    rows = await read.fetch(
        "SELECT allotment, terms, closed FROM allotments "
        "WHERE tenant = $1 AND occurrence = $2 AND terms -> 'codes' ? $3 "
        "ORDER BY allotment LIMIT 1",
        occurrence,
        code,
    )
    return rows[0] if rows else None


async def allotments(read: Reader, occurrence: str) -> Rows:
    """All allotments, and how many valid tickets were `sold` from each."""
    return await read.fetch(
        "SELECT allotment, terms, closed, (SELECT count(*) FROM attendees AS each "
        "WHERE each.tenant = $1 AND each.occurrence = $2 "
        "AND each.reserve = 'allotment/' || allotments.allotment "
        "AND each.state = 'sold') AS sold FROM allotments "
        "WHERE tenant = $1 AND occurrence = $2 ORDER BY allotment",
        occurrence,
    )


async def refund_policies(read: Reader, occurrence: str) -> Rows:
    """All that ever held, as tickets name them."""
    return await read.fetch(
        "SELECT policy, terms FROM refund_policies WHERE tenant = $1 AND occurrence = $2",
        occurrence,
    )


async def series_vouchers(read: Reader, codes: Sequence[str]) -> Rows:
    """Those vouchers over several occurrences that have one of these codes."""
    return await read.fetch(
        "SELECT voucher, terms FROM series_vouchers WHERE tenant = $1 AND voucher = ANY($2) "
        "ORDER BY voucher",
        list(codes),
    )


async def used_series_vouchers(read: Reader) -> Rows:
    """All vouchers over several occurrences: tickets `used`, and `reserved` at this moment."""
    return await read.fetch(
        "SELECT v.voucher, v.terms, coalesce(sum(r.tickets) FILTER (WHERE r.state = 'used'), 0) "
        "AS used, coalesce(sum(r.tickets) FILTER (WHERE r.state = 'reserved'), 0) AS reserved, "
        "coalesce(sum(r.spent) FILTER (WHERE r.state = 'used'), 0) AS spent "
        "FROM series_vouchers AS v LEFT JOIN series_reservations AS r "
        "ON r.tenant = $1 AND r.voucher = v.voucher "
        "WHERE v.tenant = $1 GROUP BY v.voucher, v.terms ORDER BY v.voucher"
    )
