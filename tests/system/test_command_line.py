"""What an operator types, against an installation that runs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from time import monotonic

import grpc
import httpx
import pytest
from rich.console import Console

from roadcase.api.v1 import common_pb2, ticketing_pb2, ticketing_pb2_grpc
from roadcase.cli import common
from roadcase.client import Refusal, Roadcase
from tests.system.site import Site, roadcase, running

EUR12 = common_pb2.Money(minor=1200, currency="EUR")
SCOPES = ("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read", "log:watch")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site") / "data") as found:
        yield found


async def open_night(client: Roadcase, night: str, capacity: int = 5) -> None:
    await client.open_box_office(
        ticketing_pb2.OpenBoxOfficeRequest(
            occurrence=night,
            name="Nosferatu",
            starts_at="2027-01-01T20:00",
            ends_at="2027-01-01T22:00",
            zone="Europe/Berlin",
            pools={"room": capacity},
            ticket_types=[
                ticketing_pb2.TicketType(
                    id="standard", name="Standard", price=EUR12, seller="s1", draws={"room": 1}
                )
            ],
        )
    )


async def test_a_partner_sells_watches_and_is_told_no(site):
    async with Roadcase(site.grpc, site.token(*SCOPES)) as client:
        await open_night(client, "friday", capacity=1)
        order = await client.sell("friday", "o1", {"standard": 1}, "pay", EUR12, key="k1")
        again = await client.sell("friday", "o1", {"standard": 1}, "pay", EUR12, key="k1")
        assert again == order
        assert [ticket.ticket for ticket in order.tickets] == ["o1-1"]
        with pytest.raises(Refusal) as refused:
            await client.sell("friday", "o2", {"standard": 1}, "pay", EUR12)
        assert refused.value.reason == "ticketing.sold_out"
        assert refused.value.facts["pool"] == "room"
        topics = ["ticketing.ticket_sold.v1"]
        async for entry in client.watch("ticketing", topics=topics):
            assert json.loads(entry.payload)["ticket"] == "o1-1"
            break


async def test_another_tenant_sees_nothing_and_hears_the_same_as_if_there_were_nothing(site):
    async with Roadcase(site.grpc, site.token(*SCOPES)) as ours:
        await open_night(ours, "secret")
    async with Roadcase(site.grpc, site.token(*SCOPES, tenant="other")) as theirs:
        with pytest.raises(Refusal) as hidden:
            await theirs.availability("secret")
        with pytest.raises(Refusal) as missing:
            await theirs.availability("missing")
    assert hidden.value.reason == missing.value.reason == "ticketing.no_box_office"
    assert str(hidden.value) == str(missing.value)


def test_a_revoked_token_is_refused_within_a_second(site):
    issued = site.cli("token", "issue", "acme", "ticketing:read")
    headers = {"authorization": f"Bearer {issued['token']}"}

    def status() -> int:
        return httpx.get(f"http://{site.http}/openapi.json", headers=headers).status_code

    assert status() == 200
    site.cli("token", "revoke", issued["id"])
    until = monotonic() + 1
    while status() != 401:
        assert monotonic() < until


async def test_the_log_is_shown_checked_and_copied_out_byte_for_byte(site, tmp_path):
    async with Roadcase(site.grpc, site.token(*SCOPES)) as client:
        await open_night(client, "exported")
        await client.sell(
            "exported", "o1", {"standard": 2}, "p", common_pb2.Money(minor=2400, currency="EUR")
        )
    last = site.cli("log", "tail", "-n", "1")
    assert last["payload"]["order"] == "o1"
    verified = site.cli("log", "verify")
    assert verified["ok"]
    assert verified["position"] == last["position"]
    file = tmp_path / "log.jsonl"
    assert site.cli("log", "export", str(file))["position"] == last["position"]
    digest = bytes(32)
    for line in file.read_text().splitlines():
        each = json.loads(line)
        digest = sha256(digest + canonical(each)).digest()
        assert digest.hex() == each["hash"]
    assert digest.hex() == verified["hash"]


def canonical(each) -> bytes:
    fields = (
        each["position"].to_bytes(8, "big"),
        each["stream"].encode(),
        each["version"].to_bytes(8, "big"),
        each["topic"].encode(),
        each["payload"].encode(),
        each["meta"].encode(),
    )
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def test_read_models_are_listed_compared_and_rebuilt_while_it_runs(site):
    listed = {row["projection"]: row for row in site.cli("projection", "list")}
    assert set(listed) >= {"availability", "board", "orders", "attendees", "scans"}
    assert all(row["state"] == "live" for row in listed.values())
    assert all(row["equal"] for row in site.cli("projection", "diff", "all"))
    (rebuilt,) = site.cli("projection", "rebuild", "attendees")
    assert rebuilt["equal"]
    assert all(row["equal"] for row in site.cli("projection", "diff", "all"))


def test_the_doctor_finds_nothing_to_do(site):
    rows = site.cli("doctor")
    assert {row["verdict"] for row in rows} == {"ok"}
    assert {"PostgreSQL", "NATS", "clock", "ticketing log"} <= {row["what"] for row in rows}
    logs = [row["what"] for row in rows if row["what"].endswith(" log")]
    said = roadcase(site.data, "doctor")
    assert said.returncode == 0
    assert [said.stdout.count(each) for each in logs] == [1] * len(logs)
    assert "read model" not in said.stdout
    assert len(said.stdout.splitlines()) < 30
    whole = roadcase(site.data, "doctor", "--all").stdout
    assert whole.count("read model") == sum("read model" in row["what"] for row in rows)


def test_what_cannot_be_done_is_said_with_an_exit_code_for_scripts(site):
    assert site.cli("projection", "diff", "nothing", code=3)["error"] == "roadcase.not_found"
    assert site.cli("log", "verify", "--service", "nothing", code=2)["error"] == "roadcase.invalid"
    assert site.cli("token", "issue", "acme", "not a scope", code=2)["error"] == "roadcase.invalid"
    assert (
        site.cli("parked", "skip", "x", "7", "--why", "y", code=3)["error"] == "roadcase.not_found"
    )
    assert site.cli("parked", "list") == []


def test_a_wrong_setting_is_named_with_all_others(site, tmp_path, monkeypatch):
    monkeypatch.setenv("ROADCASE_HTTP_PORT", "a lot")
    monkeypatch.setenv("ROADCASE_NONSENSE", "1")
    done = roadcase(tmp_path, "doctor")
    assert done.returncode == 2
    assert "ROADCASE_HTTP_PORT" in done.stderr
    assert "ROADCASE_NONSENSE" in done.stderr


def test_it_stops_when_told_and_starts_again_with_everything(tmp_path):
    data = tmp_path / "data"
    with running(data) as first:
        token = first.token(*SCOPES)
    assert first.process.returncode == 0, sys.version
    with running(data) as second:
        assert second.token(*SCOPES)[:20] == token[:20]
        assert second.cli("log", "verify")["position"] == 0


async def test_a_read_model_is_shown_as_it_was_at_a_position_and_at_a_moment(site):
    async with Roadcase(site.grpc, site.token(*SCOPES, tenant="replayed")) as client:
        await open_night(client, "night")
        await client.sell("night", "o1", {"standard": 1}, "p", EUR12)
        middle = site.cli("log", "tail", "-n", "1")
        await client.sell("night", "o2", {"standard": 1}, "p", EUR12)

    def sold(as_of: str) -> int:
        found = site.cli("replay", "board", "--as-of", as_of, "--tenant", "replayed")
        return found["rows"][0]["tickets_sold"]

    assert sold(str(middle["position"])) == 1
    assert sold(middle["meta"]["at"]) == 1
    assert sold("2100-01-01T00:00Z") == 2
    assert site.cli("replay", "board", "--as-of", "0")["rows"] == []
    beyond = site.cli("replay", "board", "--as-of", "99999999", code=2)
    assert beyond["error"] == "roadcase.invalid"
    assert (
        site.cli("replay", "board", "--as-of", "yesterday", code=2)["error"] == "roadcase.invalid"
    )


async def test_dashboards_read_over_http_how_it_stands_and_how_far_that_is(site):
    headers = {"authorization": f"Bearer {site.token(*SCOPES, tenant='shown')}"}
    async with Roadcase(site.grpc, site.token(*SCOPES, tenant="shown")) as client:
        await open_night(client, "night")
        await client.sell("night", "o1", {"standard": 1}, "p", EUR12)
        await client.sell("night", "o2", {"standard": 1}, "p", EUR12)
    position = site.cli("log", "tail", "-n", "1")["position"]
    async with httpx.AsyncClient(base_url=f"http://{site.http}/ticketing/occurrences") as http:
        asked = {**headers, "min-position": f"ticketing:{position}"}
        board = (await http.get("/night/board", headers=asked)).json()
        assert board["item"]["tickets_sold"] == 2
        assert board["as_of"]["position"] >= position
        room = (await http.get("/night/availability", headers=headers)).json()["item"]["pools"][
            "room"
        ]
        assert (room["sold"], room["free"]) == (2, 3)
        first = (await http.get("/night/orders", headers=headers, params={"limit": 1})).json()
        rest = (
            await http.get("/night/orders", headers=headers, params={"after": first["next"]})
        ).json()
        assert [row["order_id"] for row in first["items"] + rest["items"]] == ["o1", "o2"]
        assert rest["next"] is None
        assert len((await http.get("/night/attendees", headers=headers)).json()["items"]) == 2
        assert (await http.get("/night/scans", headers=headers)).json()["items"] == []
        other = {"authorization": f"Bearer {site.token(*SCOPES, tenant='stranger')}"}
        hidden = await http.get("/night/board", headers=other)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "ticketing.no_box_office")
        assert (await http.get("/night/board")).status_code == 401


async def test_figures_are_told_to_this_machine_and_readiness_to_everyone(site):
    async with httpx.AsyncClient(base_url=f"http://{site.http}") as http:
        assert (await http.get("/readyz")).json() == {"status": "ready"}
        told = (await http.get("/metrics")).text
        assert 'roadcase_ready{service="ticketing"} 1' in told
        assert (
            await http.get("/metrics", headers={"x-forwarded-for": "1.2.3.4"})
        ).status_code == 401


async def test_many_orders_in_one_stream_each_get_their_own_answer_in_order(site):
    token = site.token(*SCOPES, tenant="streamed")
    async with Roadcase(site.grpc, token) as client:
        await open_night(client, "night", capacity=2)
    asked = [("a", 1), ("a", 1), ("b", 0), ("c", 1), ("d", 1), ("", 1)]
    items = [
        ticketing_pb2.SellStreamItem(
            idempotency_key=f"key-{order}" if order else "",
            sale=ticketing_pb2.SellTicketsRequest(
                occurrence="night",
                order=order or "e",
                lines=[ticketing_pb2.Line(ticket_type="standard", quantity=quantity)],
                payment_reference="p",
                amount=EUR12,
            ),
        )
        for order, quantity in asked
    ]
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        stub = ticketing_pb2_grpc.TicketingStub(channel)
        call = stub.SellStream(metadata=[("authorization", f"Bearer {token}")])
        await call.write(ticketing_pb2.SellStreamRequest(items=items[:1]))
        first = await call.read()
        await call.write(ticketing_pb2.SellStreamRequest(items=items[1:]))
        rest = await call.read()
        await call.done_writing()
        assert await call.code() is grpc.StatusCode.OK
    assert first.results[0].order.tickets[0].ticket == "a-1"
    again, nothing, second, refused, unkeyed = rest.results
    assert again.replayed
    assert again.order == first.results[0].order
    assert nothing.error.reason == "roadcase.invalid"
    assert "quantity" in nothing.error.field_violations[0].field
    assert second.order.order == "c"
    assert refused.error.reason == "ticketing.sold_out"
    assert refused.error.facts["pool"] == "room"
    assert unkeyed.error.reason == "roadcase.invalid"


def test_a_row_with_many_columns_can_be_read_in_a_narrow_window(capsys, monkeypatch):
    monkeypatch.setattr(common, "out", Console(width=80, markup=False))
    row = {f"column_{number}": number for number in range(20)}
    common.table("board", [row, row])
    said = capsys.readouterr().out
    assert "board, 2 of 2" in said
    for name, value in row.items():
        assert re.search(rf"{name.replace('_', ' ')} +│ {value} ", said)
