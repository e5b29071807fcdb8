"""What an organiser's own tools read in SQL: no persons, no codes of tickets, no free text.

Whose an order is, who scanned and who pays by which reference stay behind the doors, which ask for
scopes and know who was erased.
"""

from __future__ import annotations

from typing import Final

from roadcase.reports import Report


def _of(name: str, table: str, columns: str) -> Report:
    """Columns of one read model, as they are: `name type, name type`."""
    names = ", ".join(each.split()[0] for each in columns.split(","))
    return Report(name, [table], columns, f"SELECT {names} FROM {table} WHERE tenant = $1")


_SALES: Final = Report(
    "sales",
    ["attendees", "orders"],
    "occurrence text, hour timestamptz, ticket_type text, channel text, voucher text, promo text, "
    "currency text, sold bigint, sold_minor bigint, valid bigint, valid_minor bigint",
    "SELECT occurrence, date_trunc('hour', a.sold_at, 'UTC'), a.ticket_type, o.channel, "
    "a.voucher, o.promo, a.currency, count(*), sum(a.price_minor + a.fee_minor)::bigint, "
    "count(*) FILTER (WHERE a.state = 'sold'), "
    "coalesce(sum(a.price_minor + a.fee_minor) FILTER (WHERE a.state = 'sold'), 0)::bigint "
    "FROM attendees AS a JOIN orders AS o USING (tenant, occurrence, order_id) "
    "WHERE tenant = $1 AND a.state <> 'transferred' "  # whoever has it now was sold it
    "GROUP BY 1, 2, 3, 4, 5, 6, 7",
)
_ATTENDANCE: Final = Report(
    "attendance",
    ["scans"],
    'occurrence text, at timestamptz, entered bigint, "left" bigint, inside bigint',
    "SELECT occurrence, at, entered, gone, "
    "(sum(entered - gone) OVER (PARTITION BY occurrence ORDER BY at))::bigint FROM ("
    "SELECT occurrence, date_bin('5 minutes', at, timestamptz '2000-01-01 00:00Z') AS at, "
    "count(*) FILTER (WHERE result = 'admitted') AS entered, "
    "count(*) FILTER (WHERE result = 'exited') AS gone FROM scans "
    "WHERE tenant = $1 AND result <> 'refused' GROUP BY 1, 2) AS each",
)
_NO_SHOWS: Final = Report(
    "no_shows",
    ["attendees"],
    "occurrence text, ticket_type text, valid bigint, came bigint, no_shows bigint",
    "SELECT occurrence, ticket_type, count(*), count(admitted_at), count(*) - count(admitted_at) "
    "FROM attendees WHERE tenant = $1 AND state = 'sold' GROUP BY 1, 2",
)
REPORTS: Final = (
    _of(
        "occurrences",
        "availability",
        "occurrence text, name text, starts_at timestamp, ends_at timestamp, zone text",
    ),
    _SALES,
    _of(
        "orders",
        "orders",
        "occurrence text, order_id text, sold_at timestamptz, channel text, promo text, "
        "tickets bigint, valid bigint, amount_minor bigint, refunded_minor bigint, currency text",
    ),
    _of(
        "tickets",
        "attendees",
        "occurrence text, ticket text, order_id text, ticket_type text, tier text, "
        "price_minor bigint, fee_minor bigint, listed_minor bigint, currency text, voucher text, "
        "reserve text, policy text, admits bigint, addon_to text, bundle text, seat text, "
        "sold_at timestamptz, state text, inside boolean, admitted_at timestamptz, gate text",
    ),
    _ATTENDANCE,
    _NO_SHOWS,
    _of(
        "scans",
        "scans",
        "occurrence text, nonce text, at timestamptz, gate text, direction text, result text, "
        "reason text, ticket text, guests bigint",
    ),
    _of(
        "waiting",
        "waiting",
        "occurrence text, entry text, joined_at timestamptz, state text, quantity bigint, "
        "priority bigint, ticket_type text, until timestamptz",
    ),
)
