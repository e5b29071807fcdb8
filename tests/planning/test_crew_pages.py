"""What crew see: their page, and the call sheet in words and in columns."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from services.planning.events import PlannedShift
from services.planning.feeds.call_sheet import Call, CallSheet, as_page, as_text
from services.planning.feeds.crew_page import Invitation, crew_page
from services.planning.feeds.nothing import NO_LINK, nothing_page
from tests.node import lane
from tests.planning.test_feeds_page import SCRIPT


def shift(begins: str, ends: str) -> PlannedShift:
    first, last = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (begins, ends))
    return PlannedShift(begins=first, ends=last)


EVENING = shift("2027-06-18T15:00", "2027-06-18T21:00")
NIGHT = shift("2027-06-18T21:00", "2027-06-18T23:30")
SHEET = CallSheet(
    title="Films",
    zone="Europe/Berlin",
    begins=EVENING.begins,
    place="The yard",
    calls=[Call(NIGHT, "Gate"), Call(EVENING, "Sound", "Ana", "ana@example.org")],
)


def test_a_call_sheet_says_its_day_in_words_and_another_day_where_a_shift_ends_on_it():
    assert as_text(SHEET).splitlines() == [
        "Films",
        "Friday 18 June 2027 (Europe/Berlin)",
        "The yard",
        "",
        "17:00  23:00              Sound  Ana     ana@example.org",
        "23:00  Sat 19 June 01:30  Gate   (open)",
    ]
    assert "Friday 18 June 2027" in as_page(SHEET)


def test_who_is_asked_reads_when_in_words_and_yes_stands_out_before_no():
    asked = Invitation("Films", "The yard", "Europe/Berlin", "Gate", (EVENING, NIGHT), "asked")
    page = crew_page(asked, "/crew/x", "wish-1")
    assert re.findall("<li>(.*?)</li>", page) == [
        "Friday 18 June 2027, 17:00 to 23:00 (Europe/Berlin)",
        "Friday 18 June 2027, 23:00 to 01:30 (Europe/Berlin)",
    ]
    assert re.findall("<button(.*?)>", page) == [
        ' type="submit"',
        ' type="submit" class="other"',
    ]


def test_their_pages_are_valid_html_by_the_rules_of_a_stranger():
    asked = Invitation("Films <b>", "", "Europe/Berlin", "Gate", (EVENING,), "has")
    pages = {
        "asked": crew_page(asked._replace(stands="asked"), "/crew/x", "wish-1", "no & no"),
        "has": crew_page(asked, "/crew/x", "wish-1"),
        "sheet": as_page(SHEET),
        "nothing": nothing_page(NO_LINK),
    }
    done = lane.run(lane.installed(), str(SCRIPT), stdin=json.dumps(pages))
    assert done.returncode == 0, done.stderr
    assert [each["wrong"] for each in json.loads(done.stdout).values()] == [[]] * len(pages)
