"""Triggers of an occurrence: declared, listed by a plan, and fired by its facts and its timer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from roadcase.money import Money
from roadcase.triggers import Action, Condition, Trigger
from services.planning.commands import (
    CancelOccurrence,
    HearFiring,
    InterruptOccurrence,
    NoteCue,
    PostponeOccurrence,
    ResumeOccurrence,
)
from services.planning.domain.refusals import NoOccurrence
from services.planning.events import (
    CrewTold,
    CueCalled,
    FiringHeard,
    TriggerFired,
    TriggerPassed,
    TriggersPlanned,
)
from services.planning.manifest import check
from services.planning.manifest.facts import FACTS
from services.planning.manifest.triggers import DONE_BY, FactName
from services.planning.manifest.triggers import Action as WrittenAction
from services.planning.plans.applying import command_of
from services.planning.plans.box_office import box_office_of
from services.planning.plans.declared import Declared, declared
from services.planning.plans.plan import Origin, Wish, make
from services.planning.plans.series import Becomes, SeriesStands, make_series
from services.planning.plans.standing import Standing
from services.planning.plans.triggers import not_done, shown_of, triggers_of
from tests.planning.declaring import Night

TEXT = """
apiVersion: roadcase/v1
kind: Event
metadata: {name: film}
spec:
  title: Film
  currency: EUR
  schedule: {zone: Europe/Berlin, date: DATE, doors: "19:30", start: "20:00", end: "22:00"}
  capacity: {total: 60, zones: [{key: hall, places: 40}]}
  runOfShow: {cues: [{key: intro, title: Intro, minutes: 5}]}
  staffing: [{key: door, role: Door, count: 1}]
  drops: [{key: cups, sku: cup, quantity: 5, opens: 1h before doors}]
  catalogue:
    skus: [{key: cup, title: Cup, price: 2.00 EUR, stock: 5}]
    tickets: [{key: seat, title: Seat, price: 9.00 EUR}]
"""
DOORS = datetime(2027, 6, 18, 17, 30, tzinfo=UTC)
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
TELL = "do: [{tellCrew: {text: Now, roles: [door]}}]"


def film(*triggers: str, date: str = "2027-06-18") -> Declared:
    lines = "".join(f"    - {{{each}}}\n" for each in triggers)
    lines = f"  triggers:\n{lines}" if triggers else ""
    checked = check((TEXT.replace("DATE", date) + lines).encode())
    assert checked.problems == [], checked.problems
    return declared(checked.view.data)


def night(*triggers: str) -> Night:
    return Night(command_of(film(*triggers), "acme", 0))


def fired(going: Night) -> list[tuple[str, str]]:
    return [(each.firing, each.reason) for each in going.events if isinstance(each, TriggerFired)]


def test_a_manifest_becomes_what_is_watched_for():
    found = triggers_of(
        film(
            "key: big, on: order_confirmed, repeat: true, "
            "if: {any: [{field: amount, atLeast: 90.00 EUR}, {not: {field: channel, is: web}}]}, "
            "do: [{messageGuests: {subject: Hi, text: Hello}}, {releaseNoShows: {}}]",
            "key: hall, on: zone_filled, catchUp: true, "
            "if: {all: [{field: zone, is: hall}, {field: percent, atLeast: 80}]}, "
            "do: [{openDrop: {drop: cups}}]",
            f"key: late, at: 1d before doors at 10:00, {TELL}",
        )
    )
    least = Condition(field="amount", at_least=Money(9000, "EUR"))
    web = Condition(negated=Condition(field="channel", one_of=("web",)))
    guests = Action(
        does="messageGuests", service="ticketing", about={"subject": "Hi", "text": "Hello"}
    )
    assert found[0] == Trigger(
        key="big",
        on="order_confirmed",
        repeat=True,
        condition=Condition(any=(least, web)),
        actions=(guests, Action(does="releaseNoShows", service="ticketing")),
    )
    hall = Condition(field="zone", one_of=("hall",))
    assert found[1].condition == Condition(all=(hall, Condition(field="percent", at_least=80)))
    assert found[1].actions[0] == Action(does="openDrop", service="nobody", about={"drop": "cups"})
    assert found[2].at == datetime(2027, 6, 17, 8, tzinfo=UTC)


def test_a_plan_lists_triggers_with_when_and_who_does_what_and_what_nobody_does_yet():
    new = film(
        "key: full, on: sold_out, do: [{tellCrew: {text: Full}}, {pauseChannel: {channel: web}}]",
        "key: cups, at: 1h before doors, repeat: true, if: {field: step, is: on_sale}, "
        "do: [{openDrop: {drop: cups}}]",
    )
    plan = make(new, Standing(), Origin("acme"), NOW, Wish())
    shown = [
        (each.key, each.when, [(d.service, d.does) for d in each.does]) for each in plan.triggers
    ]
    assert shown == [
        (
            "full",
            "on sold_out, found out by ticketing, once",
            [("planning", 'tells the crew: "Full"'), ("ticketing", "pauses the sales channel web")],
        ),
        (
            "cups",
            "at 1h before doors, 2027-06-18 18:30, kept by planning, each time, on a condition",
            [("nobody", "opens the drop cups")],
        ),
    ]
    assert [each for each in plan.not_acted_on if "trigger" in each] == ["triggers[cups].openDrop"]


def test_a_plan_says_on_which_printer_a_slip_comes_out_and_so_does_what_is_watched_for():
    section = """\
  triggers:
    - key: full
      on: sold_out
      do: [{print: {text: Open the bar}}, {print: {text: Count, role: office}}]
"""
    content = (TEXT.replace("DATE", "2027-06-18") + section).encode()
    seen = declared(check(content).view.data)
    (shown,) = shown_of(seen)
    assert [(each.service, each.does) for each in shown.does] == [
        ("devices", 'prints "Open the bar" on ticket-1'),
        ("devices", 'prints "Count" on office'),
    ]
    (trigger,) = triggers_of(seen)
    assert [(each.service, each.about) for each in trigger.actions] == [
        ("devices", {"text": "Open the bar"}),
        ("devices", {"text": "Count", "role": "office"}),
    ]
    assert [*not_done(seen.data["spec"])] == []


def test_a_plan_of_a_series_lists_them_as_they_are_written():
    data = film(f"key: late, at: 1h after start, {TELL}").data
    schedule = {name: at for name, at in data["spec"]["schedule"].items() if name != "date"}
    recurrence = {"first": "2027-06-18", "rule": "FREQ=WEEKLY;COUNT=2"}
    spec = {**data["spec"], "schedule": schedule, "recurrence": recurrence}
    series = {**data, "kind": "Series", "spec": spec}
    becomes = Becomes([])
    about: Any = {"origin": Origin("acme"), "at": NOW, "wish": Wish()}
    plan = make_series(series, SeriesStands(0, {}, {}), becomes, **about)
    assert [(each.key, each.when) for each in plan.triggers] == [
        ("late", "at 1h after start, kept by planning, once")
    ]


def test_what_is_watched_for_is_told_in_full_and_only_when_it_is_otherwise():
    going = night(f"key: a, on: interrupted, {TELL}")
    (planned,) = [each for each in going.events if isinstance(each, TriggersPlanned)]
    assert ([each.key for each in planned.triggers], planned.since) == (["a"], {"a": NOW})
    two = f"key: a, on: interrupted, {TELL}", f"key: b, on: resumed, {TELL}"
    later = NOW + timedelta(days=1)
    events = going.ask(command_of(film(*two), "acme", 1), later)
    assert (events[1].since, events[1].new) == ({"a": NOW, "b": later}, ("b",))
    moved = going.ask(command_of(film(*two, date="2027-06-19"), "acme", 2), later)
    assert not [each for each in moved if isinstance(each, TriggersPlanned)]


def test_a_fact_fires_in_its_own_commit_once_with_its_reason_and_the_crew_is_told():
    going = night(f"key: storm, on: interrupted, if: {{field: why, is: weather}}, {TELL}")
    going.to("live")
    going.ask(InterruptOccurrence(occurrence="film", why="power"))
    assert fired(going) == []
    going.ask(ResumeOccurrence(occurrence="film"))
    events = going.ask(InterruptOccurrence(occurrence="film", why="weather"))
    assert [type(each).__name__ for each in events] == [
        *("OccurrenceInterrupted", "BoxOfficePlanned", "TriggerFired", "CrewTold")
    ]
    assert fired(going) == [("storm", "interrupted: why is weather")]
    (told,) = [each for each in events if isinstance(each, CrewTold)]
    assert (told.text, told.roles, told.reason) == ("Now", ("door",), "interrupted: why is weather")
    going.ask(ResumeOccurrence(occurrence="film"))
    going.ask(InterruptOccurrence(occurrence="film", why="weather"))
    assert len(fired(going)) == 1


def test_each_time_is_each_time():
    going = night(f"key: on, on: resumed, repeat: true, {TELL}")
    going.to("live")
    for _ in range(2):
        going.ask(InterruptOccurrence(occurrence="film", why="power"))
        going.ask(ResumeOccurrence(occurrence="film"))
    assert fired(going) == [("on:1", "resumed"), ("on:2", "resumed")]
    tellings = {each.telling for each in going.events if isinstance(each, CrewTold)}
    assert tellings == {"on:1:0", "on:2:0"}


def test_steps_and_what_ends_a_night_are_facts():
    step = "key: s, on: step_taken, if: {field: step, is: doors}"
    going = night(f"{step}, {TELL}")
    going.until(DOORS)
    assert fired(going) == [("s", "step_taken: step is doors")]
    lost = night(f"key: c, on: cancelled, {TELL}", f"key: p, on: postponed, {TELL}")
    lost.ask(PostponeOccurrence(occurrence="film", postponement="p1", reason="Rain"))
    lost.ask(CancelOccurrence(occurrence="film", reason="Rain"))
    assert [key for key, _ in fired(lost)] == ["p", "c"]


def test_the_start_of_a_cue_is_a_fact():
    going = night(f"key: c, on: cue_started, if: {{field: cue, is: intro}}, {TELL}")
    assert going.ask(NoteCue(occurrence="film", cue="other")) == []
    noting = NoteCue(occurrence="film", cue="intro")
    assert [type(each).__name__ for each in going.ask(noting)] == ["TriggerFired", "CrewTold"]
    assert going.ask(noting) == []
    with pytest.raises(NoOccurrence):
        Night().ask(noting)


def test_a_time_is_kept_with_the_hours_and_its_condition_is_of_then():
    going = night(
        f"key: open, at: 0m after doors, if: {{field: step, is: doors}}, {TELL}",
        f"key: sold, at: 5m after doors, if: {{field: step, is: on_sale}}, {TELL}",
        "key: cue, at: 10m after start, do: [{cue: {cue: intro}}]",
    )
    going.until(DOORS - timedelta(seconds=1))
    assert fired(going) == []
    going.until(DOORS)  # doors are taken in the same moment, and first
    assert fired(going) == [("open", "at 2027-06-18T17:30:00Z: step is doors")]
    going.until(DOORS + timedelta(hours=9))
    passed = [
        (each.trigger, each.fired) for each in going.events if isinstance(each, TriggerPassed)
    ]
    assert passed == [("open", True), ("sold", False), ("cue", True)]
    assert [each.cue for each in going.events if isinstance(each, CueCalled)] == ["intro"]


def test_another_date_moves_a_time_and_without_a_date_it_waits():
    going = night(f"key: t, at: 2h before doors, {TELL}")
    going.to("announced")
    going.ask(PostponeOccurrence(occurrence="film", postponement="p1", reason="Rain"))
    going.until(DOORS)
    assert fired(going) == []
    moved = film(f"key: t, at: 2h before doors, {TELL}", date="2027-07-02")
    going.ask(command_of(moved, "acme", 1), DOORS)
    going.until(DOORS + timedelta(days=14, hours=-2, seconds=-1))
    assert fired(going) == []
    going.until(DOORS + timedelta(days=14, hours=-2))
    assert fired(going) == [("t", "at 2027-07-02T15:30:00Z")]


@pytest.mark.parametrize("catch_up", [False, True])
def test_what_was_before_it_was_declared_counts_only_if_it_says_so(catch_up):
    going = night(f"key: other, on: resumed, {TELL}")
    going.to("live")
    going.ask(InterruptOccurrence(occurrence="film", why="weather"))
    word = f"catchUp: {str(catch_up).lower()}"
    late = film(
        f"key: other, on: resumed, {TELL}",
        f"key: storm, on: interrupted, {word}, {TELL}",
        f"key: live, on: step_taken, if: {{field: step, is: live}}, {word}, {TELL}",
        f"key: past, at: 3d before doors, {word}, {TELL}",
    )
    now = DOORS - timedelta(days=1)
    going.ask(command_of(late, "acme", 1), now)
    going.until(now + timedelta(minutes=1))
    assert {key for key, _ in fired(going)} == ({"storm", "live", "past"} if catch_up else set())


def test_what_was_watched_for_already_does_not_catch_up_when_something_else_is_declared():
    """What is known now of a step that was taken is less than what was known then."""
    silent = "if: {not: {field: why, is: asked}}"
    quiet = f"key: quiet, on: step_taken, repeat: true, catchUp: true, {silent}, {TELL}"
    going = night(quiet)
    going.events.clear()
    going.to("live")
    going.ask(command_of(film(quiet, f"key: other, on: resumed, {TELL}"), "acme", 1))
    assert fired(going) == []


def test_a_zone_with_a_long_key_is_known_as_ticketing_knows_it():
    key = "z" * 63
    said = f"key: t, on: zone_filled, if: {{field: zone, is: {key}}}, {TELL}"
    text = (TEXT.replace("DATE", "2027-06-18") + f"  triggers:\n    - {{{said}}}\n").replace(
        "hall", key
    )
    (trigger,) = triggers_of(declared(check(text.encode()).view.data))
    (pool,) = [
        each
        for each in box_office_of(declared(check(text.encode()).view.data), "a").pools
        if each != "places"
    ]
    assert trigger.condition.one_of == (pool.removeprefix("zone-"),)
    assert len(pool) == 64


def test_what_fired_elsewhere_is_on_record_and_planning_does_its_part():
    crew = Action(does="tellCrew", service="planning", about={"text": "Full"})
    pause = Action(does="pauseChannel", service="ticketing", about={"channel": "web"})
    hearing = HearFiring(
        occurrence="film",
        service="ticketing",
        firing="full",
        trigger="full",
        fact="sold_out",
        reason="sold_out",
        about={"sold": 60},
        actions=(pause, crew),
    )
    with pytest.raises(NoOccurrence):
        Night().ask(hearing)
    heard, told = night().ask(hearing)
    assert isinstance(heard, FiringHeard)
    assert (told.telling, told.text, told.roles) == ("ticketing:full:1", "Full", ())


def test_the_catalogue_has_every_fact_and_action_that_may_be_written():
    assert {*get_args(FactName)} == {*FACTS}
    written: Any = WrittenAction.model_fields
    assert {each.alias for each in written.values()} == {*DONE_BY}
