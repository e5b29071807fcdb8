"""Search engines find every page that is for everybody, and are told of no other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

from services.planning.feeds import Happening, robots, search, sitemap
from tests.node import lane
from tests.planning.happenings import NIGHT, SITE, SORTS

SCRIPT = Path(lane.__file__).with_name("sitemap.mjs")
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def numbered(count: int) -> list[Happening]:
    return [
        replace(
            NIGHT,
            id=f"n{number:03}",
            link=f"{SITE}/events/n{number:03}",
            starts=NIGHT.starts + timedelta(days=number),
            ends=NIGHT.ends + timedelta(days=number),
        )
        for number in range(count)
    ]


def pages(file: bytes) -> list[str | None]:
    return [each.text for each in ET.fromstring(file).iter(f"{NAMESPACE}loc")]


def test_another_program_reads_each_page_and_when_it_was_changed():
    odd = replace(NIGHT, link=f"{SITE}/events/a&b?c='d'", changed=NIGHT.changed + timedelta(days=1))
    done = lane.run(
        lane.installed(), str(SCRIPT), stdin=sitemap([NIGHT, replace(odd, id="odd")]).decode()
    )
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)) == [
        [f"{SITE}/events/a&b?c='d'", "2027-05-02T09:30:00+00:00"],
        [f"{SITE}/events/june", "2027-05-01T09:30:00+00:00"],
    ]


def test_what_is_unlisted_or_not_announced_is_not_there_and_what_is_cancelled_is():
    hidden = [SORTS["unlisted"], *(replace(NIGHT, state=state) for state in ("draft", "planned"))]
    assert pages(sitemap(hidden)) == []
    assert pages(sitemap([SORTS["cancelled"]])) == [NIGHT.link]


def test_the_latest_come_first_and_of_too_many_the_latest_are_there(monkeypatch):
    nights = numbered(5)
    monkeypatch.setattr(search, "MOST", 3)
    assert pages(sitemap(nights)) == [f"{SITE}/events/n{number:03}" for number in (4, 3, 2)]


def test_robots_are_led_to_the_sitemap_and_kept_from_what_is_for_one_person():
    text = robots(f"{SITE}/sitemap.xml", ("/order/", "/shop/")).decode()
    read = RobotFileParser()
    read.parse(text.splitlines())
    assert read.site_maps() == [f"{SITE}/sitemap.xml"]
    assert read.can_fetch("Googlebot", NIGHT.link)
    assert not read.can_fetch("Googlebot", f"{SITE}/order/abc")
    free = RobotFileParser()
    free.parse(robots(f"{SITE}/sitemap.xml").decode().splitlines())
    assert free.can_fetch("Googlebot", f"{SITE}/order/abc")
