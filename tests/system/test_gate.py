"""The gate, as scanners have it before them: over gRPC and HTTP, on a running installation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import grpc
import httpx
import pytest

from roadcase.api.v1 import common_pb2, ticketing_pb2, ticketing_pb2_grpc
from roadcase.client import Refusal, Roadcase
from roadcase.secret import Secret
from services.ticketing.signing import Signatures
from tests.system.site import Site, running

SCOPES = ("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read")
SCAN = ("ticketing:scan",)
SOON = datetime.now(UTC) + timedelta(hours=2)
EUR12 = common_pb2.Money(minor=1200, currency="EUR")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("gate") / "data") as found:
        yield found


def night(name: str, starts: datetime = SOON) -> ticketing_pb2.OpenBoxOfficeRequest:
    kind = ticketing_pb2.TicketType(
        id="standard", name="Standard", price=EUR12, seller="s1", draws={"room": 1}
    )
    return ticketing_pb2.OpenBoxOfficeRequest(
        occurrence=name,
        name="Nosferatu",
        starts_at=starts.replace(tzinfo=None).isoformat(timespec="minutes"),
        ends_at=(starts + timedelta(hours=2)).replace(tzinfo=None).isoformat(timespec="minutes"),
        zone="UTC",
        pools={"room": 50},
        ticket_types=[kind],
    )


async def sold(site: Site, occurrence: str, order: str, tenant: str = "acme") -> str:
    """Sell one ticket and wait until gates can find its code, which is returned."""
    async with Roadcase(site.grpc, site.token(*SCOPES, tenant=tenant)) as client:
        answer = await client.sell(occurrence, order, {"standard": 1}, "pay", EUR12)
    headers = {"authorization": f"Bearer {site.token(*SCOPES, tenant=tenant)}"}
    until = monotonic() + 10
    async with httpx.AsyncClient(base_url=f"http://{site.http}") as http:
        while monotonic() < until:
            found = await http.get(
                f"/ticketing/occurrences/{occurrence}/attendees", headers=headers
            )
            if any(row["order_id"] == order for row in found.json().get("items", ())):
                return answer.tickets[0].code
            await asyncio.sleep(0.05)
    raise AssertionError("the ticket was never shown")


async def opened(site: Site, *names: str, tenant: str = "acme", **about) -> None:
    async with Roadcase(site.grpc, site.token(*SCOPES, tenant=tenant)) as client:
        for name in names:
            await client.open_box_office(night(name, **about))


def signature(site: Site, tenant: str = "acme"):
    secret = Secret((site.data / "secret").read_text().strip())
    return Signatures(secret).of(tenant)


async def test_a_code_is_good_from_the_moment_its_ticket_is_sold(site):
    await opened(site, "at-once")
    async with Roadcase(site.grpc, site.token(*SCOPES, *SCAN)) as client:
        for n in range(20):
            answer = await client.sell("at-once", f"o{n}", {"standard": 1}, "pay", EUR12)
            found = await client.check_in("at-once", "door", answer.tickets[0].code)
            assert found.reason == ""


async def test_a_ticket_lets_in_once_out_and_in_again_and_a_scan_asked_twice_happened_once(site):
    await opened(site, "friday")
    code = await sold(site, "friday", "o1")
    result = ticketing_pb2.ScanResult
    async with Roadcase(site.grpc, site.token(*SCAN)) as gate:
        first = await gate.check_in("friday", "door", code.lower(), nonce="n1")
        assert (first.result, first.ticket) == (result.SCAN_RESULT_ADMITTED, "o1-1")
        again = await gate.check_in("friday", "door", code.lower(), nonce="n1")  # another key
        assert again == first
        twice = await gate.check_in("friday", "back", f"{code[:5]}-{code[5:]}", nonce="n2")
        assert (twice.result, twice.reason) == (result.SCAN_RESULT_REFUSED, "already_in")
        assert (twice.since_gate, twice.message) == ("door", "This ticket is inside already.")
        assert twice.since.seconds > 0
        signed = signature(site).sign("friday", "o1-1", SOON + timedelta(hours=9))
        out = await gate.check_in("friday", "door", signed, nonce="n3", leaves=True)
        assert out.result == result.SCAN_RESULT_EXITED
        not_in = await gate.check_in("friday", "door", signed, nonce="n4", leaves=True)
        assert not_in.reason == "not_in"
        assert (await gate.check_in("friday", "door", signed + "\r\n", nonce="n5")).ticket == "o1-1"
        with pytest.raises(Refusal) as reused:
            await gate.check_in("friday", "back", signed, nonce="n5")
        assert reused.value.reason == "ticketing.nonce_reused"


async def test_whatever_is_shown_gets_a_clear_reason_and_is_kept(site):
    await opened(site, "saturday", "sunday")
    other = await sold(site, "sunday", "o2")
    signed = signature(site).sign("saturday", "o9-1", SOON + timedelta(hours=9))
    late = signature(site).sign("sunday", "o9-1", SOON - timedelta(days=9))
    flipped = signed[:-2] + ("A" if signed[-2] != "A" else "B") + signed[-1]
    stranger = signature(site, "other").sign("saturday", "o9-1", SOON + timedelta(hours=9))
    typo = other[:-1] + ("A" if other[-1] != "A" else "B")
    asked = {
        "": ("invalid", "empty"),
        " \r\n": ("invalid", "empty"),
        "x" * 4096: ("invalid", "too_long"),
        "RC1:" + "A" * 4096: ("invalid", "too_long"),
        flipped: ("invalid", {"forged", "garbled"}),
        signed[:90]: ("invalid", {"forged", "garbled"}),
        stranger: ("invalid", "unknown_key"),
        "https://example.org/": ("invalid", "not_a_ticket"),
        "DROP TABLES;\x1b": ("invalid", "not_a_ticket"),
        "٣٤٥٦٧٨٩٢٣٤": ("invalid", {"not_a_ticket", "typing_error"}),
        typo: ("invalid", "typing_error"),
        "22222-22222": ("unknown", ""),
        other: ("wrong_event", ""),
        late: ("wrong_event", ""),
    }
    async with Roadcase(site.grpc, site.token(*SCAN)) as gate:
        for number, (shown, (reason, detail)) in enumerate(asked.items()):
            answer = await gate.check_in("saturday", "door", shown, nonce=f"s{number}")
            assert answer.result == ticketing_pb2.SCAN_RESULT_REFUSED, shown
            assert (answer.reason, answer.message != "") == (reason, True), shown
            assert answer.detail == detail or answer.detail in detail, shown
        assert (await gate.check_in("saturday", "door", signed, nonce="good")).ticket == "o9-1"
    scans = await kept(site, "saturday", len(asked) + 1)
    assert sum(row["result"] == "refused" for row in scans) == len(asked)


async def kept(site: Site, occurrence: str, many: int) -> list[dict]:
    headers = {"authorization": f"Bearer {site.token(*SCOPES)}"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}", headers=headers) as http:
        for _ in range(100):
            answer = await http.get(f"/ticketing/occurrences/{occurrence}/scans")
            if len(rows := answer.json()["items"]) == many:
                return rows
            await asyncio.sleep(0.05)
    raise AssertionError(rows)


async def test_a_ticket_that_says_it_is_over_is_taken_when_the_night_was_moved(site):
    """And when the night is over, neither a ticket nor its code is taken."""
    await opened(site, "moved")
    await opened(site, "past", starts=datetime.now(UTC) - timedelta(days=3))
    code = await sold(site, "past", "o3")
    old = signature(site).sign("moved", "o4-1", datetime.now(UTC) - timedelta(hours=1))
    over = signature(site).sign("past", "o3-1", datetime.now(UTC) - timedelta(hours=1))
    async with Roadcase(site.grpc, site.token(*SCAN)) as gate:
        assert (await gate.check_in("moved", "door", old)).ticket == "o4-1"
        assert (await gate.check_in("past", "door", over)).reason == "expired"
        assert (await gate.check_in("past", "door", code)).reason == "expired"


async def test_over_http_the_same_with_a_key_and_the_scope(site):
    await opened(site, "monday")
    code = await sold(site, "monday", "o5")
    path = "/ticketing/occurrences/monday/scans"
    body = {"gate": "door", "nonce": "h1", "shown": code}
    bearer = {"authorization": f"Bearer {site.token(*SCAN)}"}
    async with httpx.AsyncClient(base_url=f"http://{site.http}") as http:
        assert (await http.post(path, json=body)).status_code == 401
        wrong = {"authorization": f"Bearer {site.token(*SCOPES)}", "idempotency-key": "k"}
        assert (await http.post(path, json=body, headers=wrong)).status_code == 403
        assert (await http.post(path, json=body, headers=bearer)).status_code == 400
        keyed = bearer | {"idempotency-key": "k1"}
        first = await http.post(path, json=body, headers=keyed)
        assert first.json()["result"] == "admitted"
        again = await http.post(path, json=body, headers=keyed)
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"
        reused = await http.post(path, json=body | {"nonce": "h2"}, headers=keyed)
        assert reused.status_code == 422
        for bad in ({"gate": "a b"}, {"nonce": ""}, {"direction": "up"}, {"shown": "x" * 70_000}):
            answer = await http.post(
                path, json=body | {"nonce": "h3"} | bad, headers=bearer | {"idempotency-key": "k2"}
            )
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (
                400,
                next(iter(bad)),
            )
        nowhere = path.replace("monday", "never")
        missing = await http.post(nowhere, json=body, headers=bearer | {"idempotency-key": "k3"})
        assert missing.json()["code"] == "ticketing.no_box_office"


async def test_another_tenant_neither_finds_the_night_nor_signs_its_tickets(site):
    await opened(site, "tuesday")
    await opened(site, "tuesday", tenant="other")
    code = await sold(site, "tuesday", "o6")
    ours = signature(site).sign("tuesday", "o6-1", SOON + timedelta(hours=9))
    async with Roadcase(site.grpc, site.token(*SCAN, tenant="other")) as gate:
        assert (await gate.check_in("tuesday", "door", code)).reason == "unknown"
        assert (await gate.check_in("tuesday", "door", ours)).detail == "unknown_key"


async def test_a_direction_that_is_not_known_is_refused_by_name(site):
    await opened(site, "wednesday")
    request = ticketing_pb2.CheckInRequest(
        occurrence="wednesday", gate="door", nonce="n", shown="x", direction=7
    )
    metadata = [("authorization", f"Bearer {site.token(*SCAN)}"), ("idempotency-key", "k9")]
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        stub = ticketing_pb2_grpc.TicketingStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.CheckIn(request, metadata=metadata)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "direction" in refused.value.details()
