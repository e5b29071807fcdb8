"""What is shown of kit and crew is what was decided: rows folded from the same events agree."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from roadcase.errors import NotFound, Refused
from roadcase.projection import Stamp
from services.planning.commands import (
    CheckInKit,
    CheckOutKit,
    EndRepair,
    FreeKit,
    LookForLate,
    OfferSwap,
    SendToRepair,
)
from services.planning.projections.crew import CrewPositions
from services.planning.projections.crew_members import CrewMembers
from services.planning.projections.kit import KitBookings, KitDocuments, KitRepairs
from services.planning.queries import kit_at, kit_store
from tests.planning import test_crew, test_kit
from tests.planning.test_crew import PEOPLE, STEPS, Company
from tests.planning.test_kit import (
    HOUR,
    NOW,
    Store,
    booking,
    declaring,
    owned,
    planning,
)


class Shown:
    """Rows of some projections, as the kernel folds them."""

    def __init__(self, *projections: Any) -> None:
        self.tables: dict[str, dict[Any, Any]] = {each.name: {} for each in projections}
        self._projections = projections
        self._position = 0

    def hear(self, events: list[Any]) -> None:
        for event in events:
            self._position += 1
            stamp = Stamp(position=self._position, stream="s", tenant="t", at=NOW, actor="a")
            for each in self._projections:
                for key_of, fold in each.hears.get(type(event), ()):
                    self._put(self.tables[each.name], key_of(event), fold, event, stamp)

    @staticmethod
    def _put(table: dict[Any, Any], key: Any, fold: Any, event: Any, stamp: Stamp) -> None:
        row = fold(table.get(key), event, stamp)
        if row is None:
            table.pop(key, None)
        else:
            table[key] = row

    async def fetch(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Of the three questions that `kit_store` asks."""
        (name,) = (each for each in self.tables if f"FROM {each} " in sql)
        rows = [*self.tables[name].values()]
        if name != "kit_bookings":
            return rows
        (since,) = args
        there = [row for row in rows if row["pieces_out"] or (row["until"] or since) > since]
        return sorted(there, key=lambda row: row["number"])


NAME = st.sampled_from(["n0", "n1"])
SPAN = st.tuples(st.integers(0, 8), st.integers(1, 6)).map(lambda each: (each[0], sum(each)))
ITEMS = st.dictionaries(st.sampled_from(["pa", "light"]), st.integers(1, 2), min_size=1)
KIT = st.one_of(
    st.tuples(st.sampled_from(["book", "plan"]), NAME, SPAN, ITEMS),
    st.tuples(st.sampled_from(["free", "unplan", "out", "in", "back"]), NAME, SPAN, ITEMS),
    st.tuples(st.just("repair"), NAME, SPAN, ITEMS),
    st.tuples(st.just("late"), NAME, SPAN, ITEMS),
)


def command_of(what: str, name: str, span: tuple[int, int], items: dict[str, int]) -> Any:
    item, quantity = next(iter(items.items()))
    some = test_kit.pieces(item, quantity)
    return {
        "book": lambda: booking(name, *span, **items),
        "plan": lambda: planning(f"event-{name}", *span, **items),
        "unplan": lambda: planning(f"event-{name}", *span),
        "free": lambda: FreeKit(booking=name, why="x"),
        "out": lambda: CheckOutKit(booking=name, pieces=(some,)),
        "in": lambda: CheckInKit(booking=name, pieces=some),
        "repair": lambda: SendToRepair(repair=name, item=item, quantity=1, begins=NOW),
        "back": lambda: EndRepair(repair=name),
        "late": LookForLate,
    }[what]()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), KIT), min_size=5, max_size=30))
@example(
    [(0, ("free", "n0", (0, 1), {"pa": 1})), (0, ("in", "n0", (0, 1), {"pa": 2}))]
)  # what was out of a booking that was freed comes back
async def test_kit_that_is_shown_is_as_it_was_decided(steps):
    store, shown, hour = Store(), Shown(KitDocuments(), KitRepairs(), KitBookings()), 0
    shown.hear(store.ask(declaring(owned("pa", 4), owned("light", 5, buffer_minutes=30))))
    shown.hear(store.ask(booking("n0", 0, 3, pa=2, light=1)))
    shown.hear(store.ask(CheckOutKit(booking="n0", pieces=(test_kit.pieces("pa", 2),))))
    for later, (what, name, span, items) in steps:
        hour += later
        try:
            shown.hear(store.ask(command_of(what, name, span, items), hour))
        except (Refused, NotFound):
            continue
    at = NOW + hour * HOUR
    found = await kit_store(shown, at)
    for begins, ends in ((hour, hour + 5), (hour + 10, hour + 60), (hour, hour + 400)):
        window = NOW + begins * HOUR, NOW + ends * HOUR
        assert [*kit_at(found, *window, at)] == [*kit_at(store.state, *window, at)]
    for name, row in shown.tables["kit_bookings"].items():
        there = store.state.bookings[name]
        assert (row["state"] == "booked") == there.booked
        out = {(each.item, each.quantity) for each in store.state.pieces_out(name)}
        assert {(each["item"], each["quantity"]) for each in row["pieces_out"]} == out
        assert row["overdue"] == (there.told and bool(out))


class ShownCompany(Company):
    """What is decided is shown at once."""

    def __init__(self, *people: str) -> None:
        self.shown = Shown(CrewPositions(), CrewMembers())
        super().__init__(*people)

    def ask(self, command: Any, at: Any = NOW) -> list[Any]:
        events = super().ask(command, at)
        self.shown.hear(events)
        return events


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, min_size=10, max_size=40), PEOPLE, st.integers(0, 2**16))
def test_crew_that_is_shown_is_as_it_was_decided(steps, first, seed):
    company = ShownCompany("ana", "ben", "cy")
    for of in ("film", "market"):
        company.ask(test_crew.planning(test_crew.role(), of=of))
        for person in ("ana", "ben"):
            company.invite(person, of)
    company.accept(first)
    company.ask(OfferSwap(occurrence="film", position="door-1", person=first))
    for each in steps:
        try:
            test_crew.step(company, random.Random(seed), *each)
        except (Refused, NotFound):
            continue
    positions = company.shown.tables["crew_positions"]
    assert {key: _of_row(row) for key, row in positions.items()} == {
        (of, name): (each.holder and each.holder.person, each.offered, each.invited)
        for of, crew in company.crews.items()
        for name, each in crew.positions.items()
    }
    engaged = {
        (about["occurrence"], about["position"], person, id_)
        for person, row in company.shown.tables["crew_members"].items()
        for id_, about in row["engagements"].items()
    }
    assert engaged == company.engaged()


def _of_row(row: dict[str, Any]) -> tuple[Any, bool, set[str]]:
    assert len(row["invited"]) == len({*row["invited"]})
    assert not {*row["invited"]} & {*row["declined"]}
    return row["person"], row["offered"], {*row["invited"]}
