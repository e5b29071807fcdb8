"""What a guest may have back now, from the read models: shown before it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from roadcase.doors import Reader
from roadcase.money import Money
from services.ticketing import queries
from services.ticketing.domain.policies import given_back
from services.ticketing.domain.refusals import NotRefundable, UnknownOrder, UnknownTicket
from services.ticketing.events import RefundPolicySet
from services.ticketing.signing import at_venue

Rows = Sequence[dict[str, Any]]


async def chosen(read: Reader, occurrence: str, order: str, tickets: Sequence[str]) -> Rows:
    """The valid tickets of an order that are named, or all. Raises UnknownOrder, UnknownTicket."""
    rows = await queries.tickets_of(read, occurrence, order)
    if not rows:
        raise UnknownOrder(order=order)
    known = {row["ticket"] for row in rows}
    for ticket in tickets:
        if ticket not in known:
            raise UnknownTicket(order=order, ticket=ticket)
    valid = [row for row in rows if row["state"] == "sold"]
    if not tickets:
        return valid
    named = set(tickets)
    return [row for row in valid if row["ticket"] in named or row["addon_to"] in named]


async def check_entered(read: Reader, occurrence: str, rows: Rows) -> None:
    """Who was let in gets nothing back, unless their policy says so. Raises NotRefundable."""
    policies = await _policies(read, occurrence)
    for row in rows:
        policy = policies.get(row["policy"])
        if row["admitted_at"] is not None and not (policy and policy.after_entry):
            raise NotRefundable(ticket=row["ticket"], admitted_at=row["admitted_at"])


async def quote(read: Reader, occurrence: str, rows: Rows, at: datetime) -> list[Money]:
    """What would come back for each of these tickets. Raises NotRefundable."""
    await check_entered(read, occurrence, rows)
    policies = await _policies(read, occurrence)
    night = await queries.availability(read, occurrence)
    starts = at_venue(night["starts_at"], night["zone"])
    amounts: dict[str, Money] = {}
    for name in dict.fromkeys(row["policy"] for row in rows):
        of = [row for row in rows if row["policy"] == name]
        paid = [(_money(row, "price_minor"), _money(row, "fee_minor")) for row in of]
        parts = given_back(policies.get(name), paid, starts, at)
        amounts.update(zip((row["ticket"] for row in of), parts, strict=True))
    return [amounts[row["ticket"]] for row in rows]


def _money(row: dict[str, Any], of: str) -> Money:
    return Money(row[of], row["currency"])


async def _policies(read: Reader, occurrence: str) -> dict[str, RefundPolicySet]:
    rows = await queries.refund_policies(read, occurrence)
    return {row["policy"]: msgspec.convert(row["terms"], RefundPolicySet) for row in rows}
