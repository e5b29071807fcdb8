"""Vouchers: what they take off, how often, until when, and what they keep for their holders."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from roadcase.money import Money
from services.ticketing.commands import CancelOrder, CatchUp, RefundTickets, ReleaseHold, SetVoucher
from services.ticketing.domain.refusals import (
    NotInOrder,
    OneVoucher,
    PersonUnknown,
    SoldOut,
    UnknownCode,
    UnknownTicketType,
    VoucherExpired,
    VoucherNeedsMore,
    VoucherUsedUp,
    WrongCurrency,
)
from services.ticketing.domain.terms import total_of
from services.ticketing.events import TicketsHeld
from tests.ticketing.night import (
    MINUTE,
    MS,
    NIGHT,
    NOON,
    after,
    become,
    changing,
    confirming,
    facts,
    history,
    holding,
    names,
    opening,
    selling,
    ticket_type,
)

OPENING = opening(ticket_type(), ticket_type("child", "5.00 EUR"), pools={"hall": 10})
FIVE_OFF: dict[str, Any] = {"effect": "subtract", "amount": "5.00 EUR"}
CODE = {"codes": ["summer"]}


def setting(voucher: str = "summer", **terms: Any) -> SetVoucher:
    return SetVoucher(occurrence=NIGHT, voucher=voucher, **terms)


def night(*more: Any, **terms: Any):
    return after(OPENING, setting(**terms), *more)


def held(spec) -> list[tuple[int, int, str | None]]:
    """Quantity, price and voucher of each line."""
    (event,) = [each for each in become(spec) if isinstance(each, TicketsHeld)]
    return [(line.quantity, line.price.minor, line.voucher) for line in event.lines]


@pytest.mark.parametrize(
    ("terms", "price"),
    [
        ({"effect": "set", "amount": "3.00 EUR"}, 300),
        ({"effect": "set", "amount": "13.00 EUR"}, None),
        (FIVE_OFF, 700),
        ({"effect": "subtract", "amount": "99.00 EUR"}, 0),
        ({"effect": "percent", "permille": 125}, 1050),
        ({"effect": "percent", "permille": 1000}, 0),
        ({"effect": "none"}, 1200),
    ],
    ids=str,
)
def test_what_a_voucher_takes_off_and_a_price_neither_rises_nor_falls_below_nothing(terms, price):
    lines = held(night(**terms).when(holding("h1", **CODE)))
    assert lines == ([(1, price, "SUMMER")] if price is not None else [(1, 1200, None)])


def test_half_a_cent_is_rounded_up():
    spec = after(opening(ticket_type(price="0.05 EUR")), setting(effect="percent", permille=500))
    assert held(spec.when(holding("h1", **CODE))) == [(1, 2, "SUMMER")]


def test_what_is_charged_is_what_it_costs_with_the_voucher_and_the_ticket_says_so():
    spec = night(**FIVE_OFF)
    (sold,) = become(spec.when(selling("o1", amount="7.00 EUR", **CODE)))
    assert (sold.price, sold.listed, sold.discount) == (
        Money(700, "EUR"),
        Money(1200, "EUR"),
        Money(500, "EUR"),
    )


def test_an_order_with_more_tickets_than_uses_pays_the_rest_in_full():
    spec = night(uses=2, **FIVE_OFF)
    assert held(spec.when(holding("h1", ("standard", 3), **CODE))) == [
        (2, 700, "SUMMER"),
        (1, 1200, None),
    ]


def test_a_voucher_is_used_up_by_what_is_held_and_comes_back_with_it():
    first = holding("h1", ("standard", 2), **CODE)
    spec = night((first, NOON), uses=2, **FIVE_OFF)
    spec.when(holding("h2", **CODE), NOON).then_refused(VoucherUsedUp)
    assert held(spec.when(holding("h2", **CODE), NOON + 10 * MINUTE)) == [(1, 700, "SUMMER")]
    released = night(first, ReleaseHold(occurrence=NIGHT, hold="h1"), uses=2, **FIVE_OFF)
    assert held(released.when(holding("h2", **CODE))) == [(1, 700, "SUMMER")]
    sold = night(first, confirming("o1", "h1", "14.00 EUR"), uses=2, **FIVE_OFF)
    sold.when(holding("h2", **CODE)).then_refused(VoucherUsedUp)


@pytest.mark.parametrize("returns", [True, False])
def test_a_void_ticket_gives_its_use_back_if_the_voucher_says_so(returns):
    sale = selling("o1", amount="7.00 EUR", **CODE)
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")
    twice = RefundTickets(occurrence=NIGHT, order="o1", reason="ill", refund_reference="back")
    spec = night(sale, void, twice, uses=1, returns=returns, **FIVE_OFF)
    again = spec.when(holding("h1", **CODE))
    if returns:
        assert held(again) == [(1, 700, "SUMMER")]
    else:
        again.then_refused(VoucherUsedUp)


def test_the_last_of_a_budget_goes_to_the_last_ticket():
    spec = night(budget="10.00 EUR", effect="subtract", amount="7.00 EUR")
    assert held(spec.when(holding("h1", ("standard", 3), **CODE))) == [
        (1, 500, "SUMMER"),
        (1, 900, "SUMMER"),
        (1, 1200, None),
    ]
    spent = night(
        selling("o1", ("standard", 2), amount="14.00 EUR", **CODE),
        budget="10.00 EUR",
        effect="subtract",
        amount="7.00 EUR",
    )
    spent.when(holding("h1", **CODE)).then_refused(VoucherUsedUp)


def test_it_is_for_its_types_and_for_enough_of_them():
    spec = night(ticket_types=["child"], least=2, **FIVE_OFF)
    spec.when(holding("h1", ("standard", 2), **CODE)).then_refused(NotInOrder)
    one = spec.when(holding("h1", ("standard", 2), ("child", 1), **CODE))
    assert facts(one, VoucherNeedsMore) == {"voucher": "SUMMER", "tickets": 1, "lowest": 2}
    assert held(spec.when(holding("h1", ("standard", 1), ("child", 2), **CODE))) == [
        (1, 1200, None),
        (2, 0, "SUMMER"),
    ]


def test_one_person_may_use_it_so_often():
    spec = night(selling("o1", amount="7.00 EUR", **CODE), per_person=1, **FIVE_OFF)
    spec.when(holding("h1", **CODE)).then_refused(VoucherUsedUp)
    assert held(spec.when(holding("h1", subject="bob", **CODE))) == [(1, 700, "SUMMER")]
    spec.when(selling("o2", subject=None, amount="7.00 EUR", **CODE)).then_refused(PersonUnknown)
    spec.when(holding("h1", subject=None, **CODE)).then_refused(PersonUnknown)
    for_bob = night(
        selling("o1", amount="7.00 EUR", **CODE),
        holding("h1", subject="bob", **CODE),
        per_person=1,
        **FIVE_OFF,
    )
    mine = confirming("o2", "h1", "7.00 EUR", subject="ana")
    for_bob.when(mine).then_refused(VoucherUsedUp)
    assert names(become(for_bob.when(confirming("o2", "h1", "7.00 EUR"))))[-1] == "TicketSold"


@pytest.mark.parametrize(("at", "fine"), [(NOON - MS, True), (NOON, False)])
def test_it_ends_at_its_moment_but_a_cart_keeps_its_terms(at, fine):
    spec = night(valid_until=NOON, **FIVE_OFF)
    if fine:
        assert held(spec.when(holding("h1", **CODE), at)) == [(1, 700, "SUMMER")]
    else:
        spec.when(holding("h1", **CODE), at).then_refused(VoucherExpired)
    cart = night((holding("h1", **CODE), NOON - MS), valid_until=NOON, **FIVE_OFF)
    sold = become(cart.when(confirming("o1", "h1", "7.00 EUR"), NOON + MINUTE))
    assert names(sold) == ["HoldEnded", "TicketSold"]


def test_money_that_comes_too_late_uses_it_if_it_may_still_be_used():
    mine, other = holding("h1", **CODE), selling("o2", amount="7.00 EUR", subject="bob", **CODE)
    late = NOON + 11 * MINUTE
    free = night((mine, NOON), uses=1, **FIVE_OFF)
    sold = become(free.when(confirming("o1", "h1", "7.00 EUR"), late))
    assert names(sold) == ["HoldEnded", "TicketSold"]
    gone = night((mine, NOON), (other, late), uses=1, **FIVE_OFF)
    gone.when(confirming("o1", "h1", "7.00 EUR"), late).then_refused(VoucherUsedUp)


def test_codes_are_typed_in_any_case_and_unknown_ones_are_told():
    spec = night(**FIVE_OFF)
    assert held(spec.when(holding("h1", codes=["  SuMMer "])))[0][1] == 700
    spec.when(holding("h1", codes=["sumer"])).then_refused(UnknownCode)
    off = night(setting(**FIVE_OFF, active=False), **FIVE_OFF)
    off.when(holding("h1", **CODE)).then_refused(UnknownCode)
    two = night(setting("winter", **FIVE_OFF), **FIVE_OFF)
    two.when(holding("h1", codes=["summer", "winter"])).then_refused(OneVoucher)


@pytest.mark.parametrize(
    "typed",
    [
        "SUMM\u0415R",
        "\u017fummer",
        "\uff33\uff35\uff2d\uff2d\uff25\uff32",
        "summer\u200b",
        "SUM MER",
        "",
    ],
    ids=ascii,
)
def test_what_only_looks_like_a_code_is_one_that_nobody_knows(typed):
    spec = night(**FIVE_OFF)
    assert facts(spec.when(holding("h1", codes=[typed])), UnknownCode) == {"code": typed}
    with pytest.raises(ValidationError):
        setting(typed)


def test_it_is_of_one_currency_and_of_types_that_there_are():
    spec = night(effect="subtract", amount="500 JPY")
    spec.when(holding("h1", **CODE)).then_refused(WrongCurrency)
    after(OPENING).when(setting(ticket_types=["opera"])).then_refused(UnknownTicketType)


def test_set_as_it_is_nothing_happens_and_a_change_counts_what_was_used():
    spec = night(selling("o1", ("standard", 2), amount="14.00 EUR", **CODE), uses=5, **FIVE_OFF)
    spec.when(setting(uses=5, **FIVE_OFF)).then_nothing()
    fewer = night(
        selling("o1", ("standard", 2), amount="14.00 EUR", **CODE),
        setting(uses=1, **FIVE_OFF),
        uses=5,
        **FIVE_OFF,
    )
    fewer.when(holding("h1", **CODE)).then_refused(VoucherUsedUp)


def test_a_fee_is_of_what_is_paid_and_a_bundle_is_cheaper_for_its_parts():
    pair = {**ticket_type("pair", "20.00 EUR"), "draws": {}, "bundle": {"standard": 2}}
    fee = {"permille": 100}
    spec = after(
        opening(ticket_type(fee=fee), pair, pools={"hall": 9}),
        setting(ticket_types=["pair"], effect="percent", permille=500),
    )
    (event,) = become(spec.when(holding("h1", ("pair", 1), **CODE)))
    (line,) = event.lines
    assert (line.price.minor, line.fee.minor, line.listed.minor) == (500, 50, 1200)
    assert total_of(event.lines) == Money(1100, "EUR")


# What is kept for who has the code


KEEPS: dict[str, Any] = {"keeps": True, "uses": 3, "ticket_types": ["standard"]}


def test_what_a_voucher_keeps_nobody_else_can_have():
    spec = night(**KEEPS)
    assert facts(spec.when(holding("h1", ("standard", 8))), SoldOut)["left"] == 7
    seven = night(selling("o1", ("standard", 7), amount="84.00 EUR"), **KEEPS)
    seven.when(selling("o2")).then_refused(SoldOut)
    assert held(seven.when(holding("h1", ("standard", 3), **CODE))) == [(3, 1200, "SUMMER")]
    too_many = facts(seven.when(holding("h1", ("standard", 4), **CODE)), SoldOut)
    assert too_many["left"] == 3


def test_what_was_kept_is_kept_again_when_its_hold_ends_and_not_given_to_others():
    mine = (holding("h1", ("standard", 3), **CODE), NOON)
    full = (selling("o1", ("standard", 7), amount="84.00 EUR"), NOON)
    spec = night(full, mine, **KEEPS)
    dead = NOON + 10 * MINUTE
    spec.when(selling("o2"), dead).then_refused(SoldOut)
    after_all = night(full, mine, (CatchUp(occurrence=NIGHT), dead), **KEEPS)
    after_all.when(selling("o2"), dead).then_refused(SoldOut)
    assert held(after_all.when(holding("h2", **CODE), dead)) == [(1, 1200, "SUMMER")]


def test_what_is_kept_is_free_when_its_time_is_over_or_it_is_set_otherwise():
    spec = night(valid_until=NOON, **KEEPS)
    lapsed = become(spec.when(CatchUp(occurrence=NIGHT), NOON))
    assert names(lapsed) == ["VoucherLapsed"]
    after_all = night((CatchUp(occurrence=NIGHT), NOON), valid_until=NOON, **KEEPS)
    assert names(become(after_all.when(holding("h1", ("standard", 10)), NOON))) == ["TicketsHeld"]
    for change in ({**KEEPS, "keeps": False}, {**KEEPS, "active": False}):
        free = night(setting(**change), **KEEPS)
        assert names(become(free.when(holding("h1", ("standard", 10))))) == ["TicketsHeld"]


def test_what_a_dead_hold_gives_back_in_its_last_moment_is_free_too():
    over = NOON + 10 * MINUTE  # the hold, and the voucher
    mine = (holding("h1", ("standard", 3), **CODE), NOON)
    late = night(mine, (CatchUp(occurrence=NIGHT), over), valid_until=over, **KEEPS)
    assert names(become(late.when(holding("h2", ("standard", 10)), over))) == ["TicketsHeld"]


def test_a_smaller_hall_keeps_what_a_dead_hold_had_of_a_voucher():
    mine = (holding("h1", ("standard", 3), **CODE), NOON)
    spec = night(mine, **KEEPS)
    ended, smaller = become(spec.when(changing(pools={"hall": 2}), NOON + 10 * MINUTE))
    assert (ended.kept, smaller.capacity) == ({"voucher/SUMMER": {"hall": 3}}, 2)


def test_a_code_that_is_typed_twice_is_one_voucher():
    spec = night(**FIVE_OFF)
    assert held(spec.when(holding("h1", codes=["summer", "SUMMER "]))) == [(1, 700, "SUMMER")]


def test_what_a_dead_hold_had_of_a_voucher_is_kept_again_and_once():
    three = night(holding("h1", ("standard", 3), **CODE), **KEEPS)
    late = NOON + 10 * MINUTE
    ended, more = become(three.when(setting(**{**KEEPS, "uses": 4}), late))
    assert (ended.kept, more.more) == ({"voucher/SUMMER": {"hall": 3}}, {"hall": 1})


def test_more_than_is_free_cannot_be_kept():
    spec = after(OPENING, selling("o1", ("standard", 8), amount="96.00 EUR"))
    assert facts(spec.when(setting(**KEEPS)), SoldOut) == {"pool": "hall", "left": 2}


def test_a_void_ticket_is_kept_again_unless_the_hall_was_made_too_small():
    sale = selling("o1", **CODE)
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")
    assert become(night(sale, **KEEPS).when(void))[0].kept == {"voucher/SUMMER": {"hall": 1}}
    small = night(sale, changing(pools={"hall": 1}), **KEEPS)
    assert become(small.when(void))[0].kept == {}


def test_money_too_late_takes_what_is_kept_for_its_use_and_nothing_is_kept_for_nobody():
    mine = (holding("h1", ("standard", 1), **CODE), NOON)
    late = NOON + 11 * MINUTE
    asked = (OPENING, setting(**KEEPS), mine, (confirming("o1", "h1"), late))
    sold = history(*asked)[-1]
    assert (sold.late, sold.reserve, sold.kept) == (True, "voucher/SUMMER", {"hall": 1})
    seven = selling("o2", ("standard", 7), amount="84.00 EUR", subject="bob")
    rest = after(*asked, (seven, late))  # of ten: one, seven, and two are kept for two uses
    assert facts(rest.when(selling("o3", subject="eve"), late), SoldOut)["left"] == 0
    assert held(rest.when(holding("h3", ("standard", 2), **CODE), late)) == [(2, 1200, "SUMMER")]
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")
    assert become(after(*asked).when(void, late))[0].kept == {"voucher/SUMMER": {"hall": 1}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"effect": "set"},
        {"effect": "percent"},
        {"amount": "1.00 EUR"},
        {"permille": 5},
        {"budget": "1.00 EUR"},
        {"keeps": True, "uses": 3},
        {"keeps": True, "ticket_types": ["standard"]},
        {"voucher": "two words"},
        {"uses": 0},
        {**FIVE_OFF, "budget": "100 JPY"},
    ],
    ids=str,
)
def test_terms_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        SetVoucher(**{"occurrence": NIGHT, "voucher": "summer", **wrong})
