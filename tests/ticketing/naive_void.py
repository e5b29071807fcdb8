"""What is cancelled and paid back by the naive model."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.ticketing import commands as ask
from tests.ticketing.naive import Naive
from tests.ticketing.naive_cart import No, One
from tests.ticketing.naive_rerating import rerate


def tickets_of(naive: Naive, order: str, named: Sequence[str] | None) -> list[One]:
    mine = [one for one in naive.tickets if one.order == order]
    if not mine:
        raise No("unknown_order")
    if named is not None:
        known = {f"{one.order}-{one.number}" for one in mine}
        if set(named) - known:
            raise No("unknown_ticket")
        numbers = {int(id_.rpartition("-")[2]) for id_ in named}
        mine = [one for one in mine if {one.number, one.main} & numbers]
    return mine


def make_void(naive: Naive, ones: list[One]) -> None:
    for one in ones:
        if not one.void:
            one.void = True
            naive.give_back(one)


def cancel_order(naive: Naive, asked: ask.CancelOrder, _at: datetime) -> None:
    ones = tickets_of(naive, asked.order, asked.tickets)
    for one in ones:
        one.cancelled = one.cancelled or not one.void
    make_void(naive, ones)


def refund_tickets(naive: Naive, asked: ask.RefundTickets, at: datetime) -> int:
    ones = tickets_of(naive, asked.order, asked.tickets)
    if (asked.order, asked.refund_reference) in naive.references:
        return 0
    if asked.amount is None:  # all that was paid: not once more for what went back before
        ones = [one for one in ones if not one.refunded]
    paid = sum(one.cost - one.back for one in ones)
    back = paid
    if asked.by_policy and all(one.void and not one.cancelled for one in ones):
        return 0  # it went back before
    if asked.by_policy:
        ones = [one for one in ones if not one.void]
        order = sorted(tickets_of(naive, asked.order, None), key=lambda one: one.number)
        moved = rerate(order, [one for one in order if one in ones])
        back = by_policy(naive, ones, at)
        said = asked.amount.minor if asked.amount is not None else None
        if said != back and (moved or said is not None):
            raise No("refund_changed", "not_refundable")
    elif asked.amount is not None:
        back = asked.amount.minor
        if back > paid:
            raise No("refund_too_high")
    else:  # what went back in part before is done with
        ones = [one for one in ones if one.cancelled or not one.void]
        back = sum(one.cost - one.back for one in ones)
    naive.references.add((asked.order, asked.refund_reference))
    make_void(naive, ones)
    for one in ones:
        one.refunded, one.given_back = True, one.given_back or asked.by_policy
    for one in ones:  # who gets which part is only a matter of the books
        part = min(back, one.cost - one.back)
        one.back += part
        one.cancelled = False
        back -= part
    return 0


def quote(naive: Naive, order: str, tickets: Sequence[str] | None, at: datetime) -> int | None:
    """What a guest would be told that comes back; None: nothing can."""
    then = copy.deepcopy(naive)
    try:
        ones = [one for one in tickets_of(then, order, tickets) if not one.void]
        mine = sorted(tickets_of(then, order, None), key=lambda one: one.number)
        rerate(mine, [one for one in mine if one in ones])
        return by_policy(then, ones, at)
    except No:
        return None


def by_policy(naive: Naive, ones: list[One], at: datetime) -> int:
    """By each ticket's own policy, counted together and rounded once for each policy."""
    back = 0
    for of in {id(one.policy): one.policy for one in ones}.values():
        mine = [one for one in ones if one.policy is of]
        steps = [s for s in of.steps if at < naive.starts - timedelta(hours=s.hours)] if of else []
        if not steps:
            raise No("not_refundable")
        step = steps[0]
        whole = sum(one.price + (one.fee if of.fees else 0) for one in mine)
        keep = (whole * step.permille + 500) // 1000
        keep += len(mine) * (step.fixed.minor if step.fixed else 0)
        back += max(0, whole - keep)
    return back
