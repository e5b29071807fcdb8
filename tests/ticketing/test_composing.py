"""Bundles and add-ons: what is sold together, what each part costs, and what is void with it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from roadcase.money import Money
from services.ticketing.commands import CancelOrder, RefundTickets, TicketType
from services.ticketing.domain.refusals import (
    AddonLimit,
    HoldExists,
    MixedCurrencies,
    NotAPart,
    NotForSale,
    OrderExists,
    SoldOut,
    UnknownTicketType,
)
from services.ticketing.projections.availability import Availability
from tests.ticketing.night import (
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

STANDARD = ticket_type()
CHILD = ticket_type("child", "5.00 EUR", active=False)
FAMILY = {
    **ticket_type("family", "28.00 EUR"),
    "draws": {},
    "bundle": {"standard": 2, "child": 2},
}
SUPPER = ticket_type("supper", "20.00 EUR", draws=["table"], addon_to={"standard": (0, 2)})
OPENING = opening(STANDARD, CHILD, FAMILY, SUPPER, pools={"hall": 12, "table": 5})


def euros(minor):
    return {"minor": minor, "currency": "EUR"}


def night(*more):
    return after(OPENING, *more)


def sold(*wanted, amount, order="o1"):
    return become(night().when(selling(order, *wanted, amount=amount)))


def test_a_bundle_becomes_its_tickets_at_prices_that_add_up():
    tickets = sold(("family", 1), amount="28.00 EUR")
    assert names(tickets) == ["TicketSold"] * 4
    assert [(each.ticket_type, each.price.minor) for each in tickets] == [
        ("standard", 988),
        ("standard", 988),
        ("child", 412),
        ("child", 412),
    ]
    assert {each.bundle for each in tickets} == {"family"}
    assert [each.listed.minor for each in tickets] == [1200, 1200, 500, 500]
    assert sum(each.price.minor for each in tickets) == 2800


def test_tickets_of_a_bundle_alike_may_cost_a_cent_more_than_their_like():
    thirds = {**ticket_type("three", "10.00 EUR"), "draws": {}, "bundle": {"standard": 3}}
    spec = after(opening(STANDARD, thirds, pools={"hall": 9}))
    tickets = become(spec.when(selling("o1", ("three", 2), amount="20.00 EUR")))
    assert Counter(each.price.minor for each in tickets) == {334: 2, 333: 4}
    assert [each.number for each in tickets] == [1, 2, 3, 4, 5, 6]


def test_a_bundle_of_what_is_free_alone_is_split_evenly():
    free = {**ticket_type("two", "5.00 EUR"), "draws": {}, "bundle": {"free": 2}}
    spec = after(opening(ticket_type("free", "0.00 EUR"), free))
    tickets = become(spec.when(selling("o1", ("two", 1), amount="5.00 EUR")))
    assert [each.price.minor for each in tickets] == [250, 250]


@given(st.integers(0, 10**6), st.lists(st.integers(0, 9999), min_size=1, max_size=5))
def test_the_parts_of_any_bundle_add_up_to_its_price(price, alone):
    types = [
        ticket_type(f"t{n}", {"minor": minor, "currency": "EUR"}) for n, minor in enumerate(alone)
    ]
    bundle = {
        **ticket_type("all", euros(price)),
        "draws": {},
        "bundle": {each["id"]: 1 + n for n, each in enumerate(types)},
    }
    spec = after(opening(*types, bundle, pools={"hall": 100}))
    tickets = become(spec.when(selling("o1", ("all", 2), amount=euros(2 * price))))
    assert sum(each.price.minor for each in tickets) == 2 * price


def test_a_bundle_needs_room_for_all_its_tickets_and_its_parts_need_not_be_for_sale():
    night().when(selling("o1", ("family", 4), amount="112.00 EUR")).then_refused(SoldOut)
    night().when(selling("o1", ("child", 1), amount="5.00 EUR")).then_refused(NotForSale)
    spec = night(holding("h1", ("family", 3)))
    spec.when(selling("o1")).then_refused(SoldOut)
    events = become(spec.when(confirming("o1", "h1", "84.00 EUR")))
    assert names(events) == ["HoldEnded", *["TicketSold"] * 12]


def test_a_bundle_that_is_asked_for_again_is_the_same():
    night(holding("h1", ("family", 1))).when(holding("h1", ("family", 1))).then_nothing()
    night(holding("h1", ("family", 1))).when(holding("h1", ("family", 2))).then_refused(HoldExists)
    once = selling("o1", ("family", 1), amount="28.00 EUR")
    night(once).when(once).then_nothing()
    other = selling("o1", ("family", 2), amount="56.00 EUR")
    night(once).when(other).then_refused(OrderExists)


def test_an_add_on_is_not_sold_alone_nor_too_often():
    alone = night().when(selling("o1", ("supper", 1), amount="20.00 EUR"))
    assert facts(alone, AddonLimit) == {
        "ticket_type": "supper",
        "quantity": 1,
        "lowest": 0,
        "highest": 0,
        "goes_with": ["standard"],
    }
    three = selling("o1", ("standard", 1), ("supper", 3), amount="72.00 EUR")
    assert facts(night().when(three), AddonLimit)["highest"] == 2


def test_add_ons_are_spread_over_the_tickets_they_come_with():
    tickets = sold(("supper", 3), ("standard", 2), amount="84.00 EUR")
    assert [(each.ticket, each.addon_to) for each in tickets] == [
        ("o1-1", "o1-4"),
        ("o1-2", "o1-5"),
        ("o1-3", "o1-4"),
        ("o1-4", None),
        ("o1-5", None),
    ]


def test_what_a_ticket_must_have_each_gets_first():
    seat = ticket_type("seat", "1.00 EUR", addon_to={"standard": (1, 2), "vip": (2, 2)})
    types = (STANDARD, ticket_type("vip", "50.00 EUR"), seat)
    spec = after(opening(*types, pools={"hall": 20}))
    without = selling("o1", ("standard", 1), ("vip", 1), amount="62.00 EUR")
    assert facts(spec.when(without), AddonLimit)["lowest"] == 3
    wanted = selling("o1", ("standard", 1), ("vip", 1), ("seat", 4), amount="66.00 EUR")
    tickets = become(spec.when(wanted))
    assert [each.addon_to for each in tickets[2:]] == ["o1-1", "o1-2", "o1-2", "o1-1"]


def test_a_bundle_brings_tickets_that_add_ons_go_with():
    tickets = sold(("family", 1), ("supper", 4), amount="108.00 EUR")
    assert Counter(each.addon_to for each in tickets) == {None: 4, "o1-1": 2, "o1-2": 2}


@pytest.mark.parametrize("void", ["cancel", "refund"])
def test_an_add_on_is_void_with_its_ticket_and_may_be_so_alone(void):
    more = {"reason": "ill", "occurrence": NIGHT, "order": "o1"}
    wanted = selling("o1", ("standard", 2), ("supper", 2), amount="64.00 EUR")

    def voiding(*tickets):
        if void == "cancel":
            return CancelOrder(tickets=tickets, **more)
        return RefundTickets(tickets=tickets, refund_reference="back", **more)

    both = become(night(wanted).when(voiding("o1-2")))
    assert [each.ticket for each in both] == ["o1-2", "o1-4"]
    spec = night(wanted, voiding("o1-4"))
    assert [each.ticket for each in become(spec.when(voiding("o1-2", "o1-2")))] == ["o1-2"]


def test_an_add_on_is_let_alone_when_its_terms_changed_while_it_was_held():
    held = (OPENING, holding("h1", ("standard", 1), ("supper", 2)))
    less = changing(ticket_types=[{**SUPPER, "addon_to": {"standard": (0, 1)}}])
    tickets = become(after(*held, less).when(confirming("o1", "h1", "52.00 EUR")))
    assert [each.addon_to for each in tickets[1:]] == [None, "o1-1", None]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"bundle": {"nothing": 1}}, UnknownTicketType),
        ({"bundle": {"supper": 1}}, NotAPart),
        ({"bundle": {"family": 1}}, NotAPart),
        ({"price": "900 JPY"}, MixedCurrencies),
    ],
    ids=["unknown", "add-on", "itself", "another currency"],
)
def test_a_bundle_is_made_of_plain_tickets(changed, why):
    night().when(changing(ticket_types=[{**FAMILY, **changed}])).then_refused(why)


@pytest.mark.parametrize(
    "wrong",
    [
        {"draws": {}},
        {"bundle": {"a": 1}},
        {"addon_to": {"a": (2, 1)}},
        {"addon_to": {"a": (0, 0)}},
        {"draws": {}, "bundle": {"a": 60, "b": 60}},
        {"draws": {}, "bundle": {"a": 1}, "per_person_max": 2},
        {
            "draws": {},
            "bundle": {"a": 1},
            "levels": [{"id": "l", "price": "1.00 EUR", "quantity": 1}],
        },
    ],
)
def test_a_type_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        TicketType(**ticket_type(**wrong))


def test_a_bundle_brings_the_groups_and_the_fees_of_its_parts_and_shows_them_before():
    group = ticket_type("group", "40.00 EUR", admits=5, fee={"permille": 25})
    family = {**FAMILY, "bundle": {"standard": 2, "group": 1}}
    offered = opening(STANDARD, group, family, pools={"hall": 12})
    cost = Availability.cost(table(Availability(), history(offered))[NIGHT], "family", NOON)
    assert (cost.price, cost.fee) == (Money(2800, "EUR"), Money(44, "EUR"))
    tickets = become(after(offered).when(selling("o1", ("family", 1), amount=cost.total)))
    assert [(each.ticket_type, each.admits) for each in tickets] == [
        ("standard", 1),
        ("standard", 1),
        ("group", 5),
    ]


def test_how_many_bundles_are_left_follows_from_its_parts():
    row = table(Availability(), history(OPENING, selling("o1")))[NIGHT]
    assert Availability.left(row, "family") == 2
    assert Availability.left(row, "supper") == 5
