"""Orders that are not paid yet: approved or declined, paid in time or not, reminded once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from roadcase.money import Money
from services.ticketing.commands import ApproveOrder, CatchUp, DeclineOrder, PlaceOrder
from services.ticketing.domain.refusals import (
    HoldGone,
    NeedsApproval,
    NotPending,
    OrderExists,
    PersonLimit,
    SaleEnded,
    SoldOut,
    UnknownOrder,
    WrongAmount,
)
from services.ticketing.projections.pending import PlacedOrders
from tests.ticketing.night import (
    MS,
    NIGHT,
    SEED,
    after,
    become,
    confirming,
    history,
    holding,
    lines,
    names,
    opening,
    selling,
    table,
    ticket_type,
)

STARTS = datetime(2026, 6, 5, 18, 30, tzinfo=UTC)
EARLY = STARTS - timedelta(days=30)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TYPES = (
    ticket_type(per_person_max=3),
    ticket_type("crew", "0.00 EUR", approval=True),
    ticket_type("member", "5.00 EUR", approval=True),
)
OPENING = (opening(*TYPES, pools={"hall": 3}), EARLY)


def placing(order: str = "p1", *wanted: tuple[str, int], **more: Any) -> PlaceOrder:
    terms = {"subject": "ana", "contact": b"sealed", **more}
    return PlaceOrder(
        occurrence=NIGHT, order=order, lines=lines(*(wanted or (("standard", 1),))), **terms
    )


def approving(order: str = "p1", **more: Any) -> ApproveOrder:
    return ApproveOrder(occurrence=NIGHT, order=order, code_seed=SEED, **more)


def declining(order: str = "p1") -> DeclineOrder:
    return DeclineOrder(occurrence=NIGHT, order=order, reason="full of friends")


def paying(order: str = "p1", amount: str = "12.00 EUR", **more: Any):
    return confirming(order, order, amount, **more)


CATCH_UP = CatchUp(occurrence=NIGHT)


def test_an_order_keeps_its_tickets_until_it_is_paid_and_is_paid_once():
    spec = after(OPENING).when(placing(), EARLY)
    held, placed = become(spec)
    assert (held.hold, held.channel, held.until) == ("p1", "order", EARLY + 7 * DAY)
    assert (placed.total, placed.until, placed.approval) == (Money(1200, "EUR"), held.until, False)
    waits = (OPENING, (placing("p1", ("standard", 3)), EARLY))
    after(*waits).when(selling("o1", subject="bob"), EARLY + 6 * DAY).then_refused(SoldOut)
    paid = become(after(*waits).when(paying(amount="36.00 EUR"), EARLY + 7 * DAY - MS))
    assert names(paid) == ["HoldEnded", *["TicketSold"] * 3]
    assert (paid[1].contact, paid[1].channel) == (b"sealed", "order")
    again = after(*waits, (paying(amount="36.00 EUR"), EARLY + DAY))
    again.when(paying(amount="36.00 EUR"), EARLY + DAY).then_nothing()
    again.when(placing("p1", ("standard", 3)), EARLY + DAY).then_nothing()


def test_an_order_that_is_not_paid_in_time_is_over_and_late_money_takes_what_is_free():
    waits = (OPENING, (placing(), EARLY))
    over = become(after(*waits).when(CATCH_UP, EARLY + 7 * DAY))
    assert [event.why for event in over if hasattr(event, "why")] == ["expired"]
    late = after(*waits, (CATCH_UP, EARLY + 7 * DAY)).when(paying(), EARLY + 8 * DAY)
    assert [event.late for event in become(late)] == [True]
    full = (selling("o1", ("standard", 3), amount="36.00 EUR", subject="bob"), EARLY + 8 * DAY)
    gone = after(*waits, (CATCH_UP, EARLY + 7 * DAY), full)
    gone.when(paying(), EARLY + 8 * DAY).then_refused(HoldGone)


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        (EARLY + DAY, EARLY + DAY),
        (STARTS + DAY, STARTS),
        (None, EARLY + 7 * DAY),
    ],
)
def test_it_is_paid_until_when_the_organiser_says_and_never_past_the_start(asked, until):
    assert become(after(OPENING).when(placing(pay_until=asked), EARLY))[0].until == until
    past = placing(pay_until=EARLY)
    after(OPENING).when(past, EARLY).then_refused(SaleEnded)
    after(OPENING).when(placing(), STARTS).then_refused(SaleEnded)


def test_limits_hold_for_orders_too():
    two = (placing("p1", ("standard", 2)), EARLY)
    spec = after(OPENING, two)
    spec.when(placing("p2", ("standard", 2)), EARLY).then_refused(PersonLimit)
    spec.when(placing("p1", subject="bob"), EARLY).then_refused(OrderExists)
    cart = after(OPENING, (holding("p1"), EARLY), (selling("o1"), EARLY))
    cart.when(placing("p1"), EARLY).then_refused(OrderExists)
    cart.when(placing("o1"), EARLY).then_refused(OrderExists)


# Approval


@pytest.mark.parametrize("command", [holding("h1", ("member", 1)), selling("o1", ("member", 1))])
def test_what_needs_approval_is_not_sold_without(command):
    after(OPENING).when(command, EARLY).then_refused(NeedsApproval)


def test_what_waits_for_approval_keeps_its_seat_and_is_not_paid_before():
    waits = (OPENING, (placing("p1", ("member", 3)), EARLY))
    assert become(after(*waits[:1]).when(waits[1][0], EARLY))[0].until == STARTS
    after(*waits).when(selling("o1", subject="bob"), EARLY + 20 * DAY).then_refused(SoldOut)
    early = paying(amount="15.00 EUR")
    after(*waits).when(early, EARLY).then_refused(NotPending)
    yes = (approving(), EARLY + DAY)
    (approved,) = become(after(*waits).when(*yes))
    assert approved.until == EARLY + 8 * DAY
    paid = become(after(*waits, yes).when(early, EARLY + 8 * DAY - MS))
    assert names(paid)[1:] == ["TicketSold"] * 3
    over = become(after(*waits, yes).when(CATCH_UP, EARLY + 8 * DAY))
    assert "HoldEnded" in names(over)


def test_what_costs_nothing_is_theirs_when_it_is_approved():
    waits = (OPENING, (placing("p1", ("crew", 2)), EARLY))
    events = become(after(*waits).when(approving(), EARLY))
    assert names(events) == ["OrderApproved", "HoldEnded", "TicketSold", "TicketSold"]
    assert events[2].contact == b"sealed"
    after(*waits, (approving(), EARLY)).when(approving(), EARLY).then_nothing()


def test_what_is_declined_is_free_and_stays_declined():
    waits = (OPENING, (placing("p1", ("member", 3)), EARLY))
    assert names(become(after(*waits).when(declining(), EARLY))) == ["HoldEnded", "OrderDeclined"]
    no = after(*waits, (declining(), EARLY))
    no.when(declining(), EARLY).then_nothing()
    no.when(approving(), EARLY).then_refused(HoldGone)
    assert len(become(no.when(selling("o1", subject="bob"), EARLY))) == 1
    after(OPENING).when(approving("p9"), EARLY).then_refused(UnknownOrder)
    sold = after(OPENING, (selling("o1"), EARLY))
    sold.when(declining("o1"), EARLY).then_refused(NotPending)


def test_money_for_what_was_declined_or_never_approved_buys_nothing():
    waits = (OPENING, (placing("p1", ("member", 1)), EARLY))
    no = after(*waits, (declining(), EARLY))
    no.when(paying(amount="5.00 EUR"), EARLY).then_refused(NotPending)
    for more in ((), ((CATCH_UP, STARTS),)):
        late = after(*waits, *more)
        late.when(paying(amount="5.00 EUR"), STARTS).then_refused(NotPending)
    over = after(OPENING, (placing(), EARLY), (CATCH_UP, EARLY + 7 * DAY))
    over.when(confirming("o9", "p1"), EARLY + 7 * DAY).then_refused(NotPending)
    assert names(become(over.when(paying(), EARLY + 7 * DAY))) == ["TicketSold"]


def test_an_order_is_paid_under_its_own_name_and_for_its_own_total():
    waits = after(OPENING, (placing(), EARLY))
    waits.when(confirming("o9", "p1"), EARLY).then_refused(NotPending)
    waits.when(paying(amount="11.00 EUR"), EARLY).then_refused(WrongAmount)


# Reminders


def test_who_has_not_paid_is_reminded_once_two_days_before():
    waits = (OPENING, (placing(), EARLY))
    when = EARLY + 5 * DAY
    assert become(after(*waits).when(CATCH_UP, when - MS)) == ()
    (reminded,) = become(after(*waits).when(CATCH_UP, when))
    assert (reminded.contact, reminded.until) == (b"sealed", EARLY + 7 * DAY)
    again = after(*waits, (CATCH_UP, when))
    assert become(again.when(CATCH_UP, when + HOUR)) == ()
    paid = after(*waits, (paying(), EARLY))
    assert become(paid.when(CATCH_UP, when)) == ()


def test_nobody_is_reminded_of_what_they_have_just_ordered():
    (_, placed) = become(after(OPENING).when(placing(pay_until=EARLY + 2 * DAY), EARLY))
    assert placed.remind_at is None


def test_what_became_of_each_order_is_shown():
    events = history(
        OPENING,
        (placing("p1"), EARLY),
        (placing("p2", ("member", 1)), EARLY),
        (paying("p1"), EARLY),
        (declining("p2"), EARLY),
        (placing("p3", ("member", 1)), EARLY),
    )
    states = {key[1]: row["state"] for key, row in table(PlacedOrders(), events).items()}
    assert states == {"p1": "paid", "p2": "declined", "p3": "requested"}
