"""The stream begins later than a service has heard: it asks the owner over gRPC, and goes on."""

from __future__ import annotations

import asyncio
import time

import pytest

from roadcase.api.v1.common_pb2 import Money
from roadcase.client import Roadcase
from roadcase.embedded.files import ports
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.run import Site, open_site
from roadcase.secret import Secret
from roadcase.settings import Settings
from roadcase.stream.stream import connect
from roadcase.testing import tokens
from tests.kernel.selling import until
from tests.kernel.streaming import cleared, relaying
from tests.system.alone import SECRET, alone, asked, settings
from tests.system.test_services_alone import SCOPES, opened, ran_before

NAMED = "devices.occurrence_named.v1"


@pytest.fixture(autouse=True)
async def _cleared(nats_url):
    yield
    await cleared(nats_url)


async def made_late(database: str, nats_url: str) -> None:
    """The stream of ticketing is lost, and what is there again is the end of the log alone."""
    client = await connect(nats_url)
    async with PostgresLog(database, "ticketing") as log:
        head = (await log.head()).position
        assert head > 1
        await client.jetstream().delete_stream("EVT_ticketing")
        async with relaying(client, log, republished=1) as relay:
            await until(lambda: relay.position == head)
        assert (await client.jetstream().stream_info("EVT_ticketing")).state.first_seq == head
    await client.close()


async def heard(database: str, topic: str = NAMED) -> None:
    """Devices has heard of the night, which was opened before the stream began."""
    await migrate(database, "devices")
    async with PostgresLog(database, "devices") as log, asyncio.timeout(30):
        while topic not in [each.topic for each in await log.read(0, 100)]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def token(database: str) -> str:
    return await tokens.token(database, Secret(SECRET), "acme", "ann", SCOPES)


@pytest.mark.timeout(120)
async def test_in_processes_of_their_own_a_hearer_waits_for_the_owner(database, nats_url, tmp_path):
    port = next(ports(tmp_path / "grpc"))
    await ran_before(database, nats_url, "planning")
    told = {"postgres_url": database, "nats_url": nats_url, "peers": f"ticketing=127.0.0.1:{port}"}
    owner = settings(**told, grpc_port=port)
    with alone("ticketing", owner, tmp_path) as ticketing:
        ticketing.wait_until_ready()
        async with Roadcase(ticketing.grpc, await token(database)) as client:
            await opened(client)
        assert ticketing.end() == 0
    await made_late(database, nats_url)
    with alone("devices", settings(**told), tmp_path) as devices:
        await asyncio.to_thread(devices.wait_until_ready)
        until_then = time.monotonic() + 20
        while not (why := asked(devices.http, "/readyz")[1].get("waits")):
            assert time.monotonic() < until_then
            await asyncio.sleep(0.05)
        assert any("ticketing, whose log holds what is missing" in each for each in why["devices"])
        with alone("ticketing", owner, tmp_path) as ticketing:
            await asyncio.to_thread(ticketing.wait_until_ready)
            await heard(database)
            while asked(devices.http, "/readyz") != (200, {"status": "ready"}):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_in_one_process_it_asks_over_loopback(database, nats_url, tmp_path):
    told = Settings(
        data=tmp_path,
        secret=SECRET,
        postgres_url=database,
        nats_url=nats_url,
        http_port=0,
        grpc_port=0,
        services=("ticketing",),
    )
    async with open_site(told) as site:
        await ready(site)
        async with Roadcase(site.grpc, await token(database)) as client:
            await opened(client)
    await made_late(database, nats_url)
    async with open_site(told.model_copy(update={"services": ()})) as site:
        await ready(site)
        await heard(database)
        await until(lambda: site.waits() == {})


@pytest.mark.timeout(120)
async def test_what_is_sold_before_devices_ever_ran_is_printed_all_the_same(
    database, nats_url, tmp_path
):
    """Processes of a new installation do not start in one moment."""
    printer = "acme/ticket-1=127.0.0.1:9"
    told = settings(postgres_url=database, nats_url=nats_url, printers=printer)
    with alone("ticketing", told, tmp_path) as ticketing:
        ticketing.wait_until_ready()
        async with Roadcase(ticketing.grpc, await token(database)) as client:
            await opened(client)
            price = Money(minor=1200, currency="EUR")
            await client.sell("friday", "o1", {"standard": 1}, "cash", price)
        with alone("devices", told, tmp_path) as devices:
            await asyncio.to_thread(devices.wait_until_ready)
            await heard(database, "devices.job_requested.v1")


async def ready(site: Site) -> None:
    await until(lambda: site.not_ready() == {}, 20)
