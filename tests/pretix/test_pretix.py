"""Leaving a real pretix: totals, taxes and codes are the same here, however often it is asked."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import asyncpg
import grpc
import pytest

from roadcase.api.v1 import ticketing_pb2 as tickets
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.servers import servers
from roadcase.settings import read
from tests.pretix import seed, server
from tests.system.site import Site, environment, running
from tests.system.wire import Caller

SOME = (
    "SELECT 1 FROM ticketing.events WHERE stream = $1 "
    "AND topic = 'ticketing.order_imported.v1' LIMIT 1"
)
pytestmark = [pytest.mark.timeout(480), pytest.mark.xdist_group("pretix")]


def _installable() -> str:
    """Why pretix cannot be had here; nothing where it can."""
    try:
        server.install()
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
        return f"pretix {server.VERSION} cannot be installed from PyPI: {str(error)[-300:]}"
    return ""


@pytest.fixture(scope="module")
def pretix(tmp_path_factory) -> Iterator[server.Pretix]:
    if why := _installable():
        pytest.skip(why)
    with server.running(tmp_path_factory.mktemp("pretix") / "data") as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site") / "data") as found:
        yield found


def importing(
    site: Site, pretix: server.Pretix, slug: str, *more: str, tenant: str = "acme"
) -> dict[str, Any]:
    command = ["import", "pretix", tenant, "--url", pretix.url, "--token", pretix.token]
    done = subprocess.run(
        [sys.executable, "-m", "roadcase", *command, "--event", slug, "--json", *more],
        capture_output=True, text=True, timeout=120, env=environment(site.data),
    )  # fmt: skip
    assert done.returncode in {0, 1}, (done.stdout, done.stderr)
    (event,) = json.loads(done.stdout.splitlines()[-1])["events"]
    return event


def orders_of(pretix: server.Pretix, slug: str) -> list[dict[str, Any]]:
    return pretix.ask(f"events/{slug}/orders/?include_canceled_positions=true")["results"]


def paid(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in orders if each["status"] == "p"]


async def scan(  # noqa: PLR0917
    gate: Caller, slug: str, shown: str, nonce: str, result: str, reason: str = ""
) -> None:
    """Ask at the gate until the read models have come so far."""
    request = tickets.CheckInRequest(occurrence=slug, gate="door", shown=shown, nonce=nonce)
    for turn in range(100):
        request.nonce = f"{nonce}-{turn}"
        answer = await gate.ask("CheckIn", request)
        said = (tickets.ScanResult.Name(answer.result), answer.reason)
        if said[0].endswith(result) and answer.reason == reason:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(said)


async def test_all_is_here_once_and_the_old_codes_let_in_once(site, pretix):
    seed.night(pretix, "leaving")
    orders = orders_of(pretix, "leaving")
    seed.cancel(pretix, orders[0]["code"], "leaving")
    inside = orders[2]["positions"][0]["secret"]
    seed.check_in(pretix, inside, "leaving")
    rehearsed = importing(site, pretix, "leaving", "--dry-run")
    first = importing(site, pretix, "leaving")
    assert (first["equal"], first["differences"]) == (True, []), first
    assert first["pretix"] == first["here"] == rehearsed["pretix"]
    assert first["here"]["total"] == 26496
    assert first["here"]["codes"] == 15
    assert first["before"]["tickets"] == 0 < first["facts"]
    again = importing(site, pretix, "leaving")
    assert (again["facts"], again["here"], again["equal"]) == (0, first["here"], True)
    codes = [each["secret"] for order in orders[3:5] for each in order["positions"]]
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        gate = Caller(site, TicketingStub(channel), "scan")
        await scan(gate, "leaving", codes[0], "a", "ADMITTED", "")
        await scan(gate, "leaving", codes[0], "b", "REFUSED", "already_in")
        await scan(gate, "leaving", f" {codes[1]} ", "c", "ADMITTED", "")
        await scan(gate, "leaving", inside, "d", "REFUSED", "already_in")
        await scan(gate, "leaving", "x" * 32, "e", "REFUSED", "invalid")
        unpaid = orders[5]["positions"][0]["secret"]
        await scan(gate, "leaving", unpaid, "f", "REFUSED", "invalid")
    site.cli("log", "export", str(site.data / "log.jsonl"))
    kept = (site.data / "log.jsonl").read_bytes()
    assert b"ticket_imported" in kept
    assert not [code for code in codes if code.encode() in kept]


async def test_what_changes_in_pretix_since_changes_here(site, pretix):
    seed.night(pretix, "changing")
    before = importing(site, pretix, "changing")
    assert before["equal"], before
    orders = orders_of(pretix, "changing")
    gone, came = paid(orders)[0], next(each for each in orders if each["status"] == "n")
    seed.cancel(pretix, gone["code"], "changing")
    pretix.ask(f"events/changing/orders/{came['code']}/mark_paid/", {"send_email": False})
    after = importing(site, pretix, "changing")
    assert (after["equal"], after["differences"]) == (True, []), after
    assert after["here"]["waiting"] < before["here"]["waiting"]
    assert after["here"] != before["here"]
    assert importing(site, pretix, "changing")["facts"] == 0
    pretix.ask(f"events/changing/orders/{gone['code']}/reactivate/", {})
    back = importing(site, pretix, "changing")
    assert back["equal"], back
    async with grpc.aio.insecure_channel(site.grpc) as channel:
        gate = Caller(site, TicketingStub(channel), "scan")
        await scan(gate, "changing", gone["positions"][0]["secret"], "a", "ADMITTED", "")
        await scan(gate, "changing", came["positions"][0]["secret"], "b", "ADMITTED", "")


async def test_killed_half_way_and_started_again_it_ends_equal(site, pretix):
    seed.night(pretix, "killed", orders=60)
    for turn in range(8):  # the kill may come too late: then another tenant's is killed
        tenant = f"kill-{turn}"
        await _kill_half_way(site, pretix, tenant)
        whole = importing(site, pretix, "killed", tenant=tenant)
        assert (whole["equal"], whole["differences"]) == (True, []), whole
        assert importing(site, pretix, "killed", tenant=tenant)["facts"] == 0
        if 0 < whole["before"]["tickets"] < whole["here"]["tickets"]:
            return
    raise AssertionError("never killed half-way")


async def _kill_half_way(site: Site, pretix: server.Pretix, tenant: str) -> None:
    """SIGKILL the import once some of its orders are in the log."""
    command = ["import", "pretix", tenant, "--url", pretix.url, "--token", pretix.token]
    process = subprocess.Popen(  # noqa: ASYNC220 - killed and waited for at once
        [sys.executable, "-m", "roadcase", *command, "--event", "killed", "--json"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(site.data),
    )  # fmt: skip
    async with servers(read(data=site.data), join=True) as found:
        connection = await asyncpg.connect(found.postgres_url)
        while process.poll() is None:
            if await connection.fetchval(SOME, f"{tenant}/box-office/killed"):
                break
            await asyncio.sleep(0.001)
        process.kill()
        process.wait()
        await connection.close()


def test_what_was_saved_is_imported_like_what_is_asked(site, pretix, tmp_path):
    seed.night(pretix, "saved")
    file = tmp_path / "pretix.json"
    saving = ["import", "pretix", "acme", "--url", pretix.url, "--token", pretix.token]
    done = subprocess.run(
        [sys.executable, "-m", "roadcase", *saving, "--event", "saved", "--save", str(file)],
        capture_output=True, text=True, timeout=60, env=os.environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    (event,) = site.cli("import", "pretix", "acme", "--export", str(file))["events"]
    assert event["equal"], event
    assert importing(site, pretix, "saved")["facts"] == 0
