"""The dates of a rule are those that another program finds, and those of rows written by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from services.planning.manifest.dates import DAYS, LAST, Dates
from services.planning.manifest.recurring import read_rule

SPAN = timedelta(days=3000)


def some(rule: str, first: str, count: int = 4, *, last: bool = False) -> list[str]:
    return [str(day) for day in islice(Dates(rule, date.fromisoformat(first), last=last), count)]


# What RFC 5545 gives as examples (3.8.5.3), as dates, and what organisers ask for.
ROWS = [
    ("FREQ=DAILY;COUNT=3", "1997-09-02", "1997-09-02 1997-09-03 1997-09-04"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=3", "1997-09-02", "1997-09-02 1997-09-12 1997-09-22"),
    ("FREQ=WEEKLY;UNTIL=19970917", "1997-09-02", "1997-09-02 1997-09-09 1997-09-16"),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "1997-08-05",
        "1997-08-05 1997-08-10 1997-08-19 1997-08-24",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "1997-08-05",
        "1997-08-05 1997-08-17 1997-08-19 1997-08-31",
    ),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05", "1997-09-05 1997-10-03 1997-11-07"),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "1997-09-22", "1997-09-22 1997-10-20 1997-11-17"),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1997-09-28 1997-10-29 1997-11-28 1997-12-29"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", "1998-02-13 1998-03-13 1998-11-13"),
    (
        "FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3;COUNT=3",
        "1997-09-04",
        "1997-09-04 1997-10-07 1997-11-06",
    ),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "1997-09-29 1997-10-30"),
    (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996-11-05",
        "1996-11-05 2000-11-07 2004-11-02",
    ),
    ("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "2027-03-28", "2027-03-28 2028-03-26 2029-03-25"),
    ("FREQ=YEARLY;BYDAY=2MO", "2027-01-11", "2027-01-11 2028-01-10 2029-01-08"),
]


@pytest.mark.parametrize(("rule", "first", "expected"), ROWS)
def test_rules_give_the_dates_of_the_standard(rule, first, expected):
    assert some(rule, first, len(expected.split())) == expected.split()


def test_a_day_that_a_month_does_not_have_is_skipped_or_the_last_one():
    assert some("FREQ=MONTHLY", "2027-01-31") == [
        *("2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31")
    ]
    assert some("FREQ=MONTHLY", "2027-01-31", last=True) == [
        *("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30")
    ]
    assert some("FREQ=YEARLY", "2028-02-29", 3) == ["2028-02-29", "2032-02-29", "2036-02-29"]
    assert some("FREQ=YEARLY", "2028-02-29", 3, last=True) == [
        *("2028-02-29", "2029-02-28", "2030-02-28")
    ]


def test_two_days_that_a_month_does_not_have_are_one_night():
    rule = "FREQ=MONTHLY;BYMONTHDAY=15,29,30,31;COUNT=6"
    assert some(rule, "2027-02-15", 9, last=True) == [
        *("2027-02-15", "2027-02-28", "2027-03-15", "2027-03-29", "2027-03-30", "2027-03-31")
    ]
    dates = Dates(rule, date(2027, 2, 15), last=True)
    assert [day for day in dates if dates.instead(day)] == [date(2027, 2, 28)]


def test_a_rule_that_never_matches_comes_to_an_end():
    assert some("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=20", "1970-01-01") == []
    assert some("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "1970-01-02") == []
    assert [*Dates("FREQ=YEARLY;INTERVAL=100", date(2027, 1, 1))][-1] <= LAST


def test_an_interval_never_goes_beyond_the_last_year():
    for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        rule = f"FREQ={frequency};INTERVAL=999"
        assert next(iter(Dates(rule, date(2199, 12, 30)))) == date(2199, 12, 30)
        assert [*Dates(rule, date(2199, 12, 30))] == [date(2199, 12, 30)]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule that a manifest may have."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 5))}"]
    numbers = ["", "1", "2", "5", "-1", "-3"] if frequency in ("MONTHLY", "YEARLY") else [""]
    number = draw(st.sampled_from(numbers))
    days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True)
    month_days = st.lists(st.sampled_from([1, 13, 15, 28, 29, 30, 31, -1, -31]), min_size=1)
    months = st.lists(st.integers(1, 12), min_size=1, max_size=3)
    if draw(st.booleans()):
        parts.append("BYDAY=" + ",".join(number + day for day in draw(days)))
    if draw(st.booleans()):
        parts.append("BYMONTHDAY=" + ",".join(map(str, draw(month_days))))
    if draw(st.booleans()):
        parts.append("BYMONTH=" + ",".join(map(str, draw(months))))
    if draw(st.booleans()):
        parts.append("BYSETPOS=" + draw(st.sampled_from(["1", "-1", "2", "1,-1"])))
    if draw(st.booleans()):
        parts.append("WKST=" + draw(st.sampled_from(DAYS)))
    ends = ["", f"COUNT={draw(st.integers(1, 60))}", "UNTIL=20260101"]
    rule = ";".join([*parts, *filter(None, [draw(st.sampled_from(ends))])])
    try:
        return read_rule(rule)
    except (ValueError, PydanticCustomError):
        assume(condition=False)
        raise


FIRSTS = st.dates(date(2020, 1, 1), date(2025, 12, 31))


@given(rules(), FIRSTS)
@settings(max_examples=400, deadline=None)
def test_another_program_finds_the_same_dates(rule, first):
    first = next(iter(Dates(rule, first)), None)
    assume(first is not None and first < date(2030, 1, 1))
    ours = [*Dates(rule, first).between(first, first + SPAN)]
    begins = datetime.combine(first, time())
    theirs = takewhile(lambda day: day <= begins + SPAN, rrulestr(rule, dtstart=begins))
    assert ours == [each.date() for each in theirs]


@given(rules(), FIRSTS, st.integers(0, 3000), st.integers(0, 500))
@settings(max_examples=200, deadline=None)
def test_a_window_has_the_dates_that_are_in_it(rule, first, days, length):
    dates = Dates(rule, first)
    since = first + timedelta(days=days)
    until = since + timedelta(days=length)
    whole = dates.between(first, until)
    assert [*dates.between(since, until)] == [day for day in whole if day >= since]
    assert dates.gives(until) == (until in {*dates.between(first, until)})
