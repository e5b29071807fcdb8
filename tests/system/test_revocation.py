"""A token that is revoked on the command line is refused everywhere within a second."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import grpc
import httpx
import pytest

from roadcase.api.v1 import event_log_pb2, event_log_pb2_grpc, ticketing_pb2, ticketing_pb2_grpc
from roadcase.client import Refusal, Roadcase
from roadcase.clock import monotonic
from tests.system.alone import SERVICES, Alone, alone, asked_until, settings
from tests.system.test_gate import night

SCOPES = (
    *("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read"),
    *("devices:read", "planning:read", "log:watch"),
)


class House:
    """Each service in a process of its own, and the command line beside them."""

    def __init__(self, env: dict[str, str], cwd: Any, stack: ExitStack) -> None:
        self._env, self._cwd = env, cwd
        self.services: dict[str, Alone] = {}
        for service in reversed(SERVICES):  # devices waits for what it hears
            this = stack.enter_context(alone(service, env, cwd))
            self.services[service] = this
        for this in self.services.values():
            this.wait_until_ready()

    def cli(self, *arguments: str, code: int = 0) -> Any:
        command = [sys.executable, "-m", "roadcase", *arguments, "--json"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=self._env, cwd=self._cwd, timeout=60
        )
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def issue(self, tenant: str = "acme") -> dict[str, Any]:
        return self.cli("token", "issue", tenant, *SCOPES)

    def statuses(self, token: str) -> list[int]:
        """What each process answers this token."""
        paths = {
            "ticketing": "/ticketing/occurrences/friday/orders",
            "devices": "/devices/jobs",
            "planning": "/planning/occurrences",
        }
        return [
            httpx.get(
                f"http://{this.http}{paths[name]}", headers={"authorization": f"Bearer {token}"}
            ).status_code
            for name, this in self.services.items()
        ]

    def seconds_until_refused(self, token: str) -> float:
        began = monotonic()
        while self.statuses(token) != [401] * len(SERVICES):
            assert monotonic() < began + 5
        return monotonic() - began


@pytest.fixture
def house(own_postgres, own_nats, tmp_path) -> Iterator[House]:
    env = settings(postgres_url=own_postgres.url, nats_url=own_nats.url)
    with ExitStack() as stack:
        yield House(env, tmp_path, stack)


@asynccontextmanager
async def streams(house: House, token: str):
    """One stream of each kind, and how each ends: the code, or that there is nothing more."""
    ticketing = house.services["ticketing"]
    head = [("authorization", f"Bearer {token}")]
    async with (
        grpc.aio.insecure_channel(ticketing.grpc) as channel,
        httpx.AsyncClient(base_url=f"http://{ticketing.http}", headers=dict(head)) as http,
        http.stream("GET", "/ticketing/occurrences/friday/live", timeout=30) as live,
    ):
        watch = event_log_pb2_grpc.EventLogStub(channel).Watch(
            event_log_pb2.WatchRequest(service="ticketing"), metadata=head
        )
        assert (await watch.read()).topic
        sell = ticketing_pb2_grpc.TicketingStub(channel).SellStream(metadata=head)
        await sell.write(ticketing_pb2.SellStreamRequest())
        await sell.read()
        assert live.status_code == 200

        async def until_read(call: Any) -> grpc.StatusCode:
            try:
                while await call.read() is not grpc.aio.EOF:
                    pass
            except grpc.aio.AioRpcError as error:
                return error.code()
            return await call.code()

        async def until_closed() -> str:
            async for _ in live.aiter_bytes():
                pass
            return "closed"

        yield [
            asyncio.create_task(each)
            for each in (until_read(watch), until_read(sell), until_closed())
        ]


@pytest.mark.timeout(180)
async def test_with_nats_dead_every_process_refuses_and_ends_its_streams_within_a_second(
    house, own_nats
):
    issued, other = house.issue(), house.issue()
    token = issued["token"]
    async with Roadcase(house.services["ticketing"].grpc, token) as client:
        await client.open_box_office(night("friday"))
    async with streams(house, token) as ends, streams(house, other["token"]) as going_on:
        assert house.statuses(token) == house.statuses(other["token"]) == [200] * len(SERVICES)
        own_nats.kill()
        revoking = asyncio.to_thread(house.cli, "token", "revoke", issued["id"])
        assert (await revoking)["tenant"] == "acme"
        began = monotonic()
        ended = await asyncio.wait_for(asyncio.gather(*ends), 1)
        took = await asyncio.to_thread(house.seconds_until_refused, token)
        assert took + monotonic() - began < 1
        refused = grpc.StatusCode.UNAUTHENTICATED
        assert ended == [refused, refused, "closed"]
        assert house.statuses(other["token"]) == [200] * len(SERVICES)
        assert not any(each.done() for each in going_on)
        for each in going_on:
            each.cancel()


@pytest.mark.timeout(180)
async def test_tokens_keys_and_tenants_are_managed_while_it_runs_and_kept_over_a_restart(
    house, own_postgres, own_nats, tmp_path
):
    first, rival = house.issue(), house.issue("rival")
    assert (first["new_tenant"], house.issue()["new_tenant"]) == (True, False)
    assert house.cli("token", "revoke", "tok_1", code=3)["error"] == "roadcase.token_unknown"
    theirs = house.cli("token", "revoke", rival["id"], "--tenant", "acme", code=3)
    assert theirs["error"] == "roadcase.token_unknown"
    long = house.cli("token", "issue", "acme", "ops:log", "--hours", "2", code=2)
    assert long["error"] == "roadcase.invalid"
    unknown = house.cli("token", "issue", "acme", "ticketing:sel", code=2)
    assert unknown["error"] == "roadcase.scope_unknown"
    rotated = house.cli("token", "rotate")["key"]
    second = house.issue()
    assert (second["key"], first["key"] != rotated) == (rotated, True)
    assert (
        house.statuses(first["token"]) == house.statuses(second["token"]) == [200] * len(SERVICES)
    )
    keys = {row["key"]: row["state"] for row in house.cli("token", "keys")}
    assert keys == {first["key"]: "accepted", rotated: "signs"}
    assert house.cli("token", "retire", rotated, code=1)["error"] == "roadcase.key_in_use"
    house.cli("token", "retire", first["key"])
    assert house.seconds_until_refused(first["token"]) < 1
    assert [row["id"] for row in house.cli("token", "list", "acme")] == [second["id"]]
    assert house.cli("tenant", "close", "nobody", code=3)["error"] == "roadcase.tenant_unknown"
    house.cli("tenant", "close", "acme")
    assert house.seconds_until_refused(second["token"]) < 1
    states = {row["tenant"]: (row["state"], row["tokens"]) for row in house.cli("tenant", "list")}
    assert states == {"acme": ("closed", 0), "rival": ("open", 0)}  # rival's key is retired
    assert house.cli("token", "issue", "acme", *SCOPES, code=1)["error"] == "roadcase.tenant_closed"
    house.cli("tenant", "create", "acme")
    third = house.issue()
    for this in house.services.values():
        assert this.end() == 0
    env = settings(postgres_url=own_postgres.url, nats_url=own_nats.url)
    with ExitStack() as stack:
        again = House(env, tmp_path, stack)
        assert again.statuses(third["token"]) == [200] * len(SERVICES)
        for issued in (first, rival, second):
            assert again.statuses(issued["token"]) == [401] * len(SERVICES)


@pytest.mark.timeout(180)
async def test_the_log_is_an_operators_and_nobody_elses(house, tmp_path):
    issued = house.issue()
    async with Roadcase(house.services["ticketing"].grpc, issued["token"]) as client:
        with pytest.raises(Refusal) as hidden:
            async for _ in client.watch("platform"):
                pass
        with pytest.raises(Refusal) as missing:
            async for _ in client.watch("nothing"):
                pass
    assert hidden.value.reason == missing.value.reason == "roadcase.not_found"
    file = tmp_path / "platform.jsonl"
    assert house.cli("log", "verify", "-s", "platform")["ok"]
    assert house.cli("log", "export", str(file), "-s", "platform")["position"] > 3
    assert issued["token"] not in file.read_text()
    assert house.cli("log", "tail", "-s", "platform", "-n", "1")["topic"] == (
        "platform.token_issued.v1"
    )
    assert house.cli("parked", "list", "-s", "platform") == []
    refused = house.cli("people", "erase", "acme", "a@b.c", "-s", "platform", code=2)
    assert refused["error"] == "roadcase.invalid"
    rows = {row["what"]: row["verdict"] for row in house.cli("doctor")}
    assert rows["platform log"] == rows["platform stream"] == "ok"


@pytest.mark.timeout(180)
async def test_postgresql_away_is_said_at_the_doors_until_it_is_back(house, own_postgres):
    this = house.services["devices"]
    await own_postgres.stop()
    said = asked_until(this.http, "/readyz", 503)
    while "platform" not in said["why"]:
        said = asked_until(this.http, "/readyz", 503)
    assert "revocations are not heard" in said["why"]["platform"]
    await own_postgres.start()
    assert asked_until(this.http, "/readyz", 200) == {"status": "ready"}
