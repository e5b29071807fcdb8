"""Schedules through the doors: what a manifest declares is done, missed, paused and caught up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from roadcase.api.v1 import planning_pb2 as planning
from roadcase.api.v1.planning_schedules_pb2 import ScheduleFiringState
from roadcase.client import Refusal, Roadcase
from roadcase.client.timetable import Timetable
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


ROTA = """  schedules:
    - key: crew
      jobs:
        - {key: check, at: 1d before doors, do: [{tellCrew: {text: Tomorrow}}]}
        - key: rota
          every: {first: 2026-01-05, at: "09:00", rule: FREQ=WEEKLY}
          do: [{tellCrew: {text: The rota}}]
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


@pytest.fixture
async def timetable(site) -> AsyncIterator[Timetable]:
    scopes = (f"planning:{each}" for each in ("read", "run", "plan"))
    async with Timetable(site.grpc, site.token(*scopes)) as found:
        yield found


async def states(timetable: Timetable, schedule: str, **expected: str) -> dict[str, str]:
    """Why each of its firings is so, once they are as expected."""
    async with asyncio.timeout(30):
        while True:
            with suppress(Refusal):  # it is not set yet
                rows = (await timetable.schedule_firings(schedule)).firings
                found = {each.firing: ScheduleFiringState.Name(each.state) for each in rows}
                if found == {
                    key: f"SCHEDULE_FIRING_STATE_{state}" for key, state in expected.items()
                }:
                    return {each.firing: each.why for each in rows}
            await asyncio.sleep(0.1)


async def listed(timetable: Timetable, owner: str, number: int, having: str = "") -> dict[str, str]:
    """The jobs of so many schedules, by their ids: of an owner, and those whose name begins so."""
    async with asyncio.timeout(30):
        while True:
            rows = (await timetable.schedules()).schedules
            mine = [each for each in rows if each.owner.startswith(owner)]
            ids = {each.schedule for each in mine}
            if len(mine) == number and {having} - {""} <= ids:
                return {
                    each.schedule: "; ".join(f"{job.job}: {job.when}" for job in each.jobs)
                    for each in mine
                }
            await asyncio.sleep(0.1)


async def test_what_is_declared_is_done_missed_paused_and_caught_up(site, timetable):
    organiser = Organiser(site)
    asked = ("--tenant", "acme", "--server", site.grpc)
    await organiser.declare(with_sections("jobs", JOBS))
    told = await first(site, "planning", "planning.crew_told.v1", occurrence="jobs")
    assert told["text"] == "Come now"
    assert (await states(timetable, "jobs_crew", call="DONE", old="MISSED"))["old"] == "late"
    paused = ("--reason", "Not today", *asked)
    await asyncio.to_thread(site.cli, "schedule", "pause", "jobs_crew", *paused)
    refused = await asyncio.to_thread(backfilled, site, "jobs_crew", asked, 1)
    assert refused["error"] == "planning.schedule_is_paused"
    rows = await asyncio.to_thread(site.cli, "schedule", "list", "--of", "jobs", *asked)
    (row,) = rows["schedules"]
    assert (row["paused"], row["made"], row["missed"]) == ("Not today", 1, 1)
    assert "check: 1d before doors, tellCrew" in row["jobs"]
    await asyncio.to_thread(site.cli, "schedule", "resume", "jobs_crew", *asked)
    assert (await asyncio.to_thread(backfilled, site, "jobs_crew", asked, 0))["firings"] == 1
    await states(timetable, "jobs_crew", call="DONE", old="DONE")
    await first(site, "planning", "planning.crew_told.v1", text="Too late")
    told = await asyncio.to_thread(site.cli, "schedule", "firings", "jobs_crew", *asked)
    assert [each["state"] for each in told["firings"]] == ["done", "done"]
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


async def test_holders_are_told_what_its_notifications_say(site, timetable):
    organiser = Organiser(site)
    await organiser.declare(with_sections("notes"))
    await organiser.advance("notes", planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time("notes", "o1", 1200)
    await organiser.declare(with_sections("notes", NOTICE))
    told = await first(site, "ticketing", "ticketing.notice_given.v1", occurrence="notes")
    assert (told["subject"], told["text"]) == ("Soon: {night}", "See you there")
    await states(timetable, "notes_notifications", soon="DONE")
    await organiser.channel.close()


async def test_a_cancelled_event_does_nothing_more(site, timetable):
    organiser = Organiser(site)
    await organiser.declare(with_sections("quiet", JOBS))
    await states(timetable, "quiet_crew", call="DONE", old="MISSED")
    cancel = planning.CancelOccurrenceRequest(occurrence="quiet", reason="Rain")
    await organiser.ask(organiser.occurrences.CancelOccurrence, cancel)
    await listed(timetable, "quiet", 0)
    await organiser.channel.close()


async def test_what_is_relative_is_of_each_night_and_what_recurs_is_of_the_series(site, timetable):
    organiser = Organiser(site)
    await organiser.declare((SERIES.format(name="hosts", price="8.00 EUR") + ROTA).encode())
    found = await listed(timetable, "hosts", 5)
    assert found["hosts_crew"] == "rota: FREQ=WEEKLY at 09:00"
    assert found["hosts-2027-01-12_crew"] == "check: 1d before doors"
    since = datetime.now(UTC) - timedelta(days=20)
    assert await timetable.backfill("hosts_crew", "b1", since, datetime.now(UTC)) in (2, 3)
    told = await first(site, "planning", "planning.crew_told.v1", text="The rota")
    assert told["occurrence"] == "hosts-2027-01-05"  # the next night
    deadlines = (await timetable.timeline("hosts-2027-01-12")).deadlines
    assert [(each.local, each.source) for each in deadlines if each.kind == "job"] == [
        ("2027-01-11T19:30", "spec.schedules.0.jobs.0.at")
    ]
    split = await timetable.edit_following("hosts", date(2027, 1, 19), {"title": "Later"})
    await organiser.apply(split)
    # The last part has what recurs, and each night its own.
    assert "hosts_crew" not in await listed(timetable, "hosts", 5, having="hosts-2_crew")
    first_part = await timetable.edit_all("hosts", {"title": "Earlier"})
    assert json.loads(first_part.plan)["schedules"] == []
    await organiser.channel.close()
