"""Killed between two steps of applying: the next start finishes it, once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

from roadcase.client import Roadcase
from tests.system.site import Site, running
from tests.system.test_planning import SERIES, Organiser

NIGHTS = 120
WATCHES = ("log:watch",)


def series() -> bytes:
    text = SERIES.format(name="long", price="8.00 EUR")
    text = text.replace("FREQ=WEEKLY;COUNT=4", f"FREQ=DAILY;COUNT={NIGHTS}")
    return text.encode()


async def apply_and_kill(site: Site) -> int:
    """How many nights were made when the process was killed."""
    organiser = Organiser(site)
    await organiser.declare(series())
    found: list[object] = []
    async with asyncio.timeout(30):
        while not found:
            found = await organiser.nights("long")
    site.process.kill()
    site.process.wait(10)
    await organiser.channel.close()
    return len(found)


async def made(site: Site) -> tuple[Counter[str], Counter[str]]:
    """How often each night was declared, and opened by ticketing."""
    organiser = Organiser(site)
    async with asyncio.timeout(60):
        while len(await organiser.nights("long")) < NIGHTS:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)
    await organiser.channel.close()
    token = site.token(*WATCHES)
    declared = await heard(site, token, "planning", "planning.manifest_applied.v1")
    opened = await heard(site, token, "ticketing", "ticketing.box_office_opened.v1")
    return declared, opened


async def heard(site: Site, token: str, service: str, topic: str) -> Counter[str]:
    found: Counter[str] = Counter()
    async with asyncio.timeout(60), Roadcase(site.grpc, token) as client:
        async for entry in client.watch(service, topics=[topic]):
            found[json.loads(entry.payload)["occurrence"]] += 1
            if len(found) == NIGHTS:
                return found
    return found


def test_each_night_of_a_series_is_made_and_opened_once(tmp_path: Path):
    with running(tmp_path / "data") as site:
        before = asyncio.run(apply_and_kill(site))
    assert before < NIGHTS
    with running(tmp_path / "data") as site:
        declared, opened = asyncio.run(made(site))
    assert {*declared.values()} == {*opened.values()} == {1}
    assert len(declared) == len(opened) == NIGHTS
