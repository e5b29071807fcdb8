"""Schedules through the doors: what a manifest declares is done, missed, paused and caught up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from roadcase.api.v1 import planning_pb2 as planning
from roadcase.client import Roadcase
from tests.system.site import Site, running
from tests.system.test_planning import SERIES, Organiser, manifest

BERLIN = ZoneInfo("Europe/Berlin")
JOBS = """  schedules:
    - key: crew
      jobs:
        - {{key: call, at: {now}, do: [{{tellCrew: {{text: Come now}}}}]}}
        - {{key: old, at: {old}, do: [{{tellCrew: {{text: Too late}}}}]}}
        - {{key: check, at: 1d before doors, do: [{{tellCrew: {{text: Tomorrow}}}}]}}
"""
NOTICE = """  notifications:
    - {{key: soon, to: holders, send: {now}, subject: "Soon: {{night}}", text: See you there}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("schedules") / "data") as found:
        yield found


def ago(**time: float) -> str:
    """Local time in Berlin."""
    at = datetime.now(UTC) - timedelta(**time)
    return f"{at.astimezone(BERLIN):%Y-%m-%dT%H:%M}"


def with_sections(name: str, *sections: str) -> bytes:
    moments = {"now": ago(minutes=2), "old": ago(days=3)}
    return manifest(name) + "".join(each.format(**moments) for each in sections).encode()


async def first(site: Site, service: str, topic: str, **expected: Any) -> dict[str, Any]:
    """The first event of a topic in which these are so."""
    client = Roadcase(site.grpc, site.token("log:watch"))
    async with asyncio.timeout(30), client:
        async for entry in client.watch(service, topics=[topic]):
            event: dict[str, Any] = json.loads(entry.payload)
            if expected.items() <= event.items():
                return event
    raise AssertionError


async def states(site: Site, schedule: str, *asked: str, **expected: str) -> dict[str, Any]:
    """What became of its firings, once they are as expected."""
    async with asyncio.timeout(30):
        while True:
            rows = await asyncio.to_thread(site.cli, "schedule", "firings", schedule, *asked)
            found = {each["firing"]: each["state"] for each in rows["firings"]}
            if found == expected:
                return {each["firing"]: each for each in rows["firings"]}
            await asyncio.sleep(0.2)


async def test_what_is_declared_is_done_missed_paused_and_caught_up(site):
    organiser = Organiser(site)
    asked = ("--tenant", "acme", "--server", site.grpc)
    await organiser.declare(with_sections("jobs", JOBS))
    told = await first(site, "planning", "planning.crew_told.v1", occurrence="jobs")
    assert told["text"] == "Come now"
    found = await states(site, "jobs_crew", *asked, call="done", old="missed")
    assert found["old"]["why"] == "late"
    paused = ("--reason", "Not today", *asked)
    await asyncio.to_thread(site.cli, "schedule", "pause", "jobs_crew", *paused)
    refused = await asyncio.to_thread(backfilled, site, "jobs_crew", asked, 1)
    assert refused["error"] == "planning.schedule_is_paused"
    listed = await asyncio.to_thread(site.cli, "schedule", "list", "--of", "jobs", *asked)
    (row,) = listed["schedules"]
    assert (row["paused"], row["made"], row["missed"]) == ("Not today", 1, 1)
    assert "check: 1d before doors, tellCrew" in row["jobs"]
    await asyncio.to_thread(site.cli, "schedule", "resume", "jobs_crew", *asked)
    assert (await asyncio.to_thread(backfilled, site, "jobs_crew", asked, 0))["firings"] == 1
    await states(site, "jobs_crew", *asked, call="done", old="done")
    await first(site, "planning", "planning.crew_told.v1", text="Too late")
    headers = {"authorization": f"Bearer {organiser.token}"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
        items = (await http.get("/planning/schedules", params={"owner": "jobs"})).json()["items"]
        assert [each["schedule"] for each in items] == ["jobs_crew"]
        rows = (await http.get("/planning/schedules/jobs_crew/firings")).json()["items"]
        assert [each["state"] for each in rows] == ["done", "done"]
        nothing = await http.get("/planning/schedules/none/firings")
        assert (nothing.status_code, nothing.json()["code"]) == (404, "planning.unknown_schedule")
    await organiser.channel.close()


def backfilled(site: Site, schedule: str, asked: tuple[str, ...], code: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    times = [f"{at:%Y-%m-%dT%H:%M:%S}" for at in (now - timedelta(days=9), now)]
    about = ("--since", times[0], "--until", times[1])
    return site.cli("schedule", "backfill", schedule, *about, *asked, code=code)


async def test_holders_are_told_what_its_notifications_say(site):
    organiser = Organiser(site)
    await organiser.declare(with_sections("notes"))
    await organiser.advance("notes", planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time("notes", "o1", 1200)
    await organiser.declare(with_sections("notes", NOTICE))
    told = await first(site, "ticketing", "ticketing.notice_given.v1", occurrence="notes")
    assert (told["subject"], told["text"]) == ("Soon: {night}", "See you there")
    asked = ("--tenant", "acme", "--server", site.grpc)
    await states(site, "notes_notifications", *asked, soon="done")
    await organiser.channel.close()


async def test_a_cancelled_event_does_nothing_more(site):
    organiser = Organiser(site)
    await organiser.declare(with_sections("quiet", JOBS))
    asked = ("--tenant", "acme", "--server", site.grpc)
    await states(site, "quiet_crew", *asked, call="done", old="missed")
    cancel = planning.CancelOccurrenceRequest(occurrence="quiet", reason="Rain")
    await organiser.ask(organiser.occurrences.CancelOccurrence, cancel)
    async with asyncio.timeout(20):
        while True:
            rows = await asyncio.to_thread(site.cli, "schedule", "list", "--of", "quiet", *asked)
            if not rows["schedules"]:
                break
            await asyncio.sleep(0.2)
    await organiser.channel.close()


async def test_what_is_relative_is_of_each_night_and_what_recurs_is_of_the_series(site):
    organiser = Organiser(site)
    text = SERIES.format(name="hosts", price="8.00 EUR")
    jobs = """  schedules:
    - key: crew
      jobs:
        - {key: check, at: 1d before doors, do: [{tellCrew: {text: Tomorrow}}]}
        - key: rota
          every: {first: 2026-01-05, at: "09:00", rule: FREQ=WEEKLY}
          do: [{tellCrew: {text: The rota}}]
"""
    await organiser.declare((text + jobs).encode())
    asked = ("--tenant", "acme", "--server", site.grpc)
    async with asyncio.timeout(30):
        while True:
            rows = await asyncio.to_thread(site.cli, "schedule", "list", *asked)
            found = {
                each["schedule"]: each["jobs"]
                for each in rows["schedules"]
                if each["owner"].startswith("hosts")
            }
            if len(found) == 5:
                break
            await asyncio.sleep(0.2)
    assert found["hosts_crew"] == "rota: FREQ=WEEKLY at 09:00, tellCrew"
    assert found["hosts-2027-01-12_crew"] == "check: 1d before doors, tellCrew"
    since = ("--since", "2026-11-01T00:00:00", "--until", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}")
    done = await asyncio.to_thread(site.cli, "schedule", "backfill", "hosts_crew", *since, *asked)
    assert done["firings"] > 0
    told = await first(site, "planning", "planning.crew_told.v1", text="The rota")
    assert told["occurrence"] == "hosts-2027-01-05"  # the next night
    lines = await asyncio.to_thread(site.cli, "timeline", "hosts-2027-01-12", *asked)
    jobs_at = [each for each in lines["deadlines"] if each["kind"] == "job"]
    assert [(each["local"], each["source"]) for each in jobs_at] == [
        ("2027-01-11T19:30", "spec.schedules.0.jobs.0.at")
    ]
    await organiser.channel.close()
