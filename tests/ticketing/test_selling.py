"""Holding and selling: all lines or none, never one too many, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from roadcase.allocation import DROP, EXTENSION, TILL, WEB
from roadcase.money import Money
from services.ticketing.commands import CatchUp, ExtendHold, ReleaseHold
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.refusals import (
    AlreadyExtended,
    HoldExists,
    HoldGone,
    HoldSold,
    MixedCurrencies,
    NotForSale,
    NotOnSaleYet,
    OrderExists,
    OrderLimit,
    PersonLimit,
    PersonUnknown,
    SaleEnded,
    SoldOut,
    UnknownHold,
    UnknownTicketType,
    WrongAmount,
)
from services.ticketing.events import HoldEnded, HoldExtended, Line, TicketsHeld, TicketSold
from tests.ticketing.night import (
    EUR,
    MINUTE,
    MS,
    NIGHT,
    NOON,
    after,
    become,
    changing,
    confirming,
    facts,
    holding,
    lines,
    names,
    opening,
    selling,
    ticket_type,
)

open_ = opening()
extend, release = ExtendHold(occurrence=NIGHT, hold="h1"), ReleaseHold(occurrence=NIGHT, hold="h1")
line = Line(ticket_type="standard", quantity=1, price=EUR, seller="house", draws={"hall": 1})
limited = opening(ticket_type(per_order_max=5, per_person_max=6), pools={"hall": 100})


# Holds


@pytest.mark.parametrize(("channel", "time"), [("web", WEB), ("drop", DROP), ("till", TILL)])
def test_a_hold_lasts_as_long_as_its_channel_says(channel, time):
    after(open_).when(holding("h1", channel=channel), NOON).then(
        TicketsHeld(
            occurrence=NIGHT,
            hold="h1",
            lines=(line,),
            until=NOON + time,
            channel=channel,
            subject="ana",
        )
    )


def test_all_lines_are_held_or_none():
    two = opening(
        ticket_type(), ticket_type("lounge", draws={"sofa": 2}), pools={"hall": 4, "sofa": 3}
    )
    wanted = holding("h1", ("standard", 1), ("lounge", 2))
    assert facts(after(two).when(wanted), SoldOut) == {
        "pool": "sofa",
        "ticket_type": "lounge",
        "left": 1,
    }


def test_a_type_sells_only_if_all_its_pools_allow_it():
    both = opening(ticket_type(draws=["hall", "licence"]), pools={"hall": 4, "licence": 1})
    night = after(both, selling("o1"))
    assert facts(night.when(selling("o2", subject="bob")), SoldOut)["pool"] == "licence"


def test_holding_again_with_the_same_id_changes_nothing():
    after(open_, holding("h1")).when(holding("h1")).then_nothing()
    after(open_, holding("h1"), release).when(holding("h1")).then_nothing()


def test_a_holds_id_cannot_be_used_for_something_else():
    after(open_, holding("h1")).when(holding("h1", ("standard", 2))).then_refused(HoldExists)
    after(open_, holding("h1")).when(holding("h1", subject="bob")).then_refused(HoldExists)


def test_units_of_dead_holds_are_free_before_anything_else_is_decided():
    night = after(opening(pools={"hall": 1}), holding("h1"))
    night.when(holding("h2", subject="bob"), NOON + WEB - MS).then_refused(SoldOut)
    assert become(night.when(holding("h2", subject="bob"), NOON + WEB)) == (
        HoldEnded(occurrence=NIGHT, hold="h1", why="expired", lines=(line,)),
        TicketsHeld(
            occurrence=NIGHT,
            hold="h2",
            lines=(line,),
            until=NOON + WEB + WEB,
            channel="web",
            subject="bob",
        ),
    )


def test_a_hold_is_extended_once_by_five_minutes():
    night = after(open_, holding("h1"))
    until = NOON + WEB + EXTENSION
    night.when(extend, NOON + WEB - MS).then(HoldExtended(occurrence=NIGHT, hold="h1", until=until))
    again = after(open_, holding("h1"), extend).when(extend, NOON + MINUTE)
    assert facts(again, AlreadyExtended)["until"] == until


def test_a_dead_hold_cannot_be_extended():
    night = after(open_, holding("h1"))
    night.when(extend, NOON + WEB).then_refused(HoldGone)
    after(open_).when(extend).then_refused(UnknownHold)


def test_a_released_hold_ends_once():
    night = after(open_, holding("h1"))
    night.when(release).then(HoldEnded(occurrence=NIGHT, hold="h1", why="released", lines=(line,)))
    after(open_, holding("h1"), release).when(release).then_nothing()
    night.when(release, NOON + WEB).then(
        HoldEnded(occurrence=NIGHT, hold="h1", why="expired", lines=(line,))
    )


def test_the_timer_ends_what_is_dead_and_is_then_due_later():
    night = after(open_, holding("h1"), (holding("h2"), NOON + MINUTE))
    state = BOX_OFFICE.fold(night.history)
    assert BOX_OFFICE.deadline(state) == NOON + WEB
    (end,) = BOX_OFFICE.decide(state, BOX_OFFICE.on_due(NIGHT), NOON + WEB)
    BOX_OFFICE.evolve(state, end)
    assert (end.hold, BOX_OFFICE.deadline(state)) == ("h1", NOON + WEB + MINUTE)
    night.when(CatchUp(occurrence=NIGHT), NOON).then_nothing()


# Windows and limits


def test_a_type_is_sold_from_its_first_moment_until_just_before_its_last():
    window = ticket_type(sale_from=NOON, sale_until=NOON + MINUTE)
    night = after(opening(window))
    night.when(selling("o1"), NOON - MS).then_refused(NotOnSaleYet)
    assert names(become(night.when(selling("o1"), NOON))) == ["TicketSold"]
    assert names(become(night.when(selling("o1"), NOON + MINUTE - MS))) == ["TicketSold"]
    assert facts(night.when(selling("o1"), NOON + MINUTE), SaleEnded) == {
        "ticket_type": "standard",
        "sale_until": NOON + MINUTE,
    }


def test_what_is_not_offered_is_not_sold():
    after(open_).when(selling("o1", ("vip", 1))).then_refused(UnknownTicketType)
    after(opening(ticket_type(active=False))).when(selling("o1")).then_refused(NotForSale)


def test_a_hold_is_a_promise_even_when_the_sale_has_ended():
    over = changing(ticket_types=[ticket_type(active=False)])
    night = after(open_, holding("h1"), over)
    assert names(become(night.when(confirming("o1", "h1"), NOON))) == ["HoldEnded", "TicketSold"]


def test_ten_lines_of_one_do_not_beat_a_limit_of_five():
    ones = [("standard", 1)] * 10
    assert facts(after(limited).when(holding("h1", *ones)), OrderLimit) == {
        "ticket_type": "standard",
        "quantity": 10,
        "lowest": 1,
        "highest": 5,
    }
    after(limited).when(selling("o1", *ones, amount="120.00 EUR")).then_refused(OrderLimit)


def test_an_order_may_need_a_least_number():
    couples = opening(ticket_type(per_order_min=2))
    after(couples).when(selling("o1")).then_refused(OrderLimit)


def test_a_person_is_limited_over_holds_and_tickets():
    night = (
        limited,
        holding("h1", ("standard", 2)),
        selling("o1", ("standard", 3), amount="36.00 EUR"),
    )
    more = holding("h2", ("standard", 2))
    assert facts(after(*night).when(more, NOON), PersonLimit) == {
        "ticket_type": "standard",
        "quantity": 2,
        "has": 5,
        "highest": 6,
    }
    assert names(become(after(*night).when(holding("h2", ("standard", 1)), NOON)))
    assert names(become(after(*night).when(holding("h2", ("standard", 2), subject="bob"), NOON)))


def test_what_a_persons_dead_holds_kept_no_longer_counts():
    night = after(limited, holding("h1", ("standard", 5)))
    five = holding("h2", ("standard", 5))
    night.when(five, NOON + WEB - MS).then_refused(PersonLimit)
    assert names(become(night.when(five, NOON + WEB))) == ["HoldEnded", "TicketsHeld"]


def test_who_buys_what_is_limited_per_person_must_be_known():
    after(limited).when(selling("o1", subject=None)).then_refused(PersonUnknown)
    night = after(limited, holding("h1", subject=None))
    night.when(confirming("o1", "h1"), NOON).then_refused(PersonUnknown)
    assert names(become(night.when(confirming("o1", "h1", subject="ana"), NOON)))


def test_a_hold_up_to_the_limit_counts_once_when_it_is_confirmed():
    night = after(limited, holding("h1", ("standard", 5)))
    for buyer in (None, "ana"):
        order = confirming("o1", "h1", "60.00 EUR", subject=buyer)
        assert len(become(night.when(order, NOON))) == 6


def test_a_hold_confirmed_for_somebody_else_counts_for_them():
    bobs = (selling("o1", ("standard", 5), amount="60.00 EUR", subject="bob"),)
    night = after(limited, *bobs, holding("h1", ("standard", 2)))
    order = confirming("o2", "h1", "24.00 EUR", subject="bob")
    night.when(order, NOON).then_refused(PersonLimit)


# Sales


def sold(order, number, of, code, **more):
    return TicketSold(
        occurrence=NIGHT,
        order=order,
        ticket=f"{order}-{number}",
        number=number,
        of=of,
        ticket_type="standard",
        price=EUR,
        seller="house",
        draws={"hall": 1},
        code=code,
        payment_reference="paid-1",
        sold_at=NOON,
        subject="ana",
        **more,
    )


def codes_of(events):
    return [event.code for event in events if isinstance(event, TicketSold)]


def test_a_hold_becomes_an_order_with_a_fact_for_each_ticket():
    pair = after(open_, holding("h1", ("standard", 2)))
    events = become(pair.when(confirming("o1", "h1", "24.00 EUR", contact=b"sealed"), NOON))
    one, two = codes_of(events)
    web = {"channel": "web", "hold": "h1", "contact": b"sealed"}
    assert events == (
        HoldEnded(occurrence=NIGHT, hold="h1", why="sold", lines=pair.history[-1].lines),
        sold("o1", 1, 2, one, **web),
        sold("o1", 2, 2, two, **web),
    )


def test_a_direct_sale_of_one_ticket_is_one_fact():
    (event,) = events = become(after(open_).when(selling("o1"), NOON))
    assert event == sold("o1", 1, 1, *codes_of(events), channel="drop")


def test_an_order_may_mix_types_and_counts_its_tickets_through():
    two = opening(ticket_type(), ticket_type("child", "0.00 EUR"))
    order = selling("o1", ("standard", 1), ("child", 2), ("standard", 1), amount="24.00 EUR")
    events = become(after(two).when(order, NOON))
    assert [(event.ticket, event.number, event.of, event.ticket_type) for event in events] == [
        ("o1-1", 1, 4, "standard"),
        ("o1-2", 2, 4, "standard"),
        ("o1-3", 3, 4, "child"),
        ("o1-4", 4, 4, "child"),
    ]


def test_the_last_unit_is_sold_once():
    night = after(opening(pools={"hall": 1}), selling("o1"))
    assert facts(night.when(selling("o2", subject="bob")), SoldOut) == {
        "pool": "hall",
        "ticket_type": "standard",
        "left": 0,
    }


def test_what_is_held_is_not_sold_to_others():
    night = after(opening(pools={"hall": 1}), holding("h1"))
    night.when(selling("o1", subject="bob"), NOON + WEB - MS).then_refused(SoldOut)
    events = become(night.when(selling("o1", subject="bob"), NOON + WEB))
    assert names(events) == ["HoldEnded", "TicketSold"]


def test_the_amount_must_be_the_total():
    for wrong in ("11.99 EUR", "12.00 USD", "24.00 EUR"):
        after(open_).when(selling("o1", amount=wrong)).then_refused(WrongAmount)
    night = after(open_, holding("h1"))
    assert facts(night.when(confirming("o1", "h1", "1.00 EUR"), NOON), WrongAmount) == {
        "amount": "1.00 EUR",
        "total": "12.00 EUR",
    }


def test_one_order_has_one_currency():
    two = opening(ticket_type(), ticket_type("abroad", "12.00 USD"))
    order = selling("o1", ("standard", 1), ("abroad", 1), amount="24.00 EUR")
    after(two).when(order).then_refused(MixedCurrencies)


def test_the_same_order_again_changes_nothing():
    after(open_, selling("o1")).when(selling("o1")).then_nothing()
    night = after(open_, holding("h1"), confirming("o1", "h1"))
    night.when(confirming("o1", "h1")).then_nothing()


def test_an_orders_id_cannot_be_used_for_something_else():
    night = after(open_, selling("o1"), holding("h1"), holding("h2"), confirming("o2", "h1"))
    for other in (
        selling("o1", ("standard", 2), amount="24.00 EUR"),
        selling("o1", subject="bob"),
        selling("o2"),
        confirming("o1", "h2"),
        confirming("o2", "h2"),
    ):
        night.when(other, NOON).then_refused(OrderExists)


def test_a_hold_becomes_one_order_only():
    night = after(open_, holding("h1"), confirming("o1", "h1"))
    assert facts(night.when(confirming("o2", "h1"), NOON), HoldSold)["order"] == "o1"
    after(open_).when(confirming("o1", "h1")).then_refused(UnknownHold)


# Money that comes too late


def test_a_hold_is_confirmed_until_just_before_it_ends():
    night = after(open_, holding("h1"))
    (_, ticket) = become(night.when(confirming("o1", "h1"), NOON + WEB - MS))
    assert not ticket.late


@pytest.mark.parametrize("gone", [(), (release,), ((CatchUp(occurrence=NIGHT), NOON + WEB),)])
def test_paid_too_late_still_gets_free_units(gone):
    night = after(open_, holding("h1"), *gone).when(confirming("o1", "h1"), NOON + WEB)
    ticket = become(night)[-1]
    assert (ticket.hold, ticket.late) == ("h1", True)
    again = night.given(*night.history, *become(night))
    again.then_nothing()


def test_paid_too_late_is_refused_when_the_units_went_to_others():
    night = after(opening(pools={"hall": 1}), holding("h1"), (selling("o1"), NOON + WEB))
    assert facts(night.when(confirming("o2", "h1"), NOON + WEB), HoldGone) == {
        "hold": "h1",
        "pool": "hall",
        "left": 0,
    }


def test_paid_too_late_does_not_beat_the_limit_per_person():
    five = holding("h2", ("standard", 5))
    night = after(limited, holding("h1", ("standard", 5)), (five, NOON + WEB))
    order = confirming("o1", "h1", "60.00 EUR")
    night.when(order, NOON + WEB).then_refused(PersonLimit)


def test_paid_too_late_pays_the_price_that_was_held():
    dearer = changing(ticket_types=[ticket_type(price="15.00 EUR")])
    night = after(open_, holding("h1"), dearer)
    ticket = become(night.when(confirming("o1", "h1"), NOON + WEB))[-1]
    assert ticket.price == Money(1200, "EUR")


def test_what_a_hold_took_goes_back_though_its_type_draws_elsewhere_now():
    moved = changing(ticket_types=[ticket_type(draws={"hall": 2})])
    night = after(opening(pools={"hall": 1}), holding("h1"), moved, confirming("o1", "h1"))
    state = BOX_OFFICE.fold(night.history)
    assert state.allocation.pools["hall"].sold == 1
    assert state.orders["o1"].tickets[0].draws == {"hall": 1}


# Bad input


@pytest.mark.parametrize("quantity", [0, -1, 1.5, 2**63, "1e3", "2", True, None, 10_001])
def test_a_quantity_is_a_whole_number_from_one_to_ten_thousand(quantity):
    with pytest.raises(ValidationError) as error:
        holding("h1", ("standard", quantity))
    assert [each["loc"] for each in error.value.errors()] == [("lines", 0, "quantity")]


def test_many_lines_are_not_a_way_to_more_tickets():
    with pytest.raises(ValidationError, match="more than 10000 tickets"):
        holding("h1", ("standard", 9_000), ("child", 1_001))


@pytest.mark.parametrize("field", ["occurrence", "hold", "subject"])
@pytest.mark.parametrize("id_", ["", "a b", "a/b", "ä", "x" * 65, "a\n", 7])
def test_ids_have_one_shape(field, id_):
    command = holding("h1").model_dump() | {field: id_}
    with pytest.raises(ValidationError) as error:
        type(holding("h1")).model_validate(command)
    assert error.value.errors()[0]["loc"] == (field,)


@pytest.mark.parametrize("number", [0, 51])
def test_an_order_has_one_to_fifty_lines(number):
    command = holding("h1").model_dump() | {"lines": lines(*[("standard", 1)] * number)}
    with pytest.raises(ValidationError) as error:
        type(holding("h1")).model_validate(command)
    assert [each["loc"] for each in error.value.errors()] == [("lines",)]


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError, match="extra"):
        holding("h1", at=NOON)


@pytest.mark.parametrize(
    "amount",
    [
        "12.00",
        12.0,
        1200,
        "12.0 EUR",
        "12.00 JPY",
        "1.00 KWD",
        "12.00 XXX",
        "-1.00 EUR",
        {"minor": 1200},
        {"minor": 12.0, "currency": "EUR"},
        {"minor": True, "currency": "EUR"},
        {"minor": 2**63, "currency": "EUR"},
        {"minor": 1, "currency": "EUR", "x": 1},
        None,
    ],
)
def test_an_amount_has_a_currency_and_its_decimals(amount):
    with pytest.raises(ValidationError) as error:
        selling("o1", amount=amount)
    assert error.value.errors()[0]["loc"] == ("amount",)


@pytest.mark.parametrize(
    ("amount", "price"),
    [
        ("1200 JPY", Money(1200, "JPY")),
        ("1.200 KWD", Money(1200, "KWD")),
        ({"minor": 1200, "currency": "EUR"}, EUR),
        (EUR, EUR),
    ],
)
def test_an_amount_is_read_from_text_and_from_json(amount, price):
    assert selling("o1", amount=amount).amount == price


@pytest.mark.parametrize(
    "name", ["x", "🎬 Ciné", "شريط متحرك", "👩‍👩‍👧", "n" * 200, "O'Neil; DROP TABLE"]
)
def test_names_of_the_world_are_fine(name):
    assert opening(name=name).name == name


@pytest.mark.parametrize(
    "name", ["", " ", "n" * 201, "n" * 300, "a\x1bE", "a\x00", "a\nb", "a\u202eb", "\ud800", 5]
)
def test_names_that_would_harm_a_printer_or_a_reader_are_refused(name):
    with pytest.raises(ValidationError) as error:
        opening(name=name)
    assert error.value.errors()[0]["loc"] == ("name",)


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "../etc/passwd", "Europe", "", "/etc/localtime", "a\x00"]
)
def test_a_zone_is_an_iana_zone(zone):
    with pytest.raises(ValidationError) as error:
        opening(zone=zone)
    assert error.value.errors()[0]["loc"] == ("zone",)


def test_commands_can_be_hashed_as_json():
    assert b"c2VhbGVk" in confirming("o1", "h1", contact=b"sealed").model_dump_json().encode()
    assert selling("o1").model_dump_json()


def test_a_sale_window_and_limits_must_make_sense():
    for terms in (
        {"sale_from": NOON, "sale_until": NOON},
        {"per_order_min": 3, "per_order_max": 2},
        {"per_order_min": 3, "per_person_max": 2},
        {"draws": []},
        {"draws": {"hall": 0}},
        {"sale_from": (NOON + timedelta(0)).replace(tzinfo=None)},
    ):
        with pytest.raises(ValidationError):
            opening(ticket_type(**terms))
