"""What lies before a stream comes from whoever owns the log, and the chain holds over the seam."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import grpc
import pytest
from nats.js.errors import NotFoundError

from roadcase.api.v1.records_pb2 import ReadRecordsRequest
from roadcase.api.v1.records_pb2_grpc import RecordsStub
from roadcase.auth import Signer, Verifier
from roadcase.errors import Unavailable
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record
from roadcase.owners import KEY, PAGE, READ, Owners, RecordsRpc
from roadcase.rpc import RpcServer
from roadcase.secret import Secret
from roadcase.stream.follow import Follower
from tests.kernel.selling import until
from tests.kernel.streaming import (
    Heard,
    all_of,
    connected_to,
    relaying,
    stream_of,
    task_of,
    write,
)

SECRET = Secret("a secret of an installation, long enough")


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    await migrate(database, "shop")
    async with PostgresLog(database, "shop") as log:
        yield log


@pytest.fixture
async def client(nats_url: str) -> AsyncIterator[Any]:
    async with connected_to(nats_url) as client:
        yield client
        with suppress(NotFoundError):
            await client.jetstream().delete_stream("EVT_shop")


@asynccontextmanager
async def owning(log: Any, port: int = 0) -> AsyncIterator[RpcServer]:
    """The gRPC door of the process that owns the log."""
    keys = {KEY: SECRET.signing_key(KEY), "main": SECRET.signing_key("tokens")}
    verifier = Verifier({name: key.public_key() for name, key in keys.items()})
    server = RpcServer(verifier, ready=dict, port=port)
    server.mount(RecordsRpc({"shop": log}), name="records")
    await server.start()
    try:
        yield server
    finally:
        await server.stop(0)


@asynccontextmanager
async def asking(port: int, secret: Secret = SECRET) -> AsyncIterator[Owners]:
    owners = Owners(secret, {"shop": f"127.0.0.1:{port}"})
    try:
        yield owners
    finally:
        await owners.close()


@asynccontextmanager
async def late_stream(client: Any, log: PostgresLog, kept: int) -> AsyncIterator[None]:
    """The stream was lost, and holds only the last records when it is there again."""
    head = (await log.head()).position
    async with relaying(client, log, republished=kept) as relay:
        await until(lambda: relay.position == head)
        assert await stream_of(client, log).first() == head - kept + 1
        yield


async def test_a_hearer_reads_what_lies_before_the_stream_from_its_owner(client, log):
    await write(log, 3 * PAGE)
    async with (
        late_stream(client, log, 100),
        owning(log) as server,
        asking(server.port) as owners,
        task_of(Heard(follower := Follower(client, "shop", owners.log_of("shop")))) as heard,
        task_of(Heard(Follower(client, "shop", owners.log_of("shop")), after=1500)) as other,
    ):
        await write(log, 50)
        await heard.reached(3 * PAGE + 50)
        await other.reached(3 * PAGE + 50)
        assert heard.records == await all_of(log)
        assert other.records == heard.records[1500:]
        assert await follower.head() == 3 * PAGE + 50
        assert await follower.record(7) == heard.records[6]
        assert follower.fault is None


async def test_while_the_owner_is_away_a_hearer_says_so_and_then_it_goes_on(client, log):
    await write(log, 300)
    async with owning(log) as server:
        port = server.port
    async with (
        late_stream(client, log, 100),
        asking(port) as owners,
        task_of(Heard(follower := Follower(client, "shop", owners.log_of("shop")))) as heard,
    ):
        await until(lambda: follower.waits)
        assert follower.waits == (
            "shop, whose log holds what is missing, does not answer (UNAVAILABLE)"
        )
        assert await follower.head() == 300  # the stream knows that
        assert heard.records == []
        async with owning(log, port):
            await heard.reached(300)
            assert heard.records == await all_of(log)
            await until(lambda: follower.fault is None)


async def test_a_fault_is_over_once_the_stream_is_there_though_nothing_new_happens(client, log):
    await write(log, 300)
    async with task_of(Heard(follower := Follower(client, "shop"), after=300)):
        await until(lambda: follower.fault)
        async with late_stream(client, log, 100):
            await until(lambda: follower.fault is None)


class Altered:
    """The log of an owner in which somebody rewrote a record."""

    def __init__(self, log: PostgresLog, position: int) -> None:
        self.log, self.position = log, position

    async def head(self) -> Any:
        return await self.log.head()

    async def read(self, after: int, limit: int) -> list[Record]:
        records = await self.log.read(after, limit)
        return [
            each._replace(payload=b'{"a":2}') if each.position == self.position else each
            for each in records
        ]


@pytest.mark.parametrize("altered", [150, 2 * PAGE + 1])
async def test_an_altered_record_is_found_and_nothing_after_it_is_heard(client, log, altered):
    await write(log, 2 * PAGE + 100)
    async with (
        late_stream(client, log, 50),
        owning(Altered(log, altered)) as server,
        asking(server.port) as owners,
        task_of(Heard(follower := Follower(client, "shop", owners.log_of("shop")))) as heard,
    ):
        await until(lambda: follower.fault)
        assert f"record {altered} of shop does not follow" in follower.fault
        await asyncio.sleep(1.2)
        assert len(heard.records) == altered // PAGE * PAGE


class Another:
    """The log of an owner that was restored from elsewhere: whole in itself."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records

    async def head(self) -> Any:
        raise Unavailable

    async def read(self, after: int, limit: int) -> list[Record]:
        return self.records[after : after + limit]


async def test_two_stories_are_found_at_the_seam(database, client, log):
    await migrate(database, "other")
    async with PostgresLog(database, "other") as other:
        another = await write(other, 300, payload=b'{"another":1}')
    await write(log, 300)
    async with (
        late_stream(client, log, 100),
        task_of(Heard(follower := Follower(client, "shop", Another(another)))) as heard,
    ):
        await until(lambda: follower.fault)
        assert "record 201 of shop does not follow" in follower.fault
        await asyncio.sleep(1.2)  # it has tried again
        assert len(heard.records) == 200


async def test_large_records_come_a_few_at_a_time(client, log):
    await write(log, 9, payload=b'"' + b"x" * 900_000 + b'"')
    async with (
        late_stream(client, log, 1),
        owning(log) as server,
        asking(server.port) as owners,
        task_of(Heard(Follower(client, "shop", owners.log_of("shop")))) as heard,
    ):
        assert len(await owners.log_of("shop").read(0, 9)) == 3
        await heard.reached(9)
        assert heard.records == await all_of(log)


async def test_only_services_of_the_installation_read_records(client, log):
    await write(log, 3)
    handed_out = Signer("main", SECRET.signing_key("tokens")).sign("acme", "ann", [READ])
    stolen_name = Signer(KEY, SECRET.signing_key("tokens")).sign("acme", "ann", [READ])
    async with owning(log) as server:
        for token, code in (
            (handed_out, grpc.StatusCode.PERMISSION_DENIED),
            (stolen_name, grpc.StatusCode.UNAUTHENTICATED),
        ):
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                with pytest.raises(grpc.aio.AioRpcError) as refused:
                    await RecordsStub(channel).ReadRecords(
                        ReadRecordsRequest(service="shop", limit=3),
                        metadata=(("authorization", f"Bearer {token}"),),
                    )
            assert refused.value.code() == code
        async with asking(server.port, Secret("another secret, of somebody else")) as strangers:
            with pytest.raises(Unavailable, match="the same ROADCASE_SECRET"):
                await strangers.log_of("shop").read(0, 3)
        async with asking(server.port) as owners:
            assert len(await owners.log_of("shop").read(0, 3)) == 3
            with pytest.raises(Unavailable, match="NOT_FOUND"):
                await Owners(SECRET, owners.addresses | {"x": owners.addresses["shop"]}).ask(
                    "x", 0, 1
                )
            with pytest.raises(Unavailable, match="ROADCASE_PEERS"):
                await owners.log_of("nowhere").read(0, 3)
