"""What tickets cost: levels by time and number, prices that buyers say, fees, groups, limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from roadcase.money import Money
from services.ticketing.commands import CancelOrder, CatchUp, RefundTickets, SellTickets, TicketType
from services.ticketing.domain.refusals import (
    MixedCurrencies,
    OrderLimit,
    PersonLimit,
    PersonUnknown,
    PriceFixed,
    PriceTooLow,
    WrongAmount,
    WrongCurrency,
)
from services.ticketing.domain.terms import total_of
from services.ticketing.events import Fee, Line, TicketsHeld, TicketTypeSet
from services.ticketing.projections.availability import Availability
from services.ticketing.projections.people import Attendees, Orders
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
    table,
    ticket_type,
)

EARLY = {"id": "early", "price": "8.00 EUR", "quantity": 3}
ADVANCE = {"id": "advance", "price": "10.00 EUR", "until": NOON + MINUTE}
LEVELS = opening(ticket_type(levels=[EARLY, ADVANCE]), pools={"hall": 20})


def lines_of(spec) -> list[tuple[int, int, str | None]]:
    """Quantity, price and level of each line that is held."""
    (held,) = [event for event in become(spec) if isinstance(event, TicketsHeld)]
    return [(line.quantity, line.price.minor, line.tier) for line in held.lines]


def test_an_order_that_straddles_levels_pays_each_ticket_at_its_own():
    assert lines_of(after(LEVELS).when(holding("h1", ("standard", 4)), NOON)) == [
        (3, 800, "early"),
        (1, 1000, "advance"),
    ]
    events = become(after(LEVELS).when(selling("o1", ("standard", 4), amount="34.00 EUR"), NOON))
    assert [event.price.minor for event in events] == [800, 800, 800, 1000]
    late = selling("o1", ("standard", 4), amount="36.00 EUR")
    events = become(after(LEVELS).when(late, NOON + MINUTE))
    assert [event.tier for event in events] == ["early", "early", "early", None]


@pytest.mark.parametrize(
    ("at", "line"),
    [(NOON + MINUTE - MS, (1, 1000, "advance")), (NOON + MINUTE, (1, 1200, None))],
)
def test_a_level_ends_at_its_moment(at, line):
    spec = after(LEVELS, selling("o1", ("standard", 3), amount="24.00 EUR"))
    assert lines_of(spec.when(holding("h1"), at)) == [line]


def test_tickets_of_a_level_that_are_held_are_taken_and_come_back_when_the_hold_ends():
    held = (LEVELS, (holding("h1", ("standard", 3), channel="till"), NOON))
    assert lines_of(after(*held).when(holding("h2"), NOON)) == [(1, 1000, "advance")]
    dead = NOON + 3 * MINUTE
    assert lines_of(after(*held).when(holding("h2"), dead)) == [(1, 800, "early")]
    expired = after(*held, (CatchUp(occurrence=NIGHT), dead))
    assert lines_of(expired.when(holding("h2"), dead)) == [(1, 800, "early")]


@pytest.mark.parametrize("void", [CancelOrder, RefundTickets])
def test_a_void_ticket_does_not_make_it_cheaper_for_the_next(void):
    more = {"refund_reference": "back"} if void is RefundTickets else {}
    sold = (LEVELS, selling("o1", ("standard", 3), amount="24.00 EUR"))
    spec = after(*sold, void(occurrence=NIGHT, order="o1", reason="ill", **more))
    assert lines_of(spec.when(holding("h1"), NOON)) == [(1, 1000, "advance")]


def test_a_hold_keeps_its_level_though_it_is_confirmed_when_that_is_over():
    held = (LEVELS, (holding("h1", ("standard", 2)), NOON))
    spec = after(*held).when(confirming("o1", "h1", "16.00 EUR"), NOON + 2 * MINUTE)
    assert [event.tier for event in become(spec)[1:]] == ["early", "early"]
    once_more = after(*held, (confirming("o1", "h1", "16.00 EUR"), NOON))
    assert lines_of(once_more.when(holding("h2", ("standard", 2)), NOON))[0] == (1, 800, "early")


def test_two_lines_of_one_type_do_not_share_the_last_of_a_level():
    spec = after(LEVELS).when(holding("h1", ("standard", 2), ("standard", 2)), NOON)
    assert lines_of(spec) == [(3, 800, "early"), (1, 1000, "advance")]


# What the buyer says


GIFT = opening(ticket_type("gift", "20.00 EUR", lowest="5.00 EUR"), ticket_type())


def saying(*prices: str | None, amount: str, ticket_type: str = "gift") -> SellTickets:
    lines = [{"ticket_type": ticket_type, "quantity": 1, "price": price} for price in prices]
    return SellTickets(**{**dict(selling("o1", amount=amount)), "lines": lines})


def test_a_buyer_says_what_they_pay_or_pays_what_is_suggested():
    spec = after(GIFT)
    events = become(spec.when(saying("5.00 EUR", "50.00 EUR", None, amount="75.00 EUR")))
    assert [event.price.minor for event in events] == [500, 5000, 2000]
    low = spec.when(saying("4.99 EUR", amount="4.99 EUR"))
    assert facts(low, PriceTooLow) == {
        "ticket_type": "gift",
        "price": "4.99 EUR",
        "lowest": "5.00 EUR",
    }
    spec.when(saying("500 JPY", amount="500 JPY")).then_refused(WrongCurrency)
    spec.when(saying("1.00 EUR", ticket_type="standard", amount="1.00 EUR")).then_refused(
        PriceFixed
    )


def test_a_buyer_may_pay_nothing_where_that_is_the_lowest():
    spec = after(opening(ticket_type("gift", "20.00 EUR", lowest="0.00 EUR")))
    (sold,) = become(spec.when(saying("0.00 EUR", amount="0.00 EUR")))
    assert sold.price == Money(0, "EUR")


def test_prices_in_two_currencies_are_not_one_order():
    spec = after(opening(ticket_type(levels=[EARLY]), ticket_type("yen", "900 JPY")))
    spec.when(holding("h1", ("standard", 1), ("yen", 1))).then_refused(MixedCurrencies)


# Fees


def offering(fee: Fee | None, price: int = 1200) -> TicketTypeSet:
    return TicketTypeSet(
        occurrence=NIGHT,
        ticket_type="standard",
        name="Standard",
        price=Money(price, "EUR"),
        seller="house",
        draws={"hall": 1},
        fee=fee,
    )


@pytest.mark.parametrize(
    ("price", "fixed", "permille", "fee"),
    [
        (1200, 50, 0, 50),
        (1200, 0, 35, 42),
        (1200, 50, 35, 92),
        (100, 0, 5, 1),  # 0.5 is rounded up
        (99, 0, 5, 0),
        (0, 50, 35, 0),
    ],
)
def test_a_fee_is_fixed_or_a_share_and_nothing_of_what_is_free(price, fixed, permille, fee):
    terms = {"permille": permille, **({"fixed": f"{fixed / 100:.2f} EUR"} if fixed else {})}
    offer = ticket_type(price=f"{price / 100:.2f} EUR", fee=terms)
    amount = f"{(price + fee) / 100:.2f} EUR"
    (sold,) = become(after(opening(offer)).when(selling("o1", amount=amount)))
    assert (sold.price.minor, sold.fee.minor if sold.fee else 0) == (price, fee)


def test_what_is_charged_is_what_was_shown_and_not_a_cent_else():
    spec = after(opening(ticket_type(fee={"fixed": "1.00 EUR"})))
    spec.when(selling("o1", amount="12.00 EUR")).then_refused(WrongAmount)
    held = become(spec.when(holding("h1", ("standard", 3))))[0]
    assert total_of(held.lines) == Money(3900, "EUR")


def test_a_fee_that_the_organiser_bears_is_a_part_of_the_price_and_never_more():
    of = {"fixed": "2.00 EUR", "borne_by": "organiser"}
    (sold,) = become(after(opening(ticket_type(fee=of))).when(selling("o1")))
    assert (sold.fee, sold.fee_within) == (None, Money(200, "EUR"))
    cheap = after(opening(ticket_type(price="1.50 EUR", fee=of)))
    (sold,) = become(cheap.when(selling("o1", amount="1.50 EUR")))
    assert sold.fee_within == Money(150, "EUR")


def test_a_refund_gives_back_what_was_paid_and_the_books_agree():
    events = history(
        opening(ticket_type(fee={"fixed": "1.00 EUR"})),
        selling("o1", ("standard", 2), amount="26.00 EUR"),
        RefundTickets(
            occurrence=NIGHT, order="o1", tickets=["o1-2"], reason="x", refund_reference="r"
        ),
    )
    assert events[-1].amount == Money(1300, "EUR")
    order = table(Orders(), events)[NIGHT, "o1"]
    assert (order["amount_minor"], order["refunded_minor"]) == (2600, 1300)
    ticket = table(Attendees(), events)[NIGHT, "o1-1"]
    assert (ticket["price_minor"], ticket["fee_minor"]) == (1200, 100)


# What is shown


def shown(*asked: Any, at=NOON):
    row = table(Availability(), history(*asked))[NIGHT]
    return Availability.cost(row, "standard", at)


def test_the_price_that_is_shown_is_that_of_the_next_ticket():
    assert shown(LEVELS)[1:4] == (Money(800, "EUR"), None, "early")
    taken = (LEVELS, selling("o1", ("standard", 3), amount="24.00 EUR"))
    assert shown(*taken).tier == "advance"
    assert shown(*taken, at=NOON + MINUTE).price == Money(1200, "EUR")
    back = (*taken[:1], (holding("h1", ("standard", 3), channel="till"), NOON))
    assert shown(*back).tier == "advance"
    assert shown(*back, (CatchUp(occurrence=NIGHT), NOON + 3 * MINUTE)).tier == "early"
    fee = shown(opening(ticket_type(fee={"permille": 100})))
    assert (fee.fee, fee.total) == (Money(120, "EUR"), Money(1320, "EUR"))


@given(
    st.lists(st.integers(0, 3000), max_size=3),
    st.lists(st.integers(1, 6), min_size=3, max_size=3),
    st.integers(0, 200),
    st.lists(st.integers(1, 5), min_size=1, max_size=6),
)
def test_what_is_shown_first_is_what_is_charged_first(prices, sizes, permille, orders):
    levels = [
        {"id": f"l{n}", "price": {"minor": price, "currency": "EUR"}, "quantity": sizes[n]}
        for n, price in enumerate(prices)
    ]
    fee = {"permille": permille} if permille else None
    asked: list[Any] = [opening(ticket_type(levels=levels, fee=fee), pools={"hall": 99})]
    paid = 0
    for number, quantity in enumerate(orders):
        cost = shown(*asked)
        held = become(after(*asked).when(holding(f"h{number}", ("standard", quantity))))[-1]
        first: Line = held.lines[0]
        assert (first.price, first.fee, first.tier) == cost[1:4]
        assert sum(line.quantity for line in held.lines) == quantity
        total = total_of(held.lines)
        paid += total.minor
        asked.append(selling(f"o{number}", ("standard", quantity), amount=total))
    orders_shown = table(Orders(), history(*asked)).values()
    assert sum(order["amount_minor"] for order in orders_shown) == paid


# Limits over all types, and groups


def test_limits_over_all_types_are_summed_over_lines_and_orders():
    types = (ticket_type(), ticket_type("child", "5.00 EUR"))
    limited = opening(*types, pools={"hall": 20}, per_order_max=3, per_person_max=4)
    spec = after(limited)
    four = selling("o1", ("standard", 2), ("child", 2), amount="34.00 EUR")
    assert facts(spec.when(four), OrderLimit) == {"quantity": 4, "highest": 3}
    three = selling("o1", ("standard", 2), ("child", 1), amount="29.00 EUR")
    again = after(limited, three)
    two = selling("o2", ("standard", 1), ("child", 1), amount="17.00 EUR")
    assert facts(again.when(two), PersonLimit) == {"quantity": 2, "has": 3, "highest": 4}
    assert (
        names(become(again.when(two.model_copy(update={"subject": "bob"})))) == ["TicketSold"] * 2
    )
    again.when(two.model_copy(update={"subject": None})).then_refused(PersonUnknown)
    lifted = after(limited, three, changing(per_person_max=0, per_order_max=0))
    assert len(become(lifted.when(selling("o2", ("child", 9), amount="45.00 EUR")))) == 9


def test_a_group_ticket_is_one_code_for_several_people():
    group = ticket_type("group", "40.00 EUR", admits=5, draws={"hall": 5})
    spec = after(opening(group, pools={"hall": 9}))
    (sold,) = become(spec.when(selling("o1", ("group", 1), amount="40.00 EUR")))
    assert (sold.admits, sold.draws) == (5, {"hall": 5})


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": [{"id": "a", "price": "1.00 EUR"}]},
        {"levels": [{"id": "a", "price": "100 JPY", "quantity": 1}]},
        {"levels": [EARLY, EARLY]},
        {"levels": [EARLY], "lowest": "1.00 EUR"},
        {"lowest": "13.00 EUR"},
        {"fee": {}},
        {"fee": {"fixed": "0.00 EUR"}},
        {"fee": {"fixed": "100 JPY"}},
        {"fee": {"permille": 1001}},
        {"admits": 0},
    ],
    ids=str,
)
def test_terms_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        TicketType(**ticket_type(**wrong))


def test_terms_are_declared_once_and_may_change():
    same = changing(ticket_types=[ticket_type(levels=[EARLY, ADVANCE])])
    after(LEVELS).when(same).then_nothing()
    later = {**ADVANCE, "until": NOON + timedelta(days=1)}
    events = become(after(LEVELS).when(changing(ticket_types=[ticket_type(levels=[later])])))
    assert names(events) == ["TicketTypeSet"]


@pytest.mark.parametrize("deliver", ["both", "phone", "print"])
def test_a_ticket_says_how_it_gets_to_its_guest(deliver):
    (sold,) = become(after(opening(ticket_type(deliver=deliver))).when(selling("o1")))
    assert sold.deliver == deliver
