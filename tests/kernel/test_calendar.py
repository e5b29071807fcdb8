"""Calendar files are the same instants and the same words to whoever reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical

from roadcase.calendar import Entry, Subscribed, calendar
from roadcase.calendar.zones import written_zone
from tests.node.calendars import READERS, ZONES, changes, instants, read

STAMP = datetime(2026, 11, 1, 12, tzinfo=UTC)
AROUND = (-1440, -180, -120, -61, -60, -59, -31, -30, -29, -1, 0, 1, 29, 30, 31, 59, 60, 61)
LATER = (90, 119, 120, 121, 180, 1440)  # minutes, too
SUBSCRIBED = Subscribed("Kino, am Hof; ü", "https://kino.example/calendar.ics")


def entry(starts: datetime, uid: str = "", **about) -> Entry:
    """An hour."""
    ends = (starts.astimezone(UTC) + timedelta(hours=1)).astimezone(starts.tzinfo)
    return Entry(uid or f"{starts.astimezone(UTC):%Y%m%dT%H%M}", starts, ends, "x", STAMP)._replace(
        **about
    )


def around_changes(zone: ZoneInfo, *years: int) -> list[Entry]:
    moments = [
        datetime(year, month, 1, 0, 30, tzinfo=UTC) for year in years for month in (1, 7, 12)
    ]
    for year in years:
        for change in changes(zone, year):
            moments += [change + timedelta(minutes=minutes) for minutes in (*AROUND, *LATER)]
    return [entry(moment.astimezone(zone)) for moment in dict.fromkeys(moments)]


def told(entries: list[Entry]) -> dict[str, tuple[datetime, datetime]]:
    return {each.uid: (each.starts.astimezone(UTC), each.ends.astimezone(UTC)) for each in entries}


@pytest.mark.parametrize("name", ZONES)
def test_all_read_the_same_instants_across_both_clock_changes(name, monkeypatch):
    zone = ZoneInfo(name)
    assert len(changes(zone, 2027)) == ZONES[name]
    entries = around_changes(zone, 2027)
    file = calendar(entries, "Test")
    assert f"DTSTART;TZID={name}:".encode() in file
    found = instants(file, monkeypatch)
    assert found == dict.fromkeys(READERS, told(entries))


@pytest.mark.parametrize("name", ZONES)
def test_the_rules_in_the_file_are_enough_for_who_does_not_know_the_zone(name, monkeypatch):
    entries = around_changes(ZoneInfo(name), 2027)
    file = calendar(entries, "Test").replace(name.encode(), b"Here")
    found = instants(file, monkeypatch)
    assert found["ical.js"] == told(entries)
    zone = tzical(StringIO(file.decode().replace("\r\n", "\n"))).get("Here")
    for each in entries:
        wall = each.starts.replace(tzinfo=None)
        if f"TZID=Here:{wall:%Y%m%dT%H%M%S}".encode() in file:
            assert wall.replace(tzinfo=zone).astimezone(UTC) == each.starts.astimezone(UTC)


def test_a_time_that_comes_twice_is_in_utc_whichever_it_is():
    berlin = ZoneInfo("Europe/Berlin")
    for fold, hour in ((0, b"00"), (1, b"01")):
        starts = datetime(2027, 10, 31, 2, 30, tzinfo=berlin, fold=fold)
        assert b"DTSTART:20271031T" + hour + b"3000Z" in calendar([entry(starts)], "Test")


@pytest.mark.parametrize("name", ["Africa/Casablanca", "America/Santiago", "Asia/Gaza", "UTC"])
def test_where_no_two_yearly_rules_hold_times_are_in_utc(name, monkeypatch):
    entries = around_changes(ZoneInfo(name), 2027, 2028, 2029)
    file = calendar(entries, "Test")
    assert b"TZID" not in file
    assert instants(file, monkeypatch) == dict.fromkeys(READERS, told(entries))


def test_a_zone_is_one_standard_and_at_most_one_daylight_each_on_one_weekday_a_year():
    """What Outlook can read (MS-OXCICAL 2.1.3.1.1.19)."""
    written = 0
    for name in available_timezones():
        zone = written_zone(ZoneInfo(name), 2026, 2028)
        if zone is None:
            continue
        written += 1
        assert [each.name for each in zone.subcomponents] in (
            ["STANDARD"],
            ["STANDARD", "DAYLIGHT"],
        )
        for each in zone.subcomponents:
            assert "rdate" not in each
            if len(zone.subcomponents) == 2:
                rule = each["rrule"]
                assert rule.keys() == {"FREQ", "BYMONTH", "BYDAY"}
                assert [len(rule[part]) for part in ("BYMONTH", "BYDAY")] == [1, 1]
    assert written > 500


HARD = (
    'Night, with; piano \\ "quoted" ' + "ü" * 40 + "夜" * 40 + "👨‍👩‍👧‍👦" * 10,
    "one\ntwo, three; four\n\nATTENDEE:mailto:x@example.org\nEND:VEVENT",
    "Hofstraße 5, 10115 Berlin; hinten links",
)


def test_all_read_the_same_words_whatever_is_in_them(monkeypatch):
    name, text, place = HARD
    file = calendar(
        [
            entry(
                datetime(2027, 6, 18, 20, 30, tzinfo=ZoneInfo("Europe/Berlin")),
                name=name,
                text=text,
                place=place,
                link="https://kino.example/e/friday?a=1,2;b",
                position=(52.532, -13.389),
                status="TENTATIVE",
                sequence=7,
            )
        ],
        "Test",
    )
    for reader, found in read(file, monkeypatch).items():
        (shown,) = found.values()
        assert shown | {"starts": "", "ends": ""} == {
            "starts": "",
            "ends": "",
            "name": name,
            "text": text,
            "place": place,
            "link": "https://kino.example/e/friday?a=1,2;b",
            "status": "TENTATIVE",
            "sequence": 7,
            "position": [52.532, -13.389],
        }, reader


def test_lines_are_at_most_75_octets_and_no_character_is_cut():
    file = calendar([entry(STAMP.astimezone(ZoneInfo("UTC")), name=HARD[0], text=HARD[1])], "Test")
    lines = file.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() and line for line in lines)
    assert b"\n" not in b"".join(lines)


def test_the_same_entries_are_the_same_bytes_in_whatever_order_they_come():
    entries = around_changes(ZoneInfo("Europe/Berlin"), 2027)
    file = calendar(entries, "Test", SUBSCRIBED)
    assert calendar(reversed(entries), "Test", SUBSCRIBED) == file
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in file
    assert b"X-WR-CALNAME:Kino\\, am Hof\\; \xc3\xbc" in file


def test_who_has_the_entry_is_busy_and_who_subscribed_to_it_is_not():
    at = STAMP.astimezone(ZoneInfo("Europe/Berlin"))
    assert b"TRANSP" not in calendar([entry(at)], "Test")
    assert b"TRANSP:TRANSPARENT" in calendar([entry(at, busy=False)], "Test")
