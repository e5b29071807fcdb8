"""The waiting list was fair, and the log proves it: who tampers with it is found out."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadcase.errors import Invalid, NotFound, Refused
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    JoinWaitingList,
    LeaveWaitingList,
    ReleaseHold,
)
from services.ticketing.domain import BOX_OFFICE
from services.ticketing.events import TicketsHeld, WaitingJoined, WaitingKept
from services.ticketing.fairness import Unfair, first_unfair
from tests.ticketing.any_night import STEPS, history_of
from tests.ticketing.night import (
    NIGHT,
    NOON,
    changing,
    confirming,
    history,
    holding,
    opening,
    selling,
    ticket_type,
)


def joining(entry, quantity=1, **more):
    return JoinWaitingList(
        occurrence=NIGHT,
        entry=entry,
        quantity=quantity,
        **{"ticket_types": ["standard"], "subject": f"g-{entry}", **more},
    )


FULL = (
    opening(ticket_type(), pools={"hall": 3}),
    selling("o1", ("standard", 3), amount="36.00 EUR", subject="zoe"),
)


def void(number):
    return CancelOrder(occurrence=NIGHT, order="o1", tickets=[f"o1-{number}"], reason="ill")


def proof(events):
    return first_unfair(enumerate(events, 1))


def offers(events):
    return [at for at, event in enumerate(events) if isinstance(event, TicketsHeld) and event.entry]


def test_a_list_that_was_served_in_its_order_is_fair():
    events = history(
        *FULL, joining("a"), joining("b", 2), joining("c"), joining("v", priority=1),
        void(1), void(2), void(3), changing(pools={"hall": 6}),
        (CatchUp(occurrence=NIGHT), NOON.replace(day=2)),
    )  # fmt: skip
    assert [events[at].entry for at in offers(events)] == ["v", "a", "b", "c"]
    assert proof(events) is None


def test_an_offer_that_went_to_the_second_names_its_position_and_who_was_first():
    events = list(history(*FULL, joining("a"), joining("b"), void(1)))
    (at,) = offers(events)
    events[at] = msgspec.structs.replace(events[at], entry="b", hold="offer-b")
    assert proof(events) == Unfair(at + 1, "out_of_turn", "b", "a")


def test_who_came_later_with_a_priority_was_first_and_leaving_it_out_is_seen():
    events = list(history(*FULL, joining("a"), joining("v", priority=2), void(1)))
    (at,) = offers(events)
    events[at] = msgspec.structs.replace(events[at], entry="a", hold="offer-a")
    assert proof(events) == Unfair(at + 1, "out_of_turn", "a", "v")
    joined = next(n for n, each in enumerate(events) if isinstance(each, WaitingJoined))
    swapped = [*events[:joined], events[joined + 1], events[joined], *events[joined + 2 :]]
    assert proof(swapped) == Unfair(at + 1, "out_of_turn", "a", "v")


def test_who_was_kept_all_in_a_hall_that_was_cut_is_not_passed_over():
    pair = joining("a", ticket_types=["pair"], priority=1)
    events = history(
        opening(
            ticket_type(),
            ticket_type("sofa", draws=["sofa"]),
            ticket_type("pair", draws=["hall", "sofa"]),
            pools={"hall": 2, "sofa": 1},
        ),
        holding("h1", ("sofa", 1)), pair, joining("c", ticket_types=["sofa"]),
        joining("b", ticket_types=["pair"]), changing(pools={"hall": 1, "sofa": 3}),
    )  # fmt: skip
    assert [events[at].entry for at in offers(events)] == ["c"]
    assert proof(events) is None


def test_what_should_have_been_kept_for_a_group_is_not_for_who_came_after_it():
    events = list(history(*FULL, joining("a", 2), joining("b"), void(1), void(2)))
    kept = next(n for n, each in enumerate(events) if isinstance(each, WaitingKept))
    (at,) = offers(events)
    one = next(each for each in history(*FULL, joining("b"), void(1)) if type(each) is TicketsHeld)
    assert proof([*events[:kept], one]) == Unfair(kept + 1, "out_of_turn", "b", "a")
    assert proof(events[: at + 1]) is None


def test_more_than_is_free_and_twice_to_one_and_to_who_did_not_wait_are_seen():
    events = list(history(*FULL, joining("a"), joining("b"), void(1)))
    (at,) = offers(events)
    second = msgspec.structs.replace(events[at], entry="b", hold="offer-b")
    assert proof([*events, second]) == Unfair(at + 2, "more_than_free", "b")
    again = msgspec.structs.replace(events[at], hold="offer-a2")
    assert proof([*events, again]) == Unfair(at + 2, "not_waiting", "a")


def test_a_sale_to_the_public_of_what_is_waited_for_is_seen():
    events = history(*FULL, joining("a"), void(1))
    (at,) = offers(events)
    (other,) = history(opening(ticket_type(), pools={"hall": 3}), selling("o9"))[-1:]
    assert proof([*events[:at], other]) == Unfair(at + 1, "taken_from_the_list")


# Nights that are full: few seats, many who want them

IDS = st.integers(0, 5)
COUNT = st.integers(1, 2)
KINDS = st.sampled_from([["standard"], ["sofa"], ["standard", "sofa"], ["pair"]])
FEW = opening(
    ticket_type(),
    ticket_type("sofa", draws=["sofa"]),
    ticket_type("pair", draws=["hall", "sofa"]),
    pools={"hall": 2, "sofa": 1},
)
ASKED = st.one_of(
    st.builds(
        lambda n, count, kinds, priority: joining(
            f"e{n}", count, ticket_types=kinds, priority=priority
        ),
        st.integers(0, 20),
        COUNT,
        KINDS,
        st.integers(0, 1),
    ),
    st.builds(lambda n: LeaveWaitingList(occurrence=NIGHT, entry=f"e{n}"), st.integers(0, 20)),
    st.builds(
        lambda n, kinds, count: selling(
            f"o{n}", (kinds[-1], count), amount=f"{12 * count}.00 EUR", subject=None
        ),
        IDS, KINDS, COUNT,
    ),
    st.builds(lambda n, kinds: holding(f"h{n}", (kinds[0], 1), subject=None), IDS, KINDS),
    st.builds(lambda n: ReleaseHold(occurrence=NIGHT, hold=f"h{n}"), IDS),
    st.builds(lambda n: CancelOrder(occurrence=NIGHT, order=f"o{n}", reason="ill"), IDS),
    st.builds(lambda n: confirming(f"w{n}", f"offer-e{n}"), st.integers(0, 20)),
    st.builds(lambda hall, sofa: changing(pools={"hall": hall, "sofa": sofa}), COUNT, COUNT),
    st.just(CatchUp(occurrence=NIGHT)),
)  # fmt: skip
PASSES = st.sampled_from([0, 1, 60, 600, 43_200])
FULL_NIGHTS = st.lists(st.tuples(ASKED, PASSES), min_size=10, max_size=60)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FULL_NIGHTS)
def test_full_nights_are_fair_and_nobody_waits_for_what_is_free(steps):
    office, at, events, taken = BOX_OFFICE.initial(), NOON, [], {}
    for command, seconds in [(FEW, 0), *steps]:
        at += timedelta(seconds=seconds)
        try:
            events += BOX_OFFICE.decided(office, command, at)
        except (Refused, NotFound, Invalid):
            continue
        for name, pool in office.allocation.pools.items():
            before, taken[name] = taken.get(name, 0), pool.sold + pool.held + pool.kept
            assert taken[name] <= max(pool.capacity, before), "where it was cut it only shrinks"
        assert not list(BOX_OFFICE.follow(office, at)), "whoever can be served has been"
    assert proof(events) is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_any_night_is_fair(steps):
    assert proof(history_of(steps)) is None
