"""A slip for the crew, all the way: declared in a file, fired by a sale and by a step, on paper."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from playwright.sync_api import expect

from roadcase.api.v1 import devices_pb2, devices_pb2_grpc
from roadcase.api.v1 import planning_pb2 as planning
from tests.system.site import Site, running
from tests.system.test_page import browser, opens  # noqa: F401 - fixtures
from tests.system.test_planning import Organiser
from tests.system.test_printed import PRINTS, Printer, printer
from tests.system.test_triggers import fired, on_sale, until

SLIPS = """\
  triggers:
    - key: full
      on: sold_out
      do: [{tellCrew: {text: Full}}, {print: {text: "We are full.\\nOpen the bar."}}]
    - {key: doors, on: step_taken, if: {field: step, is: doors}, do: [{print: {text: Lights}}]}
    - {key: other, on: sold_out, do: [{print: {text: Nowhere, role: office}}]}
"""
PRINTED = devices_pb2.JOB_STATE_PRINTED


@pytest.fixture(scope="module")
def paper(tmp_path_factory) -> Iterator[Printer]:
    with printer(tmp_path_factory.mktemp("slips") / "paper") as made:
        yield made


@pytest.fixture(scope="module")
def site(paper, tmp_path_factory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("slips") / "data"
    with running(data, printers=f"acme/ticket-1={paper.address}") as found:
        yield found


async def jobs_of(site: Site, token: str, many: int) -> list[Any]:
    """All print jobs, once so many are on paper."""
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        stub = devices_pb2_grpc.DevicesStub(channel)
        metadata = [("authorization", f"Bearer {token}")]

        async def ask() -> Any:
            return await stub.ListJobs(devices_pb2.ListJobsRequest(), metadata=metadata)

        found = await until(
            ask, lambda each: sum(job.state == PRINTED for job in each.jobs) >= many
        )
        return list(found.jobs)


def apart(doing: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: the browser has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, doing).result()


def came_out(paper: Printer) -> list[dict[str, Any]]:
    lines = (Path(paper.out) / "index.jsonl").read_text().splitlines()
    return [line for line in map(json.loads, lines) if line["event"] == "ticket"]


async def sold_out_and_open(site: Site) -> None:
    organiser = Organiser(site)
    await on_sale(site, organiser, "slips", SLIPS)
    await organiser.sold_in_time("slips", "all", 2400, 2)
    await fired(organiser, "slips")
    await organiser.advance("slips", planning.OCCURRENCE_STATE_DOORS)
    await organiser.channel.close()


def test_what_fired_is_on_paper_once_wherever_it_was_found_out(
    site,
    paper,
    opens,  # noqa: F811
):
    apart(sold_out_and_open(site))
    token = site.token("devices:read", "ticketing:read")
    jobs = apart(jobs_of(site, token, 4))
    slips = {job.trigger: job for job in jobs if job.kind == devices_pb2.JOB_KIND_SLIP}
    assert {*slips} == {"full", "doors"}, "no printer is called office"
    assert sum(job.kind == devices_pb2.JOB_KIND_TICKET for job in jobs) == 2
    assert (slips["full"].text, slips["full"].reason) == ("We are full.\nOpen the bar.", "sold_out")
    assert not slips["full"].order
    sheets = [" ".join(" ".join(each["text"]).split()) for each in came_out(paper)]
    assert len(sheets) == 4
    for words in ("We are full. Open the bar. ", "Lights "):
        (said,) = [each for each in sheets if words in each]
        assert said.startswith("Nosferatu --")
    with httpx.Client(
        base_url=f"http://{site.http}", headers={"authorization": f"Bearer {token}"}
    ) as http:
        picture = http.get(f"/devices/jobs/{slips['full'].job}/picture")
    assert picture.headers["as-printed"] == "true"
    assert picture.content in [each.read_bytes() for each in paper.out.glob("*.png")]
    page = opens(f"http://{site.http}/#token={token}&occurrence=slips")
    expect(page.locator(PRINTS)).to_have_count(4)
    expect(page.get_by_alt_text("Printed slip: Lights")).to_be_visible()
    assert page.get_by_alt_text("Printed ticket:").count() == 2
