"""What a plan says of a night that was postponed: no date holds, and what brings it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.planning.plans.declared import declared
from services.planning.plans.plan import Origin, Wish, make
from services.planning.plans.shapes import Plan
from services.planning.plans.standing import Standing
from tests.planning.test_plans import AT, data, standing

POSTPONED = standing(postponed=True)
DATE = "spec.schedule.date"


def plan(new: dict[str, Any], stands: Standing = POSTPONED, at: datetime = AT, **wish: Any) -> Plan:
    return make(declared(new), stands, Origin("acme"), at, Wish(**wish))


def said(plan: Plan) -> list[tuple[str, Any, Any, str, str]]:
    return [(each.path, each.old, each.new, each.kind, each.code) for each in plan.changes]


def test_the_same_manifest_brings_it_back_to_its_date():
    found = plan(data())
    assert said(found) == [(DATE, None, "2027-06-18", "notify", "returns")]
    assert "holders are asked whether they keep their tickets" in found.changes[0].why
    assert found.takes_place.starts_at == datetime(2027, 6, 18, 20)
    nobody_knows = plan(data(), standing(postponed=True, state="planned"))
    assert "holders" not in nobody_knows.changes[0].why
    assert plan(data(), standing()).changes == ()


def test_another_date_is_its_new_one():
    found = plan(data(spec__schedule__date="2027-07-02"))
    assert said(found) == [(DATE, "2027-06-18", "2027-07-02", "notify", "time_announced")]
    assert found.takes_place.starts_at == datetime(2027, 7, 2, 20)


def test_what_else_is_changed_leaves_it_postponed_and_says_so():
    found = plan(data(spec__capacity__total=120))
    assert said(found) == [
        ("spec.capacity.total", 100, 120, "safe", "safe"),
        (DATE, None, None, "safe", "still_postponed"),
    ]
    assert found.takes_place is None


def test_a_date_that_is_past_does_not_hold_again():
    found = plan(data(), at=datetime(2027, 6, 18, 18, tzinfo=UTC))
    assert said(found) == [(DATE, None, "2027-06-18", "blocked", "time_is_past")]
    assert found.changes[0].why.endswith("give it a date that is ahead")


@pytest.mark.parametrize("until", [AT, datetime(2027, 6, 18, 18, 1, tzinfo=UTC)])
def test_guests_have_time_to_answer_before_it(until):
    assert [each.code for each in plan(data(), answer_until=until).changes] == [
        *("answer_times", "returns")
    ]
