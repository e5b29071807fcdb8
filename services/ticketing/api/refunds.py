"""What a guest may have back now, from the read models: shown before it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from roadcase.doors import Reader
from roadcase.money import Money
from services.ticketing import queries
from services.ticketing.domain.policies import given_back
from services.ticketing.domain.refusals import NotRefundable, UnknownOrder, UnknownTicket
from services.ticketing.domain.rerating import WHY, Part, Rated, rated
from services.ticketing.events import Earned, RefundPolicySet
from services.ticketing.signing import at_venue

Rows = Sequence[dict[str, Any]]
KEPT: Final = "The terms of the purchase keep a part."


async def chosen(read: Reader, occurrence: str, order: str, tickets: Sequence[str]) -> Rows:
    """The valid tickets of an order that are named, or all. Raises UnknownOrder, UnknownTicket."""
    return _picked(await queries.tickets_of(read, occurrence, order), order, tickets)


def _picked(rows: Rows, order: str, tickets: Sequence[str]) -> Rows:
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


class Quoted(NamedTuple):
    """What comes back of what was `paid` for a ticket, and `why` it is less, in sentences."""

    ticket: str
    paid: Money
    back: Money
    why: tuple[str, ...]


class Dearer(NamedTuple):
    """A ticket that stays, for which another `price` is paid then than `before`."""

    ticket: str
    before: Money
    price: Money


class Quote(NamedTuple):
    """What would come back now, ticket by ticket, and what changes for those that stay."""

    tickets: tuple[Quoted, ...]
    stay: tuple[Dearer, ...]

    @property
    def amount(self) -> Money:
        """What is to be confirmed."""
        total = sum(each.back.minor for each in self.tickets)
        return Money(total, self.tickets[0].back.currency)


async def quote(
    read: Reader, occurrence: str, order: str, tickets: Sequence[str], at: datetime
) -> Quote:
    """Of the valid tickets that are named, or of all. Raises NotRefundable, and as `chosen`."""
    rows = await queries.tickets_of(read, occurrence, order)
    going = _picked(rows, order, tickets)
    if not going:
        raise NotRefundable(order=order)
    await check_entered(read, occurrence, going)
    policies = await _policies(read, occurrence)
    night = await queries.availability(read, occurrence)
    anew = rated([part_of(row) for row in rows], {row["number"] for row in going})
    backs = _by_policy(policies, going, anew, at_venue(night["starts_at"], night["zone"]), at)
    stay = [row for row in rows if row["number"] in anew.prices and row not in going]
    return Quote(
        tuple(_quoted(row, backs[row["ticket"]], anew) for row in going),
        tuple(Dearer(row["ticket"], _money(row, "price_minor"), _price(row, anew)) for row in stay),
    )


def _by_policy(
    policies: dict[str, RefundPolicySet], rows: Rows, anew: Rated, starts: datetime, at: datetime
) -> dict[str, Money]:
    amounts: dict[str, Money] = {}
    for name in dict.fromkeys(row["policy"] for row in rows):
        of = [row for row in rows if row["policy"] == name]
        paid = [(_price(row, anew), _money(row, "fee_minor")) for row in of]
        parts = given_back(policies.get(name), paid, starts, at)
        amounts.update(zip((row["ticket"] for row in of), parts, strict=True))
    return amounts


def _quoted(row: dict[str, Any], back: Money, anew: Rated) -> Quoted:
    fee = _money(row, "fee_minor")
    price, now = _money(row, "price_minor"), _price(row, anew)
    why = [WHY[cause] for cause in anew.why] if now.minor < price.minor else []
    if back.minor < (now + fee).minor:
        why.append(KEPT)
    return Quoted(row["ticket"], price + fee, back, tuple(why))


def part_of(row: dict[str, Any]) -> Part:
    """A row of `attendees`, as it is rated."""
    return Part(
        number=row["number"],
        ticket_type=row["ticket_type"],
        bundle=row["bundle"],
        price=row["price_minor"],
        earned=msgspec.convert(row["earned"], Earned | None),
        counts=not row["given_back"],
        valid=row["state"] == "sold",
    )


def _price(row: dict[str, Any], anew: Rated) -> Money:
    return Money(anew.prices.get(row["number"], row["price_minor"]), row["currency"])


def _money(row: dict[str, Any], of: str) -> Money:
    return Money(row[of], row["currency"])


async def _policies(read: Reader, occurrence: str) -> dict[str, RefundPolicySet]:
    rows = await queries.refund_policies(read, occurrence)
    return {row["policy"]: msgspec.convert(row["terms"], RefundPolicySet) for row in rows}
