"""Watching a log: nothing missed, nothing twice, nothing of others, however the watch goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status.rpc_status import aio as rich_status

from roadcase.api.v1 import event_log_pb2
from roadcase.api.v1.event_log_pb2 import LogEntry, WatchRequest
from roadcase.api.v1.event_log_pb2_grpc import EventLogStub
from roadcase.asked import Context
from roadcase.auth import Signer, Verifier
from roadcase.dispatch import Dispatcher
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record
from roadcase.rpc import RpcServer
from roadcase.watch import PAGE, Cursors, EventLogRpc, Filter, Grown
from tests.conftest import SERVICE
from tests.kernel.shop import SHOP, Expire, Open, Sell, Take
from tests.kernel.shop_rpc import until

KEY = Ed25519PrivateKey.generate()
SIGNER = Signer("k1", KEY)
SECRET = b"a secret of at least 16 bytes"
NOW = event_log_pb2.WATCH_START_NOW


class Counted(PostgresLog):
    """A log that counts how often it is read."""

    reads = 0

    async def read(self, after: int, limit: int) -> list[Record]:
        self.reads += 1
        return await super().read(after, limit)


class Silent:
    """A feed that never says anything."""

    async def wait(self, position: int) -> None:
        await asyncio.Event().wait()


class House:
    """A service with a log, and a server to watch it on."""

    def __init__(self, log: Counted, feed: Any = None) -> None:
        self.log = log
        self.dispatcher = Dispatcher(log, [SHOP], secret=b"s")
        self.verifier = Verifier({"k1": KEY.public_key()})
        self.server = RpcServer(self.verifier, ready=dict, port=0)
        grown = Grown()
        self.dispatcher.on_commit.append(grown.offer)
        logs, feeds = {SERVICE: log}, {SERVICE: feed or grown}
        self.server.mount(EventLogRpc(logs, feeds, secret=SECRET), name="log")
        self.orders = 0

    async def open(self, tenant: str = "acme", shop: str = "main") -> None:
        await self.dispatcher(
            Open(shop=shop, capacity=1_000_000), Context(tenant=tenant, actor="a")
        )

    async def sell(
        self, count: int = 1, tenant: str = "acme", shop: str = "main", note: str = ""
    ) -> None:
        first, self.orders = self.orders, self.orders + count
        await asyncio.gather(
            *(
                self.dispatcher(
                    Sell(shop=shop, order=f"o{first + n}", note=note),
                    Context(tenant=tenant, actor="a", key=f"{tenant}-{first + n}"),
                )
                for n in range(count)
            )
        )

    def watcher(self, tenant: str = "acme", *scopes: str) -> Watcher:
        return Watcher(self, SIGNER.sign(tenant, "partner", ["log:watch", *scopes]))


class Watcher:
    """One client of the log."""

    def __init__(self, house: House, token: str) -> None:
        self.token = token
        small = {"grpc.http2.bdp_probe": 0, "grpc.http2.lookahead_bytes": 1 << 16}
        options = [("grpc.use_local_subchannel_pool", 1), *small.items()]
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{house.server.port}", options=options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.channel.close()

    def watch(self, cursor: str = "", **asked: Any) -> Any:
        request = WatchRequest(**({"service": SERVICE, "cursor": cursor} | asked))
        metadata = (("authorization", f"Bearer {self.token}"),)
        return EventLogStub(self.channel).Watch(request, metadata=metadata)

    async def read(self, count: int, cursor: str = "", **asked: Any) -> list[LogEntry]:
        """The first entries of a watch, which is then left."""
        call = self.watch(cursor, **asked)
        async with asyncio.timeout(10):
            entries = [await call.read() for _ in range(count)]
        call.cancel()
        return entries

    async def refused(self, cursor: str = "", **asked: Any) -> tuple[grpc.StatusCode, str]:
        """The code and the slug with which a watch ends at once."""
        return await ending(self.watch(cursor, **asked))


async def read_all(call: Any) -> None:
    while await call.read() is not grpc.aio.EOF:
        pass


async def ending(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await asyncio.wait_for(read_all(call), 10)
    info = ErrorInfo()
    status = await rich_status.from_call(call)
    assert status is not None
    assert status.details[0].Unpack(info)
    return ended.value.code(), info.reason


@asynccontextmanager
async def opened(database: str, feed: Any = None) -> AsyncIterator[House]:
    async with Counted(database, SERVICE) as log:
        house = House(log, feed)
        running = asyncio.create_task(house.dispatcher.run())
        await house.server.start()
        try:
            yield house
        finally:
            await house.server.stop(0)
            await house.dispatcher.drain()
            running.cancel()


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    async with opened(database) as house:
        await house.open()
        yield house


def orders(entries: list[LogEntry]) -> list[str]:
    return [json.loads(entry.payload).get("order", "-") for entry in entries]


def assert_chained(entries: list[LogEntry], begin: str = "") -> None:
    """Each entry names the one before it: nothing was missed."""
    before = [begin, *(entry.cursor for entry in entries)]
    assert [entry.previous_cursor for entry in entries] == before[:-1]
    assert len({entry.cursor for entry in entries}) == len(entries)


async def test_a_watch_tells_what_was_and_then_what_comes(house: House) -> None:
    await house.sell(2)
    async with house.watcher() as watcher:
        call = watcher.watch()
        was = [await call.read() for _ in range(3)]
        selling = asyncio.create_task(house.sell(1))
        comes = await asyncio.wait_for(call.read(), 0.9)  # it was woken, it did not look by chance
        await selling
    entries = [*was, comes]
    assert orders(entries) == ["-", "o0", "o1", "o2"]
    assert_chained(entries)
    assert [entry.version for entry in entries] == [1, 2, 3, 4]


async def test_an_entry_tells_the_fact_and_how_it_came_to_be(house: House) -> None:
    await house.sell()
    (record,) = await house.log.read(1, 1)
    async with house.watcher() as watcher:
        _, entry = await watcher.read(2)
    assert entry.topic == "shop.sold.v1"
    assert entry.stream == "acme/shop/main"
    assert entry.payload == record.payload
    meta = json.loads(record.meta)
    assert entry.log_entry_id == meta["id"]
    assert (entry.meta.actor, entry.meta.command_id) == ("a", meta["command"])
    assert entry.recorded_at.ToDatetime().isoformat() == meta["at"].rstrip("Z")
    for hidden in (meta["key"], meta["request"]):
        assert hidden.encode() not in entry.SerializeToString()


async def test_a_watch_goes_on_after_any_cursor_without_gap_or_repetition(house: House) -> None:
    await house.sell(5)
    await house.open("rival")
    await house.sell(5, "rival")
    await house.sell(4)
    async with house.watcher() as watcher:
        whole = await watcher.read(10)
        assert_chained(whole)
        for seen in range(1, 10):
            cursor = whole[seen - 1].cursor
            assert await watcher.read(10 - seen, cursor) == whole[seen:]


async def test_nothing_is_missed_or_told_twice_beside_writers(house: House) -> None:
    total = PAGE + 150
    async with house.watcher() as watcher:
        call = watcher.watch()
        entries: list[LogEntry] = []

        async def write() -> None:
            for _ in range(total // 7):
                await house.sell(7)

        writing = asyncio.create_task(write())
        async with asyncio.timeout(20):
            while len(entries) < total // 7 * 7 + 1:
                entries.append(await call.read())
                if len(entries) % 100 == 0:  # now and then the connection is lost
                    call.cancel()
                    call = watcher.watch(entries[-1].cursor)
        await writing
    assert [entry.version for entry in entries] == list(range(1, len(entries) + 1))
    assert_chained(entries)


async def test_others_entries_are_never_told_nor_to_be_guessed(house: House) -> None:
    await house.open("rival")
    await house.sell(1)
    await house.sell(40, "rival")
    await house.sell(1)
    async with house.watcher() as watcher, house.watcher("rival") as rival:
        mine = await watcher.read(3)
        theirs = await rival.read(41)
        assert {entry.stream for entry in mine} == {"acme/shop/main"}
        assert {entry.stream for entry in theirs} == {"rival/shop/main"}
        assert len({len(entry.cursor) for entry in mine + theirs}) == 1
        assert_chained(mine)
        streams = ["rival/shop/main"]
        call = watcher.watch(streams=streams)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(call.read(), 0.3)
        call.cancel()


async def test_a_cursor_from_now_does_not_tell_whether_others_wrote(house: House) -> None:
    async with house.watcher() as watcher:
        begun = []
        for _ in range(2):
            call = watcher.watch(start=NOW)
            begun.append(dict(await call.initial_metadata())["watch-began-after"])
            call.cancel()
        assert begun[0] != begun[1]  # though nobody wrote: so it says nothing
        await house.sell(3)
        entries = await watcher.read(3, begun[0])
    assert orders(entries) == ["o0", "o1", "o2"]
    assert_chained(entries, begun[0])


async def test_from_now_tells_only_what_comes(house: House) -> None:
    await house.sell(3)
    async with house.watcher() as watcher:
        call = watcher.watch(start=NOW)
        began = dict(await call.initial_metadata())["watch-began-after"]
        await house.sell(1)
        entry = await asyncio.wait_for(call.read(), 5)
    assert orders([entry]) == ["o3"]
    assert entry.previous_cursor == began


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"categories": ["shop"]}, ["Opened", "Opened", "Sold", "Held", "Sold"]),
        ({"topics": ["shop.sold.v1"]}, ["Sold", "Sold"]),
        ({"topics": ["shop.sold.v1", "shop.held.v1"]}, ["Sold", "Held", "Sold"]),
        ({"streams": ["acme/shop/main"]}, ["Opened", "Sold", "Held"]),
        ({"streams": ["acme/shop/side"], "topics": ["shop.sold.v1"]}, ["Sold"]),
        ({"categories": ["other"]}, []),
    ],
)
async def test_a_filter_lets_only_its_own_through(
    house: House, asked: dict[str, Any], expected: list[str]
) -> None:
    await house.open(shop="side")
    await house.sell()
    await house.dispatcher(Take(shop="main", hold="h"), Context(tenant="acme", actor="a"))
    await house.dispatcher(Expire(shop="main"), Context(tenant="acme", actor="a"))
    await house.sell(shop="side")
    async with house.watcher() as watcher:
        call = watcher.watch(**asked)
        entries = [await asyncio.wait_for(call.read(), 5) for _ in expected]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(call.read(), 0.2)
    assert [entry.topic.split(".")[1].capitalize() for entry in entries] == expected
    assert_chained(entries)


async def test_each_wrong_cursor_has_its_own_clear_error(house: House) -> None:
    await house.open("rival")
    await house.sell(2)
    async with house.watcher() as watcher, house.watcher("rival") as rival:
        cursor = (await watcher.read(1))[0].cursor
        theirs = (await rival.read(1))[0].cursor
        filtered = (await watcher.read(1, categories=["shop"]))[0].cursor
        other = Cursors(SECRET).seal(1, Filter("devices", "acme"))
        ahead = Cursors(SECRET).seal(99, Filter(SERVICE, "acme"))
        forged = Cursors(b"a guess of 16 bytes or more").seal(1, Filter(SERVICE, "acme"))
        flipped = ("A" if cursor[0] != "A" else "B") + cursor[1:]
        slugs = {
            theirs: "cursor_of_another_tenant",
            filtered: "cursor_of_another_filter",
            other: "cursor_of_another_service",
            ahead: "cursor_ahead",
            forged: "cursor_unreadable",
            flipped: "cursor_unreadable",
            cursor[:-4]: "cursor_unreadable",
            "7": "cursor_unreadable",
            f"{SERVICE}:1": "cursor_unreadable",
            "\u017e\u0148": "cursor_unreadable",
            "x" * 4096: "cursor_unreadable",
        }
        for wrong, slug in slugs.items():
            said = grpc.StatusCode.INVALID_ARGUMENT, f"roadcase.{slug}"
            assert await watcher.refused(wrong) == said, wrong


async def test_the_order_of_a_filter_does_not_matter() -> None:
    one = Filter("a", "t", frozenset("xy"), frozenset("z"))
    two = Filter("a", "t", frozenset("yx"), frozenset("z"))
    moved = Filter("a", "t", frozenset("xyz"))
    assert one.digest() == two.digest()
    assert one.digest() != moved.digest()


async def test_operators_may_have_positions_and_others_may_not(house: House) -> None:
    await house.open("rival")
    await house.sell(2, "rival")
    await house.sell(2)
    async with house.watcher("acme", "ops:log") as operator, house.watcher() as partner:
        entries = await operator.read(3, plain_cursors=True)
        assert [entry.cursor for entry in entries] == [f"{SERVICE}:{n}" for n in (1, 5, 6)]
        assert_chained(entries)
        again = await operator.read(2, f"{SERVICE}:3", plain_cursors=True)
        assert orders(again) == orders(entries)[1:]
        for cursor, slug in [
            (f"{SERVICE}:7", "cursor_ahead"),
            ("devices:1", "cursor_of_another_service"),
            ("x", "cursor_unreadable"),
        ]:
            said = await operator.refused(cursor, plain_cursors=True)
            assert said == (grpc.StatusCode.INVALID_ARGUMENT, f"roadcase.{slug}")
        said = await partner.refused(plain_cursors=True)
        assert said == (grpc.StatusCode.PERMISSION_DENIED, "roadcase.forbidden")


async def test_a_watch_needs_its_scope_and_a_log_that_is_here(house: House) -> None:
    async with house.watcher() as watcher:
        said = await watcher.refused(service="nothing")
        assert said == (grpc.StatusCode.NOT_FOUND, "roadcase.not_found")
        said = await watcher.refused(topics=["t"] * 101)
        assert said == (grpc.StatusCode.INVALID_ARGUMENT, "roadcase.invalid")
        watcher.token = SIGNER.sign("acme", "till", ["ticketing:sell"])
        said = await watcher.refused()
        assert said == (grpc.StatusCode.PERMISSION_DENIED, "roadcase.forbidden")


async def test_a_slow_reader_holds_back_only_itself(house: House) -> None:
    for _ in range(6):
        await house.sell(PAGE, note="x" * 2000)
    async with house.watcher() as slow, house.watcher() as quick:
        reads = house.log.reads
        call = slow.watch()
        await call.read()
        await asyncio.sleep(0.3)
        assert house.log.reads - reads <= 2  # it reads little further than it is read
        total = 1 + 6 * PAGE
        assert len(await quick.read(total)) == total
        rest = [await asyncio.wait_for(call.read(), 5) for _ in range(total - 1)]
        assert [entry.version for entry in rest] == list(range(2, total + 1))


async def test_watchers_of_the_same_page_share_one_read(house: House) -> None:
    async with house.watcher() as watcher:
        calls = [watcher.watch() for _ in range(20)]
        for call in calls:
            await call.read()
        reads = house.log.reads
        await house.sell()
        assert {orders([await call.read()])[0] for call in calls} == {"o0"}
        assert house.log.reads - reads < 20


async def test_a_watch_of_a_quiet_log_rests(house: House) -> None:
    async with house.watcher() as watcher:
        call = watcher.watch()
        await call.read()
        await asyncio.sleep(0.1)
        reads = house.log.reads
        await asyncio.sleep(0.5)
        assert house.log.reads - reads <= 1


async def test_a_silent_feed_only_makes_it_later(database: str) -> None:
    async with opened(database, Silent()) as house, house.watcher() as watcher:
        call = watcher.watch()
        await call.initial_metadata()
        await house.open()
        assert (await asyncio.wait_for(call.read(), 3)).topic == "shop.opened.v1"


async def test_a_watch_ends_at_once_when_its_token_is_revoked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadcase.watch.AGAIN", 30.0)
    async with house.watcher() as watcher:
        call = watcher.watch()
        await call.read()
        await asyncio.sleep(0.2)  # until it waits
        house.verifier.revoke(house.verifier.verify(watcher.token).token)
        async with asyncio.timeout(3):
            said = await ending(call)
    assert said == (grpc.StatusCode.UNAUTHENTICATED, "roadcase.unauthenticated")


async def test_a_watch_ends_when_the_server_stops_and_says_so(house: House) -> None:
    async with house.watcher() as watcher:
        call = watcher.watch()
        await call.read()
        async with asyncio.timeout(2):
            stopping = asyncio.create_task(house.server.stop(10))
            said = await ending(call)
            await stopping
    assert said == (grpc.StatusCode.UNAVAILABLE, "roadcase.stopping")


async def test_a_feed_wakes_at_once_when_the_log_has_grown_already() -> None:
    grown = Grown()
    waiting = asyncio.create_task(grown.wait(1))
    grown.offer([])
    grown.offer([Record(1, "s", 1, "t", b"", b"", b"")])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done()
    grown.offer([Record(2, "s", 2, "t", b"", b"", b"")])
    grown.offer([Record(1, "s", 1, "t", b"", b"", b"")])
    await until(waiting.done)
    await asyncio.wait_for(grown.wait(1), 1)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Cursors(b"short")
