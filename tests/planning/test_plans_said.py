"""What a plan says of a whole file: each thing once, people, messages, money, sections."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.planning.manifest import check
from services.planning.manifest.tables import ACTED_ON_SINCE
from services.planning.plans.changes import Change, changes
from services.planning.plans.declared import declared
from services.planning.plans.plan import Origin, Wish, make, not_acted_on
from services.planning.plans.shapes import Plan
from services.planning.plans.standing import Standing
from tests.planning.test_plans import AT

WALK = check(Path("examples/photo-walk.yaml").read_bytes()).view.data
FILES = sorted(Path("examples").glob("*.yaml"))


def plan(new: dict, old: dict | None = None) -> Plan:
    before = declared(old).data if old else None
    standing = Standing(revision=1, state="planned", manifest=before) if before else Standing()
    return make(declared(new), standing, Origin("acme"), AT, Wish())


def said(new: dict, old: dict | None = None) -> list[str]:
    return [f"{each.service} {each.does}" for each in plan(new, old).effects]


def test_a_new_plan_says_who_is_needed_what_is_booked_and_what_is_sent_each_once():
    found = said(WALK)
    assert found[-3:] == [
        "planning books 3 loan from 2027-09-12 09:30 to 2027-09-12 13:00 UTC",
        "planning has 1 position to fill: Guide, with First aid",
        'ticketing tells guests: "Where we meet", 14h before start, 2027-09-11 15:45',
    ]
    assert len(found) == len({*found})


def test_of_what_is_as_it_was_a_plan_says_nothing():
    assert said(WALK, WALK) == []


def test_another_shift_and_another_time_are_said_and_what_is_gone():
    new = copy.deepcopy(declared(WALK).data)
    new["spec"]["staffing"][0]["count"] = 2
    new["spec"]["notifications"][0]["send"] = "2d before start at 09:00"
    assert said(new, WALK) == [
        "planning has 2 positions to fill: Guide, with First aid",
        'ticketing tells guests: "Where we meet", 2d before start at 09:00, 2027-09-10 09:00',
    ]
    for gone in ("staffing", "notifications"):
        del new["spec"][gone]
    del new["spec"]["kit"]
    assert said(new, WALK)[-2:] == [
        "planning has nobody as Guide any more",
        'ticketing no longer tells guests: "Where we meet"',
    ]


def test_another_date_moves_what_is_sent_before_it():
    new = copy.deepcopy(declared(WALK).data)
    new["spec"]["schedule"]["date"] = "2027-09-19"
    assert 'ticketing tells guests: "Where we meet", 14h before start, 2027-09-18 15:45' in said(
        new, WALK
    )


def test_the_jobs_of_a_schedule_are_said_with_their_rule():
    new = copy.deepcopy(declared(WALK).data)
    every = {"first": "2027-08-02", "at": "09:00", "rule": "FREQ=WEEKLY"}
    job = {"key": "rota", "every": every, "do": [{"tellCrew": {"text": "Rota"}}]}
    new["spec"]["schedules"] = [{"key": "crew", "jobs": [job]}]
    assert said(new, WALK) == [
        'planning tells the crew: "Rota", FREQ=WEEKLY at 09:00 from 2027-08-02 on'
    ]


def test_money_is_what_each_type_brings_at_most_whether_it_has_a_number_or_a_zone():
    night = check(Path("examples/microcinema-night.yaml").read_bytes()).view.data
    assert [(each.what, each.amount) for each in plan(night).money] == [
        ("40 Bench", "480.00 EUR"),
        ("20 Lawn", "160.00 EUR"),
    ]
    market = check(Path("examples/night-market.yaml").read_bytes()).view.data
    assert plan(market).money[0].what == "300 Concert before the stage"  # as its zone has


def test_changes_of_a_series_are_told_apart_by_their_dates():
    old = {"recurrence": {"changes": [{"on": "2027-05-07", "venue": "hall"}]}}
    new = {
        "recurrence": {
            "changes": [{"on": "2027-05-07", "venue": "yard"}, {"on": "2027-06-04", "to": "x"}]
        }
    }
    assert changes(old, new) == [
        Change("recurrence.changes[2027-05-07].venue", "hall", "yard"),
        Change("recurrence.changes[2027-06-04]", None, {"on": "2027-06-04", "to": "x"}),
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_planning_does_of_a_series_is_not_said_to_be_idle(file):
    spec = check(file.read_bytes()).view.data["spec"]
    assert not {"recurrence", "circuit", "schedule", "venue"} & {*not_acted_on(spec)}
    assert {"recurrence", "circuit"} <= {*ACTED_ON_SINCE}


def test_a_date_that_is_past_needs_a_word_unless_it_was_so_before():
    old = copy.deepcopy(declared(WALK).data)
    old["spec"]["schedule"]["date"] = "2026-12-31"
    (found,) = [each for each in plan(old).changes if each.code == "over_already"]
    assert (found.kind, found.why) == (
        "approval",
        "it was over on 2026-12-31 at 09:00: it is closed as soon as it is applied",
    )
    new = copy.deepcopy(old)
    new["spec"]["title"] = "Another"
    assert [each.path for each in plan(new, old).changes] == ["spec.title"]
    assert "over_already" in {each.code for each in plan(old, WALK).changes}


@pytest.mark.parametrize("day", [1, 25])
def test_a_plan_is_blocked_if_guests_are_to_answer_when_they_cannot(day):
    new = copy.deepcopy(declared(WALK).data)
    new["spec"]["schedule"]["date"] = "2027-01-20"
    standing = Standing(revision=1, state="announced", manifest=declared(WALK).data)

    def codes(until: datetime) -> set[str]:
        made = make(declared(new), standing, Origin("acme"), AT, Wish(until))
        return {each.code for each in made.changes if each.kind == "blocked"}

    assert codes(datetime(2027, 1, day, tzinfo=UTC)) == {"answer_times"}
    assert codes(datetime(2027, 1, 20, 10, 45, tzinfo=UTC)) == set()


def test_what_nobody_does_of_a_line_of_kit_or_of_a_cue_is_named():
    market = check(Path("examples/night-market.yaml").read_bytes()).view.data
    found = [each for each in not_acted_on(market["spec"]) if each.startswith(("kit", "run"))]
    assert found == [
        "kit[till].deviceProfile",
        *(f"runOfShow[{cue}].acts" for cue in ("posters", "opener", "band")),
    ]


def test_another_day_needs_a_word_once_doors_are_open_and_another_hour_does_not():
    old = declared(WALK).data
    standing = Standing(revision=1, state="doors", manifest=old)
    another_day, later = copy.deepcopy(old), copy.deepcopy(old)
    another_day["spec"]["schedule"]["date"] = "2027-09-19"
    later["spec"]["schedule"]["start"] = "06:00"
    codes = [
        {each.code for each in make(declared(new), standing, Origin("acme"), AT, Wish()).changes}
        for new in (another_day, later)
    ]
    assert ["under_way" in each for each in codes] == [True, False]


@pytest.mark.parametrize(
    ("days", "becomes"), [(0, "at once: this is past"), (1, "missed: this is past")]
)
def test_what_is_to_be_sent_in_the_past_is_sent_at_once_or_is_missed(days, becomes):
    sent = AT - timedelta(days=days, hours=1)
    new = copy.deepcopy(declared(WALK).data)
    send = f"{sent.astimezone(ZoneInfo('America/New_York')):%Y-%m-%dT%H:%M}"
    new["spec"]["notifications"][0]["send"] = send
    assert said(new)[-1].endswith(f"{send.replace('T', ' ')}, {becomes}")
    other = copy.deepcopy(new)
    other["spec"]["notifications"][0]["subject"] = "Another"
    assert said(other, new) == []  # it was sent, or missed, and is not sent again
