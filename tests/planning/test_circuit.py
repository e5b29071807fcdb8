"""A series that goes round over venues: whose turn it is, and what is different there."""

from __future__ import annotations

from datetime import date

from services.planning.timing.nights import night_of, series_of
from services.planning.timing.occurrences import occurrence, occurrences
from tests.planning.made import HOURS, nights, series

STOPS = [
    {"key": "yard", "venue": {"ref": "yard"}},
    {
        "key": "london",
        "venue": {"title": "Under the arches"},
        "title": "Films in London",
        "schedule": {"zone": "Europe/London", "start": "20:15"},
        "capacity": {"total": 20},
    },
    {
        "key": "attic",
        "venue": {"ref": "attic"},
        "staffing": [{"key": "host", "role": "Host", "count": 2}],
    },
]
STAFF = [{"key": "host", "role": "Host", "count": 1}]


def touring(rule: str = "FREQ=WEEKLY;COUNT=7", /, begin: str | None = None, **recurrence) -> dict:
    circuit = {"stops": STOPS, "order": "rotate"} | ({"begin": begin} if begin else {})
    more = {"capacity": {"total": 45}, "staffing": STAFF, "recurrence": recurrence}
    return series(rule, "2027-06-04", HOURS, circuit=circuit, **more)


def stops(data: dict) -> dict[str, str | None]:
    return {str(night.on)[5:]: night.stop for night in nights(series_of(data))}


def test_each_date_is_at_the_next_stop_and_then_from_the_first_again():
    assert [*stops(touring()).values()] == [*("yard", "london", "attic") * 2, "yard"]
    assert [*stops(touring(begin="attic")).values()] == ["attic", *("yard", "london", "attic") * 2]


def test_what_becomes_of_one_date_moves_no_other_night_to_another_stop():
    whole = stops(touring())
    without = stops(touring(exclude=["2027-06-11"]))
    assert without == {day: stop for day, stop in whole.items() if day != "06-11"}
    changes = [
        {"on": "2027-06-11", "cancelled": True},
        {"on": "2027-06-18", "to": "2027-06-20T19:00"},
    ]
    assert stops(touring(changes=changes)) == whole


def test_a_night_that_clocks_skip_takes_its_turn_too():
    stops = [{"key": name, "venue": {"ref": name}} for name in ("yard", "hall")]
    hours = {"zone": "Europe/Berlin", "start": "02:30", "end": "05:00"}
    data = series("FREQ=DAILY;COUNT=3", "2027-03-27", hours, circuit={"stops": stops})
    assert [(str(night.on), night.stop) for night in nights(series_of(data))] == [
        ("2027-03-27", "yard"),
        ("2027-03-29", "yard"),  # it was the turn of the hall on the 28th
    ]


def test_one_date_may_be_at_another_stop():
    changed = touring(changes=[{"on": "2027-06-04", "stop": "attic"}])
    assert [*stops(changed).values()][:3] == ["attic", "london", "attic"]
    (note,) = nights(series_of(changed))[0].notes
    assert (note.what, note.said) == ("stop", "it is at the stop attic")


def test_a_stop_has_its_own_zone_title_hours_and_sections():
    data = touring()
    yard, london, attic = nights(series_of(data), until="2027-06-18")
    assert [night.title for night in (yard, london, attic)] == ["Films", "Films in London", "Films"]
    assert f"{london.hours.walls['start']:%H:%M}" == "20:15"
    assert f"{london.hours.moments['start']:%H:%MZ}" == "19:15Z"
    assert f"{london.hours.walls['doors']:%H:%M}" == "20:00"
    assert f"{yard.hours.moments['start']:%H:%MZ}" == "18:30Z"
    spec = night_of(data, london).data["spec"]
    assert spec["venue"] == {"title": "Under the arches"}
    assert (spec["capacity"], spec["staffing"]) == ({"total": 20}, tuple(STAFF))
    assert night_of(data, attic).event.spec.staffing[0].count == 2
    assert night_of(data, yard).event.spec.capacity.total == 45


def test_it_is_known_where_each_part_of_a_night_is_declared():
    data = touring(changes=[{"on": "2027-06-11", "to": "21:00", "venue": "hall"}])
    night = night_of(data, occurrence(series_of(data), date(2027, 6, 11)))
    at = ("spec", "circuit", "stops", 1)
    assert night.origin(("spec", "capacity", "total")) == (*at, "capacity", "total")
    assert night.origin(("spec", "schedule", "zone")) == (*at, "schedule", "zone")
    assert night.origin(("spec", "schedule", "start")) == ("spec", "recurrence", "changes", 0, "to")
    assert night.origin(("spec", "venue", "ref")) == ("spec", "recurrence", "changes", 0, "venue")
    assert night.origin(("spec", "staffing", 0)) == ("spec", "staffing", 0)


def test_a_window_far_ahead_is_at_the_same_stops():
    data = touring("FREQ=WEEKLY")
    whole = occurrences(series_of(data), date(2027, 6, 4), date(2028, 6, 30)).occurrences
    late = occurrences(series_of(data), date(2028, 6, 1), date(2028, 6, 30)).occurrences
    assert late == whole[-len(late) :]
