"""The run of show on a running installation: planned, run, followed by machines and by the crew."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import grpc
import httpx
import pytest
from playwright.sync_api import expect

from roadcase.api.v1 import planning_show_pb2 as shows
from roadcase.api.v1.planning_show_pb2_grpc import ShowsStub
from tests.node import lane
from tests.system.site import Site, roadcase, running
from tests.system.test_page import browser, elsewhere, opens  # noqa: F401 - fixtures
from tests.system.test_planning import Organiser, refusal

NIGHT = """
apiVersion: roadcase/v1
kind: Event
metadata: {{name: {name}}}
spec:
  title: Two films
  schedule: {{zone: UTC, date: {date:%Y-%m-%d}, doors: "{doors:%Y-%m-%dT%H:%M}",
    start: "{start:%Y-%m-%dT%H:%M}"}}
  programme:
    works: [{{key: short, title: A short, minutes: {short}}}, {{key: film, title: A film,
      minutes: 94}}]
    intervals: [{{after: short, minutes: 15}}]
    opening: 5
"""
STREAM = "text/event-stream"
OWN = (
    *("planning:plan", "planning:apply", "planning:approve"),
    *("planning:run", "planning:read", "planning:show"),
)


def night(name: str, doors: datetime, short: int = 12) -> bytes:
    start = doors + timedelta(minutes=30)
    return NIGHT.format(name=name, date=start, doors=doors, start=start, short=short).encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("show") / "data") as found:
        yield found


class Crew(Organiser):
    def __init__(self, site: Site, *scopes: str) -> None:
        super().__init__(site, "acme", *(scopes or OWN))
        self.shows = ShowsStub(self.channel)

    async def watch(self, name: str) -> AsyncIterator[Any]:
        """From when it is planned: a moment after its manifest is applied."""
        metadata = (("authorization", f"Bearer {self.token}"),)
        request = shows.WatchRundownRequest(occurrence=name)
        async with asyncio.timeout(20):
            while True:
                try:
                    await self.shows.GetRundown(
                        shows.GetRundownRequest(occurrence=name), metadata=metadata
                    )
                    break
                except grpc.aio.AioRpcError:
                    await asyncio.sleep(0.05)
        async for each in self.shows.WatchRundown(request, metadata=metadata, timeout=30):
            yield each


@pytest.fixture
async def crew(site) -> AsyncIterator[Crew]:
    found = Crew(site)
    yield found
    await found.channel.close()


def states(rundown: Any) -> dict[str, str]:
    return {each.key: shows.CueState.Name(each.state)[10:] for each in rundown.cues}


async def test_the_programme_is_run_cue_by_cue_and_whoever_watches_sees_it(site, crew):
    doors = datetime(2027, 6, 18, 18, tzinfo=UTC)
    await crew.declare(night("films", doors))
    await crew.advance("films", 3)  # announced
    watched = crew.watch("films")
    keys = ["doors", "welcome", "short", "after-short", "film", "end"]
    assert [each.key for each in (await anext(watched)).cues] == keys
    await crew.ask(crew.shows.StartShow, shows.StartShowRequest(occurrence="films"))
    assert states(await anext(watched))["doors"] == "RUNNING"
    ask = shows.StartCueRequest(occurrence="films", cue="short")
    await crew.ask(crew.shows.StartCue, ask)
    running = await anext(watched)
    assert list(states(running).values())[:3] == ["FINISHED", "SKIPPED", "RUNNING"]
    assert running.late_seconds < 0
    await crew.declare(night("films", doors, short=20))  # while it is on
    longer = await anext(watched)
    assert (longer.revision, longer.cues[2].minutes) == (2, 20)
    assert longer.cues[2].starts_at == running.cues[2].starts_at
    assert longer.cues[3].starts_at.seconds == running.cues[3].starts_at.seconds + 8 * 60
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await crew.ask(crew.shows.SkipCue, shows.SkipCueRequest(occurrence="films", cue="short"))
    assert "cue_passed" in refusal(error)
    async with httpx.AsyncClient(base_url=f"http://{site.http}") as http:
        public = (await http.get("/events/acme/films")).text
        assert '<time datetime="2027-06-18T18:35:00+00:00">18:35</time> <bdi>A short' in public
        headers = {"authorization": f"Bearer {crew.token}"}
        item = (await http.get("/planning/shows/films", headers=headers)).json()["item"]
        assert [each["state"] for each in item["cues"]][:3] == ["finished", "skipped", "running"]
        missing = await http.get("/planning/shows/nothing", headers=headers)
        assert (missing.status_code, missing.json()["code"]) == (404, "planning.no_rundown")
        other = {"authorization": f"Bearer {site.token('planning:show', tenant='other')}"}
        assert (await http.get("/planning/shows/films", headers=other)).status_code == 404
        reader = {"authorization": f"Bearer {site.token('planning:read')}"}
        assert (await http.get("/planning/shows/films", headers=reader)).status_code == 403


OVER = (
    NIGHT.partition("  programme:")[0].replace("UTC,", 'UTC, end: "23:00",')
    + """\
  runOfShow:
    cues: [{{key: talk, title: A talk, minutes: 0}}, {{key: film, title: A film, minutes: 94}}]
"""
)


async def test_a_cue_that_runs_over_moves_the_next_one_wherever_it_is_read_and_in_no_event(
    site, crew
):
    doors = datetime(2026, 1, 1, 18, tzinfo=UTC)
    times = {"doors": doors, "start": doors, "date": doors}
    await crew.declare(OVER.format(name="over", **times).encode())
    watched = crew.watch("over")
    assert (await anext(watched)).cues[1].starts_at.ToDatetime(tzinfo=UTC) == doors
    await crew.ask(crew.shows.StartShow, shows.StartShowRequest(occurrence="over"))
    seen = [await anext(watched) for _ in range(3)]
    moments = [each.cues[1].starts_at.seconds for each in seen]
    assert moments[0] < moments[1] < moments[2]
    assert [each.cues[0].state for each in seen] == [shows.CUE_STATE_RUNNING] * 3
    found = await crew.ask(crew.shows.GetRundown, shows.GetRundownRequest(occurrence="over"))
    assert found.cues[1].starts_at.seconds >= moments[2]
    assert found.late_seconds == found.cues[1].starts_at.seconds - doors.timestamp()
    told = site.cli("show", "run", "over", "--tenant", "acme", "--server", site.grpc)
    assert datetime.fromisoformat(told["cues"][1]["starts_at"]).timestamp() >= moments[2]
    log = roadcase(site.data, "log", "tail", "-n", "50", "--service", "planning", "--json").stdout
    assert log.count("planning.rundown_timed.v1") >= 2
    after = log.rpartition("planning.cue_started.v1")[2]
    assert after.count("planning.rundown_timed.v1") == 1


async def declared(site: Site, name: str, doors: datetime) -> None:
    crew = Crew(site)
    await crew.declare(night(name, doors))
    await crew.channel.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_crew_sees_now_next_and_how_late_and_goes_on_from_there(site, opens, scheme):  # noqa: F811
    name = f"page-{scheme}"
    opened = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=40)
    elsewhere(declared(site, name, opened))
    token = site.token("planning:show")
    with httpx.Client(base_url=f"http://{site.http}") as http:
        headers = {"authorization": f"Bearer {token}"}
        for _ in range(100):
            if http.get(f"/planning/shows/{name}", headers=headers).status_code == 200:
                break
            sleep(0.05)
    page = opens(f"http://{site.http}/show/{name}#token={token}", width=400, color_scheme=scheme)
    expect(page.locator("#next .cue")).to_have_text("Doors")
    expect(page.locator("#late")).to_have_text(re.compile(r"Late by 4\d min"))
    expect(page.locator("#now")).to_be_hidden()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#now .cue")).to_have_text("Doors")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#now .cue")).to_have_text("Welcome")
    expect(page.locator("#now .left")).to_contain_text("left")
    expect(page.locator("#next .cue")).to_have_text("A short")
    expect(page.locator("#late")).to_have_text(re.compile(r"Late by 1\d min"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("#next .cue")).to_have_text("Interval")
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#now")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.evaluate((lane.installed() / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    assert [each["id"] for each in found["violations"]] == []


def live(doors: datetime) -> str:
    """The talk began half an hour ago, and was to take ten minutes; nothing has happened since."""
    moment = datetime.now(UTC)
    talk = {"key": "talk", "title": "A talk", "start": "soft", "state": "running", "minutes": 10}
    film = {"key": "film", "title": "A film", "start": "soft", "state": "waiting", "minutes": 94}
    over = doors + timedelta(minutes=10)
    for cue, starts in ((talk, doors), (film, over)):
        ends = starts + timedelta(minutes=int(str(cue["minutes"])))
        cue |= {"planned_at": f"{starts:%FT%TZ}", "starts_at": f"{starts:%FT%TZ}"}
        cue |= {"ends_at": f"{ends:%FT%TZ}"}
    state = {"title": "Over", "zone": "UTC", "late_seconds": 0, "curfew": None, "delay": ""}
    state |= {"cues": [talk, film], "at": f"{moment:%FT%TZ}", "age": 0, "position": 1}
    return f"event: state\nid: 1\ndata: {json.dumps(state)}\n\n"


def test_the_page_moves_what_follows_by_its_own_clock(site, opens):  # noqa: F811
    page = opens(f"http://{site.http}/show/files/show.css")
    began = datetime.now(UTC) - timedelta(minutes=30)
    page.route("**/live", lambda route: route.fulfill(body=live(began), content_type=STREAM))
    page.goto(f"http://{site.http}/show/over-page#token=any")
    expect(page.locator("#now .left")).to_contain_text("over by 20:0")
    expect(page.locator("#late")).to_have_text("Late by 20 min")
    film = page.locator("#cues li", has_text="A film").locator("span").first
    planned = f"{began + timedelta(minutes=10):%H:%M}"
    expect(film.locator("s")).to_have_text(planned)
    shown = film.inner_text().removesuffix(planned).strip()
    assert shown in {f"{datetime.now(UTC) - timedelta(minutes=ago):%H:%M}" for ago in (0, 1)}


def test_who_has_no_token_is_told_so(site, opens):  # noqa: F811
    page = opens(f"http://{site.http}/show/nobody", allowed="401")
    expect(page.locator("#problem")).to_be_visible()
    expect(page.locator("#link")).to_have_text("Not connected")
