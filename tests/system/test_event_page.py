"""The public page of an event in a browser: it fits a phone, and everybody can read it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from roadcase.http.door import PAGES
from services.planning.feeds import Around, Happening, Named, event_page, structured, style
from tests.node import lane
from tests.planning.happenings import NIGHT, SITE, SORTS
from tests.system.test_page import WATCH_CSP, browser  # noqa: F401 - a fixture

AROUND = Around(
    "/events/event.css",
    f"{SITE}/events/june.ics",
    (Named("The yard", f"{SITE}/calendar/venue/yard.ics"),),
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="450"/>'


def answer(route: Route, happening: Happening) -> None:
    """As a door would: with the policy of our pages."""
    match route.request.url.rpartition(".")[2]:
        case "css":
            route.fulfill(body=style(), content_type="text/css")
        case "jpg":
            route.fulfill(body=SVG, content_type="image/svg+xml")
        case _:
            route.fulfill(
                body=event_page(happening, AROUND),
                content_type="text/html; charset=utf-8",
                headers={"content-security-policy": PAGES},
            )


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme=request.param
    )
    context.add_init_script(WATCH_CSP)
    found = context.new_page()
    wrong: list[str] = []
    found.on("console", lambda said: wrong.append(said.text))
    found.on("pageerror", lambda error: wrong.append(str(error)))
    yield found
    assert wrong == []
    context.close()


def open_(page: Page, happening: Happening) -> None:
    page.unroute_all()
    page.route("**/*", lambda route: answer(route, happening))
    page.goto(happening.link)
    assert page.evaluate("violations") == []


def test_whoever_reads_it_in_whatever_way_finds_all_there_is(page):
    axe = (lane.installed() / "node_modules/axe-core/axe.min.js").read_text("utf-8")
    for name, happening in SORTS.items():
        open_(page, happening)
        page.evaluate(axe)
        found = page.evaluate("axe.run({resultTypes: ['violations', 'incomplete']})")
        told = [
            (each["id"], [node["html"] for node in each["nodes"]])
            for each in (*found["violations"], *found["incomplete"])
        ]
        assert told == [], name
        assert len(found["passes"]) > 15


def test_it_fits_a_phone_whatever_its_title_is(page):
    for name, happening in SORTS.items():
        open_(page, happening)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, name
        assert page.locator("h1").inner_text().split() == happening.title.split(), name


def test_its_data_is_there_for_who_reads_the_page_and_no_code_of_anyone_runs(page):
    open_(page, SORTS["a title that is code"])
    data = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(data) == structured(SORTS["a title that is code"])
    assert page.locator("script").count() == 1


def test_what_can_be_touched_is_large_enough_for_a_thumb(page):
    open_(page, NIGHT)
    for link in page.locator("a.button, .links a").all():
        assert link.bounding_box()["height"] >= 44, link.inner_text()
