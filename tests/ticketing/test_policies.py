"""What a guest may have back: by the terms of the day of purchase, exact in sum, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from roadcase.money import Money
from services.ticketing.commands import CancelOrder, RefundTickets, SetRefundPolicy
from services.ticketing.domain.guest_refusals import RefundChanged
from services.ticketing.domain.policies import given_back
from services.ticketing.domain.refusals import NotRefundable, RefundTooHigh
from services.ticketing.events import RefundPolicySet, RefundStep
from tests.ticketing.night import (
    MS,
    NIGHT,
    NOON,
    after,
    become,
    facts,
    history,
    names,
    opening,
    selling,
    ticket_type,
)

STARTS = datetime(2026, 6, 5, 18, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
STEPS: list[dict[str, Any]] = [
    {"hours": 48},
    {"hours": 24, "permille": 125},
    {"hours": 2, "fixed": "3.00 EUR"},
]
FEE = {"fixed": "0.50 EUR"}
OPENING = opening(ticket_type(price="4.44 EUR", policy="fair"), pools={"hall": 9})


def setting(**terms: Any) -> SetRefundPolicy:
    return SetRefundPolicy(occurrence=NIGHT, **{"policy": "fair", "steps": STEPS, **terms})


def refunding(*tickets: str, reference: str = "back-1", **more: Any) -> RefundTickets:
    return RefundTickets(
        occurrence=NIGHT,
        order="o1",
        tickets=tickets or None,
        reason="asked",
        refund_reference=reference,
        **more,
    )


THREE = selling("o1", ("standard", 3), amount="13.32 EUR")
SOLD = (OPENING, setting(), THREE)


def back(spec) -> list[int]:
    return [event.amount.minor for event in become(spec)]


@pytest.mark.parametrize(
    ("at", "amounts"),
    [
        (STARTS - 48 * HOUR, [444, 444, 444]),
        (STARTS - 48 * HOUR + MS, [389, 388, 388]),  # 13.32 less 1.67, rounded once
        (STARTS - 24 * HOUR, [389, 388, 388]),
        (STARTS - 24 * HOUR + MS, [144, 144, 144]),
        (STARTS - 2 * HOUR, [144, 144, 144]),
    ],
)
def test_what_is_kept_depends_on_how_late_it_is(at, amounts):
    assert back(after(*SOLD).when(refunding(by_policy=True), at)) == amounts


def test_after_the_last_step_nothing_comes_back_and_without_a_policy_neither():
    late = after(*SOLD).when(refunding(by_policy=True), STARTS - 2 * HOUR + MS)
    late.then_refused(NotRefundable)
    none = after(opening(), selling("o1")).when(refunding(by_policy=True))
    none.then_refused(NotRefundable)


def test_the_policy_of_the_day_of_purchase_holds_though_it_was_changed():
    strict = setting(steps=[{"hours": 0, "permille": 1000}])
    then = after(*SOLD, strict, selling("o2", amount="4.44 EUR"))
    assert back(then.when(refunding(by_policy=True))) == [444, 444, 444]
    other = refunding(by_policy=True).model_copy(update={"order": "o2"})
    assert back(then.when(other)) == [0]
    assert [event.policy for event in history(*SOLD)[-3:]] == ["fair@1"] * 3


def test_a_policy_is_set_once_as_it_is_and_each_change_is_a_version():
    after(*SOLD).when(setting()).then_nothing()
    (second,) = become(after(*SOLD).when(setting(fees=True)))
    assert (second.policy, second.version) == ("fair", 2)


@pytest.mark.parametrize(("fees", "amount"), [(False, 444), (True, 494)])
def test_fees_come_back_if_the_policy_says_so(fees, amount):
    fee = opening(ticket_type(price="4.44 EUR", policy="fair", fee=FEE))
    sold = (fee, setting(fees=fees), selling("o1", amount="4.94 EUR"))
    assert back(after(*sold).when(refunding(by_policy=True))) == [amount]


def test_what_was_quoted_is_given_or_it_is_refused():
    exact = refunding(by_policy=True, amount="13.32 EUR")
    assert sum(back(after(*SOLD).when(exact))) == 1332
    after(*SOLD).when(exact, STARTS - 24 * HOUR).then_refused(RefundChanged)


def test_two_refunds_of_all_are_one_and_a_cancelled_ticket_is_not_the_guests_to_refund():
    once = refunding(by_policy=True)
    after(*SOLD, once).when(refunding(reference="back-2", by_policy=True)).then_nothing()
    cancelled = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="ill")
    assert len(become(after(*SOLD, cancelled).when(once))) == 2


# What an organiser gives back


def test_an_organiser_gives_any_amount_back_and_never_more_than_was_paid():
    some = refunding(amount="5.00 EUR")
    assert sorted(back(after(*SOLD).when(some))) == [166, 167, 167]
    rest = after(*SOLD, some).when(refunding(amount="8.33 EUR", reference="back-2"))
    assert facts(rest, RefundTooHigh) == {"amount": "8.33 EUR", "left": "8.32 EUR"}
    all_of_it = refunding(amount="8.32 EUR", reference="back-2")
    spec = after(*SOLD, some, all_of_it)
    assert sum(event.amount.minor for event in spec.history[-6:]) == 1332
    yen = refunding(amount="5 JPY", reference="back-3")
    spec.when(yen).then_refused(RefundTooHigh)


def test_an_amount_goes_back_once_under_one_reference():
    some = refunding(amount="5.00 EUR")
    after(*SOLD, some).when(some).then_nothing()
    assert names(become(after(*SOLD, some).when(refunding(amount="1.00 EUR", reference="b2"))))


def test_units_are_free_once_though_money_goes_back_twice():
    events = history(
        *SOLD, refunding(amount="5.00 EUR"), refunding(amount="1.00 EUR", reference="b2")
    )
    assert [bool(event.draws) for event in events[-6:]] == [True] * 3 + [False] * 3


@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=6),
    st.integers(0, 1000),
    st.integers(0, 800),
)
def test_the_parts_add_up_to_what_is_given_back_and_none_is_more_than_was_paid(
    prices, permille, fixed
):
    step = RefundStep(hours=1, permille=permille, fixed=Money(fixed, "EUR"))
    policy = RefundPolicySet(occurrence=NIGHT, policy="p", version=1, steps=(step,))
    paid = [(Money(price, "EUR"), None) for price in prices]
    parts = given_back(policy, paid, STARTS, NOON)
    whole = sum(prices)
    kept = fixed * len(prices) + (whole * permille + 500) // 1000
    assert sum(part.minor for part in parts) == max(0, whole - kept)
    assert all(0 <= part.minor <= price for part, price in zip(parts, prices, strict=True))


@pytest.mark.parametrize("steps", [[{"hours": 2}, {"hours": 24}], [{"hours": 2}, {"hours": 2}]])
def test_steps_are_in_order(steps):
    with pytest.raises(ValidationError):
        setting(steps=steps)
