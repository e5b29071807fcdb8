"""Pools, holds and editions: what fits, what is dead, and that nothing is counted twice."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from roadcase.allocation import (
    DROP,
    EXTENSION,
    TILL,
    WEB,
    Allocation,
    Editions,
    Impossible,
    Lease,
    Pool,
    total,
)
from roadcase.allocation.ordered import SLACK, Deadlines, ascending
from roadcase.errors import Invalid

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


@given(
    counts=st.tuples(*[st.integers(min_value=0, max_value=6)] * 5),
    units=st.integers(min_value=-2, max_value=8),
)
def test_a_sale_is_what_moves_from_free_to_sold(counts: tuple[int, ...], units: int) -> None:
    one, other = (Pool(*counts) for _ in range(2))
    try:
        one.move(units, "free", "sold")
    except Impossible:
        with pytest.raises(Impossible, match=f"^{units} units from free to sold of Pool"):
            other.sell(units)
    else:
        other.sell(units)
    assert one == other


def box(**capacities: int) -> Allocation:
    allocation = Allocation()
    for pool, capacity in capacities.items():
        allocation.resize(pool, capacity)
    return allocation


# Pools


def test_a_unit_is_free_held_leased_or_sold_and_never_two_of_them():
    pool = Pool(capacity=10)
    pool.move(4, "free", "held")
    pool.move(3, "held", "sold")
    pool.move(2, "free", "leased")
    pool.move(1, "leased", "sold")
    pool.move(1, "sold", "free")
    assert (pool.free, pool.held, pool.leased, pool.sold) == (5, 1, 1, 3)


@pytest.mark.parametrize("source", ["free", "held", "leased", "sold"])
def test_more_units_than_an_account_has_cannot_leave_it(source):
    pool = Pool(capacity=8)
    for account in ("held", "leased", "sold"):
        pool.move(2, "free", account)
    before, target = deepcopy(pool), "sold" if source == "held" else "held"
    with pytest.raises(Impossible):
        pool.move(3, source, target)
    with pytest.raises(Impossible):
        pool.move(-1, source, target)
    if source != "free":
        with pytest.raises(Impossible):
            pool.move(3, source, target, over=True)
    assert pool == before


def test_a_capacity_may_be_cut_below_what_is_taken_and_then_shows_zero_free():
    pool = Pool(capacity=10)
    pool.move(5, "free", "sold")
    pool.move(3, "free", "held")
    pool.resize(6)
    assert (pool.free, pool.overcommitted) == (0, 2)
    with pytest.raises(Impossible):
        pool.move(1, "free", "held")
    pool.move(3, "held", "free")
    assert (pool.free, pool.overcommitted) == (1, 0)
    with pytest.raises(Impossible):
        pool.resize(-1)


def test_an_override_is_counted_although_it_does_not_fit():
    allocation = box(hall=1)
    allocation.sell({"hall": 3}, over=True)
    assert allocation.pools["hall"].sold == 3
    assert allocation.pools["hall"].overcommitted == 2


def test_the_first_short_pool_by_name_is_named_whatever_the_order_asked():
    allocation = box(hall=10, balcony=1, vip=0)
    assert allocation.short_of({"hall": 10, "balcony": 1}) is None
    assert allocation.short_of({"vip": 1, "balcony": 2}) == "balcony"
    assert allocation.short_of({"balcony": 2, "vip": 1}) == "balcony"
    assert allocation.short_of({"hall": 11}) == "hall"
    assert allocation.short_of({"attic": 1}) == "attic"


@pytest.mark.parametrize("claim", [{}, {"hall": 0}, {"hall": -1}, {"hall": 1, "balcony": 0}])
def test_a_claim_of_nothing_is_invalid(claim):
    with pytest.raises(Invalid):
        box(hall=1, balcony=1).short_of(claim)


def test_two_lines_on_one_pool_are_one_claim_on_it():
    claim = total([{"shirt": 1, "poster": 1}, {"shirt": 1}])
    assert claim == {"shirt": 2, "poster": 1}
    assert box(shirt=1, poster=5).short_of(claim) == "shirt"


def test_a_claim_that_draws_twice_on_a_pool_is_available_half_as_often():
    assert box(hall=7, table=3).available({"hall": 2, "table": 1}) == 3
    assert box(hall=5, table=3).available({"hall": 2, "table": 1}) == 2
    assert box(hall=1, table=3).available({"hall": 2, "table": 1}) == 0


def test_units_of_dead_holds_count_as_free_in_the_decision_that_ends_them():
    allocation = box(hall=2)
    allocation.hold("a", {"hall": 2}, NOON)
    freed = total(hold.claim for hold in allocation.dead(NOON))
    assert allocation.short_of({"hall": 2}) == "hall"
    assert allocation.short_of({"hall": 2}, freed) is None
    assert allocation.short_of({"hall": 3}, freed) == "hall"


def test_units_given_back_to_an_overcommitted_pool_first_cover_what_is_missing():
    allocation = box(hall=5)
    allocation.hold("a", {"hall": 2}, NOON)
    allocation.sell({"hall": 3})
    allocation.resize("hall", 3)
    assert allocation.short_of({"hall": 1}, {"hall": 2}) == "hall"


def test_a_fact_about_an_unknown_pool_is_impossible():
    with pytest.raises(Impossible, match="attic"):
        box(hall=1).sell({"attic": 1})


# Holds


def test_a_hold_lives_until_the_last_moment_before_its_deadline():
    allocation = box(hall=2)
    allocation.hold("a", {"hall": 1}, NOON)
    assert allocation.alive("a", NOON - TICK) is not None
    assert allocation.dead(NOON - TICK) == []
    assert allocation.alive("a", NOON) is None
    assert [hold.id for hold in allocation.dead(NOON)] == ["a"]


@pytest.mark.parametrize(("how", "sold"), [("sold", 2), ("released", 0), ("expired", 0)])
def test_a_hold_ends_exactly_once(how, sold):
    allocation = box(hall=3)
    allocation.hold("a", {"hall": 2}, NOON)
    allocation.end("a", how)
    hall = allocation.pools["hall"]
    assert (hall.held, hall.sold, hall.free) == (0, sold, 3 - sold)
    assert allocation.dead(NOON) == []
    assert allocation.deadline is None
    for again in ("sold", "released", "expired"):
        with pytest.raises(Impossible):
            allocation.end("a", again)


def test_an_id_is_recognised_while_its_hold_runs_and_after_it_ended():
    allocation = box(hall=3)
    assert "a" not in allocation.holds
    allocation.hold("a", {"hall": 1}, NOON)
    assert "a" in allocation.holds
    allocation.end("a", "expired")
    assert "a" in allocation.holds
    with pytest.raises(Impossible):
        allocation.hold("a", {"hall": 1}, NOON)


def test_a_hold_is_extended_once_and_by_five_minutes():
    allocation = box(hall=1)
    allocation.hold("a", {"hall": 1}, NOON)
    until = allocation.holds.living["a"].extension
    assert until == NOON + timedelta(minutes=5)
    allocation.extend("a", until)
    hold = allocation.alive("a", NOON)
    assert hold is not None
    assert hold.extension is None
    assert allocation.dead(NOON) == []
    assert allocation.deadline == until
    with pytest.raises(Impossible):
        allocation.extend("a", until + EXTENSION)


def test_a_hold_that_is_gone_is_not_extended_and_never_to_an_earlier_time():
    allocation = box(hall=2)
    allocation.hold("a", {"hall": 1}, NOON)
    with pytest.raises(Impossible):
        allocation.extend("a", NOON)
    allocation.end("a", "released")
    with pytest.raises(Impossible):
        allocation.extend("a", NOON + EXTENSION)


def test_holds_of_different_lengths_die_in_the_order_of_their_deadlines():
    allocation = box(hall=9)
    allocation.hold("web", {"hall": 1}, NOON + WEB)
    allocation.hold("till", {"hall": 1}, NOON + TILL)
    allocation.hold("drop", {"hall": 1}, NOON + DROP)
    allocation.extend("till", NOON + TILL + EXTENSION)
    assert allocation.deadline == NOON + timedelta(minutes=5)
    assert [hold.id for hold in allocation.dead(NOON + WEB)] == ["drop", "till", "web"]
    assert [hold.id for hold in allocation.dead(NOON + WEB - TICK)] == ["drop", "till"]


def test_holds_that_die_together_come_in_the_order_of_their_ids():
    allocation = box(hall=9)
    for id_ in "cab":
        allocation.hold(id_, {"hall": 1}, NOON)
    assert [hold.id for hold in allocation.dead(NOON)] == ["a", "b", "c"]


# The heap


def test_a_heap_is_read_in_order_without_being_changed():
    deadlines = Deadlines()
    for number in (5, 3, 9, 1, 1, 7, 2):
        deadlines.set(f"{number}-{len(deadlines.of)}", NOON + number * SECOND)
    before = list(deadlines.heap)
    assert list(ascending(deadlines.heap)) == sorted(before)
    assert deadlines.heap == before


def test_stale_deadlines_never_outnumber_the_living_by_much():
    deadlines = Deadlines()
    deadlines.set("first", NOON - SECOND)  # keeps every later entry below the top
    for number in range(2_000):
        deadlines.set("moving", NOON + number * SECOND)
        assert len(deadlines.heap) <= 2 * len(deadlines.of) + SLACK
    assert deadlines.due(NOON + 2_000 * SECOND) == ["first", "moving"]


def test_a_rebuilt_heap_is_in_order_whatever_the_order_of_arrival():
    deadlines = Deadlines()
    for number in range(200):
        deadlines.set(f"{number:03}", NOON + (number * 7 % 200) * SECOND)
    for number in range(0, 200, 3):
        deadlines.set(f"{number:03}", NOON + (300 - number) * SECOND)
        deadlines.set(f"{number:03}", NOON + (400 - number) * SECOND)
    for number in range(1, 200, 3):
        deadlines.drop(f"{number:03}")
    scan = sorted((when, id_) for id_, when in deadlines.of.items())
    while scan:
        assert deadlines.earliest == scan[0][0]
        deadlines.drop(scan.pop(0)[1])
        assert deadlines.due(NOON + 400 * SECOND) == [id_ for _, id_ in scan]


def test_a_deadline_that_moves_away_and_back_is_due_once():
    deadlines = Deadlines()
    deadlines.set("first", NOON - SECOND)
    for when in (NOON, NOON + SECOND, NOON):
        deadlines.set("moving", when)
    assert deadlines.due(NOON) == ["first", "moving"]


# Editions


def test_editions_are_numbered_from_one_to_the_last_and_no_further():
    editions = Editions(size=3)
    assert editions.upcoming(5) == [1, 2, 3]
    for number in (1, 2, 3):
        editions.issue(number)
    assert (editions.left, editions.upcoming(1)) == (0, [])
    with pytest.raises(Impossible):
        editions.issue(4)


def test_an_edition_is_issued_in_its_turn_and_once():
    editions = Editions(size=3)
    with pytest.raises(Impossible):
        editions.issue(2)
    editions.issue(1)
    with pytest.raises(Impossible):
        editions.issue(1)


def test_a_voided_number_is_retired_unless_the_drop_says_otherwise():
    editions = Editions(size=3)
    for number in (1, 2):
        editions.issue(number)
    editions.give_back(1)
    assert (editions.left, editions.upcoming(9)) == (1, [3])
    with pytest.raises(Impossible):
        editions.give_back(1)


def test_returned_numbers_are_reissued_lowest_first_before_any_new_one():
    editions = Editions(size=9, returned="reissue")
    for number in range(1, 7):
        editions.issue(number)
    for number in (5, 2, 4):
        editions.give_back(number)
    assert editions.upcoming(5) == [2, 4, 5, 7, 8]
    assert editions.left == 6
    for number in (2, 4, 5, 7):
        editions.issue(number)
    assert editions.upcoming(9) == [8, 9]


@given(st.sampled_from(["retire", "reissue"]), st.lists(st.integers(-3, 8)))
def test_no_number_is_ever_out_twice(returned, steps):
    editions, out, ever = Editions(size=6, returned=returned), [], []
    for step in steps:
        if step < 0 and out:
            editions.give_back(out.pop(step % len(out)))
        elif step >= 0:
            for number in editions.upcoming(step):
                editions.issue(number)
                out.append(number)
                ever.append(number)
        assert set(out) == editions.issued
        assert len(set(out)) == len(out)
        assert set(out) <= set(range(1, 7))
        assert editions.left == len(editions.upcoming(99))
    if returned == "retire":
        assert ever == sorted(set(ever))


def test_a_snapshot_of_the_state_is_the_state():
    allocation = box(hall=9)
    allocation.hold("a", {"hall": 2}, NOON)
    allocation.hold("b", {"hall": 1}, NOON - SECOND)
    allocation.end("b", "sold")
    allocation.lease(Lease("L", "node", {"hall": 1}, "timed", 3, 1, reclaim_at=NOON))
    for state in (allocation, Editions(size=3, issued={1}, next_new=2)):
        again = msgspec.json.decode(msgspec.json.encode(state), type=type(state))
        assert again == state
    again = msgspec.json.decode(msgspec.json.encode(allocation), type=Allocation)
    again.end("a", "released")
    assert again.deadline == NOON + TICK


# All of it at once


class BoxOffice(RuleBasedStateMachine):
    """Random holds, ends, sales and cuts against a model that scans everything."""

    def __init__(self) -> None:
        super().__init__()
        self.real = box(a=8, b=5)
        self.holds: dict[str, tuple[dict[str, int], datetime, bool]] = {}
        self.sold: dict[str, int] = {"a": 0, "b": 0}
        self.at = NOON
        self.taken = 0

    @rule(seconds=st.integers(0, 400))
    def wait(self, seconds):
        self.at += seconds * SECOND

    @rule(
        claim=st.dictionaries(st.sampled_from("ab"), st.integers(1, 3), min_size=1),
        length=st.sampled_from([WEB, DROP, TILL]),
    )
    def hold(self, claim, length):
        dead = self.real.dead(self.at)
        if self.real.short_of(claim, total(each.claim for each in dead)) is None:
            for each in dead:
                self.end(each.id, "expired")
            id_ = f"h{self.taken}"
            self.taken += 1
            self.real.hold(id_, claim, self.at + length)
            self.holds[id_] = (claim, self.at + length, False)

    @rule(data=st.data())
    def extend(self, data):
        if self.holds:
            id_ = data.draw(st.sampled_from(sorted(self.holds)))
            claim, until, extended = self.holds[id_]
            alive = self.real.alive(id_, self.at)
            assert (alive is not None) == (self.at < until)
            if alive is not None and alive.extension is not None:
                assert not extended
                self.real.extend(id_, alive.extension)
                self.holds[id_] = (claim, until + EXTENSION, True)

    @rule(data=st.data(), how=st.sampled_from(["sold", "released"]))
    def finish(self, data, how):
        if self.holds:
            id_ = data.draw(st.sampled_from(sorted(self.holds)))
            if self.real.alive(id_, self.at):
                self.end(id_, how)

    def end(self, id_, how):
        self.real.end(id_, how)
        claim, *_ = self.holds.pop(id_)
        if how == "sold":
            self.sold = total([self.sold, claim])

    @rule(pool=st.sampled_from("ab"), units=st.integers(1, 3))
    def give_back(self, pool, units):
        if self.sold[pool] >= units:
            self.real.give_back({pool: units})
            self.sold[pool] -= units

    @rule(pool=st.sampled_from("ab"), capacity=st.integers(0, 12))
    def resize(self, pool, capacity):
        self.real.resize(pool, capacity)

    @invariant()
    def counts_are_those_of_a_full_scan(self):
        held = total(claim for claim, *_ in self.holds.values())
        for name, pool in self.real.pools.items():
            assert (pool.held, pool.sold) == (held.get(name, 0), self.sold[name])
            assert pool.free == max(0, pool.capacity - pool.held - pool.sold)

    @invariant()
    def the_dead_are_those_of_a_full_scan_and_asking_changes_nothing(self):
        before = deepcopy(self.real)
        scan = sorted((until, id_) for id_, (_, until, _) in self.holds.items())
        for at in (self.at, self.at + DROP):
            assert [h.id for h in self.real.dead(at)] == [id_ for until, id_ in scan if until <= at]
        assert self.real.deadline == (scan[0][0] if scan else None)
        self.real.available({"a": 1, "b": 2})
        assert self.real == before


def test_any_order_of_holds_ends_extensions_and_cuts_keeps_the_counts():
    run_state_machine_as_test(
        BoxOffice,
        settings=settings(
            max_examples=120,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
