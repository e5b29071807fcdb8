"""The rules of the entry: who may pass which gate when, without any state but what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.ticketing.domain.entry_rules import EntryRules, Pass
from services.ticketing.events import EntryRule, GateTakes
from tests.ticketing.night import MINUTE, NOON

SECOND = timedelta(seconds=1)


def ask(rule: dict, at: datetime = NOON, gates=(), zone="UTC", **known):
    rules = EntryRules([EntryRule(**rule)], gates, zone)
    return rules.entry(Pass(**{"gate": "north", "ticket_type": "standard", **known}), at)


def reentry(rule: dict, *, inside: int, came: int) -> str | None:
    no = ask(rule, NOON + MINUTE, inside=inside, entries=[NOON] * came)
    return no and no.reason


@pytest.mark.parametrize(
    ("rule", "never_came", "still_in", "has_left"),
    [
        ({}, None, "already_in", None),
        ({"reentry": False}, None, "already_in", "already_redeemed"),
        ({"multiple": True}, None, None, None),
        ({"multiple": True, "reentry": False}, None, None, None),
    ],
)
def test_every_combination_of_re_entry_and_entering_twice(rule, never_came, still_in, has_left):
    assert reentry(rule, inside=0, came=0) == never_came
    assert reentry(rule, inside=1, came=1) == still_in
    assert reentry(rule, inside=0, came=1) == has_left


def test_once_on_each_day_where_midnight_is_the_venues():
    """22:30 UTC in June is half past midnight in Berlin: the next day there, the same in UTC."""
    evening, night = datetime(2026, 6, 1, 21, tzinfo=UTC), datetime(2026, 6, 1, 22, 30, tzinfo=UTC)
    again = {"entries": [evening], "at": night}
    assert ask({"once_per_day": True}, zone="Europe/Berlin", **again) is None
    assert ask({"once_per_day": True}, **again) == ("rules", "once_per_day")


def test_once_on_a_day_with_25_hours():
    first = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # 00:30 on the 25th in Berlin
    last = first + timedelta(hours=24)  # 23:30 on the same day
    known = {"zone": "Europe/Berlin", "entries": [first]}
    assert ask({"once_per_day": True}, last, **known) == ("rules", "once_per_day")
    assert ask({"once_per_day": True}, last + timedelta(minutes=30), **known) is None


def test_a_group_comes_once_on_each_day_in_parts():
    known = {"admits": 3, "entries": [NOON, NOON]}
    assert ask({"once_per_day": True}, **known) is None
    assert ask({"once_per_day": True}, guests=2, **known) == ("rules", "once_per_day")


def test_a_type_is_taken_from_its_first_to_its_last_moment():
    rule = {"valid_from": NOON, "valid_until": NOON + MINUTE}
    assert ask(rule, NOON - SECOND) == ("not_yet_valid", "ticket_type")
    assert ask(rule, NOON) is None
    assert ask(rule, NOON + MINUTE) is None
    assert ask(rule, NOON + MINUTE + SECOND) == ("expired", "ticket_type")


def test_so_many_entries_and_no_more():
    assert ask({"max_entries": 2}, entries=[NOON]) is None
    assert ask({"max_entries": 2}, entries=[NOON, NOON]) == ("rules", "max_entries")


def test_some_minutes_lie_between_two_entries_but_not_between_the_parts_of_a_group():
    soon = {"entries": [NOON], "at": NOON + 4 * MINUTE}
    assert ask({"minutes_between": 5}, **soon) == ("rules", "minutes_between")
    assert ask({"minutes_between": 5}, NOON + 5 * MINUTE, entries=[NOON]) is None
    assert ask({"minutes_between": 5}, inside=1, admits=2, **soon) is None


def test_a_group_enters_in_parts_and_one_by_one():
    assert ask({}, admits=5, inside=2, guests=3, entries=[NOON] * 2) is None
    assert ask({}, admits=5, inside=3, guests=3, entries=[NOON] * 3) == ("already_in", None)
    assert ask({}, admits=5, guests=6) == ("rules", "too_many")
    assert ask({"reentry": False}, admits=2, entries=[NOON]) is None
    assert ask({"multiple": True}, admits=2, guests=3) == ("rules", "too_many")


def test_a_gate_takes_the_types_that_it_was_given():
    gates = [GateTakes(gate="north", ticket_types=("vip",)), GateTakes(gate="south")]
    assert ask({}, gates=gates) == ("product", None)
    assert ask({}, gates=gates, ticket_type="vip") is None
    assert ask({}, gates=gates, gate="south") is None
    assert ask({}, gates=gates, gate="west") == ("error", "unknown_gate")


def test_what_is_not_known_is_not_let_in_where_it_matters():
    assert ask({"ticket_type": "vip"}, ticket_type=None) == ("error", "unknown_type")
    gates = [GateTakes(gate="north", ticket_types=("vip",))]
    assert ask({}, gates=gates, ticket_type=None) == ("error", "unknown_type")
    assert ask({}, ticket_type=None) is None


def test_a_type_without_a_rule_has_that_of_all_others():
    rules = EntryRules([EntryRule(text="all"), EntryRule(ticket_type="vip", text="vip")])
    assert [rules.of(each).text for each in ("vip", "standard", None)] == ["vip", "all", "all"]


def test_leaving_is_refused_only_to_who_is_not_in_or_is_not_counted():
    who = Pass(gate="north", ticket_type="standard", inside=1)
    assert EntryRules().exit(who) is None
    assert EntryRules().exit(who._replace(inside=0)) == ("not_in", None)
    assert EntryRules().exit(who._replace(guests=2)) == ("not_in", None)
    assert EntryRules([EntryRule(exits=False)]).exit(who) == ("rules", "no_exit")
