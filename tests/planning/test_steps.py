"""When an event goes on by itself: by the clocks of its venue, or relative to its hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning.manifest import check
from services.planning.plans.applying import command_of
from services.planning.plans.box_office import box_office_of
from services.planning.plans.declared import Declared, declared
from services.planning.plans.plan import Origin, Wish, make, steps_of
from services.planning.plans.standing import Standing
from services.planning.timing.timeline import timeline
from tests.planning.declaring import Night

TEXT = """
apiVersion: roadcase/v1
kind: Event
metadata: {{name: film}}
spec:
  title: Film
  currency: EUR
  schedule: {{zone: {zone}, date: {date}, doors: "19:30", start: "20:00", end: "22:00"}}
  catalogue: {{tickets: [{{key: seat, title: Seat, price: 9.00 EUR}}]}}
  lifecycle: {{{lifecycle}}}
"""
AT = datetime(2027, 1, 1, tzinfo=UTC)


def night(lifecycle: str = "", date: str = "2027-04-02", zone: str = "Europe/Berlin") -> Declared:
    checked = check(TEXT.format(lifecycle=lifecycle, date=date, zone=zone).encode())
    assert checked.problems == [], checked.problems
    return declared(checked.view.data)


def steps(of: Declared) -> dict[str, str]:
    return {step: f"{at:%Y-%m-%d %H:%M}" for step, at in steps_of(of)}


def test_doors_live_and_closed_are_at_the_hours_where_nobody_says_otherwise():
    assert steps(night()) == {
        "doors": "2027-04-02 17:30",
        "live": "2027-04-02 18:00",
        "closed": "2027-04-02 20:00",
    }


def test_every_step_may_have_a_time_of_its_own_in_the_zone_of_the_venue():
    """Clocks are changed on 28 March: a week before is the same time of day, on another clock."""
    said = (
        "announced: 2027-03-01T09:00, onSale: 7d before doors at 10:00, doors: 5m after doors, "
        "live: 10m after start, closed: 1h after end, settled: 2w after end"
    )
    assert steps(night(said)) == {
        "announced": "2027-03-01 08:00",
        "on_sale": "2027-03-26 09:00",
        "doors": "2027-04-02 17:35",
        "live": "2027-04-02 18:10",
        "closed": "2027-04-02 21:00",
        "settled": "2027-04-16 20:00",
    }
    assert steps(night("announced: 1w before start"))["announced"] == "2027-03-26 19:00"
    assert steps(night("announced: 168h before start"))["announced"] == "2027-03-26 18:00"


def test_another_date_moves_what_is_relative_and_a_plan_shows_it():
    said = "announced: 2027-02-01T09:00, onSale: 7d before doors at 10:00"
    before, after = night(said), night(said, date="2027-03-26")
    standing = Standing(revision=1, state="planned", manifest=before.data)
    plan = make(after, standing, Origin("acme"), AT, Wish())
    moved = {step for step, at in plan.steps.items() if dict(steps_of(before))[step] != at}
    assert moved == {"on_sale", "doors", "live", "closed"}
    assert plan.steps["on_sale"] == datetime(2027, 3, 19, 9, tzinfo=UTC)


def test_steps_are_taken_at_their_times_and_move_with_a_new_date():
    said = "announced: 2027-02-01T09:00, onSale: 7d before doors at 10:00, settled: 1d after end"
    before, after = night(said), night(said, date="2027-05-07")
    going = Night(command_of(before, "acme", 0))
    going.until(datetime(2027, 2, 1, 8, tzinfo=UTC))
    assert (going.state.state, going.selling) == ("announced", False)
    going.ask(command_of(after, "acme", 1), datetime(2027, 2, 2, tzinfo=UTC))
    going.until(datetime(2027, 4, 30, 8, tzinfo=UTC) - timedelta(seconds=1))
    assert going.state.state == "announced"
    going.until(datetime(2027, 4, 30, 8, tzinfo=UTC))
    assert (going.state.state, going.selling) == ("on_sale", True)
    going.until(datetime(2027, 5, 8, 20, tzinfo=UTC))
    assert (going.state.state, going.selling) == ("settled", False)


def test_who_sells_by_its_time_has_announced_it():
    going = Night(command_of(night("onSale: 30d before start"), "acme", 0))
    going.until(datetime(2027, 3, 5, tzinfo=UTC))
    taken = [(each.state, each.why) for each in going.events if hasattr(each, "was")]
    assert taken[1:] == [("announced", "scheduled"), ("on_sale", "scheduled")]


ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo")
whens = st.builds(
    "{} {} {} {}{}".format,
    st.integers(0, 400),
    st.sampled_from("dw"),
    st.sampled_from(("before", "after")),
    st.sampled_from(("doors", "start", "end")),
    st.sampled_from(("", " at 02:30", " at 10:00")),
) | st.builds("{}h before {}".format, st.integers(0, 9999), st.sampled_from(("doors", "end")))


@settings(max_examples=60, deadline=None)
@given(when=whens, zone=st.sampled_from(ZONES), day=st.dates(date(2027, 1, 5), date(2036, 12, 1)))
def test_a_plan_and_the_timeline_know_one_rule_for_days_before(when: str, zone: str, day: date):
    allotment = f"{{key: press, title: Press, units: 4, releases: {when}}}"
    text = TEXT.format(lifecycle="", date=day, zone=zone)
    text = text.replace("catalogue: {", f"catalogue: {{allotments: [{allotment}], ")
    checked = check(text.encode())
    assert checked.view is not None
    (told,) = [each for each in timeline(checked.view.data) if each.kind == "allotment_released"]
    office = box_office_of(declared(checked.view.data), "acme")
    assert office is not None
    assert [each.release_at for each in office.allotments] == [told.at]
