"""What is asked of ticketing's read models; `$1` is always the tenant."""

from __future__ import annotations

from typing import Any

from roadcase.doors import Reader
from services.ticketing.domain.refusals import NoBoxOffice, UnknownEntry, UnknownPool
from services.ticketing.events import seat_name

Rows = list[dict[str, Any]]


async def availability(read: Reader, occurrence: str) -> dict[str, Any]:
    """Pools and types of an occurrence. Raises NoBoxOffice."""
    return _there(
        await read.fetch(
            "SELECT occurrence, name, starts_at, ends_at, zone, pools, types FROM availability "
            "WHERE tenant = $1 AND occurrence = $2",
            occurrence,
        ),
        occurrence,
    )


async def board(read: Reader, occurrence: str) -> dict[str, Any]:
    """The night in numbers. Raises NoBoxOffice."""
    rows = await read.fetch("SELECT * FROM board WHERE tenant = $1 AND occurrence = $2", occurrence)
    found = _there(rows, occurrence)
    del found["tenant"]
    return found


async def occurrences(read: Reader) -> Rows:
    return await read.fetch(
        "SELECT occurrence, name, capacity, sold, held, free FROM board "
        "WHERE tenant = $1 ORDER BY occurrence LIMIT 200"
    )


async def tickets_of(read: Reader, occurrence: str, order: str) -> Rows:
    """The tickets of one order, by number."""
    return await read.fetch(
        "SELECT ticket, ticket_type, code, price_minor, fee_minor, currency, admits, addon_to, "
        "seat, state, policy, admitted_at FROM attendees "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id = $3 ORDER BY number",
        occurrence,
        order,
    )


async def page_of_tickets(
    read: Reader, occurrence: str, order: str, after: int, limit: int
) -> Rows:
    """Tickets of one order as their guest sees them, by number, from the one after `after`."""
    return await read.fetch(
        "SELECT ticket, number, ticket_type, code, price_minor + fee_minor AS price_minor, "
        "currency, admits, seat, state, sold_at, inside, "
        "admitted_at FROM attendees WHERE tenant = $1 AND occurrence = $2 AND order_id = $3 "
        "AND number > $4 ORDER BY number LIMIT $5",
        occurrence,
        order,
        after,
        limit,
    )


async def tickets_with(read: Reader, occurrence: str, code: str) -> Rows:
    """Tickets that have this code, two at most: those of this occurrence, or else of another."""
    rows = await read.fetch(
        "SELECT occurrence, ticket FROM attendees WHERE tenant = $1 AND code = $2 "
        "ORDER BY occurrence = $3 DESC, occurrence, ticket LIMIT 2",
        code,
        occurrence,
    )
    return [row for row in rows if row["occurrence"] == rows[0]["occurrence"]]


async def gates(read: Reader, occurrence: str) -> dict[str, Any]:
    """How the gates decide, and how many are in. Nobody, where nothing was said yet."""
    rows = await read.fetch(
        "SELECT occupancy, counted, occupancy_max, gates, plan FROM gates "
        "WHERE tenant = $1 AND occurrence = $2",
        occurrence,
    )
    none: dict[str, Any] = {
        "occupancy": 0,
        "counted": 0,
        "occupancy_max": None,
        "gates": {},
        "plan": {},
    }
    return rows[0] if rows else none


async def seat_of(read: Reader, occurrence: str, ticket: str) -> str | None:
    """None for a ticket without a seat, and for one that is not known."""
    rows = await read.fetch(
        "SELECT seat FROM attendees WHERE tenant = $1 AND occurrence = $2 AND ticket = $3",
        occurrence,
        ticket,
    )
    return rows[0]["seat"] if rows else None


async def ticket_from_elsewhere(
    read: Reader, occurrence: str, secret: str
) -> dict[str, Any] | None:
    """The ticket that had this code where it was sold: of this occurrence, or else of another."""
    rows = await read.fetch(
        "SELECT occurrence, ticket FROM imported_tickets WHERE tenant = $1 AND secret = $2 "
        "ORDER BY occurrence = $3 DESC, state = 'valid' DESC, ticket DESC LIMIT 1",
        secret,
        occurrence,
    )
    return rows[0] if rows else None


async def scan(read: Reader, occurrence: str, nonce: str) -> dict[str, Any]:
    """What was answered to a scan that there is."""
    rows = await read.fetch(
        "SELECT result, reason, detail, ticket, since, since_gate, told FROM scans "
        "WHERE tenant = $1 AND occurrence = $2 AND nonce = $3",
        occurrence,
        nonce,
    )
    return rows[0]


async def orders(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of orders, by id, from the one after `after`. Contacts are sealed."""
    return await read.fetch(
        "SELECT order_id, sold_at, channel, payment_reference, tickets, valid, amount_minor, "
        "refunded_minor, currency, subject, contact FROM orders "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id > $3 ORDER BY order_id LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def attendees(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of tickets, by id. Contacts are sealed."""
    return await read.fetch(
        "SELECT ticket, order_id, ticket_type, seat, code, sold_at, state, inside, admitted_at, "
        "gate, subject, contact "
        "FROM attendees WHERE tenant = $1 AND occurrence = $2 AND ticket > $3 "
        "ORDER BY ticket LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def scans(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of scans, by nonce."""
    return await read.fetch(
        "SELECT nonce, at, gate, direction, result, reason, detail, ticket FROM scans "
        "WHERE tenant = $1 AND occurrence = $2 AND nonce > $3 ORDER BY nonce LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def questions(read: Reader, occurrence: str) -> Rows:
    """All that is or was asked, by id."""
    return await read.fetch(
        "SELECT question, text, kind, choices, per, ticket_types, required, active FROM questions "
        "WHERE tenant = $1 AND occurrence = $2 ORDER BY question",
        occurrence,
    )


async def answers_of(read: Reader, occurrence: str, order: str) -> dict[str, Any] | None:
    """What an order answered: `at`, and `answers`, sealed."""
    rows = await read.fetch(
        "SELECT at, answers FROM answers WHERE tenant = $1 AND occurrence = $2 AND order_id = $3",
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


async def seats(read: Reader, occurrence: str, pool: str) -> dict[str, Any]:
    """The plan of a pool, each seat with its name and state. Raises UnknownPool."""
    rows = await read.fetch(
        "SELECT plans -> $3 AS plan, taken -> $3 AS taken FROM seating "
        "WHERE tenant = $1 AND occurrence = $2",
        occurrence,
        pool,
    )
    plan: dict[str, Any] | None = rows[0]["plan"] if rows else None
    if plan is None:
        raise UnknownPool(pool=pool)
    states = dict.fromkeys(plan["blocked"], "blocked") | (rows[0]["taken"] or {})
    for area in plan["areas"]:
        for row in area["rows"]:
            for seat in row["seats"]:
                seat["seat"] = seat_name(area["name"], row["name"], seat["name"])
                seat["state"] = states.get(seat["seat"], "free")
    return plan


async def seated_pools(read: Reader, occurrence: str) -> dict[str, Any]:
    """The plans of a night by pool; none: it has no seats."""
    rows = await read.fetch(
        "SELECT jsonb_object_keys(plans) AS pool FROM seating "
        "WHERE tenant = $1 AND occurrence = $2 ORDER BY 1",
        occurrence,
    )
    return {row["pool"]: await seats(read, occurrence, row["pool"]) for row in rows}


async def waiting_entry(read: Reader, occurrence: str, entry: str) -> dict[str, Any]:
    """Where somebody stands who waits, or waited. Raises UnknownEntry."""
    rows = await read.fetch(
        "SELECT entry, state, ticket_types, quantity, priority, joined_at, offer, until "
        "FROM waiting WHERE tenant = $1 AND occurrence = $2 AND entry = $3",
        occurrence,
        entry,
    )
    if not rows:
        raise UnknownEntry(entry=entry)
    return rows[0]


async def offered(read: Reader, occurrence: str, entry: str) -> dict[str, Any]:
    """What somebody who waits may be shown, and what buys it for them. Raises UnknownEntry."""
    rows = await read.fetch(
        "SELECT entry, state, ticket_types, quantity, offer, ticket_type, total, until, subject, "
        "contact FROM waiting WHERE tenant = $1 AND occurrence = $2 AND entry = $3",
        occurrence,
        entry,
    )
    if not rows:
        raise UnknownEntry(entry=entry)
    return rows[0]


async def waiting(read: Reader, occurrence: str, after: str, limit: int) -> Rows:
    """A page of those who still wait, in the order in which they are served."""
    return await read.fetch(
        "SELECT entry, state, ticket_types, quantity, priority, joined_at, offer, until, subject, "
        "contact FROM waiting WHERE tenant = $1 AND occurrence = $2 "
        "AND state IN ('waiting', 'kept', 'passed') AND ($3 = '' OR (-priority, position) > "
        "(SELECT -last.priority, last.position FROM waiting AS last "
        "WHERE last.tenant = $1 AND last.occurrence = $2 AND last.entry = $3)) "
        "ORDER BY priority DESC, position LIMIT $4",
        occurrence,
        after,
        limit,
    )


async def refund_policies(read: Reader, occurrence: str) -> Rows:
    """All that ever held, as tickets name them."""
    return await read.fetch(
        "SELECT policy, terms FROM refund_policies WHERE tenant = $1 AND occurrence = $2",
        occurrence,
    )


async def placed_orders(read: Reader, occurrence: str, state: str, after: str, limit: int) -> Rows:
    """A page of orders that were placed, by id: of one state, or with "" of all."""
    return await read.fetch(
        "SELECT order_id, placed_at, total_minor, currency, until, state, reminded_at, reason, "
        "subject, contact FROM placed_orders WHERE tenant = $1 AND occurrence = $2 "
        "AND ($3 = '' OR state = $3) AND order_id > $4 ORDER BY order_id LIMIT $5",
        occurrence,
        state,
        after,
        limit,
    )


async def placed_order(read: Reader, occurrence: str, order: str) -> dict[str, Any] | None:
    """One order that was placed."""
    rows = await read.fetch(
        "SELECT state, until, total_minor, currency FROM placed_orders "
        "WHERE tenant = $1 AND occurrence = $2 AND order_id = $3",
        occurrence,
        order,
    )
    return rows[0] if rows else None


def _there(rows: Rows, occurrence: str) -> dict[str, Any]:
    if not rows:
        raise NoBoxOffice(occurrence=occurrence)
    return rows[0]
