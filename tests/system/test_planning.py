"""From a file to on sale: plans made, applied and refused, on a running installation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest

from roadcase.api.v1 import planning_pb2 as planning
from roadcase.api.v1 import planning_plans_pb2 as plans
from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.planning_pb2_grpc import OccurrencesStub
from roadcase.api.v1.planning_plans_pb2_grpc import PlansStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.client import Organiser as OrganiserClient
from roadcase.client import Refusal
from roadcase.ids import new_id
from services.planning.manifest import check
from tests.system.site import Site, roadcase, running
from tests.system.wire import euros

EXAMPLES = sorted(Path("examples").glob("*.yaml"))
SCOPES = ("plan", "apply", "approve", "run", "clear", "read")
NIGHT = """
apiVersion: roadcase/v1
kind: Event
metadata: {{name: {name}}}
spec:
  title: {title}
  currency: EUR
  schedule: {{zone: Europe/Berlin, date: {date}, doors: "19:30", start: "20:00", end: "22:00"}}
  venue: {{title: "{venue}"}}
  capacity: {{total: {places}}}
  catalogue:
    tickets:
      - {{key: standard, title: Standard, price: {price}, taxCategory: none}}
"""
SERIES = """
apiVersion: roadcase/v1
kind: Series
metadata: {{name: {name}}}
spec:
  title: Shorts
  currency: EUR
  schedule: {{zone: Europe/Berlin, doors: "19:30", start: "20:00", end: "22:00"}}
  recurrence: {{first: 2027-01-05, rule: FREQ=WEEKLY;COUNT=4}}
  capacity: {{total: 20}}
  catalogue:
    tickets: [{{key: standard, title: Standard, price: {price}}}]
"""
USUAL = {
    "title": "Nosferatu",
    "date": "2027-06-18",
    "venue": "Kino",
    "places": 60,
    "price": "12.00 EUR",
}


TOKENS: dict[Any, str] = {}


def manifest(name: str, **other: Any) -> bytes:
    return NIGHT.format(name=name, **(USUAL | other)).encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("planning") / "data") as found:
        yield found


class Organiser:
    """Plans and sells over gRPC."""

    def __init__(self, site: Site, tenant: str = "acme", *scopes: str) -> None:
        chosen = scopes or tuple(f"planning:{scope}" for scope in SCOPES)
        selling = ("sell", "plan", "confirm", "read", "refund")
        every = (*chosen, *(f"ticketing:{each}" for each in selling))
        if (key := (site.data, tenant, every)) not in TOKENS:
            TOKENS[key] = site.token(*every, tenant=tenant)
        self.token = TOKENS[key]
        self.channel = grpc.aio.insecure_channel(site.grpc)
        self.plans = PlansStub(self.channel)
        self.occurrences = OccurrencesStub(self.channel)
        self.ticketing = TicketingStub(self.channel)

    async def ask(self, method: Any, request: Any) -> Any:
        metadata = (
            ("authorization", f"Bearer {self.token}"),
            ("idempotency-key", new_id("test")),
        )
        return await method(request, metadata=metadata)

    async def plan(self, content: bytes, **more: Any) -> Any:
        made = await self.ask(self.plans.MakePlan, plans.MakePlanRequest(manifest=content, **more))
        assert not made.problems, made.problems
        return made

    async def apply(self, made: Any, **how: Any) -> Any:
        request = plans.ApplyPlanRequest(plan=made.plan, **how)
        return await self.ask(self.plans.ApplyPlan, request)

    async def declare(self, content: bytes, **more: Any) -> Any:
        made = await self.plan(content, **more)
        return await self.apply(made, approve=True)

    async def advance(self, name: str, to: Any) -> None:
        request = planning.AdvanceOccurrenceRequest(occurrence=name, to=to)
        await self.ask(self.occurrences.AdvanceOccurrence, request)

    async def sell(self, name: str, order: str, minor: int, quantity: int = 1) -> Any:
        line = tickets.Line(ticket_type="standard", quantity=quantity)
        request = tickets.SellTicketsRequest(
            occurrence=name,
            order=order,
            lines=[line],
            payment_reference="pay",
            amount=euros(minor),
        )
        return await self.ask(self.ticketing.SellTickets, request)

    async def sold_in_time(self, name: str, order: str, minor: int, quantity: int = 1) -> Any:
        """Once ticketing has heard that it may."""
        async with asyncio.timeout(20):
            while True:
                try:
                    return await self.sell(name, order, minor, quantity)
                except grpc.aio.AioRpcError:
                    await asyncio.sleep(0.05)

    async def nights(self, series: str) -> list[Any]:
        rows = await self.ask(
            self.occurrences.ListOccurrences, planning.ListOccurrencesRequest(page_size=200)
        )
        return [each for each in rows.occurrences if each.series == series]

    async def first_night(self, series: str) -> str:
        async with asyncio.timeout(30):
            while True:
                found = await self.nights(series)
                if found:
                    return found[0].occurrence
                await asyncio.sleep(0.1)


@pytest.fixture
async def organiser(site):
    found = Organiser(site)
    yield found
    await found.channel.close()


def refusal(error: Any) -> str:
    """The slug."""
    details = dict(error.value.trailing_metadata() or ())
    return str(details.get("grpc-status-details-bin", b""))


async def test_a_file_becomes_a_night_on_sale(organiser):
    made = await organiser.plan(manifest("friday"))
    assert {each.service for each in made.effects} == {"ticketing"}
    assert getattr(made, "class") == plans.CHANGE_CLASS_SAFE
    assert (await organiser.apply(made)).revision == 1
    assert (await organiser.apply(made)).revision == 1  # twice is once
    with pytest.raises(grpc.aio.AioRpcError):
        await organiser.sell("friday", "early", 1200)
    await organiser.advance("friday", planning.OCCURRENCE_STATE_ON_SALE)
    sold = await organiser.sold_in_time("friday", "o1", 2400, 2)
    assert len(sold.tickets) == 2
    again = await organiser.plan(manifest("friday"))
    assert (list(again.changes), list(again.drift)) == ([], [])


async def test_it_goes_on_sale_by_itself_when_its_manifest_says_so(organiser):
    said = "  lifecycle: {announced: 2019-01-01T09:00, onSale: 400w before doors at 10:00}\n"
    made = await organiser.plan(manifest("by-itself") + said.encode())
    assert [(each.step, each.local) for each in made.steps] == [
        ("announced", "2019-01-01T09:00"),
        ("on_sale", "2019-10-18T10:00"),
        ("doors", "2027-06-18T19:30"),
        ("live", "2027-06-18T20:00"),
        ("closed", "2027-06-18T22:00"),
    ]
    await organiser.apply(made)
    await organiser.sold_in_time("by-itself", "first", 1200)


async def test_a_stale_an_altered_and_a_foreign_plan_are_refused(site, organiser):
    first = await organiser.plan(manifest("stale"))
    other = await organiser.plan(manifest("stale", places=70))
    await organiser.apply(other)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.apply(first)
    assert "plan_stale" in refusal(error)
    plan = json.loads(first.plan)
    plan["manifest"]["spec"]["capacity"]["total"] = 1
    first.plan = json.dumps(plan).encode()
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.apply(first)
    assert "plan_altered" in refusal(error)
    stranger = Organiser(site, "other")
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await stranger.apply(await organiser.plan(manifest("stale", places=80)))
    assert "plan_foreign" in refusal(error)
    await stranger.channel.close()


async def test_what_was_sold_blocks_what_would_undo_it(organiser):
    await organiser.declare(manifest("sold"))
    await organiser.advance("sold", planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time("sold", "o1", 12_000, 10)
    small = await organiser.plan(manifest("sold", places=9))
    assert [(each.path, each.code) for each in small.changes] == [
        ("spec.capacity.total", "safe"),
        ("spec.capacity.total", "below_sold"),
    ]
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.apply(small, approve=True)
    assert "plan_blocked" in refusal(error)
    dearer = await organiser.plan(manifest("sold", price="15.00 EUR"))
    assert getattr(dearer, "class") == plans.CHANGE_CLASS_APPROVAL
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.apply(dearer)
    assert "needs_approval" in refusal(error)
    await organiser.apply(dearer, approve=True)
    await organiser.sold_in_time("sold", "o2", 1500)
    foreign = manifest("sold", price="15.00 USD").replace(b"currency: EUR", b"currency: USD")
    found = {each.code for each in (await organiser.plan(foreign)).changes}
    assert "currency_sold" in found
    zone = manifest("sold", price="15.00 EUR").replace(b"Europe/Berlin", b"Europe/London")
    assert "zone_published" in {each.code for each in (await organiser.plan(zone)).changes}


async def test_what_somebody_changed_by_hand_shows_as_drift(organiser):
    await organiser.declare(manifest("drift"))
    change = tickets.ChangeBoxOfficeRequest(occurrence="drift", pools={"places": 40})
    async with asyncio.timeout(20):
        while True:
            try:
                await organiser.ask(organiser.ticketing.ChangeBoxOffice, change)
                break
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.05)
    async with asyncio.timeout(20):
        while True:
            request = plans.GetDriftRequest(occurrence="drift")
            found = await organiser.ask(organiser.plans.GetDrift, request)
            if [(each.what, each.found) for each in found.drift] == [("spec.capacity.total", "40")]:
                break
            await asyncio.sleep(0.05)


async def test_a_new_time_asks_holders_and_a_new_venue_tells_them(organiser):
    await organiser.declare(manifest("moves"))
    await organiser.advance("moves", planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time("moves", "o1", 1200)
    later = await organiser.plan(manifest("moves", date="2027-06-25", venue="Garden"))
    kinds = {(each.path, getattr(each, "class")) for each in later.changes}
    assert kinds == {
        ("spec.schedule.date", plans.CHANGE_CLASS_NOTIFY),
        ("spec.venue.title", plans.CHANGE_CLASS_NOTIFY),
    }
    await organiser.apply(later)
    changed = manifest("moves", date="2027-07-02", venue="Garden")
    await organiser.apply(await organiser.plan(changed))  # while guests are asked still
    async with asyncio.timeout(20):
        while (await organiser.plan(changed)).drift:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
    row = await organiser.ask(
        organiser.occurrences.GetOccurrence, planning.GetOccurrenceRequest(occurrence="moves")
    )
    assert (row.venue, row.revision) == ("Garden", 3)


async def mailed(site: Site, organiser: Organiser, name: str) -> list[str]:
    """What guests of a night are told, as it is kept for them: kinds of notices."""
    headers = {"authorization": f"Bearer {organiser.token}"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
        found = await http.get(f"/ticketing/occurrences/{name}/messages")
    return [each["kind"] for each in found.json()["items"]]


async def test_a_postponed_night_is_moved_on_or_back_by_its_manifest(site, organiser):
    """Postponed without a date, twice: to another one, and from then on back to where it was."""
    content = manifest("storm")
    await organiser.declare(content)
    await organiser.advance("storm", planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time("storm", "o1", 1200)

    async def postponed(number: int) -> None:
        request = planning.PostponeOccurrenceRequest(
            occurrence="storm", postponement=f"p{number}", reason="Storm"
        )
        await organiser.ask(organiser.occurrences.PostponeOccurrence, request)

    async def stands() -> Any:
        asked = planning.GetOccurrenceRequest(occurrence="storm")
        return await organiser.ask(organiser.occurrences.GetOccurrence, asked)

    before = await organiser.plan(content)
    await postponed(1)
    await organiser.apply(before)  # it was made before: nothing in it brings the night back
    back = await organiser.plan(content)
    assert (await stands()).postponed == "Storm"
    assert [(each.path, each.new, each.code) for each in back.changes] == [
        ("spec.schedule.date", '"2027-06-18"', "returns")
    ]
    with pytest.raises(grpc.aio.AioRpcError):
        await organiser.sell("storm", "none", 1200)
    assert (await organiser.apply(back)).revision == 2
    assert (await organiser.apply(back)).revision == 2  # twice is once
    await organiser.sold_in_time("storm", "o2", 1200)
    assert [*(await organiser.plan(content)).changes] == []
    await postponed(2)
    later = await organiser.plan(manifest("storm", date="2027-06-25"))
    assert [each.code for each in later.changes] == ["time_announced"]
    assert (await organiser.apply(later)).revision == 3
    await organiser.sold_in_time("storm", "o3", 1200)
    async with asyncio.timeout(20):
        told: list[str] = []
        while told.count("postponement") < 2:
            told = await mailed(site, organiser, "storm")
            await asyncio.sleep(0.05)
    assert not (await stands()).postponed
    assert sorted(told) == ["postponement", "postponement", "words", "words"]


async def test_a_cancelled_night_gives_money_back(site, organiser):
    await organiser.declare(manifest("rain"))
    await organiser.advance("rain", planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time("rain", "o1", 1200)
    cancel = planning.CancelOccurrenceRequest(occurrence="rain", reason="Rain")
    await organiser.ask(organiser.occurrences.CancelOccurrence, cancel)
    headers = {"authorization": f"Bearer {organiser.token}"}
    async with asyncio.timeout(20), httpx.AsyncClient(base_url=f"http://{site.http}") as http:
        while True:
            answer = await http.get("/ticketing/occurrences/rain/attendees", headers=headers)
            if [row["state"] for row in answer.json()["items"]] == ["refunded"]:
                break
            await asyncio.sleep(0.1)


async def test_a_clearance_keeps_it_from_a_step_and_two_people_may_override_it(site, organiser):
    await organiser.declare(manifest("noise"))
    ask, doors = organiser.ask, organiser.occurrences
    people = planning.SetHousePolicyRequest(override_people=2)  # it counts from now on
    await ask(doors.SetHousePolicy, people)
    clearance = planning.SetClearanceRequest(
        occurrence="noise",
        clearance="sound",
        blocks=[planning.OCCURRENCE_STATE_ON_SALE],
        reason="The permit for music after ten is missing",
        code="noise_permit_missing",
    )
    await ask(doors.SetClearance, clearance)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.advance("noise", planning.OCCURRENCE_STATE_ON_SALE)
    assert "noise_permit_missing" in refusal(error)
    override = planning.OverrideClearanceRequest(
        occurrence="noise", clearance="sound", reason="It is on its way"
    )
    override.until.FromJsonString("2026-11-28T00:00:00Z")
    override.until.GetCurrentTime()
    override.until.seconds += 3600
    assert (await ask(doors.OverrideClearance, override)).missing == 1
    with pytest.raises(grpc.aio.AioRpcError):
        await organiser.advance("noise", planning.OCCURRENCE_STATE_ON_SALE)
    other = Organiser(site)
    other.token = site.token(*(f"planning:{each}" for each in SCOPES), actor="second")
    assert (await other.ask(other.occurrences.OverrideClearance, override)).missing == 0
    await organiser.advance("noise", planning.OCCURRENCE_STATE_ON_SALE)
    await other.channel.close()


async def test_over_http_the_same_and_another_tenant_sees_nothing(site, organiser):
    headers = {"authorization": f"Bearer {organiser.token}", "idempotency-key": "http-1"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
        bad = await http.post("/planning/plans", json={"manifest": "kind: Evnt"})
        assert bad.json()["problems"][0]["line"] == 1
        text = manifest("wired").decode()
        made = (await http.post("/planning/plans", json={"manifest": text})).json()
        applied = await http.post("/planning/plans/apply", json={"plan": made["plan"]})
        assert applied.json() == {"occurrence": "wired", "revision": 1}
        then = {"min-position": applied.headers["log-position"]}
        found = await http.get("/planning/occurrences/wired", headers=then)
        assert found.json()["item"]["state"] == "planned"
        other = {"authorization": f"Bearer {site.token('planning:read', tenant='other')}"}
        missing = await http.get("/planning/occurrences/wired", headers=other)
        assert (missing.status_code, missing.json()["code"]) == (404, "planning.no_occurrence")


async def test_only_who_may_approve_does(site):
    plain = Organiser(site, "acme", "planning:plan", "planning:apply")
    made = await plain.plan(manifest("plain"))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await plain.apply(made, approve=True)
    assert error.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert (await plain.apply(made)).revision == 1
    await plain.channel.close()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
async def test_each_example_goes_on_sale(organiser, file):
    made = await organiser.declare(file.read_bytes())
    name = made.occurrence
    if b"kind: Series\n" in file.read_bytes():
        name = await organiser.first_night(name)
    await organiser.advance(name, planning.OCCURRENCE_STATE_ON_SALE)


def test_the_command_line_plans_applies_shows_drift_and_destroys(site, tmp_path):
    file = tmp_path / "cli.yaml"
    file.write_bytes(manifest("cli", venue="Kino [bold]"))
    asked = ("--tenant", "acme", "--server", site.grpc)
    kept = tmp_path / "plan.json"
    done = roadcase(site.data, "plan", str(file), "--out", str(kept), *asked)
    assert done.returncode == 0, done.stderr
    assert "cli: revision 0 → 1" in done.stdout
    assert "ticketing opens a box office for Nosferatu" in done.stdout
    assert "Kino [bold]" in done.stdout
    assert f"To apply it: roadcase apply {kept} --tenant acme\n" in done.stdout
    assert site.cli("apply", str(kept), *asked) == {"occurrence": "cli", "revision": 1}
    file.write_bytes(manifest("cli", venue="Garden"))
    assert site.cli("apply", str(file), *asked)["revision"] == 2
    stale = roadcase(site.data, "apply", str(kept), *asked)
    assert (stale.returncode, "planning.plan_stale" in stale.stderr) == (1, True)
    assert site.cli("step", "cli", "on-sale", *asked)["state"] == "on_sale"
    lost = roadcase(site.data, "step", "clj", "doors", *asked)
    assert (lost.returncode, "(occurrence: clj)" in lost.stderr) == (3, True)
    file.write_bytes(b"kind: Evnt")
    bad = roadcase(site.data, "plan", str(file), *asked)
    assert bad.returncode == 1
    assert bad.stdout.startswith(f"{file}:1:")
    looked = roadcase(site.data, "destroy", "cli", "--reason", "Rain", *asked)
    assert (looked.returncode, "--approve" in looked.stderr) == (1, True)
    assert site.cli("destroy", "cli", "--reason", "Rain", "--approve", *asked)["done"]


def test_a_manifest_in_braces_is_no_plan_and_an_altered_plan_is_no_manifest(site, tmp_path):
    asked = ("--tenant", "acme", "--server", site.grpc)
    file, kept = tmp_path / "braces.json", tmp_path / "braces.plan"
    file.write_text(json.dumps(check(manifest("braces")).view.data))
    assert site.cli("apply", str(file), *asked) == {"occurrence": "braces", "revision": 1}
    file.write_text(json.dumps(check(manifest("braces", places=61)).view.data))
    assert roadcase(site.data, "plan", str(file), "--out", str(kept), *asked).returncode == 0
    kept.write_text(kept.read_text().replace('"total":61', '"total":62'))
    altered = roadcase(site.data, "apply", str(kept), *asked)
    assert (altered.returncode, "planning.plan_altered" in altered.stderr) == (2, True)
    assert site.cli("apply", str(file), *asked)["revision"] == 2


def test_strict_plans_fail_on_what_nobody_acts_on(site, tmp_path):
    file = tmp_path / "strict.yaml"
    extra = b"  capture: {profile: video, consent: notice, keepDays: 30}\n"
    file.write_bytes(manifest("strict") + extra)
    asked = ("--tenant", "acme", "--server", site.grpc)
    plain = roadcase(site.data, "plan", str(file), *asked)
    assert plain.returncode == 0, plain.stdout + plain.stderr
    assert "Declared, not yet acted on:\n    capture" in plain.stdout
    assert roadcase(site.data, "plan", str(file), "--strict", *asked).returncode == 1


VENUE = b"""
apiVersion: roadcase/v1
kind: Venue
metadata: {name: yard}
spec: {title: The yard, zone: Europe/Berlin}
"""


async def test_a_document_has_versions_that_never_change(site, organiser):
    token = site.token("planning:publish", "planning:read")
    async with OrganiserClient(site.grpc, token) as client:
        assert (await client.publish(VENUE)).version == 1
        assert (await client.publish(VENUE)).version == 1
        assert (await client.publish(VENUE.replace(b"The yard", b"Our yard"))).version == 2
        async with asyncio.timeout(20):
            while (await client.documents()).documents[0].version != 2:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
        (listed,) = (await client.documents()).documents
        assert (listed.name, listed.title) == ("yard", "Our yard")
        assert (await client.publish(b"kind: Venue")).problems
        with pytest.raises(Refusal) as refused:
            await client.publish(manifest("no-document"))
        assert refused.value.reason == "planning.not_a_document"


async def test_a_series_is_declared_once_and_its_nights_follow(organiser):
    series = SERIES.format(name="weekly", price="8.00 EUR").encode()
    made = await organiser.plan(series)
    assert {each.what for each in made.nights} == {"added"}
    assert len(made.nights) == 4
    assert (await organiser.apply(made)).revision == 1
    first = await organiser.first_night("weekly")
    await organiser.advance(first, planning.OCCURRENCE_STATE_ON_SALE)
    await organiser.sold_in_time(first, "o1", 800)
    async with asyncio.timeout(30):
        while len(await organiser.nights("weekly")) < 4:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    dearer = await organiser.plan(SERIES.format(name="weekly", price="9.00 EUR").encode())
    classes = {each.occurrence: getattr(each, "class") for each in dearer.nights}
    assert classes.pop(first) == plans.CHANGE_CLASS_APPROVAL
    assert {*classes.values()} == {plans.CHANGE_CLASS_SAFE}
    sold = [each.sold for each in dearer.nights if each.occurrence == first]
    assert sold == [1]
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.apply(dearer)
    assert "needs_approval" in refusal(error)
    await organiser.apply(dearer, approve=True)
    await organiser.sold_in_time(first, "o2", 900)
    shorter = SERIES.format(name="weekly", price="9.00 EUR").replace("COUNT=4", "COUNT=3")
    found = await organiser.plan(shorter.encode())
    assert [each.what for each in found.nights] == ["vanished"]
    await organiser.apply(found)
    async with asyncio.timeout(30):
        while True:
            states = [each.state for each in await organiser.nights("weekly")]
            if states.count(planning.OCCURRENCE_STATE_CANCELLED) == 1:
                break
            await asyncio.sleep(0.1)
