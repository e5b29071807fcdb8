"""Allotments: kept aside until a moment, sold to who may have them; and tickets that are given."""

from __future__ import annotations

from typing import Any

import pytest

from roadcase.money import Money
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    GiveTickets,
    JoinWaitingList,
    ReleaseAllotment,
    SetAllotment,
)
from services.ticketing.domain.refusals import (
    AllotmentEmpty,
    OrderExists,
    SoldOut,
    UnknownAllotment,
    UnknownPool,
)
from services.ticketing.projections.availability import Availability
from tests.ticketing.night import (
    MINUTE,
    MS,
    NIGHT,
    NOON,
    SEED,
    after,
    become,
    changing,
    confirming,
    facts,
    history,
    holding,
    lines,
    names,
    opening,
    selling,
    table,
    ticket_type,
)

OPENING = opening(ticket_type(per_order_max=4, per_person_max=5), pools={"hall": 6, "sofa": 2})


def allotting(units: int = 2, **more: Any) -> SetAllotment:
    terms = {"allotment": "press", "name": "The press", "pool": "hall", "kind": "press"}
    return SetAllotment(occurrence=NIGHT, units=units, **{**terms, **more})


def giving(order: str = "g1", quantity: int = 1, **more: Any) -> GiveTickets:
    return GiveTickets(
        occurrence=NIGHT,
        order=order,
        lines=lines(("standard", quantity)),
        giver="house",
        reason="review",
        code_seed=SEED,
        **more,
    )


def night(*more: Any, **terms: Any):
    return after(OPENING, allotting(**terms), *more)


def test_what_is_allotted_is_not_for_everybody():
    four = selling("o1", ("standard", 4), amount="48.00 EUR")
    spec = night(four)
    assert facts(spec.when(selling("o2", subject="bob")), SoldOut)["left"] == 0
    row = table(Availability(), history(OPENING, allotting(), four))[NIGHT]
    assert Availability.left(row, "standard") == 0
    assert row["pools"]["hall"] == {"capacity": 6, "held": 0, "sold": 4, "kept": 2, "waited": 0}


def test_who_has_its_code_or_may_name_it_buys_from_it_and_no_more_than_it_has():
    full = selling("o1", ("standard", 4), amount="48.00 EUR")
    for way in ({"codes": ["critic"]}, {"allotment": "press"}):
        spec = night(full, codes=["Critic"])
        (held,) = become(spec.when(holding("h1", ("standard", 2), subject="bob", **way)))
        assert held.lines[0].kept == {"hall": 2}
        three = holding("h1", ("standard", 3), subject="bob", **way)
        assert facts(spec.when(three), AllotmentEmpty) == {"allotment": "press", "left": 2}
    night().when(holding("h1", allotment="radio")).then_refused(UnknownAllotment)


def test_what_comes_back_is_kept_until_it_is_released():
    mine = (holding("h1", ("standard", 2), allotment="press"), NOON)
    dead = NOON + 10 * MINUTE
    (end,) = become(night(mine).when(CatchUp(occurrence=NIGHT), dead))
    assert end.kept == {"allotment/press": {"hall": 2}}
    released = night(mine, ReleaseAllotment(occurrence=NIGHT, allotment="press"))
    (end,) = become(released.when(CatchUp(occurrence=NIGHT), dead))
    assert end.kept == {}
    sale = selling("o1", allotment="press")
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="ill")
    assert become(night(sale).when(void))[0].kept == {"allotment/press": {"hall": 1}}
    held = night(mine, (confirming("o1", "h1", "24.00 EUR"), NOON))
    assert become(held.when(void))[0].kept == {"allotment/press": {"hall": 1}}


@pytest.mark.parametrize(("at", "left"), [(NOON - MS, 4), (NOON, 6)])
def test_it_is_released_at_its_moment(at, left):
    spec = night(release_at=NOON).when(CatchUp(occurrence=NIGHT), at)
    assert names(become(spec)) == (["AllotmentReleased"] if left == 6 else [])
    over = night((CatchUp(occurrence=NIGHT), at), release_at=NOON)
    seven = over.when(giving(quantity=7), at)
    assert facts(seven, SoldOut)["left"] == left


def test_what_a_dead_hold_gives_back_in_its_last_moment_is_released_too():
    mine = (holding("h1", ("standard", 2), allotment="press"), NOON)
    over = NOON + 10 * MINUTE  # the hold, and what is kept
    end, event = become(night(mine, release_at=over).when(CatchUp(occurrence=NIGHT), over))
    assert (end.kept, event.units) == ({"allotment/press": {"hall": 2}}, 2)
    late = night(mine, (CatchUp(occurrence=NIGHT), over), release_at=over)
    assert facts(late.when(giving(quantity=7), over), SoldOut)["left"] == 6


def test_the_one_that_is_named_comes_before_the_one_whose_code_was_typed():
    radio = allotting(1, allotment="radio", codes=[])
    both = holding("h1", codes=["critic"], allotment="radio")
    (held,) = become(night(radio, codes=["critic"]).when(both))
    assert held.lines[0].reserve == "allotment/radio"


def test_it_is_released_by_hand_in_part_or_whole():
    some = ReleaseAllotment(occurrence=NIGHT, allotment="press", units=1)
    (event,) = become(night().when(some))
    assert (event.units, event.closed) == (1, False)
    assert facts(night(some, some).when(some), AllotmentEmpty)["left"] == 0
    whole = ReleaseAllotment(occurrence=NIGHT, allotment="press")
    (event,) = become(night(some).when(whole))
    assert (event.units, event.closed) == (1, True)
    night(whole).when(whole).then_nothing()
    missing = ReleaseAllotment(occurrence=NIGHT, allotment="radio")
    night().when(missing).then_refused(UnknownAllotment)


def test_it_is_set_as_large_as_there_is_room_and_as_it_is_only_once():
    night().when(allotting()).then_nothing()
    assert facts(night().when(allotting(7)), SoldOut) == {"pool": "hall", "left": 4}
    (less,) = become(night().when(allotting(0)))
    assert (less.more, less.less) == (0, 2)
    after(OPENING).when(allotting(pool="roof")).then_refused(UnknownPool)
    night().when(allotting(pool="sofa")).then_refused(UnknownPool)


def test_a_released_one_may_be_set_again():
    whole = ReleaseAllotment(occurrence=NIGHT, allotment="press")
    (again,) = become(night(whole).when(allotting()))
    assert again.more == 2


def test_what_dead_holds_had_can_be_allotted_unless_somebody_waits_for_it():
    full = (OPENING, holding("h1", ("standard", 3)), holding("h2", ("standard", 3), subject="bob"))
    late = NOON + 10 * MINUTE
    assert names(become(after(*full).when(allotting(), late))) == [
        *["HoldEnded"] * 2,
        "AllotmentSet",
    ]
    wish = {"ticket_types": ["standard"], "quantity": 4, "subject": "cyd"}
    waits = (*full, JoinWaitingList(occurrence=NIGHT, entry="w1", **wish))
    assert facts(after(*waits).when(allotting(3), late), SoldOut)["left"] == 2


def test_the_code_of_an_empty_allotment_buys_nothing_whatever_else_is_kept():
    code = {"codes": ["PRESS"]}
    for more in ((), (allotting(1, allotment="house", pool="sofa"),)):
        empty = after(OPENING, allotting(0, **code), *more)
        assert facts(empty.when(holding("h1", **code)), AllotmentEmpty)["left"] == 0


def test_given_tickets_cost_nothing_and_say_by_whom_and_why():
    over = changing(ticket_types=[ticket_type(per_order_max=1, sale_until=NOON - MINUTE)])
    *tickets, fact = become(night(over).when(giving(quantity=4, contact=b"sealed"), NOON))
    assert {each.price for each in tickets} == {Money(0, "EUR")}
    assert {each.listed for each in tickets} == {Money(1200, "EUR")}
    assert (tickets[0].channel, tickets[0].contact) == ("given", b"sealed")
    assert (fact.giver, fact.reason, fact.tickets) == ("house", "review", 4)


def test_tickets_are_given_from_an_allotment_or_from_what_is_free_and_never_one_too_many():
    spec = night()
    spec.when(giving(quantity=3, allotment="press")).then_refused(AllotmentEmpty)
    assert facts(spec.when(giving(quantity=5)), SoldOut)["left"] == 4
    given = become(spec.when(giving(quantity=2, allotment="press")))
    assert [each.kept for each in given[:-1]] == [{"hall": 1}, {"hall": 1}]
    spec.when(giving(allotment="radio")).then_refused(UnknownAllotment)
    night(giving()).when(giving()).then_nothing()
    night(giving()).when(giving(quantity=2)).then_refused(OrderExists)
