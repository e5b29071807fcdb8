"""The events of a stream are taken in order, whatever goes wrong, however they come in batches."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from roadcase.decider import Command, Heard
from roadcase.errors import Overloaded
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record, meta_of
from roadcase.parked import PARKED, ParkedEvents
from roadcase.reaction import Reaction
from roadcase.reactor import Reactor
from roadcase.stream.follow import Follower
from tests.kernel.selling import by, dispatching, until
from tests.kernel.shop import SHOP, Open, Sell
from tests.kernel.streaming import connected_to, stream_of, task_of

STREAMS = "abc"


class SoldElsewhere(Heard, frozen=True, kw_only=True):
    topics = ("shop.sold.v1",)

    shop: str
    order: str


class Batches(Follower):
    """Gives these batches as soon as they are asked for; after them nothing, until more are put."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.given: list[list[Record]] = []
        self.more = asyncio.Event()

    def put(self, *batches: list[Record]) -> None:
        self.given += batches
        self.more.set()

    async def follow(
        self, after: int, topics: Any = None, passed: Any = None
    ) -> AsyncIterator[list[Record]]:
        at = 0
        while True:
            self.more.clear()
            while at < len(self.given):
                if batch := [each for each in self.given[at] if each.position > after]:
                    yield batch
                at += 1
            await self.more.wait()


class Night:
    """A shop's sales, in batches, and who reacts to them by selling the same at a till."""

    def __init__(self, database: str, log: PostgresLog, client: Any, till: Any) -> None:
        self.database, self.log, self.till = database, log, till
        self.stream = stream_of(client, log)
        self.batches = Batches(client, "shop", log)
        self.tries: dict[str, int] = defaultdict(int)

    def do(self, event: SoldElsewhere) -> Sequence[Command]:
        """What an order is called says what becomes of it."""
        self.tries[event.order] += 1
        kind = event.order[0]
        if kind == "n":
            return []
        if kind == "b" or (kind == "t" and self.tries[event.order] == 1):
            raise ZeroDivisionError("a bug in a reaction")
        shop, units = "till", 10**6 if kind == "r" else 1
        if kind == "i" or (kind == "j" and self.tries[event.order] == 1):
            shop = "no such name"  # refused before it is in the inbox
        return [Sell(shop=shop, order=f"{event.order}-{n}", units=units) for n in range(2)]

    @asynccontextmanager
    async def reactor(self, till: Any = None) -> AsyncIterator[Reactor]:
        reactor = Reactor(
            Reaction("echo", SoldElsewhere, self.do, from_start=True),
            till or self.till,
            url=self.database,
            follower=self.batches,
            stream=self.stream,
        )
        async with task_of(reactor):
            yield reactor

    async def parked(self) -> list[int]:
        connection = await asyncpg.connect(self.database)
        try:
            return [each.position for each in await ParkedEvents(connection, "till").listed("echo")]
        finally:
            await connection.close()

    async def effects(self) -> list[str]:
        """Orders of the till, in the order of its log."""
        decode = self.till.codec.decode
        records = await self.till.log.read(0, 10_000)
        events = [decode(each.topic, each.payload) for each in records]
        return [each.order for each in events if hasattr(each, "order")]


@pytest.fixture
async def night(database: str, nats_url: str) -> AsyncIterator[Night]:
    for name in ("shop", "till"):
        await migrate(database, name)
    async with (
        connected_to(nats_url) as client,
        PostgresLog(database, "shop") as log,
        dispatching(database, SHOP, PARKED, name="till") as till,
    ):
        await till(Open(shop="till", capacity=10**6 - 1), by())
        yield Night(database, log, client, till)


async def sell(night: Night, *sales: tuple[str, str]) -> list[Record]:
    """Sell these orders at these shops; the records of the sales."""
    async with dispatching(night.database, name="shop") as shop:
        for name in STREAMS:
            await shop(Open(shop=name, capacity=10**6), by())
        for name, order in sales:
            await shop(Sell(shop=name, order=order), by())
    records = await night.log.read(0, 10_000)
    return [each for each in records if each.topic == "shop.sold.v1"]


def both(*orders: str) -> list[str]:
    return [f"{order}-{n}" for order in orders for n in range(2)]


@pytest.mark.parametrize("wrong", ["b", "r", "i"])
async def test_none_overtakes_one_that_cannot_be_taken_though_both_were_heard_at_once(night, wrong):
    """A bug in the reaction, a refusal, and one that never comes into the inbox."""
    sold = await sell(
        night, ("a", "s1"), ("a", f"{wrong}2"), ("b", "s3"), ("a", "s4"), ("b", "s5"), ("a", "s6")
    )
    async with night.reactor() as reactor:
        night.batches.put(sold[:3], sold[3:4], sold[4:5], sold[5:])
        await until(lambda: reactor.position == sold[-1].position, 10)
        assert reactor.parked == 1
    assert sorted(await night.effects()) == both("s1", "s3", "s5")
    assert await night.parked() == [sold[n].position for n in (1, 3, 5)]
    assert night.tries[f"{wrong}2"] == 3


async def test_an_inbox_that_is_full_for_some_of_them_loses_and_doubles_nothing(night):
    sold = await sell(night, *(("abc"[n % 3], f"s{n}") for n in range(30)))
    chance = random.Random(7)

    class Busy:
        log = night.till.log

        async def __call__(self, command: Any, context: Any) -> Any:
            if chance.random() < 0.05:
                raise Overloaded(waiting=4096)
            return await night.till(command, context)

    async with night.reactor(Busy()) as reactor:
        night.batches.put(*([each] for each in sold))
        await until(lambda: reactor.position == sold[-1].position, 30)
    effects = await night.effects()
    assert sorted(effects) == sorted(both(*(f"s{n}" for n in range(30))))
    assert await night.parked() == []


@pytest.mark.parametrize("seed", range(12))
async def test_each_stream_is_taken_in_order_up_to_what_is_parked(night, seed):
    """Whatever goes wrong, for once or for good, and however the events come in batches."""
    chance = random.Random(seed)
    kinds = "ssssssssnnttjjj" + chance.choice(["", "b", "r", "i", "bri"])
    wanted = [(chance.choice(STREAMS), f"{chance.choice(kinds)}{n}") for n in range(60)]
    sold = await sell(night, *wanted)
    batches, at = [], 0
    while at < len(sold):
        size = chance.choice([1, 1, 2, 5, 20])
        batches.append(sold[at : at + size])
        at += size
    async with night.reactor() as reactor:
        for batch in batches:
            night.batches.put(batch)
            if chance.random() < 0.3:
                await asyncio.sleep(chance.random() / 50)
        await until(lambda: reactor.position == sold[-1].position, 60)
    effects, parked = await night.effects(), await night.parked()
    for name in STREAMS:
        mine = [(order, each) for (at, order), each in zip(wanted, sold, strict=True) if at == name]
        good = next((n for n, (order, _) in enumerate(mine) if order[0] in "bri"), len(mine))
        orders = [order for order, _ in mine[:good] if order[0] != "n"]
        assert [each for each in effects if each[:-2] in dict(mine)] == both(*orders)
        positions = {each.position for _, each in mine[good:]}
        assert positions == positions & set(parked)
    assert len(parked) == len(set(parked))


async def test_a_part_of_it_that_fails_as_nobody_foresaw_is_not_silent(night, monkeypatch):
    async def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Reactor, "_keep", fail)
    reactor = Reactor(
        Reaction("echo", SoldElsewhere, night.do, from_start=True),
        night.till,
        url=night.database,
        follower=night.batches,
        stream=night.stream,
    )
    with pytest.raises(ZeroDivisionError):  # and whoever keeps it up counts it
        await asyncio.wait_for(reactor.run(), 10)


async def test_a_key_that_somebody_else_used_parks_its_event_and_holds_up_none_before_it(night):
    sold = await sell(night, ("a", "s1"), ("a", "s2"), ("a", "s3"))
    key = f"rx:echo:{meta_of(sold[1]).id}:0"
    await night.till(Sell(shop="till", order="other"), by(key=key))
    async with night.reactor() as reactor:
        night.batches.put(sold)
        await until(lambda: reactor.position == sold[-1].position, 10)
    assert await night.effects() == ["other", *both("s1")]
    assert await night.parked() == [each.position for each in sold[1:]]
