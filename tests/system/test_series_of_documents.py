"""A series that extends documents: edited, split, and upgraded all the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import pytest

from roadcase.client import Refusal
from roadcase.client.timetable import Timetable
from tests.system.site import Site, running
from tests.system.test_series_edits import ASKED, until_made
from tests.system.test_templates import YARD, film

DATES = tuple(f"2027-01-{day:02}" for day in (5, 12, 19, 26))
WEEKLY = b"""\
apiVersion: roadcase/v1
kind: Series
metadata: {name: weekly}
extends: [film-night@1]
with: {film: Nosferatu}
spec:
  recurrence: {first: 2027-01-05, rule: FREQ=WEEKLY;COUNT=4}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("linked") / "data") as found:
        yield found


@pytest.fixture
async def timetable(site) -> AsyncIterator[Timetable]:
    async with Timetable(site.grpc, site.token(*ASKED, "planning:publish")) as found:
        yield found


async def upgrade(timetable: Timetable, version: int) -> dict[str, Any]:
    found = await timetable.plan_upgrade("template", "film-night", version)
    return {each.instance.name: each for each in found.effects}


async def both_declared(timetable: Timetable) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while len(found := await upgrade(timetable, 2)) < 2:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    return found


async def nights(timetable: Timetable) -> dict[str, tuple[str, int, str]]:
    found = {}
    for on in DATES:
        spec = json.loads((await timetable.occurrence(f"weekly-{on}")).manifest)["spec"]
        found[on] = spec["title"], spec["capacity"]["total"], spec["schedule"]["start"]
    return found


async def test_an_upgrade_reaches_both_parts_of_a_split_and_edits_are_kept(timetable):
    await timetable.publish(YARD)
    await timetable.publish(film(1))
    await timetable.apply((await timetable.plan(WEEKLY)).plan)
    one = await timetable.edit_night("weekly", date(2027, 1, 12), {"title": "Late films"})
    assert [each.path for each in one.changes] == ["source", "spec.recurrence.changes"]
    await timetable.apply(one.plan)
    with pytest.raises(Refusal) as refused:  # the document names the venue, and so must the series
        await timetable.edit_all("weekly", {"venue": {"ref": None}})
    assert refused.value.reason == "planning.edit_refused"
    assert "extends (film-night@1): edit its file" in str(refused.value)
    rest = {"schedule": {"start": "20:45"}}
    split = await timetable.edit_following("weekly", date(2027, 1, 19), rest)
    assert [each.path for each in split.changes] == ["source", "spec.recurrence.rule"]
    await timetable.apply(split.plan)
    await timetable.publish(film(2, seats=70))
    effects = await both_declared(timetable)
    for name, dates in {"weekly": DATES[:2], "weekly-2": DATES[2:]}.items():
        assert effects[name].instance.version == 1
        made = effects[name].made
        changes = {each.occurrence: [one.path for one in each.changes] for each in made.nights}
        assert [*changes] == [f"weekly-{on}" for on in dates]
        assert [each.path for each in made.changes] == ["extends", "spec.capacity.total"]
    await until_made(timetable, "weekly", "weekly-2")
    usual = "Film night: Nosferatu"
    before = {
        DATES[0]: (usual, 60, "20:30"),
        DATES[1]: ("Late films", 60, "20:30"),
        DATES[2]: (usual, 60, "20:45"),
        DATES[3]: (usual, 60, "20:45"),
    }
    assert await nights(timetable) == before
    for each in (await upgrade(timetable, 2)).values():
        for night in each.made.nights:
            assert [change.path for change in night.changes] == ["spec.capacity.total"]
        await timetable.apply(each.made.plan)
    await until_made(timetable, "weekly", "weekly-2")
    assert await nights(timetable) == {
        on: (title, 70, start) for on, (title, _, start) in before.items()
    }
    assert not await upgrade(timetable, 2)
    back = await timetable.edit_night("weekly", date(2027, 1, 12), {"title": None})
    assert [each.path for each in back.changes] == ["source", "spec.recurrence.changes"]
    assert [each.occurrence for each in back.nights] == ["weekly-2027-01-12"]
