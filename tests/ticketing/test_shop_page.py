"""What the shop shows before anything is bought: prices with a voucher, and a plan of seats."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roadcase.money import Money
from services.ticketing.commands import SetVoucher
from services.ticketing.domain.refusals import VoucherUsedUp, WrongCurrency
from services.ticketing.domain.terms import total_of
from services.ticketing.events import TicketsHeld, VoucherSet
from services.ticketing.guest.seat_plan import seats_asked
from services.ticketing.guest.seen import OTHER, Seen
from services.ticketing.projections.availability import Availability
from tests.ticketing.night import (
    NIGHT,
    NOON,
    after,
    become,
    facts,
    history,
    holding,
    opening,
    table,
    ticket_type,
)

LEVELS = [{"id": "early", "price": "9.99 EUR", "quantity": 2}]
STANDARD = ticket_type(levels=LEVELS, fee={"fixed": "0.50 EUR", "permille": 33})
CHILD = ticket_type("child", "5.00 EUR", fee={"permille": 125, "borne_by": "organiser"})
GIFT = ticket_type("gift", "20.00 EUR", lowest="5.00 EUR")
FAMILY = {**ticket_type("family", "27.77 EUR"), "draws": {}, "bundle": {"standard": 2, "child": 1}}
OPENING = opening(STANDARD, CHILD, GIFT, FAMILY, pools={"hall": 100})
EFFECTS: Any = st.one_of(
    st.builds(lambda n: {"effect": "percent", "permille": n}, st.integers(1, 1000)),
    st.builds(
        lambda effect, n: {"effect": effect, "amount": {"minor": n, "currency": "EUR"}},
        st.sampled_from(["set", "subtract"]),
        st.integers(0, 3000),
    ),
    st.just({"effect": "none"}),
)


def seen(*asked: Any, **more: Any) -> Seen:
    """The night as who has the voucher sees it, if there is one."""
    events = history(OPENING, *asked)
    vouchers = [each for each in events if isinstance(each, VoucherSet)]
    night = table(Availability(), events)[NIGHT]
    voucher = vouchers[-1] if vouchers else None
    known = {} if voucher is None else {"code": "V", "voucher": voucher}
    uses = {"uses": voucher.uses} if voucher and voucher.uses else {}
    return Seen(night, NOON, **{**known, **uses, **more})


@given(
    EFFECTS,
    st.sampled_from(["standard", "child", "family"]),
    st.integers(1, 10),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 5000),
)
@example({"effect": "percent", "permille": 125}, "family", 3, 4, 900)
def test_what_is_shown_with_a_voucher_is_what_the_box_office_asks(
    effect, kind, quantity, uses, budget
):
    if effect["effect"] == "none":
        budget = None
    money = {"budget": {"minor": budget, "currency": "EUR"}} if budget else {}
    voucher = SetVoucher(occurrence=NIGHT, voucher="V", uses=uses, **effect, **money)
    (held,) = [
        each
        for each in become(
            after(OPENING, voucher).when(holding("h", (kind, quantity), codes=["v"]))
        )
        if isinstance(each, TicketsHeld)
    ]
    shown = seen(voucher)
    assert shown.total(kind, quantity, None) == total_of(held.lines)
    one = become(after(OPENING, voucher).when(holding("h", (kind, 1), codes=["v"])))
    assert shown.costs(kind, 1)[0].total == total_of(one[-1].lines)


def test_a_voucher_is_not_for_what_its_buyer_says_the_price_of_nor_for_other_money():
    half = SetVoucher(occurrence=NIGHT, voucher="V", effect="percent", permille=500)
    shown = seen(half)
    assert shown.why_not("gift") == OTHER
    assert shown.total("gift", 2, Money(700, "EUR")) == Money(1400, "EUR")
    yen = SetVoucher(occurrence=NIGHT, voucher="V", effect="subtract", amount="5 JPY")
    assert seen(yen).why_not("standard") == OTHER
    facts(after(OPENING, yen).when(holding("h", codes=["v"])), WrongCurrency)


def test_what_is_used_up_is_refused_by_the_box_office_whatever_was_shown():
    once = SetVoucher(occurrence=NIGHT, voucher="V", effect="percent", permille=500, uses=1)
    used = holding("h", ("child", 1), codes=["v"])
    assert seen(once, used).total("child", 1, None) == Money(250, "EUR")
    facts(after(OPENING, once, used).when(holding("h2", ("child", 1), codes=["v"])), VoucherUsedUp)


def plan(rows: list[dict[str, Any]], focus: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    """As `queries.seats` has it."""
    for row in rows:
        for seat in row["seats"]:
            usual = {"kind": "plain", "rank": 0, "gap": False, "state": "free"}
            seat.update(usual | seat | {"seat": f"{row['name']}-{seat['name']}"})
    return {"areas": [{"name": "", "rows": rows}], "focus": list(focus)}


def drawn(of: dict[str, Any], **typed: str) -> str:
    return seats_asked(seen(plans={"hall": of}), typed)


def test_rows_stand_where_they_stand_and_aisles_are_a_seat_wide():
    rows = [
        {"name": "A", "seats": [{"name": "1"}, {"name": "2", "gap": True}]},
        {"name": "B", "seats": [{"name": "1"}]},
        {"name": "C", "x": 3, "seats": [{"name": "1"}]},
    ]
    found = re.findall('role="group".*?</div>', drawn(plan(rows)), re.DOTALL)
    spaces = [[text.count("<i></i>") for text in row.split("<input")[:-1]] for row in found]
    assert spaces == [[0, 2], [2], [8]]


@pytest.mark.parametrize(("focus", "first"), [((0, 0), True), ((0, 2), False)])
def test_the_side_of_the_stage_is_named_where_it_is(focus, first):
    rows = [{"name": name, "seats": [{"name": "1"}]} for name in "AB"]
    text = drawn(plan(rows, focus))
    assert (text.index("stage or screen") < text.index('name="seat_hall"')) is first


def test_a_pick_stays_and_one_that_is_taken_does_not():
    rows = [{"name": "A", "seats": [{"name": "1"}, {"name": "2", "state": "held"}]}]
    text = drawn(plan(rows), seat_hall="A-1\nA-2")
    assert text.count(" checked") == 1
    lost = seats_asked(seen(plans={"hall": plan(rows)}), {"seat_hall": "A-1"}, ("A-1",))
    assert 'value="A-1" aria-label="Row A, seat 1, taken"  disabled' in lost
    assert 'value="A-2" aria-label="Row A, seat 2, taken"  disabled' in text
