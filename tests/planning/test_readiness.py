"""What keeps doors closed: missing crew and suppliers who are not fit, told and green again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.planning.commands import (
    AdvanceOccurrence,
    CancelOccurrence,
    KeepClearance,
    PostponeOccurrence,
    SetClearance,
)
from services.planning.domain.refusals import StepNotCleared
from services.planning.events import CrewCounted, MarketChecked, MissingRole, UnfitStall
from services.planning.reactions.readiness import REACTIONS
from tests.planning.declaring import NOW, Night, applying
from tests.planning.test_crew import Company, planning, role
from tests.planning.test_offers import UNTIL, Fair, ready_for

DOORS = AdvanceOccurrence(occurrence="n", to="doors")


def kept(event: Any) -> KeepClearance:
    """What an occurrence is asked because of it."""
    (reaction,) = (each for each in REACTIONS if event.topic in each.hears.topics)
    heard = msgspec.json.decode(msgspec.json.encode(event), type=reaction.hears)
    (command,) = reaction.do(heard)
    assert isinstance(command, KeepClearance)
    return command


def missing(company: Company) -> dict[str, int]:
    return {each.role: each.count for each in company.crews["film"].missing}


def test_which_roles_have_nobody_is_told_whenever_it_changes():
    company = Company("ana", "ben")
    told = company.ask(planning(role("door", 2), role("bar")))[-1]
    assert told == CrewCounted(
        occurrence="film",
        missing=(
            MissingRole(role="bar", title="Bar", count=1),
            MissingRole(role="door", title="Door", count=2),
        ),
    )
    for person, position in (("ana", "door-1"), ("ben", "bar-1")):
        company.invite(person, position=position)
        company.accept(person, position=position)
    assert missing(company) == {"door": 1}
    company.ask(planning(role("door", 1), role("bar")))
    assert missing(company) == {}
    company.ask(planning(on=False))
    assert missing(company) == {}


def test_doors_wait_for_the_roles_that_are_missing_and_open_once_they_are_filled():
    night = Night(applying())
    roles = (
        MissingRole(role="door", title="Door", count=2),
        MissingRole(role="bar", title="Bar", count=1),
    )
    night.ask(kept(CrewCounted(occurrence="n", missing=roles)))
    (clearance,) = night.state.clearances.values()
    assert (clearance.clearance, clearance.code, clearance.granted) == (
        *("crew", "crew_missing"),
        False,
    )
    assert clearance.missing == ("door", "bar")
    assert clearance.reason == "Nobody yet: 2 Door (door), 1 Bar (bar)"
    night.ask(AdvanceOccurrence(occurrence="n", to="on_sale"))  # tickets are sold before
    with pytest.raises(StepNotCleared) as refused:
        night.ask(DOORS)
    assert refused.value.facts["clearances"] == {"crew": "crew_missing"}
    night.ask(kept(CrewCounted(occurrence="n")))
    assert night.state.clearances["crew"].granted
    night.ask(DOORS)
    assert night.state.state == "doors"


def test_nothing_is_said_where_nothing_was_missing_and_what_is_asked_is_never_refused():
    gone = kept(CrewCounted(occurrence="n"))
    short = kept(
        CrewCounted(occurrence="n", missing=(MissingRole(role="door", title="Door", count=1),))
    )
    assert Night().ask(short) == []  # nobody declared it
    night = Night(applying())
    assert night.ask(gone) == []
    assert len(night.ask(short)) == 1
    assert night.ask(short) == []
    night.ask(PostponeOccurrence(occurrence="n", postponement="p", reason="Rain"))
    assert len(night.ask(gone)) == 1
    night.ask(CancelOccurrence(occurrence="n", reason="Rain"))
    assert night.ask(short) == []


def test_a_clearance_of_that_name_which_somebody_set_is_left_as_it_is():
    by_hand = SetClearance(
        occurrence="n",
        clearance="crew",
        granted=False,
        blocks=("live",),
        reason="A union has a say",
        code="union",
    )
    night = Night(applying(), by_hand)
    roles = (MissingRole(role="door", title="Door", count=1),)
    assert night.ask(kept(CrewCounted(occurrence="n", missing=roles))) == []
    assert night.state.clearances["crew"].code == "union"


def unfit(fair: Fair) -> dict[str, tuple[str, ...]]:
    return {each.stall: (each.supplier, *each.reasons) for each in fair.market("fri").checked[0]}


def test_a_stall_whose_supplier_is_not_fit_is_told_until_they_are():
    fair = Fair()
    fair.plan("fri", a1="bar", b1=None)
    fair.settle()
    assert unfit(fair) == {"a1": ("bar", "supplier_not_added")}
    fair.add("bar")
    fair.vet("bar")
    fair.insure("bar", UNTIL)
    fair.settle()
    assert unfit(fair) == {}
    fair.plan("fri", "late", a1="bar", b1=None)  # and the insurance ends before
    fair.settle()
    assert unfit(fair) == {"a1": ("bar", "document_not_valid: Insurance")}
    fair.plan("fri", "late", b1=None)
    fair.settle()
    assert unfit(fair) == {}


def test_what_is_heard_late_of_who_is_named_no_more_is_not_told():
    fair = Fair()
    fair.plan("fri", a1="bar")
    fair.settle()
    fair.add("bar")  # and the market has not heard what they wait for now
    fair.plan("fri", a1=None)
    fair.settle()
    assert unfit(fair) == {}


def test_who_was_booked_by_hand_and_is_suspended_is_told_until_somebody_else_has_the_stall():
    fair = ready_for("fri", "bar", "press")
    fair.plan("fri", a1=None)
    fair.settle()
    fair.book("fri", "a1", "bar")
    fair.settle()
    assert fair.booked("fri") == {"a1": "bar"}
    fair.suspend("bar")
    fair.settle()
    assert unfit(fair) == {"a1": ("bar", "supplier_suspended")}
    fair.book("fri", "a1", "press")
    fair.settle()
    assert unfit(fair) == {}


def test_a_reason_names_as_many_as_it_has_room_for():
    night = Night(applying())
    stalls = tuple(
        UnfitStall(stall=f"stall-{number}", supplier="s" * 60, reasons=("supplier_suspended",))
        for number in range(20)
    )
    night.ask(kept(MarketChecked(occurrence="n", unfit=stalls, others=480)), NOW)
    clearance = night.state.clearances["suppliers"]
    assert clearance.reason.endswith("supplier_suspended and 499 more")
    assert len(clearance.missing) == 20


def test_a_thousand_stalls_are_told_by_the_first_of_them_and_how_many_there_are():
    fair = Fair()
    fair.plan("fri", **{f"s{number:03}": "bar" for number in range(300)})
    for _ in range(5):
        fair.settle()
    first, others = fair.market("fri").checked
    assert (first[0].stall, len(first), others) == ("s000", 20, 280)
    fair.plan("fri", s000="bar")
    fair.settle()
    assert (len(fair.market("fri").checked[0]), fair.market("fri").checked[1]) == (1, 0)
