"""How an occurrence goes on: by its time, asked, stopped, and never back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadcase.errors import NotFound, Refused
from services.planning.commands import (
    AbandonOccurrence,
    AdvanceOccurrence,
    CancelOccurrence,
    InterruptOccurrence,
    OverrideClearance,
    PauseSales,
    PostponeOccurrence,
    ReopenSales,
    ResumeOccurrence,
    SetClearance,
    TakeSteps,
)
from services.planning.domain import OCCURRENCE
from services.planning.domain.refusals import (
    AnswerTimes,
    Interrupted,
    LegalStop,
    NoOccurrence,
    NoTime,
    NotInterrupted,
    NotUnderWay,
    OccurrenceEnded,
    OverrideTimes,
    PlanStale,
    SamePerson,
    StepNotCleared,
    StepTaken,
    UnderWay,
)
from services.planning.domain.state import RANK
from services.planning.events import TakesPlace
from tests.planning.declaring import DOORS, ENDS, NOW, OFFICE, STARTS, STEPS, Night, applying

FIRST_TIME = TakesPlace(starts_at=OFFICE.starts_at, ends_at=OFFICE.ends_at, zone=OFFICE.zone)
SOUND = SetClearance(
    occurrence="n",
    clearance="sound",
    granted=False,
    blocks=("doors",),
    reason="The permit is missing",
    code="noise_permit_missing",
)


def overriding(by: str, needs: int = 1, hours: int = 48) -> OverrideClearance:
    return OverrideClearance(
        occurrence="n",
        clearance="sound",
        by=by,
        reason="It is on its way",
        until=NOW + timedelta(hours=hours),
        needs=needs,
    )


def test_a_first_manifest_makes_it_planned_and_the_same_again_nothing():
    night = Night()
    assert night.kinds(applying()) == [
        *("ManifestApplied", "StepsScheduled", "OccurrenceAdvanced", "BoxOfficePlanned")
    ]
    assert night.kinds(applying()) == []
    assert (night.state.state, night.selling) == ("planned", False)


def test_a_draft_is_told_to_nobody_until_it_is_applied_as_more():
    night = Night()
    assert night.kinds(applying(draft=True)) == ["ManifestApplied", "StepsScheduled"]
    assert OCCURRENCE.deadline(night.state) is None
    assert night.kinds(applying()) == ["OccurrenceAdvanced", "BoxOfficePlanned"]


def test_a_plan_for_another_revision_is_refused():
    night = Night(applying())
    with pytest.raises(PlanStale):
        night.ask(applying(0, "b"))
    assert night.kinds(applying(1, "b")) == ["ManifestApplied"]


def test_it_goes_on_by_itself_at_its_times():
    night = Night(applying())
    night.to("on_sale")
    night.until(ENDS)
    steps = [(each.state, each.why) for each in night.events if hasattr(each, "was")]
    assert steps == [
        ("planned", "asked"),
        ("announced", "asked"),
        ("on_sale", "asked"),
        ("doors", "scheduled"),
        ("live", "scheduled"),
        ("closed", "scheduled"),
    ]
    assert night.selling is False


def test_after_a_time_without_power_it_is_where_it_should_be():
    night = Night(applying())
    night.to("on_sale")
    found = night.ask(TakeSteps(occurrence="n"), ENDS + timedelta(hours=1))
    assert [each.state for each in found if hasattr(each, "was")] == ["closed"]


def test_whoever_sells_has_announced_it_and_no_step_is_taken_back():
    night = Night(applying())
    night.to("on_sale")
    with pytest.raises(StepTaken):
        night.to("announced")
    assert night.kinds(AdvanceOccurrence(occurrence="n", to="on_sale")) == []


def test_sales_are_on_from_on_sale_until_it_is_closed_unless_they_are_paused():
    night = Night(applying())
    night.to("on_sale")
    assert night.selling
    night.ask(PauseSales(occurrence="n", reason="The price is wrong"))
    assert night.selling is False
    night.ask(ReopenSales(occurrence="n"))
    assert night.selling
    night.to("closed")
    assert night.selling is False


def test_a_missing_clearance_keeps_it_from_its_step_and_says_so_once():
    night = Night(applying(), SOUND)
    night.to("on_sale")
    night.until(ENDS)
    told = [each for each in night.events if type(each).__name__ == "StepBlocked"]
    assert [(each.step, each.clearances) for each in told] == [
        ("doors", ("sound",)),
        ("live", ("sound",)),  # nobody comes in, so nothing begins
    ]
    assert night.state.state == "closed"  # but its time is over


def test_a_step_that_is_asked_for_is_refused_with_the_codes_of_what_is_missing():
    night = Night(applying(), SOUND)
    with pytest.raises(StepNotCleared) as refused:
        night.to("doors")
    assert refused.value.facts["clearances"] == {"sound": "noise_permit_missing"}
    night.ask(SOUND.model_copy(update={"granted": True}))
    night.to("doors")


def test_a_clearance_that_is_granted_late_lets_the_step_happen_then():
    night = Night(applying(), SOUND)
    night.to("on_sale")
    night.until(DOORS)
    assert night.state.state == "on_sale"
    night.ask(SOUND.model_copy(update={"granted": True}), DOORS + timedelta(minutes=10))
    night.until(DOORS + timedelta(minutes=10))
    assert night.state.state == "doors"


def test_an_override_takes_so_many_people_and_ends():
    night = Night(applying(), SOUND)
    night.ask(overriding("ann", 2))
    with pytest.raises(SamePerson):
        night.ask(overriding("ann", 2, hours=24))
    with pytest.raises(StepNotCleared):
        night.to("doors")
    night.ask(overriding("ben", 2))
    late = NOW + timedelta(hours=48)
    with pytest.raises(StepNotCleared):
        night.to("doors", late)
    night.to("doors", late - timedelta(seconds=1))


def test_no_override_lifts_a_legal_stop_or_holds_for_longer_than_a_week():
    night = Night(applying(), SOUND.model_copy(update={"legal": True}))
    with pytest.raises(LegalStop):
        night.ask(overriding("ann"))
    night = Night(applying(), SOUND)
    for hours in (0, 7 * 24 + 1):
        with pytest.raises(OverrideTimes):
            night.ask(overriding("ann", hours=hours))


def test_a_postponed_night_sells_nothing_and_opens_no_doors_until_it_has_a_time():
    night = Night(applying())
    night.to("on_sale")
    night.ask(PostponeOccurrence(occurrence="n", postponement="p1", reason="Storm"))
    assert night.selling is False
    with pytest.raises(NoTime):
        night.to("doors")
    night.until(ENDS)
    assert night.state.state == "on_sale"
    later = moved(days=7)
    answer = NOW + timedelta(days=3)
    night.ask(applying(1, "b", **later, answer_until=answer))
    assert night.selling
    assert night.state.declared.reschedule.answer_until == answer


def test_a_night_that_nobody_knows_of_is_postponed_until_it_has_a_time():
    night = Night(applying())
    night.ask(PostponeOccurrence(occurrence="n", postponement="p1", reason="Storm"))
    night.ask(applying(1, "b", **moved(days=7)))
    night.to("on_sale")
    assert night.selling


def test_a_postponed_night_takes_place_at_its_time_again_once_its_manifest_is_applied_for_that():
    night = Night(applying())
    night.to("on_sale")
    night.ask(PostponeOccurrence(occurrence="n", postponement="p1", reason="Storm"))
    assert night.kinds(applying()) == []  # what was applied before it was postponed, asked again
    assert night.kinds(applying(1)) == []
    with pytest.raises(AnswerTimes):
        night.ask(applying(1, takes_place=FIRST_TIME, answer_until=STARTS + timedelta(days=1)))
    answer = NOW + timedelta(days=3)
    again = applying(1, takes_place=FIRST_TIME, answer_until=answer)
    kinds = night.kinds(again)
    assert kinds == ["ManifestApplied", "OccurrenceRescheduled", "BoxOfficePlanned"]
    asked = night.state.declared.reschedule
    assert (night.selling, asked.returns, asked.answer_until) == (True, True, answer)
    assert night.kinds(again) == []
    night.until(ENDS)
    assert night.state.state == "closed"
    assert night.state.rescheduled.starts_at == OFFICE.starts_at


def test_what_else_is_changed_of_a_postponed_night_does_not_bring_it_back():
    night = Night(applying())
    night.ask(PostponeOccurrence(occurrence="n", postponement="p1", reason="Storm"))
    night.ask(applying(1, "b"))
    assert night.state.postponed == "p1"
    night.ask(PostponeOccurrence(occurrence="n", postponement="p2", reason="Storm"))
    night.ask(applying(2, "b", box_office=None, takes_place=FIRST_TIME))
    assert night.state.postponed is None


def moved(days: int) -> dict:
    by = timedelta(days=days)
    office = type(OFFICE)(
        **{name: getattr(OFFICE, name) for name in OFFICE.__struct_fields__}
        | {"starts_at": OFFICE.starts_at + by, "ends_at": OFFICE.ends_at + by}
    )
    return {"box_office": office, "steps": {step: at + by for step, at in STEPS.items()}}


def test_a_new_time_is_asked_about_only_if_people_knew_the_old_one():
    night = Night(applying())
    assert "OccurrenceRescheduled" not in night.kinds(applying(1, "b", **moved(days=1)))
    night.to("announced")
    assert "OccurrenceRescheduled" in night.kinds(applying(2, "c", **moved(days=7)))
    for until in (NOW, STARTS + timedelta(days=15)):
        with pytest.raises(AnswerTimes):
            night.ask(applying(3, "d", **moved(days=14), answer_until=until))


def test_an_interrupted_night_waits_and_goes_on_or_is_abandoned():
    night = Night(applying())
    with pytest.raises(NotUnderWay):
        night.ask(InterruptOccurrence(occurrence="n", why="weather"))
    night.to("live", STARTS)
    night.ask(InterruptOccurrence(occurrence="n", why="weather"), STARTS)
    assert (night.selling, OCCURRENCE.deadline(night.state)) == (False, None)
    with pytest.raises(Interrupted):
        night.to("closed")
    night.ask(ResumeOccurrence(occurrence="n"))
    assert night.selling
    with pytest.raises(NotInterrupted):
        night.ask(AbandonOccurrence(occurrence="n", reason="Rain"))
    night.ask(InterruptOccurrence(occurrence="n", why="power"))
    night.ask(AbandonOccurrence(occurrence="n", reason="No power"))
    assert (night.state.state, night.selling) == ("closed", False)
    assert night.kinds(AbandonOccurrence(occurrence="n", reason="No power")) == []


def test_what_is_under_way_is_not_cancelled_and_what_is_cancelled_stays_so():
    night = Night(applying())
    night.to("doors")
    with pytest.raises(UnderWay):
        night.ask(CancelOccurrence(occurrence="n", reason="Rain"))
    night = Night(applying())
    night.to("on_sale")
    night.ask(CancelOccurrence(occurrence="n", reason="Rain"))
    assert (night.state.state, night.selling) == ("cancelled", False)
    assert night.kinds(CancelOccurrence(occurrence="n", reason="Rain")) == []
    for command in (applying(1, "b"), AdvanceOccurrence(occurrence="n", to="doors"), SOUND):
        with pytest.raises(OccurrenceEnded):
            night.ask(command)


def test_nothing_is_asked_of_what_is_not_there():
    for command in (AdvanceOccurrence(occurrence="n", to="doors"), SOUND):
        with pytest.raises(NoOccurrence):
            Night().ask(command)


COMMANDS = st.one_of(
    st.builds(lambda to: AdvanceOccurrence(occurrence="n", to=to), st.sampled_from([*STEPS])),
    st.just(AdvanceOccurrence(occurrence="n", to="on_sale")),
    st.just(SOUND),
    st.just(SOUND.model_copy(update={"granted": True})),
    st.builds(overriding, st.sampled_from(["ann", "ben"]), st.sampled_from([1, 2])),
    st.sampled_from(
        [
            PauseSales(occurrence="n", reason="r"),
            ReopenSales(occurrence="n"),
            PostponeOccurrence(occurrence="n", postponement="p", reason="r"),
            InterruptOccurrence(occurrence="n", why="other"),
            ResumeOccurrence(occurrence="n"),
            AbandonOccurrence(occurrence="n", reason="r"),
            CancelOccurrence(occurrence="n", reason="r"),
        ]
    ),
    st.builds(
        lambda revision, digest, days: applying(revision, digest, **moved(days)),
        *(st.integers(0, 3), st.sampled_from("abc"), st.integers(0, 9)),
    ),
)


@given(st.lists(st.tuples(COMMANDS, st.integers(0, 40 * 24)), max_size=20))
@settings(deadline=None)
def test_whatever_is_asked_it_never_goes_back_and_ticketing_knows_how_it_stands(asked):
    night, at = Night(), NOW
    for command, hours in asked:
        rank = RANK[night.state.state]
        at = max(at, NOW + timedelta(hours=hours))
        night.until(at)
        try:
            night.ask(command, at)
        except (Refused, NotFound):
            continue
        assert RANK[night.state.state] >= rank
        if night.state.declared is not None:
            assert night.state.declared.selling == night.state.selling
        due = OCCURRENCE.deadline(night.state)
        assert due is None or isinstance(due, datetime)
    night.until(ENDS + timedelta(days=60))
