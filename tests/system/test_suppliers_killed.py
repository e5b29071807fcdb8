"""Killed while stalls go to whom they are for: the next start goes on, and each goes once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

from roadcase.client import Roadcase
from tests.system.site import Site, running
from tests.system.test_suppliers import Master, booked

STALLS = 100
FAIR = b"""
apiVersion: roadcase/v1
kind: Event
metadata: {name: fair}
spec:
  title: Fair
  currency: EUR
  schedule: {zone: Europe/Berlin, date: 2027-07-09, start: "18:00", end: "23:30"}
  suppliers: [{key: press, title: Riso press}]
  stalls:
""" + b"".join(b"    - {key: s%d, supplier: press}\n" % each for each in range(STALLS))


async def vet_and_kill(site: Site) -> None:
    """As soon as it is answered: what follows from it has hardly begun."""
    master = Master(site)
    await master.declare(FAIR)
    await master.becomes("fair", lambda found: all(each.waits for each in found.stalls))
    await master.do("AddSupplier", supplier="press", title="Riso press")
    await master.do("VetSupplier", supplier="press")
    site.process.kill()
    site.process.wait(10)
    await master.channel.close()


def topics(site: Site, file: Path) -> Counter[str]:
    """What is in the log of planning, which nobody serves now."""
    site.cli("log", "export", str(file), "--service", "planning")
    return Counter(json.loads(line)["topic"] for line in file.read_text().splitlines())


async def given(site: Site) -> Counter[str]:
    """How often each stall was given."""
    master = Master(site)
    await master.becomes("fair", lambda found: len(booked(found)) == STALLS)
    await master.channel.close()
    found: Counter[str] = Counter()
    client = Roadcase(site.grpc, site.token("log:watch"))
    async with asyncio.timeout(30), client:
        async for entry in client.watch("planning", topics=["planning.stall_booked.v1"]):
            found[json.loads(entry.payload)["stall"]] += 1
            if len(found) == STALLS:
                break
    return found


def test_each_stall_goes_once_to_whom_it_is_for(tmp_path: Path):
    with running(tmp_path / "data") as site:
        asyncio.run(vet_and_kill(site))
    before = topics(site, tmp_path / "log.jsonl")
    assert before["planning.supplier_engaged.v1"] == STALLS
    assert before["planning.stall_booked.v1"] < STALLS
    with running(tmp_path / "data") as site:
        found = asyncio.run(given(site))
    assert len(found) == STALLS
    assert {*found.values()} == {1}
