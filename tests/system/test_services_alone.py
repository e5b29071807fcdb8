"""Each service runs as a process of its own, from wherever it is installed, and ends in order."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import zipfile

import httpx
import pytest

from roadcase.api.v1 import ticketing_pb2
from roadcase.api.v1.common_pb2 import Money
from roadcase.client import Roadcase
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.secret import Secret
from roadcase.service import find_services
from roadcase.stream.stream import Stream, connect
from roadcase.testing import tokens
from tests.system.alone import SECRET, SERVICES, alone, asked, asked_until, health, settings
from tests.system.containers import bare_python

SCOPES = ["ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read"]


async def ran_before(database: str, nats_url: str, *services: str) -> None:
    """Their streams are there."""
    client = await connect(nats_url)
    for service in services:
        await migrate(database, service)
        async with PostgresLog(database, service) as log:
            await Stream(client, log).last()
    await client.close()


@pytest.fixture
async def servers(database, nats_url):
    """Where both ran before: devices is not ready until it knows where to begin there."""
    await ran_before(database, nats_url, "ticketing", "planning")
    return {"postgres_url": database, "nats_url": nats_url}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """A Python that has our wheel, and none of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    python = bare_python(folder / "env")
    (packages,) = (folder / "env").glob("lib/python*/site-packages")
    zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(packages)
    return str(python)


async def opened(client: Roadcase) -> None:
    price = Money(minor=1200, currency="EUR")
    standard = ticketing_pb2.TicketType(
        id="standard", name="Standard", price=price, seller="acme", draws={"room": 1}
    )
    await client.open_box_office(
        ticketing_pb2.OpenBoxOfficeRequest(
            occurrence="friday",
            name="Friday",
            starts_at="2027-01-01T20:30",
            ends_at="2027-01-01T22:30",
            zone="Europe/Berlin",
            pools={"room": 1000},
            ticket_types=[standard],
        )
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_from_an_empty_folder_and_answers_its_probes(service, servers, tmp_path):
    with alone(service, settings(**servers), tmp_path) as this:
        this.wait_until_ready()
        assert asked(this.http, "/healthz") == (200, {"status": "ok"})
        assert asked(this.http, "/readyz") == (200, {"status": "ready"})
        assert health(this.grpc) == "SERVING"
        assert this.end() == 0


@pytest.mark.parametrize("service", SERVICES)
def test_the_wheel_runs_it_where_there_is_no_checkout(service, servers, tmp_path, wheel):
    where = f"import services.{service} as it; print(it.__file__)"
    found = subprocess.run([wheel, "-c", where], capture_output=True, text=True, cwd=tmp_path)
    assert found.stdout.startswith(wheel.removesuffix("/bin/python")), found
    with alone(service, settings(**servers), tmp_path, wheel) as this:
        this.wait_until_ready()
        assert asked(this.http, "/readyz") == (200, {"status": "ready"})
        assert this.end() == 0


def test_a_wheel_has_the_page_and_the_migrations(servers, tmp_path, wheel):
    with alone("ticketing", settings(**servers), tmp_path, wheel) as this:
        this.wait_until_ready()
        assert "<title>" in httpx.get(f"http://{this.http}/").text


async def test_a_service_waits_for_servers_that_come_later_and_says_so(
    own_postgres, own_nats, tmp_path
):
    await own_postgres.stop()
    await own_nats.stop()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    urls = {"postgres_url": own_postgres.url, "nats_url": own_nats.url, "http_port": port}
    here = f"127.0.0.1:{port}"
    with alone("ticketing", settings(**urls), tmp_path) as this:
        said = await asyncio.to_thread(asked_until, here, "/readyz", 503)
        assert {*said["why"]} == {"nats", "postgres"}
        assert "NATS is away" in said["why"]["nats"]
        assert asked(here, "/healthz") == (200, {"status": "ok"})
        await own_nats.start()
        async with asyncio.timeout(20):
            while "nats" in asked(here, "/readyz")[1]["why"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await own_postgres.start()
        await asyncio.to_thread(this.wait_until_ready)
        assert asked(here, "/readyz") == (200, {"status": "ready"})
        assert this.end() == 0


async def test_a_service_that_waits_can_be_stopped(tmp_path):
    nowhere = {"postgres_url": "postgresql://a:b@127.0.0.1:9/c", "nats_url": "nats://127.0.0.1:9"}
    with alone("ticketing", settings(**nowhere), tmp_path) as this:
        assert "waiting" in this.process.stdout.readline()
        assert this.end() == 0


async def test_what_was_asked_before_the_end_is_answered_and_kept(servers, tmp_path):
    answered = []

    async def buy(client: Roadcase, number: int) -> None:
        price = Money(minor=1200, currency="EUR")
        order = await client.sell("friday", f"o{number}", {"standard": 1}, f"p{number}", price)
        answered.append(order.order)

    with alone("ticketing", settings(**servers), tmp_path) as this:
        this.wait_until_ready()
        allowed = await tokens.token(servers["postgres_url"], Secret(SECRET), "acme", "ann", SCOPES)
        async with Roadcase(this.grpc, allowed, patience=0) as client:
            await opened(client)
            asking = [asyncio.create_task(buy(client, number)) for number in range(200)]
            while not answered:  # noqa: ASYNC110
                await asyncio.sleep(0)
            code = await asyncio.to_thread(this.end)
            await asyncio.gather(*asking, return_exceptions=True)
    assert code == 0
    async with PostgresLog(servers["postgres_url"], "ticketing") as log:
        records = await log.read_stream("acme/box-office/friday")
    kept = [each for each in records if each.topic == "ticketing.ticket_sold.v1"]
    assert len(answered) == len(kept) > 0


def test_a_wrong_setting_is_one_line_and_not_a_trace(tmp_path):
    with alone("ticketing", settings(http_port="99999", nonsense=1), tmp_path) as this:
        said, _ = this.process.communicate(timeout=20)
    assert this.process.returncode == 2
    assert "ROADCASE_HTTP_PORT" in said
    assert "ROADCASE_NONSENSE" in said
    assert "Traceback" not in said


def test_each_service_has_a_place_of_its_own():
    places = [service.place for service in find_services()]
    assert len(set(places)) == len(places)
