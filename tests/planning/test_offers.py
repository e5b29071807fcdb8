"""Stalls go by themselves to whom manifests name, as soon as they are fit, and to nobody else."""

from __future__ import annotations

from collections import deque
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from roadcase.errors import NotFound, Refused
from roadcase.projection import Stamp
from services.planning.commands import (
    AddSupplier,
    CallOffMarket,
    CloseMarket,
    EngageSupplier,
    FileSupplierDocument,
    FreeStall,
    OpenMarket,
    PlanMarket,
    SuspendSupplier,
    VetSupplier,
    WithdrawSupplierDocument,
)
from services.planning.domain import MARKET, SUPPLIER
from services.planning.events import PlannedStall
from services.planning.manifest import check
from services.planning.projections import Markets
from services.planning.reactions.suppliers import REACTIONS
from tests.planning.declaring import Night, applying

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
DAYS = {"early": date(2027, 7, 9), "late": date(2027, 9, 9)}
UNTIL = date(2027, 8, 1)
KINDS: dict[bool, tuple[str, ...]] = {True: ("Insurance",), False: ()}


class Fair:
    """All streams of nights and suppliers of one organiser, and what they hear of each other."""

    def __init__(self) -> None:
        self.states: dict[tuple[str, str], Any] = {}
        self.rows: dict[str, Any] = {}
        self.queues: dict[tuple[str, str], deque[Any]] = {}  # by reaction and stream, in order
        self.log: list[str] = []
        self.revision = 0

    def ask(self, command: Any, at: datetime = NOW) -> None:
        decider: Any = MARKET if type(command) in MARKET.commands else SUPPLIER
        name = getattr(command, decider.key)
        state = self.states.setdefault((decider.category, name), decider.initial())
        for event in decider.decided(state, command, at):
            self.log.append(type(event).__name__)
            for key, fold in Markets().hears.get(type(event), ()):
                stamp = Stamp(1, "s", "acme", at, "somebody")
                self.rows[key(event)] = fold(self.rows.get(key(event)), event, stamp)
            for each in REACTIONS:
                if event.topic in each.hears.topics:
                    self.queues.setdefault((each.name, name), deque()).append((each, event))

    def hear(self, which: int = 0) -> bool:
        """One event by one reaction, of one stream: `which` of those that wait."""
        ready = [queue for _, queue in sorted(self.queues.items()) if queue]
        if not ready:
            return False
        reaction, event = ready[which % len(ready)].popleft()
        heard = msgspec.json.decode(msgspec.json.encode(event), type=reaction.hears)
        for command in reaction.do(heard):
            self.ask(command)  # a refusal would park it
        return True

    def settle(self) -> None:
        for _ in range(1000):
            if not self.hear():
                return
        raise AssertionError("they never agree")

    def plan(self, night: str, day: str = "early", *, draft: bool = False, **names: Any) -> None:
        """`a1="bar"`: named; `a1=None`: for anybody. All but `b1` ask for an insurance."""
        self.revision += 1
        stalls = tuple(
            PlannedStall(stall=stall, supplier=name, documents=KINDS[stall != "b1"])
            for stall, name in names.items()
        )
        days = {"first": DAYS[day], "last": DAYS[day]}
        about = {"occurrence": night, "revision": self.revision, "draft": draft}
        self.ask(PlanMarket(**about, **days, stalls=stalls))

    def add(self, supplier: str) -> None:
        self.ask(AddSupplier(supplier=supplier, title=supplier))

    def vet(self, supplier: str) -> None:
        self.ask(VetSupplier(supplier=supplier))

    def suspend(self, supplier: str) -> None:
        self.ask(SuspendSupplier(supplier=supplier, reason="Late"))

    def insure(self, supplier: str, until: date | None = None) -> None:
        about = {"document": "i", "kind": "Insurance", "reference": "7", "valid_until": until}
        self.ask(FileSupplierDocument(supplier=supplier, **about))

    def uninsure(self, supplier: str) -> None:
        self.ask(WithdrawSupplierDocument(supplier=supplier, document="i", reason="Forged"))

    def book(self, night: str, stall: str, supplier: str) -> None:
        """As the door does, by what is shown."""
        row = self.rows.get(night)
        if row is None or stall not in row["stalls"]:
            return
        shown = row["stalls"][stall]
        if shown["supplier"] in (None, supplier):
            about = {"first": row["first_day"], "last": row["last_day"]}
            about["documents"] = tuple(shown["documents"])
            self.ask(EngageSupplier(supplier=supplier, occurrence=night, stall=stall, **about))

    def free(self, night: str, stall: str) -> None:
        self.ask(FreeStall(occurrence=night, stall=stall))

    def market(self, night: str) -> Any:
        return self.states["market", night]

    def booked(self, night: str) -> dict[str, str]:
        return {key: each.supplier for key, each in self.market(night).booked.items()}

    def waits(self, night: str) -> dict[str, list[str]]:
        return {key: each["waits"] for key, each in self.rows[night]["stalls"].items()}


def ready_for(night_: str, *suppliers: str) -> Fair:
    """All are fit, and the first has `b1`."""
    fair = Fair()
    for each in suppliers:
        fair.add(each)
        fair.vet(each)
        fair.insure(each)
    fair.plan(night_, b1=suppliers[0])
    fair.settle()
    assert fair.booked(night_) == {"b1": suppliers[0]}
    return fair


def fit(fair: Fair, supplier: str, stall: str, day: date) -> bool:
    """By other words than those of the rule."""
    known = fair.states.get(("supplier", supplier))
    if known is None or known.added is None or known.suspended or not known.vetted:
        return False
    until = [each.valid_until for each in known.documents.values()]
    return stall == "b1" or any(each is None or each >= day for each in until)


NIGHTS, STALLS, WHO = ("fri", "sat"), ("a1", "b1"), ("bar", "press")
night, stall, who = st.sampled_from(NIGHTS), st.sampled_from(STALLS), st.sampled_from(WHO)
named = st.fixed_dictionaries({}, optional={each: st.none() | who for each in STALLS})
steps = st.one_of(
    st.tuples(st.just("plan"), night, st.sampled_from(sorted(DAYS)), st.booleans(), named),
    st.tuples(st.sampled_from(("add", "vet", "suspend", "insure", "uninsure")), who),
    st.tuples(st.just("insure"), who, st.just(UNTIL)),
    st.tuples(st.just("book"), night, stall, who),
    st.tuples(st.just("free"), night, stall),
    st.tuples(st.sampled_from((OpenMarket, CloseMarket, CallOffMarket)), night),
    st.tuples(st.just("hear"), st.integers(0, 7)),
    st.tuples(st.just("hear"), st.integers(0, 7)),
    st.tuples(st.just("hear"), st.integers(0, 7)),
)


def take(fair: Fair, step: tuple[Any, ...]) -> None:
    do, *about = step
    try:
        if do == "hear":
            fair.hear(*about)
        elif do == "plan":
            of, day, draft, names = about
            before = fair.states.get(("market", of))
            was = before is None or before.planned is None or before.planned.draft
            fair.plan(of, day, draft=draft and was, **names)  # nothing is a draft again
        elif isinstance(do, str):
            getattr(fair, do)(*about)
        else:
            fair.ask(do(occurrence=about[0]))
    except (Refused, NotFound):
        if do == "hear":
            raise  # it would be parked


@settings(max_examples=1000, deadline=None)
@given(st.booleans(), st.lists(steps, min_size=5, max_size=60))
def test_in_any_order_those_named_and_fit_have_their_stall_and_nobody_has_one_who_is_not(
    ready, run
):
    fair = ready_for("fri", "bar", "press") if ready else Fair()
    for step in run:
        take(fair, step)
    fair.settle()
    for of in NIGHTS:
        if (found := fair.states.get(("market", of))) and found.planned:
            _is_as_declared(fair, of, found)


def _is_as_declared(fair: Fair, of: str, market: Any) -> None:
    for each in market.planned.stalls:
        has = fair.booked(of).get(each.stall)
        if market.called_off:
            assert has is None
        elif each.supplier and not market.closed:
            ready = fit(fair, each.supplier, each.stall, market.planned.first)
            kept = not market.planned.draft and each.stall not in market.freed
            if kept:
                assert has == (each.supplier if ready else None)
                assert bool(fair.waits(of)[each.stall]) is not ready
                assert (each.stall in _unfit(market)) is not ready
            else:
                assert has in (None, each.supplier)
                assert fair.waits(of)[each.stall] == []
        elif has and not market.closed:
            assert fit(fair, has, each.stall, market.planned.first)
            assert each.stall not in _unfit(market)
        if has:
            assert market.closed or each.stall not in _unfit(market)
    _agree(fair, of, market)


def _unfit(market: Any) -> set[str]:
    return {each.stall for each in market.checked[0]}


def _agree(fair: Fair, of: str, market: Any) -> None:
    """What a supplier has and waits for is what the market says."""
    here, there, kept = {}, {}, {}
    for supplier in WHO:
        known = fair.states.get(("supplier", supplier), SUPPLIER.initial())
        for (night_, key), each in known.engaged.items():
            if night_ == of:
                there[key] = (supplier, each.engagement)
        kept |= {key: supplier for night_, key in known.awaited if night_ == of}
    here = {key: (each.supplier, each.engagement) for key, each in market.booked.items()}
    if not market.closed:  # after it somebody may be suspended, and what is behind stays
        assert here == there
    assert kept == {key: each.supplier for key, each in market.offered.items()}
    assert not (market.over and kept)


def test_who_is_named_has_the_stall_once_nothing_is_missing_and_it_is_shown_what_is():
    fair = Fair()
    fair.plan("fri", a1="bar")
    fair.settle()
    assert fair.waits("fri") == {"a1": ["supplier_not_added"]}
    fair.add("bar")
    fair.settle()
    assert fair.waits("fri") == {"a1": ["supplier_not_vetted", "document_missing: Insurance"]}
    fair.insure("bar", date(2027, 7, 1))
    fair.vet("bar")
    fair.settle()
    assert fair.waits("fri") == {"a1": ["document_not_valid: Insurance"]}
    fair.insure("bar", UNTIL)
    fair.settle()
    assert fair.booked("fri") == {"a1": "bar"}
    assert fair.waits("fri") == {"a1": []}


def test_who_loses_it_has_it_again_once_they_are_fit_also_by_another_date():
    fair = ready_for("fri", "bar")
    fair.insure("bar", UNTIL)
    fair.plan("fri", a1="bar")
    fair.settle()
    fair.plan("fri", "late", a1="bar")
    fair.settle()
    assert (fair.booked("fri"), fair.waits("fri")["a1"]) == ({}, ["document_not_valid: Insurance"])
    assert fair.rows["fri"]["stalls"]["a1"]["why"] == "document_not_valid"
    fair.plan("fri", "early", a1="bar")
    fair.settle()
    assert fair.booked("fri") == {"a1": "bar"}
    fair.suspend("bar")
    fair.settle()
    assert (fair.booked("fri"), fair.waits("fri")["a1"]) == ({}, ["supplier_suspended"])
    fair.vet("bar")
    fair.settle()
    assert fair.booked("fri") == {"a1": "bar"}


def test_who_is_named_no_more_is_not_waited_for_and_a_stall_is_not_given_twice_on_the_way():
    fair = ready_for("fri", "bar", "press")
    given_ = fair.log.count("StallBooked")
    fair.plan("fri", b1="press")
    fair.settle()
    assert fair.booked("fri") == {"b1": "press"}
    assert fair.log.count("StallBooked") == given_ + 1
    assert "StallNotBooked" not in fair.log


def test_what_was_freed_by_hand_is_not_given_again_until_somebody_books_it():
    fair = ready_for("fri", "bar", "press")
    fair.free("fri", "b1")
    fair.plan("fri", "late", b1="bar")  # the manifest still names them
    fair.settle()
    assert fair.booked("fri") == {}
    fair.book("fri", "b1", "bar")
    fair.settle()
    fair.suspend("bar")
    fair.vet("bar")
    fair.settle()
    assert fair.booked("fri") == {"b1": "bar"}
    fair.free("fri", "b1")
    fair.plan("fri", b1="press")
    fair.plan("fri", b1="bar")  # named anew
    fair.settle()
    assert fair.booked("fri") == {"b1": "bar"}


def test_a_stall_that_is_freed_while_its_supplier_has_it_anew_stays_free():
    fair = ready_for("fri", "bar")
    fair.suspend("bar")
    fair.vet("bar")
    assert fair.log[-1] == "SupplierEngaged"  # again, and the market has not heard of it
    fair.free("fri", "b1")
    fair.settle()
    assert fair.booked("fri") == {}
    assert not fair.states["supplier", "bar"].engaged
    assert fair.log.count("StallBooked") == 1


def test_a_stall_that_is_freed_while_its_supplier_is_suspended_waits_for_nobody():
    fair = ready_for("fri", "bar")
    fair.free("fri", "b1")
    fair.suspend("bar")
    assert fair.log[-1] == "SupplierWaits"
    fair.settle()
    assert fair.waits("fri") == {"b1": []}


def test_what_a_market_says_of_one_engagement_is_not_meant_for_the_next():
    fair = ready_for("fri", "bar")
    fair.plan("fri", b1=None)
    fair.settle()
    fair.free("fri", "b1")
    fair.suspend("bar")
    fair.vet("bar")
    fair.book("fri", "b1", "bar")  # while they have not heard that the one before was freed
    fair.settle()
    assert fair.booked("fri") == {"b1": "bar"}
    assert len(fair.states["supplier", "bar"].engaged) == 1


def test_who_hears_of_other_days_too_late_does_not_have_it_again():
    fair = ready_for("fri", "bar")
    fair.plan("fri", b1=None)
    fair.free("fri", "b1")
    fair.settle()
    fair.book("fri", "b1", "bar")
    fair.settle()
    fair.plan("fri", "late", b1=None)
    fair.free("fri", "b1")
    fair.settle()  # they hear of other days, and then that they do not have it
    assert fair.booked("fri") == {}
    assert fair.log.count("StallBooked") == 2


def test_nobody_is_waited_for_by_a_draft_a_night_that_is_over_or_one_that_is_cancelled():
    fair = Fair()
    fair.plan("fri", draft=True, b1="bar")
    fair.settle()
    assert fair.waits("fri") == {"b1": []}
    fair.ask(OpenMarket(occurrence="fri"))
    fair.plan("sat", b1="bar")
    fair.plan("sun", b1="bar")
    fair.settle()
    assert fair.waits("fri") == {"b1": ["supplier_not_added"]}
    fair.ask(CallOffMarket(occurrence="fri"))
    fair.ask(CloseMarket(occurrence="sat"))
    fair.settle()
    after = datetime(2027, 7, 10, tzinfo=UTC)
    fair.ask(AddSupplier(supplier="bar", title="Bar"), after)
    fair.ask(VetSupplier(supplier="bar"), after)
    fair.settle()
    assert [fair.booked(each) for each in ("fri", "sat", "sun")] == [{}, {}, {}]
    assert [fair.waits(each)["b1"] for each in ("fri", "sat", "sun")] == [[], [], ["days_over"]]
    fair.plan("sat", b1="press")
    fair.settle()
    assert fair.waits("sat")["b1"] == []


def test_a_draft_is_told_as_one_until_it_is_planned():
    about = check(Path("examples/night-market.yaml").read_bytes()).view.data
    night_ = Night()
    drafted = night_.ask(applying(manifest=about, draft=True))
    planned = night_.ask(applying(manifest=about))
    again = night_.ask(applying(1, "b", manifest=about, draft=True))  # it is none any more
    told = [_told(events) for events in (drafted, planned, again)]
    assert told == [[("PlanMarket", True)], [("OpenMarket", None)], [("PlanMarket", False)]]


def _told(events: list[Any]) -> list[tuple[str, bool | None]]:
    plans = next(each for each in REACTIONS if each.name == "plan-markets")
    heard = [
        msgspec.json.decode(msgspec.json.encode(each), type=plans.hears)
        for each in events
        if each.topic in plans.hears.topics
    ]
    commands: list[Any] = [each for event in heard for each in plans.do(event)]
    return [(type(each).__name__, getattr(each, "draft", None)) for each in commands]
