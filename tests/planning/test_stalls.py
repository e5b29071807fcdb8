"""Stalls: who has them, what they cost to the minor unit, charged once and corrected whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadcase.money import Money
from roadcase.projection import Stamp
from services.planning.commands import (
    CallOffMarket,
    CloseMarket,
    FreeStall,
    LoseStall,
    PlanMarket,
    ReportTakings,
    TakeStall,
    WaiveStallFee,
)
from services.planning.domain import MARKET
from services.planning.domain.fees import fee_of
from services.planning.domain.supplier_refusals import (
    NoStall,
    StallCharged,
    StallFree,
    TakingsCurrency,
)
from services.planning.events import (
    PlannedStall,
    StallFee,
    StallFeeCharged,
    StallFeeReversed,
    StallFreed,
)
from services.planning.manifest import check
from services.planning.plans.declared import declared
from services.planning.plans.market import market_of
from services.planning.plans.plan import Origin, Wish, make
from services.planning.plans.standing import Standing
from services.planning.projections import Markets

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
FIRST, LAST = date(2027, 7, 9), date(2027, 7, 10)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


SHARE = StallFee(share=1200, floor=eur(6000), cap=eur(24000))
A1 = PlannedStall(stall="a1", supplier="bar", documents=("Insurance",), fee=SHARE)
B1 = PlannedStall(stall="b1", supplier="press", fee=StallFee(fixed=eur(4500)))
C1 = PlannedStall(stall="c1")


class Night:
    """The stalls of a night: asked, and what is shown of them."""

    def __init__(self, *stalls: PlannedStall) -> None:
        self.state = MARKET.initial()
        self.row: Any = None
        self.events: list[Any] = []
        self.plan(1, *(stalls or (A1, B1, C1)))

    def ask(self, command: Any) -> list[str]:
        found = list(MARKET.decided(self.state, command, NOW))
        self.events += found
        for event in found:
            for _, fold in Markets().hears.get(type(event), ()):
                self.row = fold(self.row, event, Stamp(1, "s", "acme", NOW, "somebody"))
        names = [type(each).__name__ for each in found]
        return [each for each in names if not each.startswith("StallOffer")]  # of test_offers

    def plan(self, revision: int, *stalls: PlannedStall, last: date = LAST) -> list[str]:
        command = PlanMarket(
            occurrence="n",
            revision=revision,
            first=FIRST,
            last=last,
            stalls=stalls,
            currency="EUR",
        )
        return self.ask(command)

    def take(self, stall: str, supplier: str, *documents: str, last: date = LAST) -> list[str]:
        days = {"first": FIRST, "last": last, "documents": documents}
        return self.ask(TakeStall(occurrence="n", stall=stall, supplier=supplier, **days))

    def report(self, stall: str, minor: int, report: str = "r1", currency: str = "EUR") -> Any:
        takings = Money(minor, currency)
        return self.ask(ReportTakings(occurrence="n", stall=stall, report=report, takings=takings))

    def close(self) -> list[str]:
        return self.ask(CloseMarket(occurrence="n"))

    @property
    def standing(self) -> dict[str, int]:
        """What is owed by stall, as it is shown."""
        return {
            each["stall"]: each["amount"]["minor"]
            for each in self.row["charges"]
            if not each["reversed"]
        }


@pytest.mark.parametrize(
    ("takings", "share"),
    [
        *((0, 6000), (49_999, 6000), (100_000, 12_000), (100_004, 12_000), (100_005, 12_001)),
        *((199_999, 24_000), (10_000_000, 24_000)),
    ],
)
def test_a_share_is_rounded_half_up_and_held_between_floor_and_cap(takings, share):
    worked = fee_of(SHARE, eur(takings))
    assert worked is not None
    assert (worked.share, worked.total) == (eur(share), eur(share))


def test_fixed_and_share_add_up_and_what_is_not_known_is_not_worked_out():
    both = StallFee(fixed=eur(5000), share=800)
    assert fee_of(both, None) is None
    assert fee_of(both, eur(10_006)).total == eur(5000 + 800)  # 800.48
    assert fee_of(StallFee(fixed=eur(4500)), None).total == eur(4500)
    assert fee_of(StallFee(share=1050), Money(10, "JPY")).total == Money(1, "JPY")  # 1.05


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_rounding_is_exact_whatever_the_amount(takings, share):
    exact = Fraction(takings * share, 10_000)
    assert fee_of(StallFee(share=share), eur(takings)).total == eur(floor(exact + Fraction(1, 2)))


def test_a_stall_is_had_by_one_and_whoever_comes_too_late_hears_why():
    night = Night()
    assert night.take("a1", "bar", "Insurance") == ["StallBooked"]
    assert night.take("a1", "bar", "Insurance") == []
    assert night.take("c1", "waffles") == ["StallBooked"]
    assert night.take("c1", "cider") == ["StallNotBooked"]
    assert night.events[-1].why == "stall_taken"
    assert night.take("b1", "cider") == ["StallNotBooked"]
    assert night.events[-1].why == "supplier_changed"
    assert night.take("z9", "cider") == ["StallNotBooked"]
    assert night.events[-1].why == "stall_removed"


def test_terms_that_changed_in_between_are_looked_at_again():
    night = Night()
    assert night.take("a1", "bar") == ["StallBooked", "StallChanged"]
    assert night.events[-1].documents == ("Insurance",)
    later = date(2027, 7, 11)
    assert night.plan(2, A1, B1, C1, last=later) == ["MarketPlanned", "StallChanged"]
    assert (night.events[-1].stall, night.events[-1].last) == ("a1", later)


def test_a_stall_that_is_gone_or_somebody_elses_is_free_and_a_fee_stays_as_it_was_booked():
    night = Night()
    night.take("a1", "bar", "Insurance")
    night.take("b1", "press")
    night.take("c1", "waffles")
    dear = PlannedStall(stall="b1", supplier="press", fee=StallFee(fixed=eur(9900)))
    other = PlannedStall(stall="a1", supplier="cider")
    assert night.plan(2, other, dear) == ["MarketPlanned", "StallFreed", "StallFreed"]
    freed = {each.stall: each.why for each in night.events if isinstance(each, StallFreed)}
    assert freed == {"a1": "supplier_changed", "c1": "stall_removed"}
    assert [*night.row["stalls"]] == ["a1", "b1"]
    night.close()
    assert night.standing == {"b1": 4500}
    assert night.plan(2, A1) == []
    assert night.plan(3, other, dear) == []


def test_fees_are_charged_when_the_night_is_over_and_the_takings_are_known_once_each():
    night = Night()
    night.take("a1", "bar", "Insurance")
    night.take("b1", "press")
    assert night.close() == ["MarketClosed", "StallFeeCharged"]
    assert night.close() == []
    assert night.report("a1", 100_000) == ["StallTakingsReported", "StallFeeCharged"]
    assert night.report("a1", 999_999) == []  # the same report again
    assert night.standing == {"a1": 12_000, "b1": 4500}
    assert night.row["charges"][1]["takings"] == {"minor": 100_000, "currency": "EUR"}


def test_a_correction_takes_the_charge_back_whole_and_charges_anew():
    night = Night()
    night.take("a1", "bar", "Insurance")
    night.report("a1", 100_000)
    night.close()
    assert night.report("a1", 110_000, "r2") == [
        "StallTakingsReported",
        "StallFeeReversed",
        "StallFeeCharged",
    ]
    reversal = night.events[-2]
    assert (reversal.amount, reversal.charge) == (eur(-12_000), "a1-1")
    assert night.events[-1].charge == "a1-2"
    assert night.report("a1", 10_000_000, "r3")[-1] == "StallFeeCharged"
    assert night.report("a1", 20_000_000, "r4") == ["StallTakingsReported"]  # the cap holds it
    waive = WaiveStallFee(occurrence="n", stall="a1", reason="Rain")
    assert night.ask(waive) == ["StallFeeWaived", "StallFeeReversed"]
    assert night.events[-1].reason == "Rain"
    assert night.ask(waive) == []
    assert night.standing == {}


def test_what_cannot_be_is_refused():
    night = Night()
    with pytest.raises(NoStall):
        night.report("z9", 1)
    with pytest.raises(StallFree):
        night.ask(FreeStall(occurrence="n", stall="a1"))
    night.take("b1", "press")
    with pytest.raises(TakingsCurrency):
        night.report("b1", 1, currency="USD")
    night.close()
    with pytest.raises(StallCharged):
        night.ask(FreeStall(occurrence="n", stall="b1"))
    assert night.take("a1", "bar") == ["StallNotBooked"]


def test_who_is_not_fit_any_more_loses_the_stall_until_the_night_is_over():
    night = Night()
    night.take("b1", "press")
    lose = LoseStall(occurrence="n", stall="b1", supplier="press", why="supplier_suspended")
    assert night.ask(lose) == ["StallFreed", "MarketChecked"]
    assert night.row["stalls"]["b1"]["why"] == "supplier_suspended"
    assert night.ask(lose) == []
    night.take("b1", "press")
    night.close()
    assert night.ask(lose) == []


def test_a_night_that_is_called_off_costs_nothing():
    night = Night()
    night.take("b1", "press")
    night.take("c1", "waffles")
    assert night.ask(CallOffMarket(occurrence="n")) == [
        "MarketCalledOff",
        "StallFreed",
        "StallFreed",
    ]
    night.close()
    assert night.standing == {}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "report", "free", "waive", "close", "plan"]),
        st.sampled_from(["a1", "b1", "c1"]),
        st.integers(0, 300_000),
    ),
    max_size=25,
)


@given(STEPS)
def test_whatever_happens_charges_and_reversals_add_up_to_what_is_owed(steps):
    night = Night()
    for number, (what, stall, minor) in enumerate(steps, 2):
        try:
            _do(night, what, stall, minor, number)
        except (NoStall, StallFree, StallCharged):
            continue
        moved: dict[str, int] = {}
        for each in night.events:
            if isinstance(each, StallFeeCharged | StallFeeReversed):
                moved[each.stall] = moved.get(each.stall, 0) + each.amount.minor
        owed = dict.fromkeys(moved, 0) | night.standing
        assert moved == owed
        stalls = [each["stall"] for each in night.row["charges"] if not each["reversed"]]
        assert len(stalls) == len({*stalls})
        ids = [each["charge"] for each in night.row["charges"]]
        assert len(ids) == len({*ids})


def _do(night: Night, what: str, stall: str, minor: int, number: int) -> None:
    match what:
        case "take":
            night.take(stall, {"a1": "bar", "b1": "press", "c1": "waffles"}[stall])
        case "report":
            night.report(stall, minor, f"r{number}")
        case "free":
            night.ask(FreeStall(occurrence="n", stall=stall))
        case "waive":
            night.ask(WaiveStallFee(occurrence="n", stall=stall, reason="Rain"))
        case "close":
            night.close()
        case _:
            night.plan(number, *[each for each in (A1, B1, C1) if each.stall != stall])


def test_an_example_has_six_stalls_from_load_in_to_load_out():
    data = check(Path("examples/night-market.yaml").read_bytes()).view.data
    market = market_of(declared(data), 1)
    assert (market.first, market.last, market.currency) == (FIRST, LAST, "EUR")
    assert [each.supplier for each in market.stalls] == [
        *("dumpling-bar", "waffles", "cider", "press", "ceramics", "records")
    ]
    assert market.stalls[0].documents == ("Food hygiene", "Insurance")
    assert market.stalls[0].fee == SHARE
    assert market.stalls[2].fee == StallFee(fixed=eur(5000), share=800)


def test_a_plan_says_which_stalls_cannot_be_given_to_whom_they_are_meant_for():
    new = declared(check(Path("examples/night-market.yaml").read_bytes()).view.data)
    insured = {"document": "i", "kind": "Insurance", "reference": "a"}
    ended = {**insured, "valid_until": "2027-07-09"}
    known = {
        "press": {"supplier": "press", "status": "vetted", "documents": {"i": insured}},
        "ceramics": {"supplier": "ceramics", "status": "vetted", "documents": {"i": ended}},
        "records": {"supplier": "records", "status": "suspended", "documents": {}},
    }
    plan = make(new, Standing(suppliers=known), Origin("acme"), NOW, Wish())
    told = [each.does for each in plan.effects if "stall" in each.does]
    assert told[-3:] == [
        "cannot give stall a3 to cider yet: supplier_not_added",
        "cannot give stall b2 to ceramics yet: document_not_valid: Insurance",
        "cannot give stall b3 to records yet: supplier_suspended, document_missing: Insurance",
    ]
    assert len(told) == 5
    changes = [each for each in plan.changes if each.code == "supplier_not_fit"]
    assert [(each.path, each.kind) for each in changes] == [
        ("spec.stalls[b2].supplier", "approval"),
        ("spec.stalls[b3].supplier", "approval"),
    ]
    assert changes[1].why == "records is not fit for that night: supplier_suspended"
    (gate,) = plan.gates
    assert (gate.clearance, gate.blocks, gate.code) == (
        *("suppliers", ("doors",)),
        "supplier_not_fit",
    )
    again = Standing(suppliers=known, manifest=new.data)
    assert make(new, again, Origin("acme"), NOW, Wish()).changes == ()
