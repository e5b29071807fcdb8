"""Edits of this date, this and what follows, all: what is declared then, what nights become."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning.manifest import check
from services.planning.manifest.dates import Dates
from services.planning.timing.differences import in_two
from services.planning.timing.edits import (
    Edited,
    Lost,
    edit_all,
    edit_following,
    edit_this,
    patched,
)
from services.planning.timing.nights import night_of, series_of
from services.planning.timing.refusals import EditRefused, UnknownDate
from tests.planning.made import HOURS, nights, series

SINCE, UNTIL = date(2027, 6, 1), date(2027, 12, 31)
FRIDAYS = "FREQ=WEEKLY;BYDAY=FR;COUNT=6"


def films(rule: str = FRIDAYS, first: str = "2027-06-04", /, **recurrence) -> dict:
    return series(rule, first, HOURS, venue={"ref": "yard"}, recurrence=recurrence)


def day(text: str) -> date:
    return date.fromisoformat(f"2027-{text}")


def told(edited: Edited) -> list[tuple]:
    return [(str(each.on)[5:], each.what, *each.fields) for each in edited.nights]


def recurrences(edited: Edited) -> list[dict]:
    return [each["spec"]["recurrence"] for each in edited.series]


def test_this_changes_one_night():
    edited = edit_this(films(), day("06-11"), {"to": "21:00", "title": "Late"})
    assert told(edited) == [
        *[("06-11", "changed", "schedule.doors", "schedule.end", "schedule.start", "title")]
    ]
    assert recurrences(edited)[0]["changes"] == (
        {"on": "2027-06-11", "to": "21:00", "title": "Late"},
    )


def test_this_is_put_over_what_was_changed_before_and_taken_back_again():
    known = films(changes=[{"on": "2027-06-11", "to": "21:00", "title": "Late"}])
    edited = edit_this(known, day("06-11"), {"title": None, "cancelled": True})
    assert told(edited) == [("06-11", "changed", "cancelled", "title")]
    assert recurrences(edited)[0]["changes"] == (
        {"on": "2027-06-11", "to": "21:00", "cancelled": True},
    )
    back = edit_this(edited.series[0], day("06-11"), {"to": None, "cancelled": None})
    assert "changes" not in recurrences(back)[0]
    assert back.series[0] == films()


def test_this_on_a_day_that_is_none_of_the_series_is_refused():
    with pytest.raises(UnknownDate):
        edit_this(films(), day("06-12"), {"title": "X"})
    with pytest.raises(EditRefused, match="is excluded"):
        edit_this(films(exclude=["2027-06-11"]), day("06-11"), {"title": "X"})
    with pytest.raises(EditRefused, match="there is no such field"):
        edit_this(films(), day("06-11"), {"currency": "EUR"})


def test_one_date_has_hours_and_sections_of_its_own_which_survive_an_edit_of_all():
    change = {"schedule": {"doors": "19:30"}, "capacity": {"total": 40}}
    edited = edit_this(films(), day("06-11"), change)
    assert told(edited) == [("06-11", "changed", "capacity", "schedule.doors")]
    later = {"schedule": {"doors": "20:15", "start": "20:45"}, "capacity": {"total": 80}}
    whole = edit_all(edited.series[0], later, SINCE, UNTIL)
    assert told(whole)[1] == ("06-11", "changed", "schedule.start")
    (night,) = nights(series_of(whole.series[0]), "2027-06-11", "2027-06-11")
    made = night_of(whole.series[0], night)
    assert made.data["spec"]["schedule"]["doors"] == "19:30"
    assert made.data["spec"]["capacity"] == {"total": 40}
    at = ("spec", "recurrence", "changes", 0)
    assert made.origin(("spec", "schedule", "doors")) == (*at, "schedule", "doors")
    assert made.origin(("spec", "capacity", "total")) == (*at, "capacity", "total")
    assert made.origin(("spec", "schedule", "start")) == ("spec", "schedule", "start")


def test_what_is_of_one_date_is_held_to_every_rule():
    with pytest.raises(EditRefused, match=r"changes\.0\.schedule\.doors: doors are after start"):
        edit_this(films(), day("06-11"), {"schedule": {"doors": "21:00"}})
    tickets = [{"key": "a", "title": "A", "price": "1.00 EUR", "quantity": 50}]
    sold = series(
        FRIDAYS, "2027-06-04", HOURS, capacity={"total": 60}, catalogue={"tickets": tickets}
    )
    with pytest.raises(EditRefused, match=r"on 2027-06-11: spec\.catalogue\.tickets"):
        edit_this(sold, day("06-11"), {"capacity": {"total": 40}})


def test_what_is_of_one_date_is_put_over_what_its_stop_has():
    there = {"schedule": {"doors": "19:00"}, "capacity": {"total": 9}}
    stops = [{"key": name, "venue": {"ref": name}, **there} for name in ("yard", "hall")]
    data = series("FREQ=WEEKLY", "2027-06-04", HOURS, circuit={"stops": stops})
    edited = edit_this(data, day("06-11"), {"schedule": {"end": "23:30"}, "capacity": {"total": 5}})
    (night,) = nights(series_of(edited.series[0]), "2027-06-11", "2027-06-11")
    spec = night_of(edited.series[0], night).data["spec"]
    assert (spec["venue"], spec["capacity"]) == ({"ref": "hall"}, {"total": 5})
    assert (spec["schedule"]["doors"], spec["schedule"]["end"]) == ("19:00", "23:30")


def test_all_keeps_what_is_changed_of_single_dates():
    known = films(changes=[{"on": "2027-06-11", "title": "Late"}], exclude=["2027-06-18"])
    edited = edit_all(known, {"schedule": {"start": "20:45"}}, SINCE, UNTIL)
    assert told(edited) == [
        *((on, "changed", "schedule.start") for on in ("06-04", "06-11", "06-25", "07-02", "07-09"))
    ]
    assert recurrences(edited) == [known["spec"]["recurrence"]]
    assert edited.lost == ()


def test_all_to_another_weekday_loses_what_was_changed_of_dates_that_are_there_no_more():
    change = {"on": "2027-06-11", "title": "Late"}
    known = films(
        "FREQ=WEEKLY;BYDAY=FR,SU;COUNT=4", changes=[change, {"on": "2027-06-06", "title": "X"}]
    )
    rule = {"recurrence": {"rule": "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4"}}
    edited = edit_all(known, rule, SINCE, UNTIL)
    assert recurrences(edited) == [
        {
            "first": "2027-06-05",
            "rule": "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4",
            "changes": ({"on": "2027-06-06", "title": "X"},),
        }
    ]
    assert edited.lost == (Lost(day("06-11"), change),)
    assert [(str(each.on)[5:], each.what, each.nearest) for each in edited.nights] == [
        ("06-04", "vanished", "films-2027-06-05"),
        ("06-05", "added", None),
        ("06-11", "vanished", "films-2027-06-12"),
        ("06-12", "added", None),
    ]


def test_all_lists_nights_between_two_dates_only():
    patch = {"title": "Shorts"}
    edited = edit_all(films("FREQ=WEEKLY"), patch, day("07-01"), day("07-10"))
    assert told(edited) == [("07-02", "changed", "title"), ("07-09", "changed", "title")]


def test_all_that_would_be_wrong_is_refused_with_what_is_wrong():
    with pytest.raises(EditRefused, match=r"spec\.schedule\.end: end is not after start"):
        edit_all(films(), {"schedule": {"start": "23:30"}}, SINCE, UNTIL)
    with pytest.raises(EditRefused, match="at least 1"):
        edit_all(films(), {"capacity": {"total": 0}}, SINCE, UNTIL)
    with pytest.raises(EditRefused, match="cannot be read"):
        edit_all(films(), {"recurrence": {"rule": "FREQ=OFTEN"}}, SINCE, UNTIL)
    with pytest.raises(EditRefused, match="which the rule does not give"):
        edit_all(films(), {"recurrence": {"first": "2027-06-05"}}, SINCE, UNTIL)


def test_what_follows_becomes_a_series_whose_nights_keep_their_names():
    known = films(
        changes=[{"on": "2027-06-11", "title": "A"}, {"on": "2027-07-02", "title": "B"}],
        exclude=["2027-06-25"],
    )
    edited = edit_following(known, day("06-18"), {"schedule": {"start": "20:00"}}, "late", UNTIL)
    assert [each["metadata"]["name"] for each in edited.series] == ["films", "late"]
    assert recurrences(edited) == [
        {
            "first": "2027-06-04",
            "rule": "FREQ=WEEKLY;BYDAY=FR;UNTIL=20270617",
            "changes": ({"on": "2027-06-11", "title": "A"},),
        },
        {
            "first": "2027-06-18",
            "rule": "FREQ=WEEKLY;BYDAY=FR;COUNT=4",
            "changes": ({"on": "2027-07-02", "title": "B"},),
            "exclude": ("2027-06-25",),
            "continues": "films",
        },
    ]
    assert told(edited) == [
        *((on, "changed", "schedule.start") for on in ("06-18", "07-02", "07-09"))
    ]
    assert [night.id for night in nights(series_of(edited.series[1]))] == [
        *("films-2027-06-18", "films-2027-07-02", "films-2027-07-09")
    ]


def test_a_part_is_split_again_and_its_nights_have_the_first_name_still():
    _, second = edit_following(films(), day("06-18"), {}, "late", UNTIL).series
    edited = edit_following(second, day("07-02"), {"title": "C"}, "later", UNTIL)
    assert told(edited) == [("07-02", "changed", "title"), ("07-09", "changed", "title")]
    assert [
        each["recurrence"]["continues"] for each in (part["spec"] for part in edited.series)
    ] == [*("films", "films")]


def test_what_follows_on_another_weekday_begins_in_the_same_week():
    rule = {"recurrence": {"rule": "FREQ=WEEKLY;BYDAY=SA;COUNT=2"}}
    edited = edit_following(films(), day("06-25"), rule, "saturdays", UNTIL)
    assert recurrences(edited)[1]["first"] == "2027-06-26"
    assert [(str(each.on)[5:], each.what, each.nearest) for each in edited.nights] == [
        ("06-25", "vanished", "films-2027-06-26"),
        ("06-26", "added", None),
        ("07-02", "vanished", "films-2027-07-03"),
        ("07-03", "added", None),
        ("07-09", "vanished", None),
    ]


def test_what_follows_the_first_date_is_all_of_it():
    patch = {"title": "Shorts"}
    edited = edit_following(films(), day("06-04"), patch, "late", UNTIL)
    assert edited == edit_all(films(), patch, day("06-04"), UNTIL)
    without_first = films(exclude=["2027-06-04"])
    (whole,) = edit_following(without_first, day("06-11"), patch, "late", UNTIL).series
    assert whole["metadata"]["name"] == "films"
    assert whole["spec"]["recurrence"] == {
        "first": "2027-06-11",
        "rule": "FREQ=WEEKLY;BYDAY=FR;COUNT=5",
    }


def test_a_split_on_the_last_day_of_a_short_month_keeps_the_day_that_is_meant():
    monthly = films("FREQ=MONTHLY", "2027-01-31", missingDay="last")
    edited = edit_following(monthly, day("02-28"), {"title": "X"}, "late", UNTIL)
    assert recurrences(edited)[1]["rule"] == "FREQ=MONTHLY;BYMONTHDAY=31"
    assert {each[1:] for each in told(edited)} == {("changed", "title")}
    assert len(edited.nights) == 11


def test_a_split_of_a_circuit_goes_on_at_the_same_stops():
    stops = [{"key": name, "venue": {"ref": name}} for name in ("yard", "hall", "attic")]
    data = series("FREQ=WEEKLY", "2027-06-04", HOURS, circuit={"stops": stops})
    edited = edit_following(data, day("06-11"), {"title": "X"}, "late", UNTIL)
    assert edited.series[1]["spec"]["circuit"]["begin"] == "hall"
    assert {each[1:] for each in told(edited)} == {("changed", "title")}


def test_a_split_needs_a_name_of_its_own_and_a_date_of_the_series():
    with pytest.raises(EditRefused, match="a name of its own"):
        edit_following(films(), day("06-18"), {}, "films", UNTIL)
    with pytest.raises(UnknownDate):
        edit_following(films(), day("06-19"), {}, "late", UNTIL)


def test_nights_that_two_parts_would_give_are_found():
    first, second = edit_following(films(), day("06-18"), {}, "late", UNTIL).series
    assert in_two((first, second), SINCE, UNTIL) == ()
    longer = {"recurrence": {"rule": "FREQ=WEEKLY;BYDAY=FR;COUNT=3"}}
    (grown,) = edit_all(first, longer, SINCE, UNTIL).series
    assert in_two((grown, second), SINCE, UNTIL) == ("films-2027-06-18",)


def test_an_edit_changes_nothing_of_what_it_was_given():
    known = films(changes=[{"on": "2027-06-11", "title": "A"}])
    before = json.dumps(known)
    edit_this(known, day("06-11"), {"title": "B"})
    edit_all(known, {"recurrence": {"rule": "FREQ=WEEKLY;BYDAY=SA"}}, SINCE, UNTIL)
    edit_following(known, day("06-11"), {"schedule": {"end": None}, **PROGRAMME}, "late", UNTIL)
    assert json.dumps(known) == before


PROGRAMME = {"programme": {"works": [{"key": "a", "title": "A", "minutes": 100}]}}

# RFC 7396, appendix A.
PATCHES = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ("b",)}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ("b",)}, {"a": ("b",)}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    (("a", "b"), ("c", "d"), ("c", "d")),
    ({"a": "b"}, ("c",), ("c",)),
    (("a",), {"b": "c"}, {"b": "c"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("value", "patch", "expected"), PATCHES)
def test_a_patch_is_merged_as_the_standard_says(value, patch, expected):
    assert patched(value, patch) == expected


RULES = st.sampled_from(
    [
        *("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,FR;WKST=SU;INTERVAL=2"),
        *("FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=1FR", "FREQ=MONTHLY;BYDAY=-1FR,2FR", "FREQ=DAILY"),
        *(
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=YEARLY;BYDAY=FR;BYMONTH=6",
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=2",
        ),
    ]
)
ENDS = st.sampled_from(["", ";COUNT=9", ";UNTIL=20280301"])


@given(RULES, ENDS, st.dates(date(2027, 1, 1), date(2027, 2, 28)), st.data())
@settings(max_examples=60, deadline=None)
def test_a_split_without_a_change_changes_no_night(rule, ends, begins, data):
    first = next(iter(Dates(rule, begins)))
    known = films(rule + ends, str(first), missingDay=data.draw(st.sampled_from(["skip", "last"])))
    until = first + timedelta(days=400)
    dates = [night.on for night in nights(series_of(known), until=str(until))]
    on = data.draw(st.sampled_from(dates))
    edited = edit_following(known, on, {}, "late", until)
    assert edited.nights == ()
    assert in_two(edited.series, first, until) == ()
    for each in edited.series:
        assert check(json.dumps(each).encode()).problems == []
