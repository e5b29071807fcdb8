"""Edits of a series through the doors: of one night, of what follows, of all; and what is kept."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from roadcase.api.v1 import planning_pb2 as planning
from roadcase.client import Refusal, Roadcase
from roadcase.client.timetable import Timetable
from tests.system.site import Site, roadcase, running
from tests.system.test_planning import SCOPES, SERIES, Organiser

DATES = ("2027-01-05", "2027-01-12", "2027-01-19", "2027-01-26", "2027-02-02", "2027-02-09")
ASKED = tuple(f"planning:{scope}" for scope in SCOPES)


def series(name: str, count: int = 6) -> bytes:
    return SERIES.format(name=name, price="8.00 EUR").replace("COUNT=4", f"COUNT={count}").encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("edits") / "data") as found:
        yield found


@pytest.fixture
async def timetable(site) -> AsyncIterator[Timetable]:
    async with Timetable(site.grpc, site.token(*ASKED)) as found:
        yield found


async def declare(timetable: Timetable, content: bytes) -> None:
    made = await timetable.plan(content)
    await timetable.apply(made.plan, approve=True)


async def starts(timetable: Timetable, name: str) -> dict[str, str]:
    """The nights of a series that are to be, by date, with doors and start."""
    found = {}
    listed = await timetable.occurrences()
    for each in listed.occurrences:
        cancelled = each.state == planning.OCCURRENCE_STATE_CANCELLED
        if each.series == name and not cancelled:
            whole = await timetable.occurrence(each.occurrence)
            hours = json.loads(whole.manifest)["spec"]["schedule"]
            found[hours["date"]] = f"{hours['doors']} {hours['start']}"
    return found


async def until(timetable: Timetable, name: str, expected: dict[str, str]) -> None:
    found: dict[str, str] = {}
    try:
        async with asyncio.timeout(30):
            while (found := await starts(timetable, name)) != expected:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
    except TimeoutError:
        assert found == expected


async def until_made(timetable: Timetable, *names: str) -> None:
    """Until every part is as it was declared."""
    async with asyncio.timeout(30):
        while True:
            rows = {each.series: each for each in (await timetable.series()).series}
            made = [
                rows[name].revision == rows[name].made_revision for name in names if name in rows
            ]
            if made == [True] * len(names):
                return
            await asyncio.sleep(0.1)


async def test_one_night_is_edited_and_keeps_that_when_all_are(site, timetable, tmp_path):
    await declare(timetable, series("one"))
    usual = dict.fromkeys(DATES, "19:30 20:00")
    await until(timetable, "one", usual)
    kept = tmp_path / "edit.plan"
    asked = ("--tenant", "acme", "--server", site.grpc)
    edit = ("series", "edit", "one", "--date", DATES[1], "--set", "spec.schedule.doors=19:00")
    shown = roadcase(site.data, *edit, "--out", str(kept), *asked)
    assert shown.returncode == 0, shown.stderr
    assert f"one-{DATES[1]} is changed" in shown.stdout
    assert await starts(timetable, "one") == usual  # a plan changes nothing
    assert site.cli("apply", str(kept), *asked)["revision"] == 2
    await until(timetable, "one", usual | {DATES[1]: "19:00 20:00"})
    stale = roadcase(site.data, "apply", str(kept), *asked)
    assert (stale.returncode, stale.stdout) == (0, "one is at revision 2\n")  # twice is once
    later = site.cli("series", "edit", "one", "--set", "schedule.start=20:15", "--apply", *asked)
    assert (later["series"], later["revision"]) == ("one", 3)
    await until(timetable, "one", dict.fromkeys(DATES, "19:30 20:15") | {DATES[1]: "19:00 20:15"})
    wrong = roadcase(site.data, *edit[:-1], "spec.schedule.doors=21:00", *asked)
    assert (wrong.returncode, "doors are after start" in " ".join(wrong.stderr.split())) == (
        1,
        True,
    )


async def test_a_split_is_two_series_whose_nights_keep_their_names_and_tickets(site, timetable):
    organiser = Organiser(site)
    await declare(timetable, series("split"))
    await until(timetable, "split", dict.fromkeys(DATES, "19:30 20:00"))
    sold = f"split-{DATES[4]}"
    await timetable.advance(sold, "on_sale")
    await organiser.sold_in_time(sold, "o1", 800)
    older = await timetable.edit_all("split", {"title": "Older"})
    answers = datetime(2027, 1, 20, 12, tzinfo=UTC)
    patch = {"schedule": {"start": "20:30"}}
    made = await timetable.edit_following(
        "split", date.fromisoformat(DATES[3]), patch, answer_until=answers, default="refund"
    )
    effects = {each.occurrence: (each.what, each.sold) for each in made.nights}
    assert effects == {f"split-{on}": ("changed", int(f"split-{on}" == sold)) for on in DATES[3:]}
    assert made.follows == "split-2"
    await timetable.apply(made.plan, approve=True)
    with pytest.raises(Refusal) as refused:
        await timetable.apply(older.plan)
    assert refused.value.reason == "planning.plan_stale"
    expected = dict.fromkeys(DATES[:3], "19:30 20:00") | dict.fromkeys(DATES[3:], "19:30 20:30")
    await until(timetable, "split", expected)
    await until_made(timetable, "split", "split-2")
    assert await starts(timetable, "split") == expected  # none was cancelled
    token = site.token("log:watch")
    async with asyncio.timeout(20), Roadcase(site.grpc, token) as client:
        topics = ["planning.occurrence_rescheduled.v1"]
        async for entry in client.watch("planning", topics=topics):
            asked = json.loads(entry.payload)
            if asked["occurrence"] == sold:
                break
    assert datetime.fromisoformat(asked["answer_until"]) == answers
    assert asked["default"] == "refund"
    # To who edits it, it is one series still: the part that gives the date is found.
    again = await timetable.edit_night("split", date.fromisoformat(sold[-10:]), {"title": "Late"})
    assert again.occurrence == "split-2"
    whole = await timetable.plan(series("split"))
    assert [each.code for each in whole.changes if each.code != "safe"] == ["in_two"]
    await organiser.channel.close()


async def test_what_cannot_be_edited_says_why(site, timetable):
    await declare(timetable, series("why", 2))
    token = site.token(*ASKED)
    headers = {"authorization": f"Bearer {token}"}
    refusals: list[tuple[Any, str]] = [
        ({"patch": "title: X", "date": "2027-01-06"}, "planning.unknown_date"),
        ({"patch": "title: X", "date": "2020-01-07"}, "planning.date_is_past"),
        ({"patch": "capacity: {total: 0}"}, "planning.edit_refused"),
        ({"patch": "title: X", "answer_until": "2020-01-01T00:00:00Z"}, "planning.answer_times"),
        ({"patch": "[]"}, "roadcase.invalid"),
    ]
    async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
        for asked, code in refusals:
            answer = await http.post("/planning/series/why/edits", json=asked)
            assert answer.json()["code"] == code, answer.text
        badly = await http.post("/planning/series/why/edits", json={"patch": "a: [\n"})
        assert badly.json()["problems"][0]["code"] == "syntax"
        fine = await http.post("/planning/series/why/edits", json={"patch": "title: Others"})
        nights = [each["occurrence"] for each in fine.json()["plan"]["nights"]]
        assert nights == [f"why-{on}" for on in DATES[:2]]
        nobody = await http.post("/planning/series/none/edits", json={"patch": "title: X"})
        assert (nobody.status_code, nobody.json()["code"]) == (404, "planning.no_series")
    with pytest.raises(Refusal) as refused:
        await timetable.edit_following("why", date(2027, 1, 12), {"title": "X"}, name="why")
    assert refused.value.reason == "planning.edit_refused"
    async with Timetable(site.grpc, site.token(*ASKED, tenant="other")) as stranger:
        with pytest.raises(Refusal) as refused:
            await stranger.edit_all("why", {"title": "X"})
    assert refused.value.reason == "planning.no_series"


async def test_a_night_that_cannot_be_as_declared_is_listed_with_why(timetable):
    await declare(timetable, series("hand", 2))
    await until_made(timetable, "hand")
    await timetable.cancel(f"hand-{DATES[0]}", "Rain")
    made = await timetable.edit_all("hand", {"title": "Others"})
    await timetable.apply(made.plan, approve=True)
    refused: dict[str, str] = {}
    async with asyncio.timeout(30):
        while not refused:
            (row,) = (each for each in (await timetable.series()).series if each.series == "hand")
            refused = dict(row.refused)
            await asyncio.sleep(0.1)
    assert refused == {f"hand-{DATES[0]}": "planning.occurrence_ended"}


NIGHTS = 80


async def split_and_kill(site: Site) -> None:
    async with Timetable(site.grpc, site.token(*ASKED)) as timetable:
        text = series("long").replace(b"FREQ=WEEKLY;COUNT=6", b"FREQ=DAILY;COUNT=80")
        await declare(timetable, text)
        await until_made(timetable, "long")
        patch = {"schedule": {"start": "20:30"}}
        made = await timetable.edit_following("long", date(2027, 1, 10), patch)
        await timetable.apply(made.plan, approve=True)
    site.process.kill()
    site.process.wait(10)


async def finished(site: Site) -> Counter[str]:
    """How often each night was declared."""
    async with Timetable(site.grpc, site.token(*ASKED)) as timetable:
        await until_made(timetable, "long", "long-2")
        states = [each.state for each in (await timetable.occurrences()).occurrences]
        assert states == [planning.OCCURRENCE_STATE_PLANNED] * 50
    found: Counter[str] = Counter()
    watching = Roadcase(site.grpc, site.token("log:watch"))
    async with asyncio.timeout(30), watching as client:
        async for entry in client.watch("planning", topics=["planning.manifest_applied.v1"]):
            found[json.loads(entry.payload)["occurrence"]] += 1
            if found.total() == NIGHTS + NIGHTS - 5:
                return found
    return found


def test_a_split_that_is_killed_half_way_goes_on_and_changes_each_night_once(tmp_path: Path):
    with running(tmp_path / "data") as site:
        asyncio.run(split_and_kill(site))
    with running(tmp_path / "data") as site:
        found = asyncio.run(finished(site))
    assert Counter(found.values()) == {1: 5, 2: NIGHTS - 5}
