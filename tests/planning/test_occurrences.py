"""The nights of a series, whatever clocks do: by rows written by hand and by other programs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vRecur

from services.planning.manifest import check
from services.planning.manifest.dates import Dates
from services.planning.manifest.nightly import hours_of as hours_of_view
from services.planning.timing.hours import hours_of
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import Skipped, occurrence, occurrences
from tests.planning.made import HOURS, model, nights, series, sound

ZONES = [
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
    *("Africa/Cairo", "America/Santiago", "Pacific/Apia"),
]


def at(zone: str, start: str, end: str = "23:59", **more: str) -> dict[str, str]:
    return {"zone": zone, "start": start, "end": end, **more}


# The zone, a start that clocks skip on a day of a weekly series, and what it is by each policy.
GAPS = [
    ("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28T01:30Z", "03:30"),
    ("America/New_York", "2027-03-14", "02:30", "2027-03-14T07:30Z", "03:30"),
    ("Australia/Lord_Howe", "2027-10-03", "02:15", "2027-10-02T15:45Z", "02:45"),
    ("Africa/Cairo", "2027-04-30", "00:30", "2027-04-29T22:30Z", "01:30"),
    ("America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:30Z", "01:30"),
    ("Pacific/Apia", "2011-12-30", "20:00", "2011-12-31T06:00Z", "20:00"),
]
# And one that comes twice: the first, the second.
FOLDS = [
    ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),
    ("America/New_York", "2027-11-07", "01:30", "2027-11-07T05:30Z", "2027-11-07T06:30Z"),
    ("Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03T14:45Z", "2027-04-03T15:15Z"),
    ("Africa/Cairo", "2027-10-28", "23:30", "2027-10-28T20:30Z", "2027-10-28T21:30Z"),
    ("America/Santiago", "2027-04-03", "23:30", "2027-04-04T02:30Z", "2027-04-04T03:30Z"),
]


def weekly(zone: str, day: str, start: str, **recurrence: str):
    first = date.fromisoformat(day) - timedelta(days=7)
    end = f"{(int(start[:2]) + 3) % 24:02}:30"
    hours = at(zone, start, end)
    return model("FREQ=WEEKLY;COUNT=3", str(first), hours, recurrence=recurrence)


def utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


@pytest.mark.parametrize(("zone", "day", "start", "moment", "shown"), GAPS)
def test_a_start_that_clocks_skip_is_skipped_or_after_the_gap(zone, day, start, moment, shown):
    on = date.fromisoformat(day)
    skip = occurrences(weekly(zone, day, start), date.min)
    assert skip.skipped == (Skipped(on, "gap"),)
    assert [night.on - on for night in skip.occurrences] == [timedelta(days=-7), timedelta(days=7)]
    _, night, _ = nights(weekly(zone, day, start, gap="forward"))
    assert utc(night.hours.moments["start"]) == moment
    assert f"{night.hours.walls['start']:%H:%M}" == shown
    assert night.id == f"films-{day}"
    assert [(note.what, note.path) for note in night.notes[:1]] == [
        ("gap", ("spec", "recurrence", "gap"))
    ]


@pytest.mark.parametrize(("zone", "day", "start", "first", "second"), FOLDS)
def test_a_start_that_comes_twice_is_the_first_unless_the_second_is_meant(
    zone, day, start, first, second
):
    at_first = weekly(zone, day, start)
    schedule = at_first.spec.schedule.model_copy(update={"fold": "second"})
    spec = at_first.spec.model_copy(update={"schedule": schedule})
    at_second = at_first.model_copy(update={"spec": spec})
    for meant, expected in ((at_first, first), (at_second, second)):
        _, night, _ = nights(meant)
        assert utc(night.hours.moments["start"]) == expected
        assert next(note.what for note in night.notes) == "fold"
        assert all(not each.notes for each in nights(meant)[::2])


def test_a_night_over_the_change_of_clocks_is_as_long_as_it_is():
    """22:00 to 04:00 is seven hours in Berlin in autumn, and five in spring."""
    long = model("FREQ=YEARLY", "2026-10-24", at("Europe/Berlin", "22:00", "04:00"))
    short = model("FREQ=YEARLY", "2027-03-27", at("Europe/Berlin", "22:00", "04:00"))
    lasts = [
        night.hours.moments["end"] - night.hours.moments["start"]
        for night in (nights(long)[0], nights(short)[0])
    ]
    assert lasts == [timedelta(hours=7), timedelta(hours=5)]


def test_doors_that_clocks_skip_never_open_after_the_start():
    hours = at("Europe/Berlin", "03:00", "06:00", doors="02:30", loadIn="02:15")
    night = nights(model("FREQ=DAILY", "2027-03-28", hours))[0]
    assert {name: f"{wall:%H:%M}" for name, wall in night.hours.walls.items()} == {
        "start": "03:00",
        "loadIn": "03:00",
        "doors": "03:00",
        "end": "06:00",
    }


def test_an_end_soon_after_a_start_in_the_gap_keeps_its_distance():
    hours = at("Europe/Berlin", "02:30", "03:15", doors="02:00", loadOut="03:20", curfew="03:20")
    night = nights(model("FREQ=DAILY", "2027-03-28", hours, recurrence={"gap": "forward"}))[0]
    assert {name: utc(moment)[11:16] for name, moment in night.hours.moments.items()} == {
        "doors": "01:00",
        "start": "01:30",
        "end": "02:15",
        "loadOut": "02:15",
        "curfew": "01:20",
    }
    assert "curfew" in {note.what for note in night.notes}  # law: it is told, and never moved


def test_a_programme_says_when_each_night_ends():
    works = {"works": [{"key": "a", "title": "A", "minutes": 240}], "opening": 30}
    hours = {"zone": "Europe/Berlin", "start": "23:00", "curfew": "04:00"}
    films = model("FREQ=DAILY;COUNT=3", "2027-03-26", hours, programme=works)
    ends = [f"{night.hours.walls['end']:%H:%M}" for night in nights(films)]
    assert ends == ["03:30", "04:30", "03:30"]  # clocks skip an hour of the second
    told = [[note.what for note in night.notes] for night in nights(films)]
    assert told == [[], ["curfew"], []]


def test_a_date_is_changed_by_what_is_declared_for_it_and_says_so():
    films = model(
        "FREQ=WEEKLY;COUNT=6",
        "2027-06-04",
        {**HOURS, "curfew": "00:00"},
        venue={"ref": "yard"},
        recurrence={
            "exclude": ["2027-06-25"],
            "changes": [
                {"on": "2027-06-11", "cancelled": True},
                {"on": "2027-06-18", "to": "2027-06-19T21:30", "title": "Films, late"},
                {"on": "2027-07-02", "to": "19:00", "venue": "hall"},
            ],
        },
    )
    found = occurrences(films, date(2027, 6, 1))
    first, cancelled, later, other, last = found.occurrences
    assert found.skipped == (Skipped(date(2027, 6, 25), "excluded"),)
    assert (first.notes, last.notes, cancelled.cancelled) == ((), (), True)
    assert [(later.id, later.title)] == [("films-2027-06-18", "Films, late")]
    assert {name: f"{wall:%d %H:%M}" for name, wall in later.hours.walls.items()} == {
        "start": "19 21:30",
        "doors": "19 21:00",
        "end": "20 00:00",
        "curfew": "20 00:00",
    }
    assert f"{other.hours.walls['end']:%d %H:%M}" == "02 21:30"
    assert [each.venue.ref for each in found.occurrences] == [
        "yard",
        "yard",
        "yard",
        "hall",
        "yard",
    ]
    told = [
        (note.what, note.path[-2:], note.said) for each in found.occurrences for note in each.notes
    ]
    assert told == [
        ("cancelled", (0, "cancelled"), "it is cancelled"),
        ("moved", (1, "to"), "it starts on 2027-06-19T21:30 instead"),
        ("title", (1, "title"), 'it is called "Films, late"'),
        ("moved", (2, "to"), "it starts on 2027-07-02T19:00 instead"),
        ("venue", (2, "venue"), "it is at hall"),
    ]


def test_a_start_that_is_moved_past_the_curfew_says_so():
    changes = [{"on": "2027-06-04", "to": "21:30"}]
    films = model(
        *("FREQ=WEEKLY", "2027-06-04", {**HOURS, "curfew": "23:30"}),
        recurrence={"changes": changes},
    )
    assert [note.what for note in nights(films, until="2027-06-11")[0].notes] == ["moved", "curfew"]


def test_a_date_in_the_gap_that_is_moved_takes_place():
    day = "2027-03-28"
    moved = {"changes": [{"on": day, "to": "2027-03-28T04:00"}]}
    films = model(
        "FREQ=DAILY;COUNT=2", day, at("Europe/Berlin", "02:30", "05:00"), recurrence=moved
    )
    assert [night.id for night in nights(films)] == ["films-2027-03-28", "films-2027-03-29"]


def test_the_last_day_of_a_month_instead_of_one_it_does_not_have_says_so():
    films = model("FREQ=MONTHLY", "2027-01-31", recurrence={"missingDay": "last"})
    found = nights(films, until="2027-04-30")
    assert [str(night.on) for night in found] == [
        *("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30")
    ]
    assert [[note.what for note in night.notes] for night in found] == [
        *([], ["last_day"], [], ["last_day"])
    ]


def test_a_window_has_five_hundred_dates_at_most_and_says_from_where_on_there_are_more():
    daily = model("FREQ=DAILY", "2027-01-01")
    found = occurrences(daily, date(2027, 1, 1))
    assert len(found.occurrences) == 500
    assert found.rest == date(2028, 5, 15)
    assert occurrences(daily, found.rest).occurrences[0].number == 500
    year = occurrences(daily, date(2028, 1, 1), date(2028, 12, 31))
    assert (len(year.occurrences), year.rest) == (366, None)


def test_a_single_date_is_asked_for():
    films = model("FREQ=WEEKLY", "2027-06-04", recurrence={"exclude": ["2027-06-11"]})
    assert occurrence(films, date(2027, 6, 5)) is None
    assert occurrence(films, date(2027, 6, 11)) == Skipped(date(2027, 6, 11), "excluded")
    assert occurrence(films, date(2027, 6, 18)) == nights(films, until="2027-06-18")[-1]


def test_a_rule_of_a_zone_that_changes_moves_the_moment_and_not_the_wall_time(monkeypatch):
    """As when a country stops changing clocks: the time that people were told stays."""
    films = model("FREQ=WEEKLY", "2027-07-02")
    before = nights(films, until="2027-07-02")[0].hours
    monkeypatch.setattr("services.planning.timing.hours.ZoneInfo", lambda _: ZoneInfo("Etc/GMT-1"))
    after = nights(films, until="2027-07-02")[0].hours
    assert after.walls == before.walls
    assert after.moments["start"] - before.moments["start"] == timedelta(hours=1)


RULES = st.sampled_from(
    [
        *("FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=FR,SA,SU"),
        *("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU", "FREQ=MONTHLY;BYDAY=-1SU"),
        *("FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=1SU,5SA"),
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    ]
)
CLOCKS = st.one_of(
    st.sampled_from(["00:30", "01:45", "02:15", "02:30", "23:30"]),  # that clocks skip or repeat
    st.times().map(lambda clock: f"{clock:%H:%M}"),
)
FIRSTS = st.dates(date(2009, 1, 1), date(2029, 12, 31))
LONG = timedelta(days=450)  # both changes of clocks, and less than 500 nights
WORKS = {"works": [{"key": "film", "title": "Film", "minutes": 100}]}


def begun(zone: str, rule: str, day: date, clock: str, **recurrence):
    """From the first date that the rule gives on."""
    first = next(iter(Dates(rule, day)))
    told = {"gap": "forward", **recurrence}
    hours = {"zone": zone, "start": clock}
    return series(rule, str(first), hours, programme=WORKS, recurrence=told), first


def as_calendar(films: dict, first: date) -> Calendar:
    """The same series as calendars are told of it."""
    recurrence = films["spec"]["recurrence"]
    zone = ZoneInfo(films["spec"]["schedule"]["zone"])
    clock = datetime.strptime(films["spec"]["schedule"]["start"], "%H:%M").time()

    def begins(day: str, clock=clock) -> datetime:
        return datetime.combine(date.fromisoformat(day), clock, zone)

    whole = Event()
    whole.add("uid", "films")
    whole.add("dtstart", begins(str(first)))
    whole.add("rrule", vRecur.from_ical(recurrence["rule"]))
    for day in recurrence.get("exclude", ()):
        whole.add("exdate", begins(day))
    calendar = Calendar()
    calendar.add_component(whole)
    for change in recurrence.get("changes", ()):
        moved = Event()
        moved.add("uid", "films")
        moved.add("recurrence-id", begins(change["on"]))
        day, _, to = change["to"].rpartition("T")
        moved.add("dtstart", begins(day or change["on"], datetime.strptime(to, "%H:%M").time()))
        calendar.add_component(moved)
    return calendar


@given(st.sampled_from(ZONES), RULES, FIRSTS, CLOCKS, st.data())
@settings(max_examples=60, deadline=None)
def test_another_program_finds_the_same_moments(zone, rule, day, clock, data):
    """With dates that are excluded, and with some that are moved, over more than a year."""
    plain, first = begun(zone, rule, day, clock)
    dates = [*Dates(rule, first).between(first, first + LONG)]
    out = data.draw(st.sets(st.sampled_from(dates), max_size=3)) - {first}
    moved = data.draw(st.dictionaries(st.sampled_from(dates), CLOCKS, max_size=3))
    changes = [{"on": str(on), "to": to} for on, to in moved.items() if on not in out]
    exclude = [str(on) for on in out]
    films, _ = begun(zone, rule, day, clock, exclude=exclude, changes=changes)
    for each in (plain, films):
        calendar = recurring_ical_events.of(as_calendar(each, first))
        theirs = calendar.between(first - timedelta(days=3), first + LONG + timedelta(days=3))
        until = first + LONG
        starts = {event["dtstart"].dt.astimezone(UTC) for event in theirs}
        ours = nights(series_of(each), until=str(until))
        late = datetime.combine(until - timedelta(days=3), datetime.min.time(), UTC)
        assert {
            night.hours.moments["start"] for night in ours if night.hours.moments["start"] < late
        } == {start for start in starts if start < late}


@given(st.sampled_from(ZONES), RULES, FIRSTS, CLOCKS, st.tuples(*[st.integers(0, 180)] * 2))
@settings(max_examples=60, deadline=None)
def test_whatever_clocks_do_hours_stay_in_order_and_wall_times_come_back(
    zone, rule, day, clock, minutes
):
    before, after = minutes
    begins = datetime.strptime(clock, "%H:%M") + timedelta(days=1)
    hours = {
        "zone": zone,
        "loadIn": f"{begins - timedelta(minutes=2 * before):%H:%M}",
        "doors": f"{begins - timedelta(minutes=before):%H:%M}",
        "start": clock,
        "loadOut": f"{begins + timedelta(minutes=100 + after):%H:%M}",
    }
    first = next(iter(Dates(rule, day)))
    late = {name for name, wall in hours.items() if name in ("loadIn", "doors") and wall > clock}
    hours = {name: wall for name, wall in hours.items() if name not in late}  # the day before
    hours.pop("loadOut" if "12:00" <= hours["loadOut"] <= clock or clock > "21:00" else "", None)
    films = series_of(
        series(rule, str(first), hours, programme=WORKS, recurrence={"gap": "forward"})
    )
    for night in nights(films, until=str(first + LONG)):
        moments = night.hours.moments
        order = [moments[name] for name in ("loadIn", "doors", "start") if name in moments]
        order += [moments[name] for name in ("end", "loadOut") if name in moments]
        assert order == sorted(order)
        assert moments["start"] < moments["end"]
        for name, moment in moments.items():
            assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == night.hours.walls[name]
        if not night.notes:
            assert f"{night.hours.walls['start']:%Y-%m-%d %H:%M}" == f"{night.on} {clock}"


@given(st.sampled_from(ZONES), RULES, FIRSTS, CLOCKS)
@settings(max_examples=20, deadline=None)
def test_each_night_is_a_manifest_that_checks_and_has_the_same_hours(zone, rule, day, clock):
    films, first = begun(zone, rule, day, clock)
    for night in nights(series_of(films), until=str(first + timedelta(days=400)))[:60]:
        event = night_of(films, night)
        found = check(json.dumps(event.data).encode())
        assert [each.shown("") for each in found.problems] == []
        assert event.event == found.manifest
        assert hours_of(event.event).moments == night.hours.moments
        assert hours_of_view(found.view).walls["start"] == night.hours.walls["start"]


def test_a_night_of_the_example_is_a_manifest_of_its_own():
    found = check(Path("examples/monthly-series.yaml").read_bytes())
    data = sound(json.loads(json.dumps(found.view.data)))
    assert series_of(data) == found.manifest
    first = night_of(data, nights(series_of(data))[0])
    assert first.data["metadata"]["name"] == "first-friday-shorts-2027-01-01"
    assert first.data["spec"]["schedule"] == {
        **data["spec"]["schedule"],
        "date": "2027-01-08",
    }
    assert first.origin(("spec", "title")) == ("spec", "recurrence", "changes", 0, "title")
    assert first.origin(("spec", "capacity", "total")) == ("spec", "capacity", "total")
    assert {"recurrence", "circuit"} & first.data["spec"].keys() == set()
