"""The page of an event is good HTML, says in words what became of it, and others read it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from services.planning.feeds import Around, Happening, Named, event_page, structured, style
from tests.node import lane
from tests.planning.happenings import NIGHT, SITE, SORTS

SCRIPT = Path(lane.__file__).with_name("pages.mjs")
AROUND = Around(
    "/events/event.css",
    f"{SITE}/events/june.ics",
    (Named("The yard", f"{SITE}/calendar/venue/yard.ics"),),
)


def shown(happening: Happening) -> str:
    return event_page(happening, AROUND)


@cache
def judged() -> dict:
    pages = {name: shown(each) for name, each in SORTS.items()}
    done = lane.run(lane.installed(), str(SCRIPT), stdin=json.dumps(pages))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", SORTS)
def test_each_page_is_valid_html_by_the_rules_of_a_stranger(name):
    assert judged()[name]["wrong"] == []


@pytest.mark.parametrize("name", SORTS)
def test_previews_and_search_engines_are_told_what_the_page_says(name):
    happening, found = SORTS[name], judged()[name]["preview"]
    assert found["jsonLD"] == [structured(happening)]
    assert found["ogUrl"] == happening.link
    assert found["ogTitle"].endswith(happening.title.replace("\u2028", " ")) or name.endswith(
        "code"
    )
    assert len(found["ogDescription"]) <= 200
    if happening.picture:
        assert found["ogImage"][0]["url"] == happening.picture.link
        assert found["twitterCard"] == "summary_large_image"


WORDS = {
    "a night": ["Friday 18 June 2027, 21:15 to 23:27", "Doors 20:30", "12.00 EUR", "Get tickets"],
    "sold out": ["Sold out.", "sold out"],
    "postponed": ["Postponed. It does not take place on Friday 18 June 2027", "It was to be on"],
    "at another time": ["At another time: it was to be on Friday 11 June 2027, 21:15."],
    "at another place": ["At another place: it was to be at The old mill."],
    "cancelled": ["Cancelled. It does not take place.", "It was to be on"],
    "broken off": ["Cancelled. It was broken off and does not go on."],
    "interrupted": ["Interrupted for the moment."],
    "over": ["This is over."],
    "with hardly anything known": ["Friday 1 January 2027, 20:00 to 22:00", "Asia/Kolkata"],
    "while clocks change": ["02:30 CEST to 02:45 CET"],
    "over several days": ["21:15 to 20 June, 14:00"],
    "two shops": ["Get Bench", "Get Lawn"],
    "no cents": ["1200 JPY"],
    "music": ["Winterreise", "75&nbsp;min", "1828"],
}


@pytest.mark.parametrize("name", WORDS)
def test_what_it_is_and_what_became_of_it_is_said_in_words(name):
    page = shown(SORTS[name])
    for words in WORDS[name]:
        assert words in page


def test_tickets_are_offered_only_where_they_can_be_had():
    assert "Get tickets" not in shown(SORTS["sold out"])
    for name in ("cancelled", "broken off", "over", "postponed"):
        assert "Tickets</h2>" not in shown(SORTS[name])
    page = shown(NIGHT)
    assert re.findall(r"<small[^>]*>([^<]+)", page)[:3] == [
        "sold out",
        "on sale from Friday 18 June 2027, 18:00",
        "sale ended",
    ]


def test_it_says_its_own_address_and_its_languages():
    page = shown(SORTS["a title from right to left"])
    assert f'<link rel="canonical" href="{NIGHT.link}">' in page
    assert page.startswith('<!doctype html>\n<html lang="en" ')
    assert '<h1 dir="auto" lang="ar">' in page
    assert '<div class="text" lang="ar">' in page


def test_it_needs_no_script_and_no_styles_within():
    page = shown(NIGHT)
    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/ld+json">']
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
    assert style().startswith(b"/* What the pages of all services begin with.")
    assert b".rows" in style()


def test_what_is_code_in_its_words_is_text():
    page = shown(SORTS["a title that is code"])
    assert page.count("<script") == page.count("</script>") == 1
    assert "alert(1)</script" not in page
    assert "javascript:" not in page
    assert "{here}" in page
    for tag in ("<b>", "<u>", "<i>"):
        assert tag not in page


def test_an_unlisted_page_asks_not_to_be_found():
    assert 'name="robots" content="noindex"' in shown(SORTS["unlisted"])
    assert "noindex" not in shown(NIGHT)


def test_only_a_picture_of_the_same_site_is_shown_and_others_are_still_told_of():
    elsewhere = NIGHT.picture._replace(link="https://elsewhere.example/yard.jpg")
    page = shown(replace(NIGHT, picture=elsewhere))
    assert "<img" not in page
    assert 'property="og:image" content="https://elsewhere.example/yard.jpg"' in page
    assert "<img" in shown(NIGHT)


def test_its_calendars_are_there_to_be_added_and_subscribed_to():
    page = shown(NIGHT)
    assert f'href="{SITE}/events/june.ics">Add to calendar' in page
    assert f'type="text/calendar" title="The yard" href="{SITE}/calendar/venue/yard.ics"' in page


def test_a_time_that_clocks_skip_is_what_they_show_instead():
    night = replace(NIGHT, starts=datetime(2027, 3, 28, 2, 30), ends=datetime(2027, 3, 28, 4))
    assert "03:30 to 04:00" in shown(night)


def test_times_with_a_zone_of_their_own_are_no_local_times():
    with pytest.raises(ValueError, match="local"):
        replace(NIGHT, starts=NIGHT.changed)
    with pytest.raises(ValueError, match="moment"):
        replace(NIGHT, changed=NIGHT.starts)
