"""Kit: nothing is booked twice, what breaks or is late is not counted on, cases come back whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadcase.errors import Refused
from services.planning.commands import (
    BookKit,
    CheckInKit,
    CheckOutContainer,
    CheckOutKit,
    DeclareKit,
    EndRepair,
    FreeKit,
    LookForLate,
    PlanKit,
    SendToRepair,
)
from services.planning.domain import KIT
from services.planning.domain.kit_free import Load, free, short, taken
from services.planning.domain.kit_refusals import (
    KitNotBooked,
    KitNotFree,
    KitNotHere,
    KitNotOut,
    KitOfEvent,
    KitSerials,
    KitTimes,
)
from services.planning.events import KitNeeded, KitOwned, KitPieces
from services.planning.queries import kit_at

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def owned(item: str, count: int, **other: Any) -> KitOwned:
    return KitOwned(**{"item": item, "title": item, "owned": count, "buffer_minutes": 0, **other})


def declaring(*items: KitOwned, document: str = "kit-van", version: int = 1) -> DeclareKit:
    return DeclareKit(document=document, version=version, items=items)


def times(begins: int, ends: int) -> dict[str, datetime]:
    """Hours from now."""
    return {"begins": NOW + begins * HOUR, "ends": NOW + ends * HOUR}


def needs(**items: int) -> tuple[KitNeeded, ...]:
    return tuple(KitNeeded(item=item, quantity=quantity) for item, quantity in items.items())


def booking(name: str, begins: int, ends: int, **items: int) -> BookKit:
    return BookKit(booking=name, needs=needs(**items), **times(begins, ends))


def planning(name: str, begins: int, ends: int, **items: int) -> PlanKit:
    return PlanKit(booking=name, needs=needs(**items), **times(begins, ends))


def pieces(item: str, quantity: int = 1, *serials: str) -> KitPieces:
    return KitPieces(item=item, quantity=quantity, serials=serials)


class Store:
    """All kit of one organiser."""

    def __init__(self, *commands: Any) -> None:
        self.state = KIT.initial()
        for command in commands:
            self.ask(command)

    def ask(self, command: Any, hour: float = 0) -> list[Any]:
        return list(KIT.decided(self.state, command, NOW + hour * HOUR))

    def kinds(self, command: Any, hour: float = 0) -> list[str]:
        return [type(event).__name__ for event in self.ask(command, hour)]

    def stands(self, begins: int, ends: int, hour: float = 0) -> dict[str, Any]:
        window = times(begins, ends)
        found = kit_at(self.state, window["begins"], window["ends"], NOW + hour * HOUR)
        return {each.item: each for each in found}

    def until(self, hour: float) -> list[Any]:
        """As the kernel's timer does."""
        found = []
        for _ in range(50):
            due = KIT.deadline(self.state) if KIT.deadline else None
            if due is None or due > NOW + hour * HOUR:
                return found
            found += KIT.decided(self.state, LookForLate(), due)
        raise AssertionError("the timer never rests")


def test_what_is_booked_is_not_booked_again_and_the_refusal_says_by_whom_and_until_when():
    store = Store(declaring(owned("light", 3)), booking("friday", 10, 20, light=2))
    with pytest.raises(KitNotFree) as refused:
        store.ask(booking("saturday", 15, 25, light=2))
    (why,) = refused.value.facts["conflicts"]
    assert (why["item"], why["wanted"], why["free"]) == ("light", 2, 1)
    assert [(each["booking"], each["quantity"]) for each in why["taken"]] == [("friday", 2)]
    assert datetime.fromisoformat(why["free_from"]) == NOW + 20 * HOUR
    assert str(refused.value) == (
        "2 light are needed and 1 is free: 2 booked by friday until 2027-06-02 08:00 UTC; "
        "2 are free from 2027-06-02 08:00 UTC"
    )
    assert store.kinds(booking("saturday", 20, 30, light=3)) == ["KitWanted", "KitBooked"]


def test_a_list_is_booked_whole_or_not_at_all():
    store = Store(declaring(owned("light", 3), owned("pa", 1)), booking("a", 0, 5, pa=1))
    with pytest.raises(KitNotFree):
        store.ask(booking("b", 0, 5, light=3, pa=1))
    assert store.stands(0, 5)["light"].free == 3


def test_its_buffer_keeps_it_before_and_after():
    store = Store(declaring(owned("pa", 1, buffer_minutes=90)), booking("a", 10, 20, pa=1))
    with pytest.raises(KitNotFree):
        store.ask(booking("b", 22, 24, pa=1))
    assert store.kinds(booking("b", 23, 24, pa=1)) == ["KitWanted", "KitBooked"]


def test_an_event_that_is_refused_has_it_once_it_is_free_first_come_first():
    store = Store(declaring(owned("pa", 1)), planning("one", 10, 20, pa=1))
    assert store.kinds(planning("two", 10, 20, pa=1)) == ["KitWanted", "KitRefused"]
    assert store.kinds(planning("three", 12, 14, pa=1)) == ["KitWanted", "KitRefused"]
    events = store.ask(planning("one", 10, 20))
    assert [(type(each).__name__, each.booking) for each in events] == [
        ("KitFreed", "one"),
        ("KitBooked", "two"),
        ("KitRefused", "three"),
    ]
    assert events[2].conflicts[0].taken[0].booking == "two"


def test_an_event_that_changes_its_hours_keeps_what_is_free_then():
    store = Store(declaring(owned("pa", 1)), planning("one", 10, 20, pa=1))
    assert store.kinds(planning("one", 10, 20, pa=1)) == []
    assert store.kinds(planning("one", 15, 25, pa=1)) == ["KitWanted", "KitBooked"]
    assert store.stands(10, 15)["pa"].free == 1
    with pytest.raises(KitOfEvent):
        store.ask(booking("one", 1, 2, pa=1))
    with pytest.raises(KitOfEvent):
        store.ask(FreeKit(booking="one", why="No"))


def test_what_nobody_owns_is_hired_until_a_document_says_otherwise():
    store = Store(planning("one", 10, 20, drone=5))
    assert store.stands(10, 20) == {}
    store.ask(declaring(owned("drone", 2)))
    assert (store.stands(10, 20)["drone"].free, store.stands(10, 20)["drone"].short) == (
        -3,
        {"one": 3},
    )


def test_documents_add_up_and_a_newer_version_takes_the_place_of_an_older():
    store = Store(declaring(owned("pa", 1)), declaring(owned("pa", 2), document="kit-hall"))
    assert store.stands(0, 1)["pa"].owned == 3
    store.ask(declaring(owned("light", 1), version=2))
    assert store.kinds(declaring(owned("pa", 9), version=1)) == []
    assert store.stands(0, 1)["pa"].owned == 2


def test_what_is_in_repair_is_not_free_and_who_booked_last_lacks_it():
    store = Store(
        declaring(owned("light", 3)),
        booking("first", 10, 20, light=2),
        booking("last", 15, 20, light=1),
        SendToRepair(repair="r1", item="light", quantity=1, **times(5, 16)),
    )
    found = store.stands(10, 20)["light"]
    assert (found.booked, found.in_repair, found.free, found.short) == (3, 1, -1, {"last": 1})
    with pytest.raises(KitNotHere):
        store.ask(SendToRepair(repair="r2", item="light", quantity=3, begins=NOW))
    with pytest.raises(KitTimes):
        store.ask(SendToRepair(repair="r3", item="light", quantity=1, **times(5, 5)))
    assert store.kinds(EndRepair(repair="r1")) == ["KitRepaired"]
    assert store.stands(10, 20)["light"].short == {}


def test_a_repair_without_an_end_refuses_and_nobody_knows_from_when_it_is_free():
    store = Store(
        declaring(owned("pa", 1)), SendToRepair(repair="r", item="pa", quantity=1, begins=NOW)
    )
    with pytest.raises(KitNotFree) as refused:
        store.ask(booking("a", 1000, 1001, pa=1))
    (why,) = refused.value.facts["conflicts"]
    assert (why["taken"][0]["repair"], why["free_from"]) == ("r", None)


def test_what_is_not_back_in_time_is_told_once_and_not_counted_on():
    store = Store(declaring(owned("pa", 2)), booking("a", 0, 5, pa=2))
    store.ask(CheckOutKit(booking="a", pieces=(pieces("pa", 2),)), 1)
    store.ask(CheckInKit(booking="a", pieces=pieces("pa")), 4)
    told = store.until(30)
    assert [(type(each).__name__, each.pieces) for each in told] == [
        ("KitOverdue", (pieces("pa"),))
    ]
    with pytest.raises(KitNotFree):
        store.ask(booking("b", 40, 50, pa=2), 30)
    assert store.stands(40, 50, 30)["pa"].late == 1
    assert store.kinds(booking("later", 30 + 169, 30 + 170, pa=2), 30) == ["KitWanted", "KitBooked"]
    store.ask(CheckInKit(booking="a", pieces=pieces("pa")), 30)
    assert store.kinds(booking("b", 40, 50, pa=2), 30) == ["KitWanted", "KitBooked"]


def test_each_booking_that_is_late_is_told_once():
    store = Store(declaring(owned("pa", 2)), booking("a", 0, 5, pa=1), booking("b", 0, 6, pa=1))
    for name in ("a", "b"):
        store.ask(CheckOutKit(booking=name, pieces=(pieces("pa"),)), 1)
    assert [each.booking for each in store.until(9)] == ["a", "b"]


CASE = (
    owned("case", 1),
    owned("printer", 2, serials=("p1", "p2"), container="case"),
    owned("cable", 3, container="case"),
)


def test_a_case_takes_what_is_in_it_and_comes_back_piece_by_piece():
    store = Store(declaring(*CASE), booking("a", 0, 5, case=1))
    with pytest.raises(KitNotFree):
        store.ask(booking("b", 0, 5, printer=1))
    (out,) = store.ask(CheckOutContainer(booking="a", container="case"), 1)
    assert out.pieces == (pieces("case"), pieces("printer", 2, "p1", "p2"), pieces("cable", 3))
    assert out.missing == ()
    store.ask(CheckInKit(booking="a", pieces=pieces("printer", 1, "p2")), 3)
    store.ask(CheckInKit(booking="a", pieces=pieces("cable", 2)), 3)
    assert store.state.pieces_out("a") == [
        pieces("case"),
        pieces("printer", 1, "p1"),
        pieces("cable"),
    ]
    with pytest.raises(KitNotOut):
        store.ask(CheckInKit(booking="a", pieces=pieces("printer", 1, "p2")), 3)
    with pytest.raises(KitNotOut):
        store.ask(CheckInKit(booking="a", pieces=pieces("cable", 2)), 3)


def test_what_is_broken_when_a_case_leaves_is_listed_as_missing():
    store = Store(declaring(*CASE), booking("a", 0, 5, case=1))
    store.ask(SendToRepair(repair="r", item="printer", quantity=1, serials=("p1",), begins=NOW))
    (out,) = store.ask(CheckOutContainer(booking="a", container="case"), 1)
    assert out.missing == (pieces("printer", 1, "p1"),)
    with pytest.raises(KitNotHere):
        store.ask(CheckOutContainer(booking="a", container="case"), 1)


def test_only_what_is_here_and_booked_now_leaves_and_pieces_are_named():
    store = Store(declaring(*CASE), booking("a", 2, 5, printer=1), booking("b", 2, 5, cable=1))
    asked = CheckOutKit(booking="a", pieces=(pieces("printer", 1, "p1"),))
    for hour in (1, 5):
        with pytest.raises(KitNotBooked):
            store.ask(asked, hour)
    for wrong in (pieces("printer"), pieces("printer", 1, "p9"), pieces("cable", 1, "c")):
        with pytest.raises(KitSerials):
            store.ask(CheckOutKit(booking="a", pieces=(wrong,)), 2)
    store.ask(asked, 2)
    with pytest.raises(KitNotBooked):  # one is booked
        store.ask(CheckOutKit(booking="a", pieces=(pieces("printer", 1, "p2"),)), 3)
    with pytest.raises(KitNotBooked):  # by another
        store.ask(CheckOutKit(booking="b", pieces=(pieces("printer", 1, "p2"),)), 3)


def test_what_is_out_of_a_booking_that_is_freed_is_still_not_free():
    store = Store(declaring(owned("pa", 1), owned("light", 1)), booking("a", 0, 5, pa=1, light=1))
    store.ask(CheckOutKit(booking="a", pieces=(pieces("pa"),)))
    store.ask(FreeKit(booking="a", why="Rain"))
    stands = store.stands(0, 5)
    assert (stands["pa"].free, stands["light"].free) == (0, 1)
    store.ask(CheckInKit(booking="a", pieces=pieces("pa")))
    assert store.stands(0, 5)["pa"].free == 1


ITEM = st.sampled_from(["pa", "light"])
SPAN = st.tuples(st.integers(0, 40), st.integers(1, 15)).map(lambda each: (each[0], sum(each)))
NAME = st.sampled_from([f"n{number}" for number in range(6)])
ASKED = st.one_of(
    st.tuples(st.just("book"), NAME, SPAN, st.dictionaries(ITEM, st.integers(1, 3), min_size=1)),
    st.tuples(st.just("plan"), NAME, SPAN, st.dictionaries(ITEM, st.integers(0, 3))),
    st.tuples(st.just("free"), NAME, SPAN, st.just({})),
    st.tuples(st.just("repair"), NAME, SPAN, st.dictionaries(ITEM, st.just(1), min_size=1)),
)


def command_of(what: str, name: str, span: tuple[int, int], items: dict[str, int]) -> Any:
    wanted = {item: quantity for item, quantity in items.items() if quantity}
    if what == "book":
        return booking(name, *span, **wanted)
    if what == "plan":
        return planning(f"event-{name}", *span, **wanted)
    if what == "free":
        return FreeKit(booking=name, why="x")
    return SendToRepair(repair=name, item=next(iter(items)), quantity=1, **times(*span))


@settings(max_examples=150, deadline=None)
@given(st.lists(ASKED, max_size=25), st.booleans())
def test_at_no_instant_is_more_in_use_than_is_owned_less_what_is_in_repair(asked, breaks):
    """Without repairs nothing is ever short; with them, exactly what is lacking is."""
    store = Store(declaring(owned("pa", 2), owned("light", 3)))
    for each in asked:
        if each[0] == "repair" and not breaks:
            continue
        try:
            store.ask(command_of(*each))
        except Refused:
            continue
        except Exception as error:
            if type(error).__name__ != "NoBooking":
                raise
    for item, count in (("pa", 2), ("light", 3)):
        there = store.state.items[item]
        booked, mending = there.booked(), there.mending()
        lacks = short(count, booked, mending)
        assert breaks or not lacks
        held = [
            load._replace(quantity=load.quantity - lacks.get(load.booking or "", 0))
            for load in booked
        ]
        for hour in range(60):
            assert free(count, [*held, *mending], **times(hour, hour + 1)) >= 0
    for name, each in store.state.bookings.items():
        has = {item for item, there in store.state.items.items() if name in there.spans}
        wants = {need.item for need in each.wanted.needs} if each.wanted and each.booked else set()
        assert has == wants  # all or nothing


def test_the_most_in_use_at_one_instant_counts_and_what_ends_goes_before_what_begins():
    loads = [Load(**times(0, 5), quantity=2), Load(**times(5, 9), quantity=2)]
    assert taken(loads, **times(0, 9)) == 2
    loads.append(Load(**times(4, 6), quantity=1))
    assert taken(loads, **times(0, 9)) == 3
    assert taken(loads, **times(6, 9)) == 2
