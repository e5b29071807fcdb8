"""Relay and read models in a process of their own: the other one sells, and knows what is shown."""

from __future__ import annotations

import asyncio
import signal

import grpc
import pytest

from roadcase.api.v1 import ticketing_pb2, ticketing_pb2_grpc
from roadcase.api.v1.common_pb2 import Money
from roadcase.client import Roadcase
from roadcase.event_store.postgres import PostgresLog
from roadcase.secret import Secret
from roadcase.stream.stream import Stream, connect
from roadcase.testing import tokens
from tests.system.alone import SECRET, alone, asked, health, settings
from tests.system.test_services_alone import SCOPES, opened, ran_before

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def servers(database, nats_url):
    await ran_before(database, nats_url, "ticketing", "planning")
    return {"postgres_url": database, "nats_url": nats_url}


async def allowed(servers):
    return await tokens.token(servers["postgres_url"], Secret(SECRET), "acme", "ann", SCOPES)


async def sold(client, order):
    await client.sell("friday", order, {"standard": 1}, order, Money(minor=1200, currency="EUR"))


async def free(at, token, position):
    """How many places the read model has left, once it shows this position."""
    async with grpc.aio.insecure_channel(at) as channel:
        found = await ticketing_pb2_grpc.TicketingStub(channel).GetAvailability(
            ticketing_pb2.GetAvailabilityRequest(occurrence="friday"),
            metadata=(
                ("authorization", f"Bearer {token}"),
                ("min-position", f"ticketing:{position}"),
            ),
        )
    return found.pools[0].free


async def test_one_process_sells_and_another_follows(servers, database, nats_url, tmp_path):
    here = settings(**servers, follow="apart")
    there = settings(**servers, follow="only")
    log = PostgresLog(database, "ticketing")
    with alone("ticketing", here, tmp_path) as selling:
        selling.wait_until_ready()
        with alone("ticketing", there, tmp_path) as following:
            following.wait_until_ready()
            token = await allowed(servers)
            assert asked(following.http, "/readyz") == (200, {"status": "ready"})
            assert health(following.grpc) == "SERVING"
            async with Roadcase(selling.grpc, token) as acme:
                await opened(acme)
                await sold(acme, "first")
                position = (await log.head()).position
                assert await free(selling.grpc, token, position) == 999
                following.process.send_signal(signal.SIGKILL)
                following.process.wait()
                await sold(acme, "second")  # nobody copies or shows it, and it is sold
            position = (await log.head()).position
            with pytest.raises(grpc.aio.AioRpcError) as late:
                await free(selling.grpc, token, position)
            assert late.value.code() is grpc.StatusCode.UNAVAILABLE
            client = await connect(nats_url)
            stream = Stream(client, log)
            assert await stream.last() < position
        with alone("ticketing", there, tmp_path) as following:
            following.wait_until_ready()
            assert await free(selling.grpc, token, position) == 998
            async with asyncio.timeout(10):
                while await stream.last() < position:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.02)
            await client.close()
            assert following.end() == 0
        assert selling.end() == 0
    await log.close()


async def test_who_only_follows_has_no_doors_to_the_service(servers, tmp_path):
    with alone("ticketing", settings(**servers, follow="only"), tmp_path) as following:
        following.wait_until_ready()
        async with Roadcase(following.grpc, await allowed(servers), patience=0) as acme:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await opened(acme)
        assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
        assert following.end() == 0
