"""What everybody may see of an event: its page, calendars, a sitemap; and what nobody may."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from icalendar import Calendar

from roadcase.api.v1 import planning_pb2 as planning
from tests.system.site import Site, running
from tests.system.test_planning import SERIES, Organiser, manifest


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("public") / "data") as found:
        yield found


@pytest.fixture
async def organiser(site) -> AsyncIterator[Organiser]:
    found = Organiser(site)
    yield found
    await found.channel.close()


@pytest.fixture
async def http(site) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://{site.http}") as found:
        yield found


async def page(http: httpx.AsyncClient, path: str, words: str = "") -> httpx.Response:
    """The page, once it is there and says so."""
    async with asyncio.timeout(20):
        while True:
            found = await http.get(path)
            if found.status_code == 200 and words in found.text:
                return found
            await asyncio.sleep(0.05)


def data_of(found: httpx.Response) -> dict:
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', found.text, re.DOTALL)
    assert text
    return json.loads(text[1])


async def test_nobody_sees_what_was_not_announced(organiser, http):
    await organiser.declare(manifest("secret"))
    for path in ("secret", "never-was"):
        found = await http.get(f"/events/acme/{path}")
        assert (found.status_code, found.json()["code"]) == (404, "roadcase.not_found")
        seen = await http.get(f"/events/acme/{path}", headers={"accept": "text/html"})
        assert (seen.status_code, "<h1>Nothing here</h1>" in seen.text) == (404, True)
    assert (await http.get("/events/nobody/secret")).status_code == 404
    await organiser.advance("secret", planning.OCCURRENCE_STATE_ANNOUNCED)
    assert "Nosferatu" in (await page(http, "/events/acme/secret")).text


async def test_sold_out_shows_within_a_second(organiser, http):
    await organiser.declare(manifest("full", places=2))
    await organiser.advance("full", planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time("full", "o1", 1200)
    found = await page(http, "/events/acme/full", "InStock")
    assert "Sold out" not in found.text
    await organiser.sell("full", "o2", 1200)
    await asyncio.sleep(1)
    found = await http.get("/events/acme/full")
    assert "Sold out" in found.text
    offers = data_of(found)["offers"]
    assert [each["availability"] for each in offers] == ["https://schema.org/SoldOut"]


async def test_what_became_of_it_is_on_its_page_and_in_calendars(organiser, http):
    await organiser.declare(manifest("changes"))
    await organiser.advance("changes", planning.OCCURRENCE_STATE_ANNOUNCED)
    first = entry(await page(http, "/events/acme/changes.ics"))
    await organiser.declare(manifest("changes", date="2027-06-25", venue="Garden"))
    moved = await page(http, "/events/acme/changes", "Garden")
    assert data_of(moved)["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data_of(moved)["previousStartDate"] == "2027-06-18T20:00:00+02:00"
    second = entry(await http.get("/events/acme/changes.ics"))
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    cancel = planning.CancelOccurrenceRequest(occurrence="changes", reason="Rain")
    await organiser.ask(organiser.occurrences.CancelOccurrence, cancel)
    gone = await page(http, "/events/acme/changes", "EventCancelled")
    assert "ancelled" in gone.text
    calendar = await page(http, "/calendar/acme.ics", "CANCELLED")
    again = await http.get(
        "/calendar/acme.ics", headers={"if-none-match": calendar.headers["etag"]}
    )
    assert again.status_code == 304


def entry(found: httpx.Response):
    (event,) = Calendar.from_ical(found.content).walk("VEVENT")
    return event


async def test_a_series_has_a_calendar_and_a_sitemap_names_its_nights(organiser, http):
    await organiser.declare(SERIES.format(name="shorts", price="8.00 EUR").encode())
    async with asyncio.timeout(30):
        while len(await organiser.nights("shorts")) < 4:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    nights = [each.occurrence for each in await organiser.nights("shorts")]
    for name in nights[:2]:
        await organiser.advance(name, planning.OCCURRENCE_STATE_ANNOUNCED)
    await page(http, f"/events/acme/{nights[1]}")
    calendar = Calendar.from_ical((await http.get("/calendar/acme/series/shorts.ics")).content)
    assert len(calendar.walk("VEVENT")) == 2
    sitemap = (await http.get("/events/acme/sitemap.xml")).text
    assert [name in sitemap for name in nights] == [True, True, False, False]


async def test_who_has_the_link_finds_what_is_unlisted_and_nobody_else(organiser, http):
    content = manifest("hidden") + b"  unlisted: true\n"
    await organiser.declare(content)
    await organiser.advance("hidden", planning.OCCURRENCE_STATE_ANNOUNCED)
    found = await page(http, "/events/acme/hidden")
    assert "noindex" in found.text
    assert "hidden" not in (await http.get("/events/acme/sitemap.xml")).text
    assert b"hidden" not in (await http.get("/calendar/acme.ics")).content


async def test_who_closes_a_tenant_closes_its_pages_and_calendars(site, http):
    leaving = Organiser(site, "leaving")
    await leaving.declare(manifest("farewell"))
    await leaving.advance("farewell", planning.OCCURRENCE_STATE_ANNOUNCED)
    pages = ("/events/leaving/farewell", "/events/leaving/farewell.ics", "/calendar/leaving.ics")
    pages += ("/events/leaving/sitemap.xml", "/events/leaving/robots.txt")
    for path in pages:
        await page(http, path)
    await asyncio.to_thread(site.cli, "tenant", "close", "leaving")
    for path in pages:
        async with asyncio.timeout(20):
            while (await http.get(path)).status_code != 404:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
    assert (await http.get(pages[0])).json()["code"] == "roadcase.not_found"
    await leaving.channel.close()
