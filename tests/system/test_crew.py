"""Crew on a running installation: asked, swapped at links, on the call sheet, at work."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import grpc
import httpx
import pytest

from roadcase.api.v1 import people_pb2 as people
from roadcase.api.v1 import planning_crew_pb2 as crew
from roadcase.api.v1 import planning_pb2 as planning
from roadcase.api.v1.planning_crew_pb2_grpc import CrewStub
from roadcase.client import Roadcase as Client
from tests.system.site import Site, running
from tests.system.test_planning import SCOPES, Organiser, manifest, refusal

STAFF = b"""  staffing:
    - {key: door, role: Door, count: 1}
    - {key: sound, role: Sound, count: 1, certificates: [first aid]}
"""
ACCEPTED = crew.CREW_POSITION_STATE_ACCEPTED


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("crew") / "data") as found:
        yield found


class Boss(Organiser):
    """Who has the scopes for crew and people."""

    def __init__(self, site: Site) -> None:
        scopes = (*(f"planning:{each}" for each in (*SCOPES, "crew")), "people:read")
        super().__init__(site, "acme", *scopes)
        self.crew = CrewStub(self.channel)

    async def hire(self, person: str, *, shares: bool = False) -> None:
        request = crew.RegisterMemberRequest(person=person, shares_contact=shares)
        request.contact.email = f"{person}@secret.test"
        request.contact.name = f"{person.title()} Secret"
        await self.ask(self.crew.RegisterMember, request)

    async def positions(self, of: str) -> dict[str, Any]:
        found = await self.ask(self.crew.GetCrew, crew.GetCrewRequest(occurrence=of))
        return {each.position: each for each in found.positions}

    async def needs(self, of: str, *more: bytes) -> None:
        await self.declare(manifest(of) + STAFF + b"".join(more))
        async with asyncio.timeout(20):
            while not await self.positions(of):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)

    async def invite(self, of: str, position: str, person: str) -> str:
        request = crew.InvitePersonRequest(occurrence=of, position=position, person=person)
        link: str = (await self.ask(self.crew.InvitePerson, request)).link
        return link[link.index("/crew/") :]

    async def accept(self, of: str, position: str, person: str, override: str = "") -> None:
        request = crew.AcceptPositionRequest(
            occurrence=of, position=position, person=person, override_reason=override
        )
        await self.ask(self.crew.AcceptPosition, request)

    async def sheet(self, of: str) -> str:
        request = crew.GetCallSheetRequest(occurrence=of)
        text: str = (await self.ask(self.crew.GetCallSheet, request)).text
        return text


@pytest.fixture
async def boss(site):
    found = Boss(site)
    yield found
    await found.channel.close()


@pytest.fixture
async def browser(site):
    async with httpx.AsyncClient(base_url=f"http://{site.http}") as found:
        yield found


async def answer(browser: httpx.AsyncClient, link: str, what: str) -> httpx.Response:
    """As a browser does: with the form that is on the page."""
    page = (await browser.get(link)).text
    (wish,) = {*re.findall(r'name="wish" value="([^"]+)"', page)}
    assert f'value="{what}"' in page
    return await browser.post(link, data={"answer": what, "wish": wish})


async def test_who_is_asked_answers_at_a_link_and_a_swap_is_taken_there(boss, browser):
    await boss.hire("ana", shares=True)
    await boss.hire("ben")
    await boss.needs("swap")
    ana = await boss.invite("swap", "door-1", "ana")
    wrong = await browser.get(ana[:-2] + "xx")
    assert (wrong.status_code, "Ask whoever sent it" in wrong.text) == (404, True)
    assert (await browser.get(f"{ana}/sheet")).status_code == 404  # not theirs yet
    assert (await answer(browser, ana, "accept")).status_code == 303
    position = (await boss.positions("swap"))["door-1"]
    assert (position.state, position.person) == (ACCEPTED, "ana")
    sheet = await browser.get(f"{ana}/sheet")
    assert "ana@secret.test" in sheet.text  # who shares it
    await answer(browser, ana, "offer")
    ben = await boss.invite("swap", "door-1", "ben")
    assert "instead?" in (await browser.get(ben)).text
    await answer(browser, ben, "accept")
    assert "Somebody else is there." in (await browser.get(ana)).text
    assert "ben@secret.test" not in (await browser.get(f"{ben}/sheet")).text
    assert "Ben Secret" in (await browser.get(f"{ben}/sheet")).text


async def crew_cleared(boss: Boss, of: str, missing: list[str]) -> Any:
    """What is said of the crew of an event, once just these roles are missing."""
    async with asyncio.timeout(20):
        while True:
            request = planning.GetOccurrenceRequest(occurrence=of)
            found = await boss.ask(boss.occurrences.GetOccurrence, request)
            for each in found.clearances:
                if (each.clearance, list(each.missing)) == ("crew", missing):
                    return each
            await asyncio.sleep(0.05)


async def test_doors_wait_until_every_role_has_somebody(boss):
    await boss.hire("fay")
    await boss.hire("gus")
    record = crew.RecordCertificateRequest(person="gus", certificate="first aid")
    await boss.ask(boss.crew.RecordCertificate, record)
    await boss.needs("staffed")
    found = await crew_cleared(boss, "staffed", ["door", "sound"])
    assert (found.granted, found.code) == (False, "crew_missing")
    assert found.reason == "Nobody yet: 1 Door (door), 1 Sound (sound)"
    await boss.advance("staffed", planning.OCCURRENCE_STATE_ON_SALE)
    await boss.invite("staffed", "door-1", "fay")
    await boss.accept("staffed", "door-1", "fay")
    await crew_cleared(boss, "staffed", ["sound"])
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await boss.advance("staffed", planning.OCCURRENCE_STATE_DOORS)
    assert "crew_missing" in refusal(error)
    plan = await boss.plan(manifest("staffed") + STAFF)
    assert [(each.clearance, each.code) for each in plan.gates] == [("crew", "crew_missing")]
    await boss.invite("staffed", "sound-1", "gus")
    await boss.accept("staffed", "sound-1", "gus")
    assert (await crew_cleared(boss, "staffed", [])).granted
    await boss.advance("staffed", planning.OCCURRENCE_STATE_DOORS)


async def test_a_call_sheet_tells_names_to_who_may_read_them_until_they_are_erased(
    boss, browser, site, tmp_path
):
    await boss.hire("ida")
    await boss.needs("sheet")
    await boss.invite("sheet", "door-1", "ida")
    await boss.accept("sheet", "door-1", "ida")
    text = await boss.sheet("sheet")
    assert re.search(r"19:30 +22:00 +Door +Ida Secret +ida@secret.test", text), text
    assert re.search(r"19:30 +22:00 +Sound +\(open\)", text), text
    headers = {"authorization": f"Bearer {boss.token}"}
    page = await browser.get("/planning/occurrences/sheet/call-sheet", headers=headers)
    assert "<td>19:30</td><td>22:00</td><td dir=auto>Door</td>" in page.text
    plain = {"authorization": f"Bearer {site.token('planning:crew')}"}
    assert (
        await browser.get("/planning/occurrences/sheet/call-sheet", headers=plain)
    ).status_code == 403
    exported = tmp_path / "planning.jsonl"
    site.cli("log", "export", str(exported), "--service", "planning")
    log = exported.read_text()
    assert "planning.member_registered.v1" in log
    assert "ecret" not in log
    erasing = Client(site.grpc, site.token("people:erase"))
    async with erasing as client:
        request = people.ErasePersonRequest(email="ida@secret.test")
        await client.erase_person(request, key="erase-ida")
    async with asyncio.timeout(20):
        while "Ida Secret" in await boss.sheet("sheet"):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def overrides(boss, person):
    members = await boss.ask(boss.crew.ListMembers, crew.ListMembersRequest(page_size=200))
    (found,) = (each for each in members.members if each.person == person)
    return {each.occurrence: each.override_reason for each in found.engagements}


async def test_nobody_is_in_two_places_and_certificates_are_asked_for(boss):
    await boss.hire("cy")
    for name in ("here", "there"):
        await boss.needs(name)
        for position in ("door-1", "sound-1"):
            await boss.invite(name, position, "cy")
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await boss.accept("here", "sound-1", "cy")
    assert "planning.certificate_missing" in refusal(error)
    record = crew.RecordCertificateRequest(
        person="cy", certificate="first aid", valid_until="2027-06-18"
    )
    await boss.ask(boss.crew.RecordCertificate, record)
    await boss.accept("here", "sound-1", "cy")
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await boss.accept("there", "door-1", "cy")
    assert "planning.member_elsewhere" in refusal(error)
    assert "Nosferatu (here)" in error.value.details()
    await boss.accept("there", "door-1", "cy", override="It is next door")
    async with asyncio.timeout(20):
        while await overrides(boss, "cy") != {"here": "", "there": "It is next door"}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    withdraw = crew.WithdrawCertificateRequest(person="cy", certificate="first aid")
    await boss.ask(boss.crew.WithdrawCertificate, withdraw)
    async with asyncio.timeout(20):
        while not (await boss.positions("here"))["sound-1"].lacks:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert dict((await boss.positions("here"))["sound-1"].lacks) == {"first aid": "is missing"}


async def test_another_accepts_first_and_people_clock_in_and_out(boss):
    await boss.hire("dee")
    await boss.hire("eve")
    await boss.needs("race")
    for person in ("dee", "eve"):
        await boss.invite("race", "door-1", person)
    both = await asyncio.gather(
        *(boss.accept("race", "door-1", person) for person in ("dee", "eve")),
        return_exceptions=True,
    )
    (refused,) = (each for each in both if each is not None)
    assert "planning.position_taken" in str(dict(refused.trailing_metadata()))
    person = "dee" if both[0] is None else "eve"
    about = {"occurrence": "race", "position": "door-1", "person": person}
    entry = (await boss.ask(boss.crew.ClockIn, crew.ClockInRequest(**about))).entry
    await boss.ask(boss.crew.ClockOut, crew.ClockOutRequest(**about))
    correct = crew.CorrectClockRequest(occurrence="race", entry=entry, reason="Forgot")
    correct.begins.FromJsonString("2026-01-01T18:00:00Z")
    correct.ends.FromJsonString("2026-01-01T22:00:00Z")
    await boss.ask(boss.crew.CorrectClock, correct)
    async with asyncio.timeout(20):
        while True:
            found = await boss.ask(boss.crew.GetCrew, crew.GetCrewRequest(occurrence="race"))
            if found.clock and found.clock[0].corrected_by:
                break
            await asyncio.sleep(0.05)
    (shown,) = found.clock
    assert (shown.person, shown.reason, shown.ends.ToJsonString()) == (
        person,
        "Forgot",
        "2026-01-01T22:00:00Z",
    )
