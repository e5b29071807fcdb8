"""What each command does to the naive box office: the total it costs, or `No`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from services.ticketing import commands as ask
from tests.ticketing.naive import MINUTES, WEEK, Hold, Naive
from tests.ticketing.naive_cart import No, One, total
from tests.ticketing.naive_kept import (
    join,
    leave,
    release_allotment,
    set_allotment,
    set_voucher,
)
from tests.ticketing.naive_void import cancel_order, refund_tickets


def hold_of(naive: Naive, id_: str) -> Hold:
    found = [hold for hold in naive.holds if hold.id == id_]
    if not found:
        raise No("unknown_hold")
    return found[-1]


def same(naive: Naive, hold: Hold, asked: ask.HoldTickets) -> bool:
    """The same person asks for as many of the same types, in bundles or not."""
    before = hold.asked
    return (
        isinstance(before, ask.HoldTickets)
        and before.subject == asked.subject
        and quantities(naive, before) == quantities(naive, asked)
    )


def quantities(naive: Naive, asked: ask.Buying) -> Counter[str]:
    found = Counter[str]()
    for line in asked.lines:
        of = naive.types.get(line.ticket_type)
        for id_, number in (of.bundle if of and of.bundle else {line.ticket_type: 1}).items():
            found[id_] += number * line.quantity
    return found


def hold_tickets(naive: Naive, asked: ask.HoldTickets, at: datetime) -> int:
    for hold in naive.holds:
        if hold.id == asked.hold:
            if hold.state == "sold" or same(naive, hold, asked):
                return total(hold.ones)
            raise No("hold_exists")
    ones = naive.cart(asked, at)
    time = timedelta(minutes=MINUTES[asked.channel])
    if asked.seconds is not None:
        time = min(time, timedelta(seconds=asked.seconds))
    naive.holds.append(Hold(asked.hold, ones, at + time, asked.channel, asked.subject, asked))
    return total(ones)


def extend_hold(naive: Naive, asked: ask.ExtendHold, _at: datetime) -> None:
    hold = hold_of(naive, asked.hold)
    if hold.state != "living":
        raise No("hold_gone")
    if hold.channel in {"offer", "order"}:
        raise No("already_extended", "unknown_hold")
    if hold.extended:
        raise No("already_extended")
    hold.extended, hold.until = True, hold.until + timedelta(minutes=5)


def release_hold(naive: Naive, asked: ask.ReleaseHold, at: datetime) -> None:
    hold = hold_of(naive, asked.hold)
    if hold.state == "living":
        naive.end(hold, "released", at)


def sell(naive: Naive, order: str, ones: list[One], subject: str | None) -> None:
    if any(one.order == order for one in naive.tickets):
        raise No("order_exists")
    for number, one in enumerate(ones, 1):
        one.order, one.number, one.subject, one.first = order, number, subject, one.price
    for addon in ones:  # each goes to the first ticket that has room for one more
        spans = addon.type.addon_to
        for main in ones if spans else ():
            with_it = [one for one in ones if one.main == main.number]
            most = spans.get(main.type.id, (0, 0))[1]
            if sum(one.type.id == addon.type.id for one in with_it) < most:
                addon.main = main.number
                break
    naive.tickets += ones


def confirm_order(naive: Naive, asked: ask.ConfirmOrder, at: datetime) -> int:  # noqa: C901
    hold = hold_of(naive, asked.hold)
    if hold.channel == "order" and hold.id != asked.order:
        raise No("not_pending", "order_exists", "hold_sold", "hold_gone", "needs_approval")
    if hold.state == "sold":
        if hold.order == asked.order:
            return total([one for one in naive.tickets if one.order == asked.order])
        raise No("hold_sold", "order_exists")
    if hold.state == "declined":
        raise No("hold_gone", "not_pending")
    why = set()
    if hold.approval:
        why |= {"needs_approval", "not_pending"}
    if asked.amount.minor != total(hold.ones):
        why.add("wrong_amount")
    if any(one.order == asked.order for one in naive.tickets):
        why.add("order_exists")
    if hold.state == "living":
        if why:
            raise No(*why)
        naive.end(hold, "sold", at)
    else:
        if why:
            raise No(*why, "hold_gone", "person_limit")
        take_late(naive, hold, at)
        hold.state = "sold"
    hold.order = asked.order
    sell(naive, asked.order, hold.ones, asked.subject or hold.subject)
    return total(hold.ones)


def take_late(naive: Naive, hold: Hold, at: datetime) -> None:
    """Money that came too late takes what is free, and uses a voucher if it may be used."""
    for one in hold.ones:
        one.reserve, one.kept = None, {}
    if naive.over_person(hold.ones, hold.subject):
        raise No("person_limit", "hold_gone")
    for code in {one.voucher for one in hold.ones if one.voucher}:
        of = naive.vouchers[code]
        mine = [one for one in hold.ones if one.voucher == code]
        used = naive.used(code)
        spent = sum(one.discount for one in [*used, *mine])
        over = of.uses is not None and len(used) + len(mine) > of.uses
        over |= of.budget is not None and spent > of.budget.minor
        per = sum(one.subject == hold.subject for one in used) + len(mine)
        over |= of.per_person is not None and per > of.per_person
        for one in mine if of.keeps and of.active and code not in naive.lapsed else ():
            one.reserve, one.kept = f"voucher/{code}", dict(one.type.draws)
        if over:  # that it is over by now is no matter: its price was promised in time
            raise No("hold_gone", "voucher_used_up")
    try:
        naive.take_room(hold.ones)
    except No:
        raise No("hold_gone") from None
    _ = at


def sell_tickets(naive: Naive, asked: ask.SellTickets, at: datetime) -> int:
    if any(one.order == asked.order for one in naive.tickets):
        raise No("order_exists")
    try:
        ones = naive.cart(asked, at)
    except No as no:
        raise No(*no.why, "wrong_amount") from None
    if total(ones) != asked.amount.minor:
        raise No("wrong_amount")
    sell(naive, asked.order, ones, asked.subject)
    return total(ones)


def give_tickets(naive: Naive, asked: ask.GiveTickets, _at: datetime) -> int:
    if any(one.order == asked.order for one in naive.tickets):
        raise No("order_exists")
    if unknown := [line for line in asked.lines if line.ticket_type not in naive.types]:
        raise No("unknown_ticket_type", *(line.ticket_type for line in unknown))
    types = [naive.types[line.ticket_type] for line in asked.lines for _ in range(line.quantity)]
    if any(of.bundle for of in types):
        raise No("not_a_part")
    ones = [One(of, 0, subject=asked.subject) for of in types]
    if asked.allotment is not None and (why := naive.from_allotment(asked.allotment, ones)):
        raise No(*why)
    naive.take_room(ones)
    sell(naive, asked.order, ones, asked.subject)
    return 0


def place_order(naive: Naive, asked: ask.PlaceOrder, at: datetime) -> int:
    if any(hold.id == asked.order for hold in naive.holds):
        raise No("order_exists", "hold_exists")
    if at >= naive.starts:
        raise No("sale_ended", "unknown_ticket_type", "sold_out", "unknown_code", "order_limit")
    ones = naive.cart(asked, at, approving=True)
    approval = any(one.type.approval for one in ones)
    until = min(asked.pay_until or at + WEEK, naive.starts)
    until = naive.starts if approval else until
    hold = Hold(asked.order, ones, until, "order", asked.subject, asked, approval=approval)
    naive.holds.append(hold)
    return total(ones)


def placed(naive: Naive, order: str) -> Hold:
    found = [hold for hold in naive.holds if hold.id == order and hold.channel == "order"]
    if not found:
        raise No("unknown_order")
    return found[0]


def approve_order(naive: Naive, asked: ask.ApproveOrder, at: datetime) -> int:
    hold = placed(naive, asked.order)
    if hold.state == "sold" or (hold.state == "living" and not hold.approval):
        return total(hold.ones)  # they may have it already
    if hold.state != "living":
        raise No("not_pending", "hold_gone")
    hold.approval, hold.until = False, min(asked.pay_until or at + WEEK, naive.starts)
    if not total(hold.ones):
        naive.end(hold, "sold", at)
        hold.order = asked.order
        sell(naive, asked.order, hold.ones, hold.subject)
    return total(hold.ones)


def decline_order(naive: Naive, asked: ask.DeclineOrder, at: datetime) -> None:
    hold = placed(naive, asked.order)
    if hold.state == "declined":
        return
    if hold.state != "living":
        raise No("not_pending", "hold_gone")
    naive.end(hold, "declined", at)


def change(naive: Naive, asked: ask.ChangeBoxOffice, _at: datetime) -> None:
    naive.pools.update(asked.pools)


def set_policy(naive: Naive, asked: ask.SetRefundPolicy, _at: datetime) -> None:
    naive.policies[asked.policy] = asked


DO: Final[dict[type, Callable[[Naive, Any, datetime], int | None]]] = {
    ask.HoldTickets: hold_tickets,
    ask.ExtendHold: extend_hold,
    ask.ReleaseHold: release_hold,
    ask.CatchUp: lambda naive, asked, at: None,  # what time does is always done
    ask.ConfirmOrder: confirm_order,
    ask.SellTickets: sell_tickets,
    ask.GiveTickets: give_tickets,
    ask.PlaceOrder: place_order,
    ask.ApproveOrder: approve_order,
    ask.DeclineOrder: decline_order,
    ask.CancelOrder: cancel_order,
    ask.RefundTickets: refund_tickets,
    ask.SetVoucher: set_voucher,
    ask.SetAllotment: set_allotment,
    ask.ReleaseAllotment: release_allotment,
    ask.JoinWaitingList: join,
    ask.LeaveWaitingList: leave,
    ask.ChangeBoxOffice: change,
    ask.SetRefundPolicy: set_policy,
}
