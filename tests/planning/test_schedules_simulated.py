"""Schedules over a year and over any history: time is data, so a year takes a second."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadcase.codec import Codec
from roadcase.decider import Event
from roadcase.errors import RoadcaseError
from services.planning.commands import schedules as ask
from services.planning.domain.schedule_state import Schedule
from services.planning.domain.schedules import SCHEDULE
from services.planning.events import schedules as told
from services.planning.manifest.times import local
from services.planning.timing.nights import series_of
from tests.planning.made import nights, series

ID = "films"
FIRE = ask.FireDue(schedule=ID)
BERLIN = ZoneInfo("Europe/Berlin")


class Played:
    """A schedule with its timer: what was asked when, and what it became."""

    def __init__(self, setting: ask.SetSchedule, at: datetime) -> None:
        self.state: Schedule = SCHEDULE.initial()
        self.history: list[tuple[datetime, Event]] = []
        self.ask(setting, at)

    def ask(self, command, at: datetime) -> tuple[Event, ...]:
        events = SCHEDULE.decided(self.state, command, at)
        self.history += [(at, event) for event in events]
        return events

    def run(self, until: datetime, *, finish: bool = True) -> None:
        """The timer fires whenever something is due."""
        while (due := SCHEDULE.deadline(self.state)) is not None and due <= until:
            for event in self.ask(FIRE, due):
                if finish and isinstance(event, told.FiringMade):
                    done = ask.FinishFiring(schedule=ID, firing=event.firing)
                    self.ask(done, due + timedelta(minutes=5))
            now = SCHEDULE.deadline(self.state)
            assert now is None or now > due

    def of(self, kind: type) -> list:
        return [event for _, event in self.history if isinstance(event, kind)]


def weekly(**more) -> ask.SetSchedule:
    rule = ask.Recurring(first=date(2027, 1, 4), at="09:00", rule="FREQ=WEEKLY;BYDAY=MO")
    step = ask.Step(key="plan", action="plan", recurring=rule)
    return ask.SetSchedule(schedule=ID, zone="Europe/Berlin", steps=(step,), **more)


def test_a_year_of_a_weekly_schedule_across_both_clock_changes():
    played = Played(weekly(), datetime(2027, 1, 1, tzinfo=UTC))
    played.run(datetime(2028, 1, 1, tzinfo=UTC))
    made = played.of(told.FiringMade)
    assert len(made) == 52
    assert {f"{local(each.nominal, BERLIN):%A %H:%M}" for each in made} == {"Monday 09:00"}
    assert Counter(f"{each.nominal:%H:%M}" for each in made) == {"08:00": 21, "07:00": 31}
    assert [at for at, event in played.history if event in made] == [each.due for each in made]
    assert played.of(told.FiringMissed) == []


def test_a_year_of_a_weekly_series_whose_steps_follow_its_nights_across_both_clock_changes():
    """Nights at 02:30: one is after the gap in spring, one is meant twice in autumn."""
    hours = {"zone": "Europe/Berlin", "doors": "01:30", "start": "02:30", "end": "05:00"}
    films = series("FREQ=WEEKLY;BYDAY=SU", "2027-01-03", hours, recurrence={"gap": "forward"})
    year = nights(series_of(films), until="2027-12-31")
    steps = (
        ask.Step(key="remind", action="notify", relative="1d before start"),
        ask.Step(key="doors", action="open", relative="0m before doors"),
        ask.Step(key="thank", action="notify", relative="2h after end"),
    )
    setting = ask.SetSchedule(schedule=ID, zone="Europe/Berlin", steps=steps)
    played = Played(setting, datetime(2026, 12, 1, tzinfo=UTC))
    for night in year:
        anchors = ask.SetAnchors(schedule=ID, occurrence=night.id, **night.hours.anchors)
        played.ask(anchors, datetime(2026, 12, 1, tzinfo=UTC))
    played.run(datetime(2028, 1, 15, tzinfo=UTC))
    made = {each.firing: each for each in played.of(told.FiringMade)}
    assert len(made) == 3 * 52 == 3 * len(year)
    assert played.of(told.FiringMissed) == []
    for night in year:
        assert made[f"doors:{night.id}"].nominal == night.hours.moments["doors"]
        remind = local(made[f"remind:{night.id}"].nominal, BERLIN)
        assert remind == night.hours.walls["start"] - timedelta(days=1)
        thank = made[f"thank:{night.id}"].nominal
        assert thank == night.hours.moments["end"] + timedelta(hours=2)
    assert [note.what for night in year for note in night.notes] == ["gap", "fold"]


def test_a_year_with_a_month_of_downtime_and_a_pause():
    played = Played(weekly(catch_up=8 * ask.DAY), datetime(2027, 1, 1, tzinfo=UTC))
    played.run(datetime(2027, 3, 1, tzinfo=UTC))
    back = datetime(2027, 4, 1, 12, tzinfo=UTC)  # two Mondays are not later than eight days
    for event in played.ask(FIRE, back):
        if isinstance(event, told.FiringMade):
            played.ask(ask.FinishFiring(schedule=ID, firing=event.firing), back)
    played.run(datetime(2027, 7, 1, tzinfo=UTC))
    played.ask(ask.PauseSchedule(schedule=ID, reason="summer"), datetime(2027, 7, 1, tzinfo=UTC))
    played.run(datetime(2027, 8, 1, tzinfo=UTC))
    played.ask(ask.ResumeSchedule(schedule=ID, reason="back"), datetime(2027, 8, 1, tzinfo=UTC))
    played.run(datetime(2028, 1, 1, tzinfo=UTC))
    why = Counter(each.why for each in played.of(told.FiringMissed))
    assert why == {"late": 4, "paused": 4}
    assert len(played.of(told.FiringMade)) == 52 - 8


DAYS = st.integers(0, 12).map(lambda days: timedelta(days=days, hours=7))
NIGHTLY = {"first": "2027-03-20", "at": "02:30", "rule": "FREQ=DAILY"}
SUNDAYS = {"first": "2027-03-21", "at": "02:30", "rule": "FREQ=WEEKLY", "gap": "skip"}
ANY = [
    {"key": "daily", "recurring": NIGHTLY},
    {"key": "weekly", "recurring": SUNDAYS},
    {"key": "before", "relative": "2d before start"},
    {"key": "after", "relative": "1h after end"},
    {"key": "once", "once": "2027-04-01T12:00:00Z"},
]
STEPS = st.lists(st.sampled_from(ANY), unique_by=lambda step: step["key"])
KINDS = ["run", "fire", "set", "anchors", "drop", "pause", "resume", "backfill", "finish"]


@st.composite
def commands(draw: st.DrawFn):
    """Anything that may be asked; and to let the timer run, or not."""
    kind = draw(st.sampled_from(KINDS))
    number = draw(st.integers(0, 3))
    start = datetime(2027, 3, 20, 18, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 60)))
    return kind, number, start


SETTINGS = st.builds(
    lambda steps, **fields: ask.SetSchedule(
        schedule=ID,
        zone="Europe/Berlin",
        steps=[{"action": "do", **step} for step in steps],
        **fields,
    ),
    STEPS,
    overlap=st.sampled_from(["skip", "buffer", "cancel", "allow"]),
    catch_up=st.sampled_from([3600, ask.DAY, 7 * ask.DAY]),
    jitter=st.sampled_from([0, 3600]),
    exclude=st.sampled_from([(), ("2027-03-28", "2027-04-01")]),
    pause_on_failure=st.booleans(),
)


def asked(kind: str, number: int, start: datetime, setting: ask.SetSchedule, played: Played):
    occurrence, hour = f"o{number}", timedelta(hours=1)
    running = [*(firing for some in played.state.running.values() for firing in some), "none"][0]
    anchors = {"doors": start - hour, "start": start, "end": start + 2 * hour}
    past = {"backfill": f"b{number}-{start:%j}", "since": start, "until": start + 5 * 24 * hour}
    outcome = "failed" if number == 3 else "done"
    return {
        "set": setting,
        "anchors": ask.SetAnchors(schedule=ID, occurrence=occurrence, **anchors),
        "drop": ask.DropAnchors(schedule=ID, occurrence=occurrence),
        "pause": ask.PauseSchedule(schedule=ID, reason="x"),
        "resume": ask.ResumeSchedule(schedule=ID, reason="x"),
        "backfill": ask.BackfillSchedule(schedule=ID, **past),
        "finish": ask.FinishFiring(schedule=ID, firing=running, outcome=outcome),
        "fire": FIRE,
    }[kind]


@given(SETTINGS, st.lists(st.tuples(commands(), DAYS, SETTINGS), max_size=25))
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_each_firing_is_made_once_and_in_its_time(first, steps):
    at = datetime(2027, 3, 20, tzinfo=UTC)
    played = Played(first, at)
    for (kind, number, start), later, setting in steps:
        at += later
        if kind == "run":
            played.run(at, finish=number > 0)
        else:
            try:
                played.ask(asked(kind, number, start, setting, played), at)
            except RoadcaseError:
                continue
        holds(played)
        if kind in ("run", "fire"):
            due = SCHEDULE.deadline(played.state)
            assert due is None or due > at


def holds(played: Played) -> None:
    state = played.state
    made = Counter(each.firing for each in played.of(told.FiringMade))
    assert set(made.values()) <= {1}
    for when, event in played.history:
        if isinstance(event, told.FiringMade | told.FiringBuffered | told.FiringMissed):
            assert event.nominal <= event.due or event.backfill
            assert event.nominal <= when
    for step, running in state.running.items():
        assert len(running) <= 1 or "allow" in {
            each.overlap for each in played.of(told.ScheduleSet)
        }
        assert {*running} <= made.keys(), step
    codec = Codec(SCHEDULE.events)
    read = [codec.written(event)[1] for _, event in played.history]
    assert SCHEDULE.fold(read) == state


@given(
    st.sampled_from(["skip", "buffer", "cancel", "allow"]),
    st.lists(st.tuples(st.sampled_from(["fire", "pause", "resume", "finish"]), DAYS), max_size=20),
)
@settings(max_examples=100, deadline=None)
def test_each_date_of_a_rule_is_told_exactly_once(overlap, steps):
    """Done, waiting, or missed: by hand, the dates are every second day."""
    since = datetime(2027, 3, 20, tzinfo=UTC)
    rule = ask.Recurring(first=date(2027, 3, 20), at="02:30", rule="FREQ=DAILY;INTERVAL=2")
    step = ask.Step(key="a", action="do", recurring=rule)
    setting = ask.SetSchedule(schedule=ID, zone="Europe/Berlin", steps=(step,), overlap=overlap)
    played, at = Played(setting, since), since
    for kind, later in [*steps, ("fire", timedelta())]:
        at += later
        try:
            played.ask(asked(kind, 0, at, setting, played), at)
        except RoadcaseError:
            continue
    events = played.of((told.FiringMissed, told.FiringMade, told.FiringBuffered))  # type: ignore[arg-type]
    seen = {each.on for each in events}
    last = max(seen, default=date(2027, 3, 18))
    whole = {date(2027, 3, 20) + timedelta(days=2 * number) for number in range(200)}
    assert seen == {day for day in whole if day <= last}
    ends = Counter(each.on for each in events if not isinstance(each, told.FiringBuffered))
    waits = {each.on for some in played.state.waiting.values() for each in some}
    assert set(ends.values()) <= {1}
    assert ends.keys() | waits == seen
    assert not ends.keys() & waits
    due = SCHEDULE.deadline(played.state)
    assert due is not None
    assert due > at


@pytest.mark.parametrize("years", [10])
def test_ten_years_of_a_daily_schedule_are_played(years):
    rule = ask.Recurring(first=date(2027, 1, 1), at="06:00", rule="FREQ=DAILY")
    step = ask.Step(key="audit", action="audit", recurring=rule)
    setting = ask.SetSchedule(schedule=ID, zone="America/Santiago", steps=(step,), jitter=600)
    played = Played(setting, datetime(2027, 1, 1, tzinfo=UTC))
    played.run(datetime(2027 + years, 1, 1, tzinfo=UTC))
    assert len(played.of(told.FiringMade)) == 3653
