"""Suppliers and stalls on a running installation: from the list to what is owed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import grpc
import pytest

from roadcase.api.v1 import common_pb2, people_pb2, planning_pb2
from roadcase.api.v1 import planning_suppliers_pb2 as pb
from roadcase.api.v1.planning_suppliers_pb2_grpc import SuppliersStub
from tests.system.site import Site, running
from tests.system.test_planning import Organiser, refusal

MARKET = """
apiVersion: roadcase/v1
kind: Event
metadata: {{name: {name}}}
spec:
  title: Night market
  currency: EUR
  schedule: {{zone: Europe/Berlin, date: {night}, start: "18:00", end: "23:30",
    loadOut: {morning}T01:30}}
  suppliers:
    - {{key: bar, title: Dumpling bar, documents: [Insurance]}}
    - {{key: press, title: Riso press}}
  stalls:
    - {{key: a1, supplier: bar, fee: {{share: 1200, floor: 60.00 EUR, cap: 240.00 EUR}}}}
    - {{key: b1, supplier: press, fee: {{fixed: 45.00 EUR}}}}
    - {{key: c1}}
"""


def market_of(name: str, night: str = "2027-07-09", morning: str = "2027-07-10") -> bytes:
    return MARKET.format(name=name, night=night, morning=morning).encode()


SCOPES = ("plan", "apply", "approve", "run", "read", "suppliers")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("suppliers") / "data") as found:
        yield found


class Master(Organiser):
    """Runs a market."""

    def __init__(self, site: Site, tenant: str = "acme") -> None:
        super().__init__(site, tenant, *(f"planning:{each}" for each in SCOPES))
        self.suppliers = SuppliersStub(self.channel)

    async def do(self, method: str, /, **fields: Any) -> Any:
        request = getattr(pb, f"{method}Request")(**fields)
        return await self.ask(getattr(self.suppliers, method), request)

    async def refused(self, method: str, /, **fields: Any) -> str:
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await self.do(method, **fields)
        return refusal(error)

    async def insured(self, until: str) -> None:
        document = pb.SupplierDocument(
            document="i", kind="Insurance", reference="no. 7", valid_until=until
        )
        await self.do("FileSupplierDocument", supplier="bar", document=document)

    async def becomes(self, name: str, so: Callable[[pb.Market], bool]) -> pb.Market:
        """The stalls once they are so: what follows from elsewhere takes a moment."""
        async with asyncio.timeout(20):
            while True:
                try:
                    found = await self.do("GetMarket", occurrence=name)
                    if so(found):
                        return found
                except grpc.aio.AioRpcError:
                    pass
                await asyncio.sleep(0.05)


@pytest.fixture
async def master(site) -> AsyncIterator[Master]:
    found = Master(site)
    yield found
    await found.channel.close()


def booked(market: pb.Market) -> dict[str, str]:
    return {each.stall: each.booked for each in market.stalls if each.booked}


def waits(market: pb.Market) -> dict[str, list[str]]:
    return {each.stall: list(each.waits) for each in market.stalls if each.waits}


def standing(market: pb.Market) -> dict[str, int]:
    return {each.stall: each.amount.minor for each in market.charges if not each.reversed}


async def test_a_stall_goes_to_who_is_fit_for_it_and_its_fee_is_charged_once(master):
    await master.declare(market_of("market"))
    a1 = {"occurrence": "market", "stall": "a1"}
    unknown = {"a1": ["supplier_not_added"], "b1": ["supplier_not_added"]}
    market = await master.becomes("market", lambda found: waits(found) == unknown)
    assert (market.first_day, market.last_day) == ("2027-07-09", "2027-07-10")
    assert "no_supplier" in await master.refused("BookStall", **a1)
    for supplier, title in (("bar", "Dumpling bar"), ("press", "Riso press")):
        await master.do("AddSupplier", supplier=supplier, title=title)
    said = await master.refused("BookStall", **a1)
    assert "supplier_not_fit" in said
    assert "supplier_not_vetted" in said
    assert "document_missing: Insurance" in said
    await master.do("VetSupplier", supplier="bar")
    await master.do("VetSupplier", supplier="press")
    again = await master.plan(market_of("market"))
    assert [each.does for each in again.effects if "stall" in each.does] == [
        "cannot give stall a1 to bar yet: document_missing: Insurance"
    ]
    missing = {"a1": ["document_missing: Insurance"]}
    await master.becomes("market", lambda found: waits(found) == missing)
    await master.becomes("market", lambda found: booked(found) == {"b1": "press"})
    await master.insured("2027-07-09")  # and they load out on the tenth
    not_valid = {"a1": ["document_not_valid: Insurance"]}
    await master.becomes("market", lambda found: waits(found) == not_valid)
    assert "document_not_valid: Insurance" in await master.refused("BookStall", **a1)
    assert "stall_taken" in await master.refused("BookStall", **a1, supplier="press")
    await master.insured("2027-12-31")  # and nobody books it for them
    full = {"a1": "bar", "b1": "press"}
    await master.becomes("market", lambda found: booked(found) == full and not waits(found))
    await master.do("SuspendSupplier", supplier="bar", reason="Left rubbish")
    lost = await master.becomes("market", lambda found: booked(found) == {"b1": "press"})
    assert lost.stalls[0].lost == "supplier_suspended"
    assert waits(lost) == {"a1": ["supplier_suspended"]}
    await master.do("VetSupplier", supplier="bar", note="They cleaned up")
    await master.do("BookStall", occurrence="market", stall="c1", supplier="press")
    await master.becomes("market", lambda found: booked(found) == {**full, "c1": "press"})

    await master.advance("market", planning_pb2.OCCURRENCE_STATE_CLOSED)
    await master.becomes("market", lambda found: standing(found) == {"b1": 4500})
    takings = common_pb2.Money(minor=100_000, currency="EUR")
    await master.do("ReportTakings", **a1, report="r1", takings=takings)
    assert standing(await master.do("GetMarket", occurrence="market"))["a1"] == 12_000
    takings = common_pb2.Money(minor=110_000, currency="EUR")
    await master.do("ReportTakings", **a1, report="r2", takings=takings)
    charges = (await master.do("GetMarket", occurrence="market")).charges
    assert [(each.charge, each.amount.minor, each.reversed) for each in charges] == [
        ("b1-1", 4500, ""),
        ("a1-2", 12_000, "the takings were corrected"),
        ("a1-3", 13_200, ""),
    ]


async def cleared(master: Master, name: str, clearance: str, *, granted: bool) -> Any:
    """A clearance of an event, once it stands so."""
    async with asyncio.timeout(20):
        while True:
            request = planning_pb2.GetOccurrenceRequest(occurrence=name)
            found = await master.ask(master.occurrences.GetOccurrence, request)
            for each in found.clearances:
                if each.clearance == clearance and each.granted is granted:
                    return each
            await asyncio.sleep(0.05)


async def test_who_is_not_fit_any_more_keeps_doors_closed_until_they_are(master, site):
    await master.declare(market_of("unfit"))
    for supplier in ("bar", "press"):
        await master.do("AddSupplier", supplier=supplier, title=supplier)
        await master.do("VetSupplier", supplier=supplier)
    await master.insured("2027-12-31")
    await master.becomes("unfit", lambda found: len(booked(found)) == 2)
    await master.do("SuspendSupplier", supplier="press", reason="Left rubbish")
    found = await cleared(master, "unfit", "suppliers", granted=False)
    assert (found.code, list(found.missing)) == ("supplier_not_fit", ["b1"])
    assert found.reason == "Not fit: b1 press: supplier_suspended"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await master.advance("unfit", planning_pb2.OCCURRENCE_STATE_DOORS)
    assert "step_not_cleared" in refusal(error)
    asked = ("--tenant", "acme", "--server", site.grpc)
    lines = site.cli("timeline", "unfit", *asked)["deadlines"]
    (begins,) = (each for each in lines if each["kind"] == "start")
    assert (begins["status"], begins["why"]) == ("blocked", "not cleared: suppliers")
    plan = await master.plan(market_of("unfit", "2027-07-16", "2027-07-17"))
    (change,) = (each for each in plan.changes if each.code == "supplier_not_fit")
    assert change.path == "spec.stalls[b1].supplier"
    assert [each.clearance for each in plan.gates] == ["suppliers"]
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await master.apply(plan)
    assert "needs_approval" in refusal(error)
    await master.do("VetSupplier", supplier="press")
    await cleared(master, "unfit", "suppliers", granted=True)
    await master.advance("unfit", planning_pb2.OCCURRENCE_STATE_DOORS)


async def test_the_same_business_is_on_the_list_once_for_each_organiser(master, site):
    ramen = {"title": "Ramen & Söhne GmbH", "registration": "DE 811 907 980"}
    reached = people_pb2.Contact(email="hello@ramen.test")
    await master.do("AddSupplier", supplier="ramen", **ramen, contact=reached)
    said = await master.refused(
        "AddSupplier", supplier="noodles", title="Noodles", registration="de811907980"
    )
    assert "supplier_twice" in said
    assert "ramen" in said
    same = people_pb2.Contact(email="Hello@Ramen.test ")
    said = await master.refused(
        "AddSupplier", supplier="ramen-2", title="RAMEN UND SOEHNE", contact=same
    )
    assert "supplier_twice" in said
    added = await master.do("AddSupplier", supplier="ramen-2", title="RAMEN UND SOEHNE")
    assert list(added.alike) == ["ramen"]
    shown = await master.do("GetSupplier", supplier="ramen")
    assert shown.registration == "DE 811 907 980"
    both = await asyncio.gather(
        *(
            master.do("AddSupplier", supplier=f"twin-{each}", title="Twin", registration="DE5555")
            for each in range(2)
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, grpc.aio.AioRpcError) for each in both) == [False, True]
    other = Master(site, "other")
    await other.do("AddSupplier", supplier="theirs", **ramen)
    await other.channel.close()


async def test_a_supplier_is_shown_with_what_has_expired_and_a_score(master, site):
    await master.do("AddSupplier", supplier="cider", title="Cider press")
    old = pb.SupplierDocument(
        document="i", kind="Insurance", reference="a", valid_until="2020-01-01"
    )
    await master.do("FileSupplierDocument", supplier="cider", document=old)
    await master.do("NoteSupplier", supplier="cider", note="n1", what=pb.CONDUCT_NO_SHOW)
    cider = await master.do("GetSupplier", supplier="cider")
    assert [each.expired for each in cider.documents] == [True]
    assert (cider.score, dict(cider.conduct)) == (17, {"no_show": 1})
    assert cider.status == pb.SUPPLIER_STATUS_APPLIED
    listed = await master.do("ListSuppliers", page_size=1)
    assert len(listed.suppliers) == 1
    other = SuppliersStub(master.channel)
    metadata = (("authorization", f"Bearer {site.token('planning:suppliers', tenant='other')}"),)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await other.GetSupplier(pb.GetSupplierRequest(supplier="cider"), metadata=metadata)
    assert "no_supplier" in refusal(error)


async def test_a_night_that_moves_is_looked_at_again_and_one_that_is_cancelled_frees_all(master):
    await master.declare(market_of("rained-off"))
    for supplier in ("bar", "press"):
        await master.do("AddSupplier", supplier=supplier, title=supplier)
        await master.do("VetSupplier", supplier=supplier)
    await master.insured("2027-12-31")
    await master.becomes("rained-off", lambda found: len(booked(found)) == 2)
    await master.declare(market_of("rained-off", "2028-01-14", "2028-01-15"))
    moved = await master.becomes("rained-off", lambda found: booked(found) == {"b1": "press"})
    assert moved.stalls[0].lost == "document_not_valid"
    not_valid = {"a1": ["document_not_valid: Insurance"]}
    await master.becomes("rained-off", lambda found: waits(found) == not_valid)
    cancel = planning_pb2.CancelOccurrenceRequest(occurrence="rained-off", reason="Rain")
    await master.ask(master.occurrences.CancelOccurrence, cancel)
    off = await master.becomes("rained-off", lambda found: not (booked(found) or waits(found)))
    assert off.stalls[1].lost == "called_off"
    async with asyncio.timeout(20):
        while True:
            press = await master.do("GetSupplier", supplier="press")
            if "rained-off" not in {each.occurrence for each in press.stalls}:
                break
            await asyncio.sleep(0.05)
