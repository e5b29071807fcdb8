"""Kit on a running installation: from documents and manifests to pieces that come back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from roadcase.api.v1 import planning_kit_pb2 as kit
from roadcase.api.v1 import planning_pb2 as planning
from roadcase.api.v1 import planning_plans_pb2 as plans
from roadcase.api.v1.planning_kit_pb2_grpc import KitStub
from roadcase.client import Organiser as Documents
from tests.system.site import Site, roadcase, running
from tests.system.test_planning import SCOPES, SERIES, Organiser, manifest, refusal

OWNED = b"""
apiVersion: roadcase/v1
kind: Kit
metadata: {name: van}
spec:
  items:
    - {key: case, title: Case, owned: 1}
    - {key: printer, title: Printer, owned: 2, serials: [p1, p2], container: case}
    - {key: lamp, title: Lamp, owned: 3, bufferMinutes: 0}
"""
NEEDS = b"  kit: [{key: lamp, role: Lamp, quantity: 2}]\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("kit") / "data") as found:
        yield found


@pytest.fixture
async def organiser(site):
    found = Organiser(site, "acme", *(f"planning:{each}" for each in (*SCOPES, "kit")))
    found.kit = KitStub(found.channel)
    async with Documents(site.grpc, site.token("planning:publish")) as documents:
        assert not (await documents.publish(OWNED)).problems
    async with asyncio.timeout(20):
        while not await owned(found):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
    yield found
    await found.channel.close()


def between(request: Any, begins: str, ends: str) -> Any:
    request.begins.FromJsonString(begins)
    request.ends.FromJsonString(ends)
    return request


async def owned(organiser: Any, begins: str = "2027-06-18T18:00:00Z") -> dict[str, Any]:
    request = between(kit.ListKitRequest(), begins, "2027-06-18T19:00:00Z")
    return {each.item: each for each in (await organiser.ask(organiser.kit.ListKit, request)).items}


async def becomes(organiser: Any, name: str, state: Any) -> Any:
    async with asyncio.timeout(20):
        while True:
            request = kit.GetKitBookingRequest(booking=name)
            try:
                found = await organiser.ask(organiser.kit.GetKitBooking, request)
                if found.state == state:
                    return found
            except grpc.aio.AioRpcError:
                pass
            await asyncio.sleep(0.05)


async def test_bookings_follow_manifests_and_plans_say_what_is_not_free(organiser):
    await organiser.declare(manifest("first") + NEEDS)
    await becomes(organiser, "first", kit.KIT_BOOKING_STATE_BOOKED)
    stands = (await owned(organiser))["lamp"]
    assert (stands.owned, stands.booked, stands.free) == (3, 2, 1)
    second = await organiser.plan(manifest("second") + NEEDS)
    (change,) = (each for each in second.changes if each.code == "kit_not_free")
    assert "2 booked by first until 2027-06-18 20:00 UTC" in change.why
    assert getattr(second, "class") == plans.CHANGE_CLASS_APPROVAL
    await organiser.apply(second, approve=True)
    refused = await becomes(organiser, "second", kit.KIT_BOOKING_STATE_REFUSED)
    assert refused.conflicts[0].taken[0].booking == "first"
    cancel = planning.CancelOccurrenceRequest(occurrence="first", reason="Rain")
    await organiser.ask(organiser.occurrences.CancelOccurrence, cancel)
    await becomes(organiser, "second", kit.KIT_BOOKING_STATE_BOOKED)
    loan = between(
        kit.BookKitRequest(booking="loan", needs=[kit.KitNeed(item="lamp", quantity=2)]),
        "2027-06-18T18:00:00Z",
        "2027-06-18T19:00:00Z",
    )
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.ask(organiser.kit.BookKit, loan)
    assert "kit_not_free" in refusal(error)
    assert "2 booked by second" in error.value.details()
    loan.needs[0].item = "../lamp"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.ask(organiser.kit.BookKit, loan)
    assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_an_event_that_extends_kit_books_all_of_it_but_what_it_says_otherwise(organiser):
    more = b"  kit: [{key: lamp, quantity: 1}, {key: printer, $delete: true}]\n"
    content = manifest("extends", date="2027-03-05") + more
    content = content.replace(b"spec:\n", b"extends: ['kit:van@1']\nspec:\n", 1)
    made = await organiser.plan(content)
    assert "books 1 case, 1 lamp from" in " ".join(each.does for each in made.effects)
    await organiser.apply(made)
    booked = await becomes(organiser, "extends", kit.KIT_BOOKING_STATE_BOOKED)
    assert {each.item: each.quantity for each in booked.needs} == {"case": 1, "lamp": 1}


async def test_the_plan_of_a_series_says_of_each_night_what_is_not_free(site, organiser):
    needs = [kit.KitNeed(item="lamp", quantity=2)]
    taken = kit.BookKitRequest(booking="taken", needs=needs)
    between(taken, "2027-01-12T12:00:00Z", "2027-01-12T19:00:00Z")
    await organiser.ask(organiser.kit.BookKit, taken)
    weekly = SERIES.format(name="weekly", price="8.00 EUR").encode() + NEEDS
    made = await organiser.plan(weekly)
    dates = [f"weekly-2027-01-{day:02}" for day in (5, 12, 19, 26)]
    classes = {each.occurrence: getattr(each, "class") for each in made.nights}
    safe, approval = plans.CHANGE_CLASS_SAFE, plans.CHANGE_CLASS_APPROVAL
    assert classes == {**dict.fromkeys(dates, safe), dates[1]: approval}
    (lacks,) = made.nights[1].changes
    assert (lacks.path, lacks.code) == ("spec.kit[lamp]", "kit_not_free")
    assert "2 booked by taken until 2027-01-12 19:00 UTC" in lacks.why
    file = site.data / "weekly.yaml"
    file.write_bytes(weekly)
    shown = roadcase(site.data, "plan", str(file), "--tenant", "acme", "--server", site.grpc)
    assert f"{dates[1]} is added" in shown.stdout
    assert "2 booked by taken until" in " ".join(shown.stdout.split())
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await organiser.apply(made)
    assert "needs_approval" in refusal(error)
    await organiser.apply(made, approve=True)
    await becomes(organiser, dates[1], kit.KIT_BOOKING_STATE_REFUSED)
    for each in (dates[0], *dates[2:]):
        await becomes(organiser, each, kit.KIT_BOOKING_STATE_BOOKED)
    smaller = await organiser.plan(weekly.replace(b"total: 20", b"total: 19"))
    found = {each.occurrence: [one.code for one in each.changes] for each in smaller.nights}
    assert found == {**{each: ["safe"] for each in dates}, dates[1]: ["safe", "kit_not_free"]}


async def test_a_case_leaves_whole_and_comes_back_piece_by_piece(organiser):
    repair = kit.SendToRepairRequest(repair="r1", item="printer", quantity=1, serials=["p2"])
    repair.begins.GetCurrentTime()
    await organiser.ask(organiser.kit.SendToRepair, repair)
    hire = kit.BookKitRequest(booking="hire", needs=[kit.KitNeed(item="case", quantity=1)])
    hire.begins.GetCurrentTime()
    hire.ends.GetCurrentTime()
    hire.ends.seconds += 3600
    with pytest.raises(grpc.aio.AioRpcError) as error:  # one of its printers is not there
        await organiser.ask(organiser.kit.BookKit, hire)
    assert "in repair (r1)" in error.value.details()
    await organiser.ask(organiser.kit.EndRepair, kit.EndRepairRequest(repair="r1"))
    await organiser.ask(organiser.kit.BookKit, hire)
    out = await organiser.ask(
        organiser.kit.CheckOutContainer,
        kit.CheckOutContainerRequest(booking="hire", container="case"),
    )
    assert [(each.item, each.quantity) for each in out.pieces] == [("case", 1), ("printer", 2)]
    back = kit.KitPieces(item="printer", quantity=1, serials=["p1"])
    await organiser.ask(
        organiser.kit.CheckInKit, kit.CheckInKitRequest(booking="hire", pieces=back)
    )
    async with asyncio.timeout(20):
        while True:
            found = await becomes(organiser, "hire", kit.KIT_BOOKING_STATE_BOOKED)
            left = {each.item: list(each.serials) for each in found.out}
            if left == {"case": [], "printer": ["p2"]}:
                break
            await asyncio.sleep(0.05)
