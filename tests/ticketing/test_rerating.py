"""Some of an order goes back: what stays is rated again, by the terms of the day of purchase."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from roadcase.money import Money
from services.ticketing.api.refunds import part_of
from services.ticketing.commands import (
    CancelOrder,
    RefundTickets,
    SetRefundPolicy,
    SetVoucher,
    TransferTicket,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.guest_refusals import RefundChanged
from services.ticketing.domain.voiding import parts_of
from services.ticketing.events import TicketRefunded, TicketRerated, TicketSold
from services.ticketing.projections.people import Attendees
from tests.ticketing.night import (
    NIGHT,
    NOON,
    SEED,
    after,
    become,
    changing,
    facts,
    office,
    opening,
    selling,
    table,
    ticket_type,
)

FAIR = {"policy": "fair"}
OPENING = opening(
    ticket_type(**FAIR),
    ticket_type("cheap", "4.44 EUR", **FAIR),
    ticket_type("group", "9.00 EUR", per_order_min=3, **FAIR),
    ticket_type("adult", "14.00 EUR", **FAIR),
    ticket_type("kid", "7.00 EUR", **FAIR),
    ticket_type("pair", "20.01 EUR", draws={}, bundle={"adult": 1, "kid": 1}),
    ticket_type("supper", "15.00 EUR", addon_to={"standard": [0, 1]}, **FAIR),
    pools={"hall": 99},
)
ALL_BACK = SetRefundPolicy(occurrence=NIGHT, policy="fair", steps=[{"hours": 0}], fees=True)
FIVE_OFF: dict[str, Any] = {"effect": "subtract", "amount": "5.00 EUR"}
CODE = {"codes": ["summer"]}


def voucher(**terms: Any) -> SetVoucher:
    return SetVoucher(occurrence=NIGHT, voucher="summer", **terms)


def night(*more: Any, **terms: Any):
    return after(OPENING, ALL_BACK, *([voucher(**terms)] if terms else []), *more)


def back(amount: str | None, *numbers: int, reference: str = "", **more: Any) -> RefundTickets:
    return RefundTickets(
        occurrence=NIGHT,
        order="o1",
        tickets=tuple(f"o1-{number}" for number in numbers) or None,
        reason="ill",
        refund_reference=reference or f"back-{numbers}",
        by_policy=True,
        amount=amount,
        **more,
    )


def given_back(spec) -> dict[int, int]:
    """Minor units that come back, by the number of the ticket."""
    events = [event for event in become(spec) if isinstance(event, TicketRefunded)]
    return {int(event.ticket[3:]): event.amount.minor for event in events}


def prices(spec) -> dict[int, int]:
    """What is paid for the tickets that are dearer or cheaper than before, by number."""
    events = [event for event in become(spec) if isinstance(event, TicketRerated)]
    assert sum(event.price.minor - event.before.minor for event in events) == 0
    return {int(event.ticket[3:]): event.price.minor for event in events}


def why(spec) -> set[str]:
    return {
        each for event in become(spec) if isinstance(event, TicketRerated) for each in event.why
    }


THREE = selling("o1", ("standard", 3), amount="21.00 EUR", **CODE)


def test_a_voucher_for_three_is_lost_by_who_keeps_two():
    """Paid 3 x (12.00 - 5.00) = 21.00. Two cost 24.00 without it: more than there is, so nothing
    comes back, and 10.50 is paid for each that stays. One costs 12.00: of 21.00 comes back 9.00.
    Then the last: 12.00. In all 0.00 + 9.00 + 12.00 = 21.00.
    """
    first = back("0.00 EUR", 1)
    spec = night(THREE, least=3, **FIVE_OFF).when(first)
    assert (given_back(spec), prices(spec), why(spec)) == (
        {1: 0},
        {1: 0, 2: 1050, 3: 1050},
        {"voucher"},
    )
    second = back("9.00 EUR", 2)
    spec = night(THREE, first, least=3, **FIVE_OFF).when(second)
    assert (given_back(spec), prices(spec)) == ({2: 900}, {2: 900, 3: 1200})
    last = night(THREE, first, second, least=3, **FIVE_OFF).when(back("12.00 EUR", 3))
    assert (given_back(last), prices(last)) == ({3: 1200}, {})


def test_what_comes_back_is_exact_line_by_line_and_the_policy_is_of_what_is_left():
    """An eighth off 4.44 is 0.555, so 0.56: 3.88 each, 15.52 for four. Two without it are 8.88:
    15.52 - 8.88 = 6.64 comes back, 3.32 each. Of 6.64 an eighth is kept: 0.83. 5.81 is 2.91 and
    2.90.
    """
    terms: dict[str, Any] = {"least": 3, "effect": "percent", "permille": 125}
    four = selling("o1", ("cheap", 4), amount="15.52 EUR", **CODE)
    spec = night(four, **terms).when(back("6.64 EUR", 1, 3))
    assert (given_back(spec), prices(spec)) == ({1: 332, 3: 332}, {1: 332, 2: 444, 3: 332, 4: 444})
    eighth = SetRefundPolicy(occurrence=NIGHT, policy="fair", steps=[{"hours": 0, "permille": 125}])
    spec = after(OPENING, eighth, voucher(**terms), four).when(back("5.81 EUR", 1, 3))
    assert given_back(spec) == {1: 291, 3: 290}


def test_three_of_four_keep_the_voucher_and_its_uses_that_ended_count_too():
    """Uses for two of three: 7.00 + 7.00 + 12.00 = 26.00. The third is one of the three that it
    needs: without it two cost 24.00, and 2.00 comes back.
    """
    four = selling("o1", ("standard", 4), amount="28.00 EUR", **CODE)
    spec = night(four, least=3, **FIVE_OFF).when(back(None, 1))
    assert (given_back(spec), prices(spec)) == ({1: 700}, {})
    mixed = selling("o1", ("standard", 3), amount="26.00 EUR", **CODE)
    spec = night(mixed, least=3, uses=2, **FIVE_OFF).when(back("2.00 EUR", 3))
    assert (given_back(spec), prices(spec)) == ({3: 200}, {1: 1200, 2: 1200, 3: 200})


def test_a_share_of_a_budget_stays_with_its_ticket():
    """A budget of 10.00, 7.00 off: 5.00, 9.00 and 12.00. With the first its 7.00 are not given to
    the last: what was paid for it comes back, 5.00 and not 12.00.
    """
    some = selling("o1", ("standard", 3), amount="26.00 EUR", **CODE)
    spec = night(some, budget="10.00 EUR", effect="subtract", amount="7.00 EUR")
    assert (given_back(spec.when(back(None, 1))), prices(spec.when(back(None, 1)))) == (
        {1: 500},
        {},
    )
    for number, minor in ((2, 900), (3, 1200)):
        assert given_back(spec.when(back(None, number))) == {number: minor}


def test_a_ticket_out_of_its_bundle_costs_what_it_costs_alone():
    """20.01 is split 14 to 7: 13.34 and 6.67. The adult alone is 14.00: 0.66 more. 6.67 - 0.66."""
    pair = selling("o1", ("pair", 1), amount="20.01 EUR")
    spec = night(pair).when(back("6.01 EUR", 2))
    assert (given_back(spec), prices(spec), why(spec)) == ({2: 601}, {1: 1400, 2: 601}, {"bundle"})


def test_what_is_left_of_two_bundles_is_one_whichever_tickets_it_is_made_of():
    """40.02 for 1 and 2 (adults), 3 and 4 (kids). Without kid 3 adult 2 is alone: 14.00, so 6.01
    comes back. Without adult 1 too, adult 2 and kid 4 are a pair, 20.01: of 34.01 comes back 14.00,
    as much in all as for both at once.
    """
    two = selling("o1", ("pair", 2), amount="40.02 EUR")
    first = back("6.01 EUR", 3)
    assert prices(night(two).when(first)) == {2: 1400, 3: 601}
    second = night(two, first).when(back("14.00 EUR", 1))
    assert (given_back(second), prices(second)) == ({1: 1400}, {1: 1400, 2: 1334})
    assert sum(given_back(night(two).when(back(None, 1, 3))).values()) == 2001


@pytest.mark.parametrize(
    ("types", "amount", "paid", "adult", "comes"),
    [
        # half of 13.34 and of 6.67 is 6.67 and 3.33: 10.00. It is only for the pair: 14.00 alone
        (["pair"], None, "10.00 EUR", 1000, 0),
        # for adults: 8.34 + 6.67 = 15.01. Alone it is 14.00 - 5.00 = 9.00: 0.66 more
        (["adult"], "5.00 EUR", "15.01 EUR", 900, 601),
    ],
)
def test_a_voucher_of_a_bundle_is_lost_with_it_and_one_of_its_tickets_is_not(
    types, amount, paid, adult, comes
):
    half: dict[str, Any] = {"effect": "percent", "permille": 500}
    terms = {"effect": "subtract", "amount": amount} if amount else half
    sale = selling("o1", ("pair", 1), amount=paid, **CODE)
    said = f"{comes // 100}.{comes % 100:02} EUR"
    spec = night(sale, ticket_types=types, **terms).when(back(said, 2))
    assert (given_back(spec), prices(spec)[1]) == ({2: comes}, adult)


@pytest.mark.parametrize(
    ("budget", "adult", "comes"), [({}, 700, 634), ({"budget": "6.67 EUR"}, 733, 601)]
)
def test_out_of_its_bundle_a_voucher_takes_its_share_but_no_budget_gives_more(budget, adult, comes):
    """Half off the adult: 13.34 becomes 6.67, 13.34 for both. Alone half of 14.00 is 7.00: 0.33
    more. But a budget that gave 6.67 gives no more: 14.00 - 6.67 = 7.33, which is 0.66 more.
    """
    terms = {"effect": "percent", "permille": 500, "ticket_types": ["adult"], **budget}
    sale = selling("o1", ("pair", 1), amount="13.34 EUR", **CODE)
    spec = night(sale, **terms).when(back(f"6.{comes - 600:02} EUR", 2))
    assert (given_back(spec), prices(spec)[1]) == ({2: comes}, adult)


def test_less_than_what_is_sold_at_once_stays_paid_for():
    """At least 3 at 9.00. Of four one goes: 9.00. Of three one goes: three stay paid, 13.50 for
    each of two. Both go: 27.00. In all 36.00, as was paid.
    """
    four = selling("o1", ("group", 4), amount="36.00 EUR")
    one, two = back("9.00 EUR", 1), back("0.00 EUR", 2)
    assert given_back(night(four).when(one)) == {1: 900}
    spec = night(four, one).when(two)
    assert (prices(spec), why(spec)) == ({2: 0, 3: 1350, 4: 1350}, {"minimum"})
    rest = night(four, one, two).when(back("27.00 EUR", 3, 4))
    assert given_back(rest) == {3: 1350, 4: 1350}


def test_an_add_on_goes_with_its_ticket_and_with_what_both_earned():
    """Standards 7.00 each (least 2), one supper at 15.00: 29.00. The first goes and its supper:
    22.00, less 5.00 by which the other is dearer. 17.00 is split as 7 to 15: 5.41 and 11.59.
    """
    sale = selling("o1", ("standard", 2), ("supper", 1), amount="29.00 EUR", **CODE)
    spec = night(sale, least=2, ticket_types=["standard"], **FIVE_OFF).when(back("17.00 EUR", 1))
    assert given_back(spec) == {1: 541, 3: 1159}


def test_a_fee_stays_as_it_was_and_comes_back_with_its_ticket():
    """7.00 and 0.50 each. Two stay: 24.00 is more than 21.00, so of the first only its fee."""
    fee = ticket_type(fee={"fixed": "0.50 EUR"}, **FAIR)
    sale = selling("o1", ("standard", 3), amount="22.50 EUR", **CODE)
    some = after(opening(fee), ALL_BACK, voucher(least=3, **FIVE_OFF), sale)
    assert given_back(some.when(back("0.50 EUR", 1))) == {1: 50}


# What is confirmed


def test_what_was_shown_is_confirmed_or_nothing_happens():
    spec = night(THREE, least=3, **FIVE_OFF)
    said = spec.when(back("7.00 EUR", 1))
    assert facts(said, RefundChanged) == {"amount": "7.00 EUR", "total": "0.00 EUR"}
    spec.when(back(None, 1)).then_refused(RefundChanged)
    four = selling("o1", ("standard", 4), amount="28.00 EUR", **CODE)
    meanwhile = night(four, back("7.00 EUR", 4), least=3, **FIVE_OFF)
    shown_before = meanwhile.when(back("7.00 EUR", 1))
    assert facts(shown_before, RefundChanged)["total"] == "0.00 EUR"


def test_asked_twice_it_happens_once():
    night(THREE, back("0.00 EUR", 1), least=3, **FIVE_OFF).when(back("0.00 EUR", 1)).then_nothing()


# What counts


def test_the_terms_of_today_change_nothing():
    today = (
        changing(ticket_types=[ticket_type(price="99.00 EUR", **FAIR)]),
        voucher(least=1, effect="subtract", amount="1.00 EUR"),
    )
    spec = night(THREE, *today, least=3, **FIVE_OFF).when(back("9.00 EUR", 1, 2))
    assert sum(given_back(spec).values()) == 900
    pair = selling("o1", ("pair", 1), amount="20.01 EUR")
    dearer = changing(ticket_types=[ticket_type("adult", "50.00 EUR", **FAIR)])
    assert given_back(night(pair, dearer).when(back("6.01 EUR", 2))) == {2: 601}


def test_what_was_sold_before_this_was_known_gives_back_what_was_paid():
    history = night(THREE, least=3, **FIVE_OFF).history
    old = [replace(e, earned=None) if isinstance(e, TicketSold) else e for e in history]
    assert given_back(office.given(*old).when(back(None, 1))) == {1: 700}


@pytest.mark.parametrize("how", ["transferred", "cancelled", "refunded"])
def test_what_its_guest_did_not_give_back_still_counts(how):
    about: dict[str, Any] = {"occurrence": NIGHT, "order": "o1"}
    gone = {
        "transferred": TransferTicket(
            **about, ticket="o1-1", transfer="t1", code_seed=SEED, subject="bob", contact=b"b"
        ),
        "cancelled": CancelOrder(**about, tickets=["o1-1"], reason="ill"),
        "refunded": RefundTickets(**about, tickets=["o1-1"], reason="ill", refund_reference="r"),
    }[how]
    four = selling("o1", ("standard", 4), amount="28.00 EUR", **CODE)
    spec = night(four, gone, least=3, **FIVE_OFF)
    assert given_back(spec.when(back(None, 2))) == {2: 700}
    both = spec.when(back("9.00 EUR", 2, 3))  # 14.00, less 5.00 by which the last is dearer
    assert sum(given_back(both).values()) == 900


def test_who_was_given_a_ticket_has_back_what_was_paid_for_it_also_for_its_sake():
    first = back("0.00 EUR", 1)
    given_away = TransferTicket(
        occurrence=NIGHT, order="o1", ticket="o1-2", transfer="t1", code_seed=SEED, subject="bob",
        contact=b"b",
    )  # fmt: skip
    spec = night(THREE, first, given_away, least=3, **FIVE_OFF)
    asked = back("10.50 EUR", 1).model_copy(update={"order": "t1", "tickets": None})
    assert list(given_back(spec.when(asked)).values()) == [1050]


def test_what_is_shown_is_rated_from_the_same_facts():
    about: dict[str, Any] = {"occurrence": NIGHT, "order": "o1"}
    sale = selling("o1", ("standard", 4), ("pair", 1), amount="48.01 EUR", **CODE)
    asked = (
        CancelOrder(**about, tickets=["o1-6"], reason="ill"),
        TransferTicket(**about, ticket="o1-1", transfer="t1", code_seed=SEED, subject="b"),
        back("9.00 EUR", 2, 3),  # 14.00; without the voucher the last costs 12.00, 5.00 more
    )
    terms = {"least": 4, "ticket_types": ["standard"], **FIVE_OFF}
    spec = night(sale, *asked, **terms)
    rows = table(Attendees(), spec.history)
    shown = [part_of(row) for row in rows.values() if row["order_id"] == "o1"]
    assert shown == parts_of(BOX_OFFICE.fold(spec.history).orders["o1"])
    assert {part.price for part in shown} == {450, 700, 1200, 1334, 667}


def test_what_somebody_was_given_is_not_rated_by_what_only_its_first_buyer_had():
    """The voucher was for two standards; who was given one of them and its supper has but one."""
    sale = selling("o1", ("standard", 2), ("supper", 1), amount="29.00 EUR", **CODE)
    given_away = TransferTicket(
        occurrence=NIGHT, order="o1", ticket="o1-1", transfer="t1", code_seed=SEED, subject="bob"
    )
    spec = night(sale, given_away, least=2, ticket_types=["standard"], **FIVE_OFF)
    supper = back(None, 1).model_copy(update={"order": "t1", "tickets": ("t1-2",)})
    assert list(given_back(spec.when(supper)).values()) == [1500]


# Any order, any sequence


@st.composite
def bought(draw) -> tuple[dict[str, int], int]:
    """How many of each, and how many the voucher is for."""
    group = draw(st.sampled_from([0, 3, 4, 5]))
    wanted = {"standard": draw(st.integers(0, 5)), "group": group, "pair": draw(st.integers(0, 3))}
    least = draw(st.integers(1, max(1, wanted["standard"])))
    return ({"kid": 1} if not any(wanted.values()) else wanted), least


def types_of(wanted: dict[str, int]) -> list[str]:
    """The type of each ticket, by number from 1. Those of pairs are first all adults, then kids."""
    kinds: list[str] = [""]
    for id_, quantity in wanted.items():
        parts = ["adult", "kid"] if id_ == "pair" else [id_]
        kinds += [part for part in parts for _ in range(quantity)]
    return kinds


def costs(kinds: list[str], wanted: dict[str, int], least: int) -> int:
    """What these tickets cost, as anybody would say it."""
    standard, group = kinds.count("standard"), kinds.count("group")
    minor = standard * (700 if standard >= least else 1200)
    minor += max(group, 3) * 900 if group else 0
    adults, kids = kinds.count("adult"), kinds.count("kid")
    pairs = min(adults, kids) if wanted.get("pair") else 0
    return minor + pairs * 2001 + (adults - pairs) * 1400 + (kids - pairs) * 700


@settings(max_examples=60, deadline=None)
@given(bought(), st.randoms(use_true_random=False), st.booleans())
def test_in_any_sequence_all_that_was_paid_comes_back_and_no_more_ever(order, chance, whole):
    wanted, least = order
    kinds, left = types_of(wanted), list(range(1, len(types_of(wanted))))
    paid = costs(kinds, wanted, least)
    lines = [(id_, quantity) for id_, quantity in wanted.items() if quantity]
    codes = CODE if wanted.get("standard") else {}
    terms = {"least": least, "ticket_types": ["standard"], **FIVE_OFF}
    sale = selling("o1", *lines, amount=Money(paid, "EUR"), **codes)
    state = BOX_OFFICE.fold(night(sale, **terms).history)
    money, total, passed = paid, 0, [paid]
    while left:
        some = chance.sample(left, chance.randint(1, len(left) if whole else 1))
        left = [number for number in left if number not in some]
        passed.append(costs([kinds[number] for number in left], wanted, least))
        now = min(money, passed[-1])  # what went back stays back, and nobody pays once more
        asked = back(str(Money(money - now, "EUR")), *some)
        events = BOX_OFFICE.decided(state, asked, NOON)
        came = [e.amount.minor for e in events if isinstance(e, TicketRefunded)]
        assert len(came) == len(some)
        assert sum(came) == money - now
        assert min(came) >= 0
        total += sum(came)
        money = now
        assert total == paid - min(passed) <= paid
        assert sum(kind.price.minor for n, kind in enumerate(state.orders["o1"].tickets, 1)
                   if n in left) == money  # fmt: skip
    assert total == paid


@settings(max_examples=60, deadline=None)
@given(bought(), st.randoms(use_true_random=False))
def test_whatever_the_order_of_cancels_it_comes_to_what_the_dearest_state_left(order, chance):
    """At once never gives more than one after the other, and both orders give what the rule says:
    what was paid, less the least that the rest cost on the way.
    """
    wanted, least = order
    kinds = types_of(wanted)
    some = chance.sample(range(1, len(kinds)), chance.randint(1, len(kinds) - 1))
    paid = costs(kinds, wanted, least)

    def comes_to(*steps: list[int]) -> int:
        left, on_the_way = set(range(1, len(kinds))), [paid]
        for step in steps:
            left -= set(step)
            on_the_way.append(costs([kinds[number] for number in left], wanted, least))
        given = 0
        lines = [(id_, quantity) for id_, quantity in wanted.items() if quantity]
        codes = CODE if wanted.get("standard") else {}
        terms = {"least": least, "ticket_types": ["standard"], **FIVE_OFF}
        sale = selling("o1", *lines, amount=Money(paid, "EUR"), **codes)
        state = BOX_OFFICE.fold(night(sale, **terms).history)
        for at, step in enumerate(steps):
            amount = min(on_the_way[: at + 1]) - min(on_the_way[: at + 2])
            events = BOX_OFFICE.decided(state, back(str(Money(amount, "EUR")), *step), NOON)
            given += sum(e.amount.minor for e in events if isinstance(e, TicketRefunded))
        assert given == paid - min(on_the_way)
        return given

    at_once = comes_to(some)
    assert comes_to(*([number] for number in some)) >= at_once
    assert comes_to(*([number] for number in reversed(some))) >= at_once
