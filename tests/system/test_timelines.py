"""The timeline of an event through every door."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import grpc
import httpx
import icalendar
import pytest

from roadcase.api.v1 import planning_pb2 as planning
from roadcase.api.v1 import ticketing_pb2 as tickets
from tests.system.site import Site, roadcase, running
from tests.system.test_planning import SERIES, Organiser, manifest
from tests.system.wire import euros

WINDOWS = b"windows: [{closes: 30m before doors}]}"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("timelines") / "data") as found:
        yield found


async def test_each_deadline_says_where_it_is_declared_and_how_it_stands(site):
    organiser = Organiser(site)
    await organiser.declare(manifest("lines").replace(b"taxCategory: none}", WINDOWS))
    clearance = planning.SetClearanceRequest(
        occurrence="lines",
        clearance="sound",
        blocks=[planning.OCCURRENCE_STATE_LIVE],
        reason="No permit",
        code="noise_permit_missing",
    )
    await organiser.ask(organiser.occurrences.SetClearance, clearance)
    asked = ("--tenant", "acme", "--server", site.grpc)
    found = site.cli("timeline", "lines", *asked)
    assert found["zone"] == "Europe/Berlin"
    assert [
        (each["at"], each["local"], each["kind"], each["source"], each["status"])
        for each in found["deadlines"]
    ] == [
        (
            *("2027-06-18T17:00:00Z", "2027-06-18T19:00", "sale_closes"),
            *("spec.catalogue.tickets.0.windows.0.closes", "ahead"),
        ),
        *[("2027-06-18T17:30:00Z", "2027-06-18T19:30", "doors", "spec.schedule.doors", "ahead")],
        *[("2027-06-18T18:00:00Z", "2027-06-18T20:00", "start", "spec.schedule.start", "blocked")],
        *[("2027-06-18T20:00:00Z", "2027-06-18T22:00", "end", "spec.schedule.end", "ahead")],
    ]
    assert found["deadlines"][2]["why"] == "not cleared: sound"
    assert found["deadlines"][0]["relative"] == "30m before doors"
    shown = roadcase(site.data, "timeline", "lines", *asked).stdout
    assert (
        "2027-06-18 20:00  blocked  it begins: not cleared: sound  # spec.schedule.start" in shown
    )
    await by_hand(organiser)
    headers = {"authorization": f"Bearer {organiser.token}"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
        link = "/planning/occurrences/lines/timeline"
        entries = await entries_with(http, link, "ticketing")
        theirs = [each for each in entries if each["source"] == "ticketing"]
        assert [(each["kind"], each["at"]) for each in theirs] == [
            ("sale_closes", "2027-06-18T12:00:00Z")
        ]
        file = (await http.get(f"{link}.ics")).content
        starts = [each["dtstart"].dt for each in icalendar.Calendar.from_ical(file).walk("VEVENT")]
        assert sorted(each.astimezone(UTC).isoformat() for each in starts) == sorted(
            each["at"].replace("Z", "+00:00") for each in entries
        )
        assert (await http.get("/planning/occurrences/none/timeline")).status_code == 404
    await organiser.channel.close()


async def by_hand(organiser: Organiser) -> None:
    """Somebody closes the sale at another time, in ticketing."""
    kind = tickets.TicketType(
        id="standard", name="Standard", price=euros(1200), seller="acme", draws={"places": 1}
    )
    kind.sale_until.FromDatetime(datetime(2027, 6, 18, 12))
    change = tickets.ChangeBoxOfficeRequest(occurrence="lines", ticket_types=[kind])
    async with asyncio.timeout(20):
        while True:  # until ticketing has heard of the night
            try:
                return await organiser.ask(organiser.ticketing.ChangeBoxOffice, change)
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.1)


async def entries_with(http: httpx.AsyncClient, link: str, source: str) -> list[dict]:
    async with asyncio.timeout(20):
        while True:
            entries = (await http.get(link)).json()["entries"]
            if source in {each["source"] for each in entries}:
                return entries
            await asyncio.sleep(0.1)


async def test_paths_of_a_night_are_those_of_its_series(site):
    organiser = Organiser(site)
    text = SERIES.format(name="rows", price="8.00 EUR")
    changes = 'COUNT=4, changes: [{on: 2027-01-12, schedule: {doors: "19:00"}}]'
    await organiser.declare(text.replace("COUNT=4", changes).encode())
    async with asyncio.timeout(30):
        while len(await organiser.nights("rows")) < 4:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    asked = ("--tenant", "acme", "--server", site.grpc)
    found = site.cli("timeline", "rows-2027-01-12", *asked)
    assert found["series"] == "rows"
    assert [(each["local"], each["source"]) for each in found["deadlines"]] == [
        ("2027-01-12T19:00", "spec.recurrence.changes.0.schedule.doors"),
        ("2027-01-12T20:00", "spec.schedule.start"),
        ("2027-01-12T22:00", "spec.schedule.end"),
    ]
    await organiser.channel.close()
