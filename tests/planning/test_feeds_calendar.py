"""Whoever subscribes to a venue, a series or a creator sees what there is, when, and what became
of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from services.planning.feeds import Happening, feed, single
from tests.node.calendars import READERS, ZONES, changes, instants, read
from tests.planning.happenings import CHANGED, NIGHT, SITE, SORTS

AT = datetime(2027, 6, 1, tzinfo=UTC)
LINK = f"{SITE}/calendar/venue/yard.ics"


def of(*happenings: Happening, at: datetime = AT) -> bytes:
    return feed(happenings, "The yard", LINK, at)


def entries(file: bytes) -> dict[str, icalendar.Event]:
    return {each["uid"]: each for each in icalendar.Calendar.from_ical(file).events}


def only(happening: Happening) -> icalendar.Event:
    return entries(of(happening))[happening.uid]


@pytest.mark.parametrize("name", ZONES)
def test_a_year_of_nights_is_the_same_instants_to_all_readers(name, monkeypatch):
    zone = ZoneInfo(name)
    walls = [datetime(2027, month, day, 20, 30) for month in range(1, 13) for day in (1, 15)]
    for change in changes(zone, 2027):
        day = change.astimezone(zone).replace(tzinfo=None, hour=0, minute=0)
        walls += [day + timedelta(hours=hours) for hours in (-28, -4, 1, 2, 2.5, 3, 4, 20, 44)]
    nights = [
        replace(
            NIGHT,
            uid=f"{number}@yard.example",
            zone=name,
            starts=wall,
            ends=wall + timedelta(hours=5),
            doors=None,
        )
        for number, wall in enumerate(walls)
    ]
    expected = {
        each.uid: (each.span.starts.astimezone(UTC), each.span.ends.astimezone(UTC))
        for each in nights
    }
    assert instants(of(*nights), monkeypatch) == dict.fromkeys(READERS, expected)


def test_an_entry_says_all_that_it_can(monkeypatch):
    text = (
        "Doors 20:30.\n\nTwo films under the open sky.\nBlankets are there.\n\n"
        f"Rain moves us into the hall.\n\n{NIGHT.link}"
    )
    for reader, found in read(of(NIGHT), monkeypatch).items():
        (entry,) = found.values()
        assert entry == {
            "starts": entry["starts"],
            "ends": entry["ends"],
            "name": "Microcinema in the yard",
            "text": text,
            "place": "The yard, Hofstraße 5, 10115 Berlin",
            "link": NIGHT.link,
            "status": "CONFIRMED",
            "sequence": 3,
            "position": [52.532, 13.389],
        }, reader
    assert only(NIGHT)["last-modified"].dt == only(NIGHT)["dtstamp"].dt == CHANGED


@pytest.mark.parametrize(
    ("sort", "status", "name", "says"),
    [
        ("a night", "CONFIRMED", "Microcinema", "Doors 20:30."),
        ("sold out", "CONFIRMED", "Microcinema", "Sold out."),
        ("postponed", "TENTATIVE", "Postponed: Micro", "Postponed. It does not take place on Fri"),
        ("cancelled", "CANCELLED", "Cancelled: Micro", "Cancelled. It does not take place."),
        ("broken off", "CANCELLED", "Cancelled: Micro", "Cancelled. It was broken off"),
        ("at another time", "CONFIRMED", "Microcinema", "it was to be on Friday 11 June 2027, 21:"),
        ("at another place", "CONFIRMED", "Microcinema", "it was to be at The old mill."),
    ],
)
def test_what_became_of_it_is_there_for_programs_and_for_people(sort, status, name, says):
    entry = only(SORTS[sort])
    assert entry["status"] == status
    assert entry["summary"].startswith(name)
    assert says in entry["description"]


def test_what_is_cancelled_stays_for_90_days_after_its_end_and_after_the_news_of_it():
    cancelled = replace(NIGHT, state="cancelled")
    end = NIGHT.span.ends
    assert entries(of(cancelled, at=end + timedelta(days=89)))
    assert not entries(of(cancelled, at=end + timedelta(days=90)))
    late = replace(cancelled, changed=end + timedelta(days=30))
    assert entries(of(late, at=end + timedelta(days=119)))
    assert not entries(of(late, at=end + timedelta(days=120)))
    assert entries(of(NIGHT, at=end + timedelta(days=900)))


def test_what_nobody_was_told_of_is_in_no_calendar_and_what_is_unlisted_only_in_its_own():
    for state in ("draft", "planned"):
        assert not entries(of(replace(NIGHT, state=state)))
    assert not entries(of(SORTS["unlisted"]))
    assert [*entries(single(SORTS["unlisted"]))] == [NIGHT.uid]
    assert b"REFRESH" not in single(NIGHT)


def test_a_uid_is_there_once_as_it_is_now():
    moved = replace(NIGHT, sequence=4, starts=datetime(2027, 6, 18, 22))
    for order in ((NIGHT, moved), (moved, NIGHT)):
        file = of(*order)
        assert file.count(b"BEGIN:VEVENT") == 1
        assert entries(file)[NIGHT.uid]["sequence"] == 4


def test_a_calendar_is_the_same_bytes_until_something_changes():
    nights = [*SORTS.values()]
    nights = [replace(each, uid=f"{number}") for number, each in enumerate(nights)]
    file = of(*nights)
    assert of(*reversed(nights), at=AT + timedelta(hours=7)) == file
    assert of(*nights[:-1], replace(nights[-1], sold_out=True)) != file
    assert b"X-WR-CALNAME:The yard\r\n" in file
    assert f"SOURCE;VALUE=URI:{LINK}\r\n".encode() in file


def test_subscribers_are_not_busy_because_of_it():
    assert only(NIGHT)["transp"] == "TRANSPARENT"


def test_no_link_leads_elsewhere_than_into_the_web():
    assert "url" not in only(replace(NIGHT, link="javascript:alert(1)"))
