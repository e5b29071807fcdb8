"""What a manifest declares to be done when: from its sections to schedules, and to what is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from roadcase.triggers import Action
from services.planning.commands import CancelOccurrence, PostponeOccurrence
from services.planning.commands.jobs import DoJob
from services.planning.commands.schedules import DropAnchors, SetAnchors, SetSchedule
from services.planning.domain.refusals import NoTime, OccurrenceEnded
from services.planning.events import CrewTold, TriggerFired
from services.planning.events.schedules import (
    Anchors,
    PlannedSchedule,
    Recurring,
    SchedulesPlanned,
    SeriesSchedulesPlanned,
    Step,
)
from services.planning.manifest import check
from services.planning.plans.applying import command_of
from services.planning.plans.declared import Declared, declared
from services.planning.plans.plan import not_acted_on
from services.planning.plans.schedules import recurring_of, schedule_id, schedules_of
from services.planning.reactions.schedules import (
    Planned,
    SeriesPlanned,
    set_of_series,
    set_schedules,
)
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import occurrence
from tests.planning.declaring import NOW, Night
from tests.planning.made import series

TEXT = """
apiVersion: roadcase/v1
kind: Event
metadata: {name: film}
spec:
  title: Film
  schedule: {zone: Europe/Berlin, date: DATE, doors: "19:30", start: "20:00", end: "22:00"}
  staffing: [{key: door, role: Door, count: 1}]
"""
TELL = "do: [{tellCrew: {text: Now, roles: [door]}}]"
TOLD = Action(does="tellCrew", service="planning", about={"text": "Now", "roles": ["door"]})
RULE = '{first: 2027-01-04, at: "09:00", rule: FREQ=WEEKLY, gap: skip}'
CREW = f"""\
  schedules:
    - key: crew
      overlap: buffer
      catchUp: 6h
      jitter: 10m
      exclude: [2027-12-24]
      pauseOnFailure: true
      jobs:
        - {{key: soon, at: 2h before doors, {TELL}}}
        - {{key: day, at: 2027-06-01T10:00, {TELL}}}
        - {{key: weekly, every: {RULE}, {TELL}}}
"""
NOTICES = """\
  notifications:
    - {key: near, to: holders, send: 1d before doors, subject: Soon, text: See you}
    - {key: call, to: crew, roles: [door], send: 1d before doors, subject: Call, text: At six}
    - {key: some, to: waiting, send: 1d before doors, subject: Soon, text: Try the door}
    - {key: ramp, to: suppliers, send: 1d before doors, subject: Where, text: East ramp}
"""


def film(more: str, on: str = "2027-06-18") -> Declared:
    checked = check((TEXT.replace("DATE", on) + more).encode())
    assert checked.problems == [], checked.problems
    return declared(checked.view.data)


def applied(more: str, revision: int = 0, **other: Any) -> Any:
    return command_of(film(more, **other), "acme", revision)


def planned(events: list[Any]) -> list[SchedulesPlanned]:
    return [event for event in events if isinstance(event, SchedulesPlanned)]


def test_a_schedule_is_declared_with_its_policies():
    (found,) = schedules_of(film(CREW))
    rule = Recurring(first=date(2027, 1, 4), at=time(9), rule="FREQ=WEEKLY", gap="skip")
    assert found == PlannedSchedule(
        schedule="film_crew",
        zone="Europe/Berlin",
        steps=(
            Step(key="soon", action="tellCrew", relative="2h before doors", does=(TOLD,)),
            Step(
                key="day",
                action="tellCrew",
                once=datetime(2027, 6, 1, 8, tzinfo=UTC),
                does=(TOLD,),
            ),
            Step(key="weekly", action="tellCrew", recurring=rule, does=(TOLD,)),
        ),
        overlap="buffer",
        catch_up=6 * 3600,
        jitter=600,
        exclude=(date(2027, 12, 24),),
        pause_on_failure=True,
    )


def test_notifications_are_a_schedule_that_tells_each_audience():
    new = film(NOTICES)
    (found,) = schedules_of(new)
    assert found.schedule == "film_notifications"
    holders, crew, waiting, suppliers = (step.does[0] for step in found.steps)
    assert (holders.does, holders.about) == (
        "messageGuests",
        {"subject": "Soon", "text": "See you"},
    )
    assert (crew.does, crew.about) == ("tellCrew", {"text": "Call: At six", "roles": ["door"]})
    assert (waiting.does, waiting.service) == ("messageWaiting", "ticketing")
    assert (suppliers.does, suppliers.service) == ("tellSuppliers", "planning")
    assert suppliers.about == {"subject": "Where", "text": "East ramp"}
    assert [*not_acted_on(new.data["spec"])] == []


def test_ids_are_told_apart_however_long_they_are():
    assert schedule_id("a" * 63, "x") != schedule_id("a" * 63, "y")
    assert len(schedule_id("a" * 63, "x")) == 64


def test_schedules_are_told_with_when_it_is_and_again_only_if_that_changes():
    night = Night()
    (first,) = planned(night.ask(applied(CREW)))
    doors = datetime(2027, 6, 18, 17, 30, tzinfo=UTC)
    ends = doors + timedelta(minutes=150)
    assert first.anchors == Anchors(
        zone="Europe/Berlin", doors=doors, start=doors + timedelta(minutes=30), end=ends
    )
    assert planned(night.ask(applied(CREW + "  description: Other\n", 1))) == []
    (later,) = planned(night.ask(applied(CREW, 2, on="2027-06-25")))
    assert later.anchors.doors - doors == timedelta(days=7)
    (other,) = planned(night.ask(applied(NOTICES, 3, on="2027-06-25")))
    assert (other.dropped, [each.schedule for each in other.schedules]) == (
        ("film_crew",),
        ["film_notifications"],
    )


def test_an_event_without_schedules_tells_nothing():
    assert planned(Night().ask(applied(""))) == []


def test_what_is_relative_waits_while_it_has_no_time_and_ends_when_it_is_cancelled():
    night = Night(applied(CREW))
    asked = PostponeOccurrence(occurrence="film", postponement="p", reason="Rain")
    (postponed,) = planned(night.ask(asked))
    assert (len(postponed.schedules), postponed.anchors) == (1, None)
    (gone,) = planned(night.ask(CancelOccurrence(occurrence="film", reason="Rain")))
    assert (gone.schedules, gone.dropped) == ((), ("film_crew",))


def test_a_draft_does_nothing_until_it_is_planned():
    draft = applied(CREW).model_copy(update={"draft": True})
    night = Night()
    assert planned(night.ask(draft)) == []
    assert len(planned(night.ask(applied(CREW)))) == 1


def heard(event: Any) -> list[Any]:
    about = {name: getattr(event, name) for name in event.__struct_fields__}
    return set_schedules(Planned(**about))


def test_what_is_told_sets_schedules_and_when_it_is():
    (event,) = planned(Night().ask(applied(CREW)))
    setting, anchors = heard(event)
    assert isinstance(setting, SetSchedule)
    assert (setting.schedule, setting.owner, setting.overlap) == ("film_crew", "film", "buffer")
    assert setting.steps[2].recurring.rule == "FREQ=WEEKLY"
    assert isinstance(anchors, SetAnchors)
    assert (anchors.occurrence, anchors.doors) == ("film", event.anchors.doors)
    waits = SchedulesPlanned(owner="film", schedules=event.schedules, dropped=("film_old",))
    emptied, _, dropped = heard(waits)
    assert (emptied.schedule, emptied.steps) == ("film_old", ())
    assert isinstance(dropped, DropAnchors)


def test_of_a_series_each_night_has_what_is_relative_and_the_series_what_recurs():
    jobs = (
        {"key": "weekly", "every": {"first": "2027-01-04", "at": "09:00", "rule": "FREQ=WEEKLY"}},
        {"key": "soon", "at": "2h before doors"},
    )
    tell = ({"tellCrew": {"text": "Now"}},)
    schedules = ({"key": "crew", "jobs": tuple({**each, "do": tell} for each in jobs)},)
    data = series("FREQ=WEEKLY", "2027-06-04", schedules=schedules)
    (found,) = recurring_of(data)
    assert (found.schedule, [step.key for step in found.steps]) == ("films_crew", ["weekly"])
    night = night_of(data, occurrence(series_of(data), date(2027, 6, 11)))
    (own,) = schedules_of(declared(night.data))
    assert (own.schedule, [step.key for step in own.steps]) == (
        "films-2027-06-11_crew",
        ["soon"],
    )
    here = ("spec", "schedules", 0, "jobs", 0, "at")
    assert night.origin(here) == ("spec", "schedules", 0, "jobs", 1, "at")


def doing(firing: str = "film_crew/soon:film") -> DoJob:
    return DoJob(occurrence="film", firing=firing, job="soon", reason="It is due", actions=(TOLD,))


def test_a_job_is_done_once_by_its_firing():
    night = Night(applied(CREW))
    events = night.ask(doing())
    assert [type(each) for each in events] == [TriggerFired, CrewTold]
    assert (events[0].fact, events[0].trigger) == ("schedule", "schedule:soon")
    assert (events[1].text, events[1].roles) == ("Now", ("door",))
    assert night.ask(doing()) == []
    assert len(night.ask(doing("film_crew/weekly:2027-01-04"))) == 2


def test_nothing_is_done_for_what_has_no_time_or_is_cancelled():
    night = Night(applied(CREW))
    night.ask(PostponeOccurrence(occurrence="film", postponement="p", reason="Rain"))
    with pytest.raises(NoTime):
        night.ask(doing())
    night.ask(CancelOccurrence(occurrence="film", reason="Rain"))
    with pytest.raises(OccurrenceEnded):
        night.ask(doing(), NOW)


def test_what_a_series_told_is_heard_in_the_same_way():
    step = Step(key="w", action="tellCrew", once=NOW)
    one = PlannedSchedule(schedule="films_crew", zone="Europe/Berlin", steps=(step,), catch_up=60)
    event = SeriesSchedulesPlanned(owner="films", schedules=(one,), dropped=("films_old",))
    about = {name: getattr(event, name) for name in event.__struct_fields__}
    dropped, setting = set_of_series(SeriesPlanned(**about))
    assert (setting.owner, setting.catch_up) == ("films", 60)
    assert (dropped.schedule, dropped.steps) == ("films_old", ())
