"""What a night comes to, asked of its read models; `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Final

from roadcase.doors import Reader

Rows = list[dict[str, Any]]

_BY: Final = {  # $3 is the zone of the night, for hours
    "type": "a.ticket_type",
    "hour": "date_trunc('hour', a.sold_at, $3)",
    "channel": "o.channel",
    "voucher": "a.voucher",
    "promo": "o.promo",
}


async def sales(read: Reader, occurrence: str, by: str, zone: str) -> Rows:
    """Tickets ever sold by `key` and currency, what was paid for them, and those still valid."""
    return await read.fetch(
        f"SELECT {_BY[by]} AS key, a.currency, count(*) AS sold, "
        "sum(a.price_minor + a.fee_minor)::bigint AS sold_minor, "
        "count(*) FILTER (WHERE a.state = 'sold') AS valid, "
        "coalesce(sum(a.price_minor + a.fee_minor) FILTER (WHERE a.state = 'sold'), 0)::bigint "
        "AS valid_minor FROM attendees AS a JOIN orders AS o USING (tenant, occurrence, order_id) "
        "WHERE tenant = $1 AND occurrence = $2 AND $3::text IS NOT NULL "
        "AND a.state <> 'transferred' "  # whoever has it now was sold it
        "GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2",
        occurrence,
        zone,
    )


async def attendance(read: Reader, occurrence: str) -> Rows:
    """Each 5 minutes in which somebody went in or out, and how many were inside at their end."""
    return await read.fetch(
        'SELECT at, entered, gone AS "left", '
        "(sum(entered - gone) OVER (ORDER BY at))::bigint AS inside "
        "FROM (SELECT date_bin('5 minutes', at, timestamptz '2000-01-01 00:00Z') AS at, "
        "count(*) FILTER (WHERE result = 'admitted') AS entered, "
        "count(*) FILTER (WHERE result = 'exited') AS gone FROM scans "
        "WHERE tenant = $1 AND occurrence = $2 AND result <> 'refused' GROUP BY 1) AS each "
        "ORDER BY at",
        occurrence,
    )


async def no_shows(read: Reader, occurrence: str) -> Rows:
    """By type: valid tickets, how many of them ever came in, and how many did not."""
    return await read.fetch(
        "SELECT ticket_type, count(*) AS valid, count(admitted_at) AS came, "
        "count(*) - count(admitted_at) AS no_shows FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND state = 'sold' "
        "GROUP BY ticket_type ORDER BY ticket_type",
        occurrence,
    )


async def chosen(read: Reader, occurrence: str) -> Rows:
    """The questions whose answers can be counted: there is something to choose from."""
    return await read.fetch(
        "SELECT question, kind, per, ticket_types, offered FROM questions "
        "WHERE tenant = $1 AND occurrence = $2 AND kind IN ('choice', 'consent') "
        "ORDER BY question",
        occurrence,
    )


def with_answers(read: Reader, occurrence: str) -> AsyncGenerator[Rows]:
    """Each valid ticket, order by order; `answers` of an order, sealed, beside its `first`.

    They are looked up order by order: a join is as slow as the orders squared where PostgreSQL
    has not counted them yet.
    """
    return read.stream(
        "answers, attendees",
        "SELECT number, ticket_type, currency, minor, first, CASE WHEN first THEN ("
        "SELECT w.answers FROM answers AS w "
        "WHERE w.tenant = $1 AND w.occurrence = $2 AND w.order_id = a.order_id) END AS answers "
        "FROM (SELECT order_id, number, ticket_type, currency, price_minor + fee_minor AS minor, "
        "row_number() OVER (PARTITION BY order_id ORDER BY number) = 1 AS first FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND state = 'sold') AS a ORDER BY order_id, number",
        occurrence,
    )
