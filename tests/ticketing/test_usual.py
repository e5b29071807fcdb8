"""What is worked out once is what would be worked out each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from roadcase.errors import RoadcaseError
from roadcase.money import Money
from services.ticketing.commands import (
    ChangeBoxOffice,
    HoldTickets,
    Line,
    OpenBoxOffice,
    ReleaseHold,
    SetVoucher,
    TicketType,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.domain.office import BoxOffice

BEGIN = datetime(2027, 1, 1, tzinfo=UTC)


def _type(price: int = 1200, **more: Any) -> TicketType:
    return TicketType(
        id="standard", name="Standard", price=Money(price, "EUR"), seller="house",
        draws={"hall": 1}, **more,
    )  # fmt: skip


def _opened() -> BoxOffice:
    office = BOX_OFFICE.initial()
    opening = OpenBoxOffice(
        occurrence="film", name="Film", zone="Europe/Berlin", per_order_max=6,
        starts_at=datetime(2099, 1, 1, 20), ends_at=datetime(2099, 1, 1, 22),
        pools={"hall": 40}, ticket_types=(_type(),),
    )  # fmt: skip
    _asked(office, opening, BEGIN)
    return office


def _asked(office: BoxOffice, command: Any, at: datetime) -> list[Any] | str:
    try:
        events = list(BOX_OFFICE.commands[type(command)](office, command, at))
    except RoadcaseError as refusal:
        return refusal.code
    for event in events:
        BOX_OFFICE.evolve(office, event)
    return events


SUBJECTS = some.none() | some.sampled_from(["ada", "bob"])
HOLDS = some.builds(
    lambda number, quantity, subject, codes: HoldTickets(
        occurrence="film", hold=f"h{number}", subject=subject, codes=codes,
        lines=(Line(ticket_type="standard", quantity=quantity),),
    ),
    some.integers(0, 10**6), some.integers(1, 2), SUBJECTS,
    some.sampled_from([("SUMMER",), ("SUMMER",), (), ("SUMMER", "SUMMER")]),
)  # fmt: skip
RELEASES = some.builds(
    lambda number: ReleaseHold(occurrence="film", hold=f"h{number}"), some.integers(0, 20)
)
VOUCHERS = some.builds(
    lambda effect, uses, person, budget, least, hours: SetVoucher(
        occurrence="film", voucher="SUMMER", uses=uses, per_person=person, least=least,
        budget=Money(budget, "EUR") if budget and effect["effect"] != "none" else None,
        valid_until=BEGIN + timedelta(hours=hours) if hours else None, **effect,
    ),
    some.sampled_from([
        {"effect": "none"},
        {"effect": "percent", "permille": 125},
        {"effect": "percent", "permille": 1000},
        {"effect": "subtract", "amount": Money(300, "EUR")},
    ]),
    some.none() | some.integers(1, 6), some.none() | some.integers(1, 4),
    some.none() | some.integers(1, 900), some.integers(1, 2), some.none() | some.integers(1, 4),
)  # fmt: skip
CHANGES = some.builds(
    lambda price, most, hours, order: ChangeBoxOffice(
        occurrence="film", per_order_max=order,
        ticket_types=(_type(
            price, per_person_max=most,
            sale_until=BEGIN + timedelta(hours=hours) if hours else None,
        ),),
    ),
    some.sampled_from([1000, 1200]), some.none() | some.integers(1, 5),
    some.none() | some.integers(1, 6), some.none() | some.integers(0, 3),
)  # fmt: skip


STEPS = some.tuples(
    HOLDS | HOLDS | HOLDS | RELEASES | VOUCHERS | CHANGES, some.sampled_from([0, 0, 0, 5, 90])
)


@settings(max_examples=300, deadline=None)
@given(VOUCHERS, some.lists(STEPS, min_size=10, max_size=30))
def test_a_box_office_that_remembers_decides_as_one_that_does_not(
    first: SetVoucher, asked: list[tuple[Any, int]]
) -> None:
    remembering, forgetful = _opened(), _opened()
    at = BEGIN
    for number, (command, minutes) in enumerate([(first, 0), *asked]):
        at += timedelta(minutes=minutes)
        new = {"hold": f"h{number}"} if isinstance(command, HoldTickets) else {}
        asking = command.model_copy(update=new)
        forgetful.usual.clear()
        assert _asked(remembering, asking, at) == _asked(forgetful, asking, at)
    assert remembering == forgetful


def _hold(hold: str, quantity: int = 1, subject: str | None = None) -> HoldTickets:
    return HoldTickets(
        occurrence="film", hold=hold, codes=("SUMMER",), subject=subject,
        lines=(Line(ticket_type="standard", quantity=quantity),),
    )  # fmt: skip


def _voucher(**terms: Any) -> SetVoucher:
    return SetVoucher(occurrence="film", voucher="SUMMER", **terms)


def test_the_rest_of_a_budget_is_not_what_the_next_one_gets() -> None:
    office = _opened()
    three = Money(300, "EUR")
    _asked(office, _voucher(effect="subtract", amount=three, budget=Money(400, "EUR")), BEGIN)

    def price(hold: str) -> int:
        (event,) = _asked(office, _hold(hold), BEGIN)
        return int(event.lines[0].price.minor)

    assert [price("a"), price("b")] == [900, 1100]
    _asked(office, ReleaseHold(occurrence="film", hold="a"), BEGIN)
    assert price("c") == 900


LATE = BEGIN + timedelta(minutes=5)
CHEAPER = {"effect": "percent", "permille": 500}
LESS = ChangeBoxOffice(occurrence="film", per_order_max=1)
CLOSED = ChangeBoxOffice(occurrence="film", ticket_types=(_type(active=False),))


@pytest.mark.parametrize(
    ("terms", "then", "at", "code"),
    [
        ({"valid_until": LATE}, None, LATE, "ticketing.voucher_expired"),
        ({"uses": 2}, None, BEGIN, "ticketing.voucher_used_up"),
        ({"per_person": 2}, None, BEGIN, "ticketing.voucher_used_up"),
        ({"budget": Money(1200, "EUR")}, None, BEGIN, "ticketing.voucher_used_up"),
        ({}, _voucher(**CHEAPER, active=False), BEGIN, "ticketing.unknown_code"),
        ({}, LESS, BEGIN, "ticketing.order_limit"),
        ({}, CLOSED, BEGIN, "ticketing.not_for_sale"),
        ({}, None, LATE, "ticketing.sale_ended"),
    ],
)
def test_what_is_true_no_more_is_not_remembered(
    terms: dict[str, Any], then: Any, at: datetime, code: str
) -> None:
    office = _opened()
    until = LATE if code == "ticketing.sale_ended" else None
    on_sale = ChangeBoxOffice(occurrence="film", ticket_types=(_type(sale_until=until),))
    remembered = (_hold("a", 1, "ada"), _hold("b", 2 if then is LESS else 1, "ada"))
    for command in (on_sale, _voucher(**CHEAPER, **terms), *remembered):
        assert isinstance(_asked(office, command, BEGIN), list)
    assert office.usual
    if then is not None:
        _asked(office, then, BEGIN)
    quantity = 2 if then is LESS else 1
    assert _asked(office, _hold("c", quantity, "ada"), at) == code
