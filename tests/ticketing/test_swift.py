"""A sale that is decided at once is the sale that it would be, had it gone the long way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadcase.decider import Command
from roadcase.errors import Invalid, NotFound, Refused
from roadcase.money import Money
from services.ticketing.commands import Answered, Line, PauseChannel, StopSales
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.office import BoxOffice
from services.ticketing.domain.swift import swift
from tests.ticketing import any_night
from tests.ticketing.any_night import COMMANDS, OPENING, PEOPLE, TYPES, Later, sale
from tests.ticketing.night import (
    MINUTE,
    MS,
    NIGHT,
    NOON,
    changing,
    holding,
    opening,
    selling,
    ticket_type,
)

ONE = st.builds(
    lambda number, kind, person: sale(f"s{number}", [(kind, 1)], person),
    st.integers(0, 40), st.sampled_from(TYPES), PEOPLE | st.none(),
)  # fmt: skip
MOMENTS = st.sampled_from([0, 0, 0, 0, 0, 1, 179, 300, 601])


def asked(office: BoxOffice, command: Command, at: Any) -> Any:
    try:
        events = BOX_OFFICE.decided(office, command, at)
    except (Refused, Invalid, NotFound) as refusal:
        return refusal.code, str(refusal), refusal.facts
    return events


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(ONE | ONE | ONE | COMMANDS, MOMENTS), min_size=10, max_size=40),
    st.sampled_from([4, 6, 9, 40]),
)
def test_a_box_office_that_knows_by_heart_decides_as_one_that_does_not(
    steps: list[tuple[Command | Later, int]], capacity: int
) -> None:
    knowing, forgetful = BOX_OFFICE.initial(), BOX_OFFICE.initial()
    larger = changing(pools={"hall": capacity, "sofa": capacity})
    at = NOON
    for step, seconds in [(OPENING, 0), (larger, 0), *steps]:
        at += timedelta(seconds=seconds)
        command = step.of(forgetful, at) if isinstance(step, any_night.Later) else step
        if command is None:
            continue
        forgetful.swift.clear()
        assert asked(knowing, command, at) == asked(forgetful, command, at)
    assert knowing == forgetful


def test_the_second_sale_is_decided_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    office = BOX_OFFICE.initial()
    asked(office, opening(), NOON)
    assert len(asked(office, selling("a"), NOON)) == 1

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("services.ticketing.domain.selling.quote", never)
    (sold,) = asked(office, selling("b"), NOON)
    assert (sold.order, sold.ticket, sold.number, sold.of) == ("b", "b-1", 1, 1)


LINE = Line(ticket_type="standard", quantity=1)


@pytest.mark.parametrize(
    "more",
    [
        {"lines": (LINE.model_copy(update={"quantity": 2}),)},
        {"lines": (LINE.model_copy(update={"price": Money(1200, "EUR")}),)},
        {"lines": (LINE.model_copy(update={"seats": ("hall-a-1",)}),)},
        {"lines": (LINE, LINE)},
        {"codes": ("SUMMER",)},
        {"answered": Answered(given={}, answers=b"sealed")},
        {"allotment": "press"},
        {"series": "a reservation"},
    ],
)
def test_what_asks_for_more_than_a_ticket_goes_the_long_way(more: dict[str, Any]) -> None:
    office = BOX_OFFICE.initial()
    asked(office, opening(), NOON)
    asked(office, selling("a"), NOON)
    assert swift(office, selling("b"), NOON)
    assert swift(office, selling("b").model_copy(update=more), NOON) is None


def test_a_hold_that_is_dead_ends_before_the_sale() -> None:
    office = BOX_OFFICE.initial()
    asked(office, opening(), NOON)
    asked(office, selling("a"), NOON)
    asked(office, holding("h", channel="till"), NOON)
    assert office.swift
    ended, sold = asked(office, selling("b"), NOON + 4 * MINUTE)
    assert (ended.hold, ended.why, sold.order) == ("h", "expired", "b")


def test_what_is_free_for_who_waits_is_not_sold_to_who_comes() -> None:
    office = BOX_OFFICE.initial()
    asked(office, opening(), NOON)
    asked(office, selling("a"), NOON)
    office.queue.demand["hall"] = 3
    assert asked(office, selling("b"), NOON)[0] == "ticketing.sold_out"


def test_an_order_that_is_there_is_recognised_under_another_seed() -> None:
    office = BOX_OFFICE.initial()
    asked(office, opening(), NOON)
    asked(office, selling("a"), NOON)
    again = selling("a").model_copy(update={"code_seed": "0" * 32})
    assert asked(office, again, NOON) == ()


def test_a_limit_over_all_types_is_kept() -> None:
    office = BOX_OFFICE.initial()
    asked(office, opening(per_person_max=1), NOON)
    asked(office, selling("a"), NOON)
    assert asked(office, selling("b"), NOON)[0] == "ticketing.person_limit"


LATE = NOON + 5 * MINUTE


@pytest.mark.parametrize(
    ("terms", "then", "sells", "code"),
    [
        ({"sale_until": LATE}, [], {}, "ticketing.sale_ended"),
        ({"per_person_max": 1}, [], {}, "ticketing.person_limit"),
        ({"per_person_max": 1}, [], {"subject": None}, "ticketing.person_unknown"),
        ({}, [], {"amount": "11.00 EUR"}, "ticketing.wrong_amount"),
        ({}, [changing(pools={"hall": 1})], {}, "ticketing.sold_out"),
        ({}, [holding("h", ("standard", 3))], {}, "ticketing.sold_out"),
        ({}, [changing(ticket_types=[ticket_type(active=False)])], {}, "ticketing.not_for_sale"),
        ({}, [changing(ticket_types=[ticket_type(price="9.00 EUR")])], {},
         "ticketing.wrong_amount"),
        ({}, [StopSales(occurrence=NIGHT)], {}, "ticketing.sales_are_stopped"),
        ({}, [PauseChannel(occurrence=NIGHT, channel="drop")], {}, "ticketing.channel_is_paused"),
        ({}, [], {"codes": ["SUMMER"]}, "ticketing.unknown_code"),
    ],
)  # fmt: skip
def test_what_is_true_no_more_is_not_sold(
    terms: dict[str, Any], then: list[Command], sells: dict[str, Any], code: str
) -> None:
    office = BOX_OFFICE.initial()
    asked(office, opening(ticket_type(**terms)), NOON)
    assert len(asked(office, selling("a", subject="ana"), NOON)) == 1
    assert office.swift
    at = LATE if "sale_until" in terms else LATE - MS
    for command in then:
        assert asked(office, command, at)
    assert asked(office, selling("b", **{"subject": "ana", **sells}), at)[0] == code
    assert "b" not in office.orders
