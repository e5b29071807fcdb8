"""The waiting list: who is offered what, in which order, for how long, and what others see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    JoinWaitingList,
    LeaveWaitingList,
    ReleaseAllotment,
    ReleaseHold,
    SetAllotment,
)
from services.ticketing.domain.refusals import (
    AlreadyWaiting,
    HoldGone,
    NeverEnough,
    NotOnSaleYet,
    PersonLimit,
    SaleEnded,
    SoldOut,
    StillOnSale,
    UnknownEntry,
    UnknownTicketType,
)
from services.ticketing.events import TicketsHeld
from services.ticketing.projections.availability import Availability
from services.ticketing.projections.waiting import Waiting
from tests.ticketing.night import (
    MINUTE,
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

STARTS = datetime(2026, 6, 5, 18, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPENING = opening(ticket_type(), ticket_type("child", "5.00 EUR"), pools={"hall": 3})
FULL = (OPENING, selling("o1", ("standard", 3), amount="36.00 EUR", subject="zoe"))
VOID = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="ill")
ALL = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")


def joining(entry: str, quantity: int = 1, **more: Any) -> JoinWaitingList:
    terms = {"ticket_types": ["standard"], "subject": f"guest-{entry}", **more}
    return JoinWaitingList(occurrence=NIGHT, entry=entry, quantity=quantity, **terms)


def leaving(entry: str) -> LeaveWaitingList:
    return LeaveWaitingList(occurrence=NIGHT, entry=entry)


def offers(spec) -> list[str]:
    """The entries that are offered something, in their order."""
    return [event.entry for event in become(spec) if isinstance(event, TicketsHeld)]


def offer(spec) -> TicketsHeld:
    return next(event for event in become(spec) if isinstance(event, TicketsHeld))


def test_who_came_first_is_offered_what_is_free_and_priority_goes_before():
    spec = after(*FULL, joining("a"), joining("b"), joining("c", priority=1))
    assert offers(spec.when(VOID)) == ["c"]
    assert offers(spec.when(ALL)) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (NOON, NOON + 12 * HOUR),
        (STARTS - 24 * HOUR, STARTS - 12 * HOUR),
        (STARTS - 2 * HOUR, STARTS - HOUR),
        (STARTS - timedelta(seconds=2), STARTS - timedelta(seconds=1)),
    ],
)
def test_an_offer_stands_for_half_a_day_and_never_past_half_of_what_is_left(at, until):
    held = offer(after(*FULL, joining("a")).when(VOID, at))
    assert (held.until, held.channel, held.hold) == (until, "offer", "offer-a")


def test_nothing_is_offered_when_the_night_begins_and_the_list_is_over():
    spec = after(*FULL, joining("a"))
    assert offers(spec.when(VOID, STARTS)) == []
    over = become(spec.when(CatchUp(occurrence=NIGHT), STARTS))
    assert [(event.entry, event.why) for event in over] == [("a", "over")]
    after(*FULL).when(joining("a"), STARTS).then_refused(SaleEnded)


def test_a_night_that_is_moved_moves_the_end_of_its_list():
    later = changing(starts_at="2026-06-06T20:30", ends_at="2026-06-06T23:00")
    spec = after(*FULL, joining("a"), later)
    assert become(spec.when(CatchUp(occurrence=NIGHT), STARTS)) == ()
    assert offers(spec.when(VOID, STARTS)) == ["a"]


FREED = {
    "void": ((), VOID, NOON),
    "bigger": ((), changing(pools={"hall": 4}), NOON),
    "dead hold": (
        (changing(pools={"hall": 4}), (holding("h1"), NOON), joining("a")),
        CatchUp(occurrence=NIGHT),
        NOON + 10 * MINUTE,
    ),
    "released hold": (
        (changing(pools={"hall": 4}), (holding("h1"), NOON), joining("a")),
        ReleaseHold(occurrence=NIGHT, hold="h1"),
        NOON,
    ),
    "allotment": (
        (
            changing(pools={"hall": 4}),
            SetAllotment(occurrence=NIGHT, allotment="p", name="P", pool="hall", units=1),
        ),
        ReleaseAllotment(occurrence=NIGHT, allotment="p"),
        NOON,
    ),
}


@pytest.mark.parametrize("how", list(FREED))
def test_whatever_becomes_free_goes_to_the_list_and_to_nobody_else(how):
    before, frees, at = FREED[how]
    spec = after(*FULL, *before, joining("a"))
    assert offers(spec.when(frees, at)) == ["a"]
    then = after(*FULL, *before, joining("a"), (frees, at))
    assert facts(then.when(selling("o9"), at), SoldOut)["left"] == 0


def test_a_seat_whose_hold_has_just_died_is_not_for_who_asks_before_the_list_was_asked():
    held = (changing(pools={"hall": 4}), (holding("h1", channel="till"), NOON), joining("a"))
    spec = after(*FULL, *held)
    spec.when(selling("o9"), NOON + 3 * MINUTE).then_refused(SoldOut)
    late = confirming("o9", "h1")
    assert facts(spec.when(late, NOON + 3 * MINUTE), HoldGone)["left"] == 0


def test_three_more_seats_are_three_offers_for_five_who_wait_and_the_public_sees_none():
    waiting = [joining(entry) for entry in "abcde"]
    spec = after(*FULL, *waiting)
    assert offers(spec.when(changing(pools={"hall": 6}))) == ["a", "b", "c"]
    row = table(Availability(), history(*FULL, *waiting, changing(pools={"hall": 6})))[NIGHT]
    assert Availability.left(row, "standard") == 0
    assert row["pools"]["hall"]["waited"] == 2


def test_what_nobody_waits_for_is_for_everybody():
    spec = after(*FULL, joining("a"), changing(pools={"hall": 6}))
    assert names(become(spec.when(selling("o9", ("standard", 2), amount="24.00 EUR")))) == [
        "TicketSold",
        "TicketSold",
    ]


@pytest.mark.parametrize("how", ["expired", "refused"])
def test_an_offer_that_lapses_goes_to_the_next_and_its_entry_is_dead(how):
    offered = (*FULL, joining("a"), joining("b"), (VOID, NOON))
    ends = {
        "expired": (CatchUp(occurrence=NIGHT), NOON + 12 * HOUR),
        "refused": (leaving("a"), NOON + HOUR),
    }[how]
    spec = after(*offered).when(*ends)
    assert names(become(spec)) == ["HoldEnded", "TicketsHeld"]
    assert offers(spec) == ["b"]
    again = after(*offered, ends, (leaving("b"), NOON + 13 * HOUR))
    assert offers(again.when(ALL, NOON + 14 * HOUR)) == []


def test_an_offer_is_bought_like_any_hold_and_once():
    offered = (*FULL, joining("a"), (VOID, NOON))
    sold = (confirming("o2", "offer-a"), NOON + HOUR)
    assert names(become(after(*offered).when(*sold))) == ["HoldEnded", "TicketSold"]
    void = CancelOrder(occurrence=NIGHT, order="o2", reason="ill")
    spec = after(*offered, sold, joining("b"))
    assert offers(spec.when(void, NOON + 2 * HOUR)) == ["b"]
    late = after(*offered, joining("b"), (CatchUp(occurrence=NIGHT), NOON + 12 * HOUR))
    assert facts(late.when(sold[0], NOON + 13 * HOUR), HoldGone)["left"] == 0


def test_any_of_these_gets_the_first_that_is_free_and_its_price():
    types = (ticket_type(), ticket_type("sofa", "20.00 EUR", draws=["sofa"]))
    full = (
        opening(*types, pools={"hall": 1, "sofa": 1}),
        selling("o1", ("standard", 1), ("sofa", 1), amount="32.00 EUR"),
        joining("a", ticket_types=["standard", "sofa"]),
        joining("b"),
    )
    void = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-2"], reason="ill")
    held = offer(after(*full).when(void))
    assert (held.entry, held.lines[0].ticket_type, held.lines[0].price.minor) == ("a", "sofa", 2000)
    other = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="ill")
    assert offers(after(*full, void).when(other)) == ["b"]


# Groups


def test_a_group_gets_all_or_waits_and_what_is_free_is_kept_for_it():
    spec = after(*FULL, joining("a", 2), joining("b"))
    (void, kept) = become(spec.when(VOID, NOON))
    assert (type(void).__name__, kept.entry, kept.more) == ("TicketCancelled", "a", {"hall": 1})
    assert kept.until == NOON + 12 * HOUR
    second = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-2"], reason="ill")
    held = offer(after(*FULL, joining("a", 2), joining("b"), (VOID, NOON)).when(second))
    assert (held.entry, held.lines[0].quantity, held.less) == ("a", 2, {"hall": 1})


def test_a_group_is_passed_when_it_was_kept_for_long_enough_and_served_when_all_are_free():
    waits = (*FULL, joining("a", 2), joining("b"), (VOID, NOON))
    until = NOON + 12 * HOUR
    passed = become(after(*waits).when(CatchUp(occurrence=NIGHT), until))
    assert names(passed) == ["WaitingPassed", "TicketsHeld"]
    then = after(*waits, (CatchUp(occurrence=NIGHT), until))
    assert offers(then.when(ALL, until)) == ["a"]


def test_who_leaves_gives_what_was_kept_for_them_to_the_next():
    waits = after(*FULL, joining("a", 2), joining("b"), (VOID, NOON))
    assert names(become(waits.when(leaving("a"), NOON))) == ["WaitingLeft", "TicketsHeld"]
    gone = after(*FULL, joining("a"), leaving("a"))
    gone.when(leaving("a")).then_nothing()
    gone.when(leaving("x")).then_refused(UnknownEntry)


def test_what_is_kept_for_a_group_is_not_offered_from_a_hall_that_was_made_too_small():
    lounge = ticket_type("lounge", "20.00 EUR", draws={"hall": 1, "sofa": 2})
    waits = (
        opening(ticket_type(), lounge, pools={"hall": 2, "sofa": 3}),
        SetAllotment(occurrence=NIGHT, allotment="p", name="P", pool="sofa", units=2),
        joining("a", ticket_types=["lounge"]),
        changing(pools={"hall": 0}),
    )
    free = ReleaseAllotment(occurrence=NIGHT, allotment="p")
    assert offers(after(*waits).when(free)) == []
    assert offers(after(*waits, free).when(changing(pools={"hall": 1}))) == ["a"]


def test_a_group_that_was_kept_all_is_offered_it_when_its_hall_is_large_enough_again():
    lounge = ticket_type("lounge", "20.00 EUR", draws={"hall": 1, "sofa": 2})
    waits = (
        opening(ticket_type(), lounge, pools={"hall": 2, "sofa": 2}),
        SetAllotment(occurrence=NIGHT, allotment="p", name="P", pool="sofa", units=1),
        joining("a", ticket_types=["lounge"]),
        changing(pools={"hall": 0}),
        ReleaseAllotment(occurrence=NIGHT, allotment="p"),
    )
    assert offers(after(*waits).when(changing(pools={"hall": 1}))) == ["a"]


# Who may wait


def test_one_waits_once_for_a_type_and_not_for_what_can_be_had():
    after(OPENING).when(joining("a")).then_refused(StillOnSale)
    waits = after(*FULL, joining("a"))
    waits.when(joining("b", subject="guest-a")).then_refused(AlreadyWaiting)
    waits.when(joining("a")).then_nothing()
    assert names(become(waits.when(joining("b", subject="guest-a", ticket_types=["child"]))))
    after(*FULL).when(joining("a", 4)).then_refused(NeverEnough)
    after(*FULL).when(joining("a", ticket_types=["opera"])).then_refused(UnknownTicketType)
    soon = after(opening(ticket_type(sale_from=NOON)))
    soon.when(joining("a"), NOON - MINUTE).then_refused(NotOnSaleYet)


def test_who_has_as_many_as_one_may_have_is_not_offered_more():
    limited = opening(ticket_type(per_person_max=1), pools={"hall": 1})
    full = (limited, selling("o1", subject="zoe"))
    after(*full).when(joining("a", subject="zoe")).then_refused(PersonLimit)
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")
    bought = selling("o2", subject="ana", allotment="press")
    press = SetAllotment(occurrence=NIGHT, allotment="press", name="P", pool="hall", units=1)
    waits = (*full, changing(pools={"hall": 2}), press, joining("a", subject="ana"), joining("b"))
    left, offered = become(after(*waits, bought).when(void))[1:]
    assert (left.entry, left.why, offered.entry) == ("a", "limit", "b")


def test_offers_of_one_moment_share_what_is_left_of_a_level():
    early = {"id": "early", "price": "10.00 EUR", "quantity": 4}
    full = opening(ticket_type(levels=[early]), pools={"hall": 3})
    sold = selling("o1", ("standard", 3), amount="30.00 EUR", subject="zoe")
    held = become(after(full, sold, joining("a"), joining("b")).when(ALL))[3:]
    assert [each.lines[0].price.minor for each in held] == [1000, 1200]


def test_offers_of_one_moment_share_what_a_person_may_have():
    few = opening(*OPENING.ticket_types, pools={"hall": 4}, per_person_max=2)
    sold = [selling(f"o{who}", ("standard", 2), amount="24.00 EUR", subject=who) for who in "yz"]
    ana = [joining("a", 2, subject="ana"), joining("b", 1, subject="ana", ticket_types=["child"])]
    spec = after(few, *sold, *ana, joining("c"))
    more = become(spec.when(changing(pools={"hall": 8})))
    assert [getattr(each, "entry", None) for each in more] == [None, "a", "b", "c"]
    assert more[2].why == "limit"


def test_who_waits_for_what_is_sold_no_more_waits_for_nothing():
    off = changing(ticket_types=[ticket_type(active=False)])
    left = become(after(*FULL, joining("a"), joining("b"), off).when(VOID))[1:]
    assert [(event.entry, event.why) for event in left] == [("a", "over"), ("b", "over")]


def test_the_list_shows_what_became_of_everybody():
    events = history(
        *FULL,
        joining("a"),
        joining("b", 2),
        joining("c"),
        (VOID, NOON),
        (confirming("o2", "offer-a"), NOON),
        leaving("c"),
    )
    rows = table(Waiting(), events)
    states = {key[1]: row["state"] for key, row in rows.items()}
    assert states == {"a": "bought", "b": "waiting", "c": "left"}
    assert rows[NIGHT, "a"]["offer"] == "offer-a"


def test_a_group_that_waits_for_any_of_two_is_kept_some_of_both():
    types = (ticket_type(), ticket_type("sofa", "20.00 EUR", draws=["sofa"]))
    full = (
        opening(*types, pools={"hall": 2, "sofa": 2}),
        selling("o1", ("standard", 2), ("sofa", 2), amount="64.00 EUR"),
        joining("a", 2, ticket_types=["standard", "sofa"]),
    )
    some = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-1", "o1-3"], reason="ill")
    kept = become(after(*full).when(some))[-1]
    assert kept.more == {"hall": 1, "sofa": 1}


def test_who_waits_for_a_type_follows_it_to_another_pool():
    moved = changing(ticket_types=[ticket_type(draws=["annexe"])], pools={"annexe": 0})
    spec = after(*FULL, joining("a"), moved)
    assert offers(spec.when(VOID)) == []
    assert offers(spec.when(changing(pools={"annexe": 1}))) == ["a"]
