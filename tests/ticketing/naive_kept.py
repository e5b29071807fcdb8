"""What is kept aside, and who waits, by the naive model."""

from __future__ import annotations

from datetime import datetime

from services.ticketing import commands as ask
from tests.ticketing.naive import Allotment, Naive, Wait
from tests.ticketing.naive_cart import No, One, is_open


def set_voucher(naive: Naive, asked: ask.SetVoucher, at: datetime) -> None:
    if [id_ for id_ in asked.ticket_types if id_ not in naive.types]:
        raise No("unknown_ticket_type")
    naive.vouchers[asked.voucher] = asked
    naive.lapsed.discard(asked.voucher)
    if asked.valid_until is not None and asked.valid_until <= at:
        naive.lapsed.add(asked.voucher)
    for pool in naive.kept_by_voucher(asked.voucher):
        if naive.free(pool) - naive.waited(pool) < 0:
            raise No("sold_out")


def set_allotment(naive: Naive, asked: ask.SetAllotment, at: datetime) -> None:
    if asked.pool not in naive.pools:
        raise No("unknown_pool")
    before = naive.allotments.get(asked.allotment)
    more = asked.units - (before.left if before else 0)
    if more > 0 and more > naive.room(asked.pool):
        raise No("sold_out")
    naive.allotments[asked.allotment] = Allotment(asked, asked.units)
    _ = at


def release_allotment(naive: Naive, asked: ask.ReleaseAllotment, _at: datetime) -> None:
    if asked.allotment not in naive.allotments:
        raise No("unknown_allotment")
    allotment = naive.allotments[asked.allotment]
    if asked.units is None:
        allotment.left, allotment.closed = 0, True
    elif asked.units > allotment.left:
        raise No("allotment_empty")
    else:
        allotment.left -= asked.units


def join(naive: Naive, asked: ask.JoinWaitingList, at: datetime) -> None:
    if any(wait.id == asked.entry for wait in naive.waits):
        raise No("already_waiting")
    types = [naive.types[id_] for id_ in asked.ticket_types]
    wait = Wait(asked.entry, asked.ticket_types, asked.quantity, asked.priority, asked.subject)
    why = set()
    if at >= naive.starts:
        why.add("sale_ended")
    for other in naive.waits:
        if other.subject == asked.subject and other.state == "waiting":
            why |= {"already_waiting"} if set(other.types) & set(wait.types) else set()
    if any(naive.over_person([One(of, 0)] * wait.quantity, wait.subject) for of in types):
        why.add("person_limit")
    each = [naive.needs(wait, of.id) for of in types]
    if any(any(n > naive.pools[pool] for pool, n in needs.items()) for needs in each):
        why.add("never_enough")
    if any(
        all(n <= naive.room(pool) for pool, n in needs.items()) and is_open(of, at, set(), False)
        for of, needs in zip(types, each, strict=True)
    ):
        why.add("still_on_sale")
    if why:
        raise No(*why)
    naive.waits.append(wait)


def leave(naive: Naive, asked: ask.LeaveWaitingList, at: datetime) -> None:
    wait = next((each for each in naive.waits if each.id == asked.entry), None)
    if wait is None:
        raise No("unknown_entry")
    if wait.state == "waiting":
        wait.state, wait.kept = "left", {}
    for hold in naive.living():
        if hold.entry == wait.id:
            naive.end(hold, "released", at)
