"""A reaction asks for each event it hears, in effect once; what it cannot take is parked."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig

from roadcase import heard
from roadcase import reactor as reactor_module
from roadcase.clock import now
from roadcase.codec import Codec
from roadcase.decider import Command, Heard
from roadcase.dispatch import Dispatcher
from roadcase.errors import NotFound, Overloaded, Unavailable
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record, meta_of
from roadcase.parked import PARKED, Parked, ParkedEvents, RetryParked, SkipParked
from roadcase.reaction import Reaction
from roadcase.reactor import Reactor
from roadcase.stream.follow import Follower
from roadcase.stream.shared import SharedFollower
from tests.kernel.selling import by, dispatching, sound, until
from tests.kernel.shop import SHOP, Open, Sell
from tests.kernel.streaming import (
    all_of,
    caught_up,
    connected_to,
    relaying,
    some,
    stream_of,
    task_of,
    wiped,
)

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class SoldElsewhere(Heard, frozen=True, kw_only=True):
    topics = ("shop.sold.v1",)

    shop: str
    order: str
    units: int
    note: str = ""


class Faults(set[str]):
    """Orders that the reaction cannot take for now."""

    def __init__(self) -> None:
        super().__init__()
        self.tries: dict[str, int] = defaultdict(int)

    def do(self, event: SoldElsewhere) -> Sequence[Command]:
        self.tries[event.order] += 1
        if event.order in self:
            raise ZeroDivisionError("a bug in a reaction")
        return [
            Sell(shop="till", order=f"{event.order}-{part}", units=event.units) for part in range(2)
        ]


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    for name in ("shop", "till"):
        await migrate(database, name)
    async with PostgresLog(database, "shop") as log:
        yield log


@pytest.fixture
async def client(nats_url: str) -> AsyncIterator[Client]:
    async with connected_to(nats_url) as client:
        yield client
        with suppress(Exception):
            await client.jetstream().delete_stream("EVT_shop")


@pytest.fixture
async def shop(database: str, client: Client, log: PostgresLog) -> AsyncIterator[Dispatcher]:
    """The service that is heard."""
    async with relaying(client, log) as relay, dispatching(database, name="shop") as dispatch:
        dispatch.on_commit.append(relay.offer)
        for name in "abc":
            await dispatch(Open(shop=name, capacity=10**6), by())
        await caught_up(stream_of(client, log), log)
        yield dispatch


@pytest.fixture
async def till(database: str) -> AsyncIterator[Dispatcher]:
    """The service that reacts."""
    async with dispatching(database, SHOP, PARKED, name="till") as dispatch:
        await dispatch(Open(shop="till", capacity=10**6), by())
        yield dispatch


class Hearing:
    """The reactor of one reaction, and what it parked."""

    def __init__(self, url: str, client: Client, log: PostgresLog, till: Dispatcher) -> None:
        self.url, self.client, self.log, self.till = url, client, log, till

    def reactor(self, faults: Faults, name: str = "echo", **options: Any) -> Reactor:
        return Reactor(
            Reaction(name, SoldElsewhere, faults.do, **options),
            self.till,
            url=self.url,
            follower=Follower(self.client, "shop"),
            stream=stream_of(self.client, self.log),
        )

    def running(self, faults: Faults, name: str = "echo", **options: Any) -> Any:
        return task_of(self.reactor(faults, name, **({"from_start": True} | options)))

    async def heard_all(self, reactor: Reactor) -> None:
        head = (await self.log.head()).position
        await until(lambda: reactor.position >= head, 20)

    @asynccontextmanager
    async def parked(self) -> AsyncIterator[ParkedEvents]:
        connection = await asyncpg.connect(self.url)
        try:
            yield ParkedEvents(connection, "till")
        finally:
            await connection.close()

    async def waiting(self) -> list[Parked]:
        async with self.parked() as parked:
            return await parked.listed("echo")

    async def decide(self, position: int, how: Any) -> None:
        """What the operator's command does: a fact, then the decision."""
        kind = RetryParked if how == "retry" else SkipParked
        why = "the fault is gone"
        command = kind(reaction="echo", source="shop", position=position, why=why)
        await self.till(command, by())
        async with self.parked() as parked:
            await parked.decide("echo", "shop", position, how)

    async def nothing_waits(self) -> None:
        await self.until_waiting(lambda waiting: not waiting)

    async def until_waiting(self, condition: Callable[[list[Parked]], bool]) -> list[Parked]:
        """What is parked, once it is as it should be."""
        async with asyncio.timeout(10):
            while True:
                if condition(waiting := await self.waiting()):
                    return waiting
                await asyncio.sleep(0.02)

    async def effects(self) -> dict[str, Record]:
        """What the reaction's commands became, by order; each exactly once."""
        decode = Codec([*SHOP.events, *PARKED.events]).decode
        found: dict[str, Record] = {}
        for record in await sound(self.till.log, [SHOP, PARKED]):
            if record.topic == "shop.sold.v1":
                order = decode(record.topic, record.payload).order
                assert order not in found, f"{order} twice"
                found[order] = record
        return found


@pytest.fixture
async def hearing(
    database: str, client: Client, log: PostgresLog, shop: Dispatcher, till: Dispatcher
) -> Hearing:
    return Hearing(database, client, log, till)


async def sell(shop: Dispatcher, *orders: str, at: str = "a", **context: Any) -> list[int]:
    """Sell these orders; return the positions."""
    outcomes = [await shop(Sell(shop=at, order=each), by(**context)) for each in orders]
    return [each.position for each in outcomes]


def twice(*orders: str) -> set[str]:
    return {f"{order}-{part}" for order in orders for part in range(2)}


# Taken --------------------------------------------------------------------------------------------


async def test_each_event_is_asked_for_once_and_carries_on_what_led_to_it(shop, hearing, faults):
    async with hearing.running(faults) as reactor:
        await sell(shop, "x", correlation="cart 7", traceparent=TRACE)
        await sell(shop, "y")
        await hearing.heard_all(reactor)
    effects = await hearing.effects()
    assert effects.keys() == twice("x", "y")
    heard = {each.stream: [] for each in await all_of(hearing.log)}
    for each in await all_of(hearing.log):
        heard[each.stream].append(meta_of(each))
    first, second = heard["t/shop/a"][1:]
    for part in range(2):
        meta = meta_of(effects[f"x-{part}"])
        assert (meta.causation, meta.correlation, meta.traceparent) == (first.id, "cart 7", TRACE)
        assert meta.actor == "reaction:echo"
        assert effects[f"x-{part}"].stream == "t/shop/till"
        assert meta_of(effects[f"y-{part}"]).causation == second.id
        assert meta_of(effects[f"y-{part}"]).correlation == second.id
    assert reactor.taken == 2


async def test_all_events_of_a_stream_share_a_commit_and_keep_their_order(shop, hearing, faults):
    sold = [f"o{number}" for number in range(40)]
    await sell(shop, *sold)
    await caught_up(stream_of(hearing.client, hearing.log), hearing.log)
    async with hearing.running(faults) as reactor:
        await hearing.heard_all(reactor)
    effects = await hearing.effects()
    assert len({meta_of(each).at for each in effects.values()}) < len(sold) / 4
    in_order = sorted(effects, key=lambda order: effects[order].position)
    assert in_order == [f"{order}-{part}" for order in sold for part in range(2)]


async def test_a_reactor_killed_at_any_moment_takes_each_event_once(shop, hearing, faults):
    sold: list[str] = []
    for round_ in range(500):
        async with hearing.running(faults):
            for number in range(6):
                sold.append(f"o{round_}_{number}")
                await sell(shop, sold[-1], at=random.choice("abc"))
            await asyncio.sleep(some((0, 0.03)))
        if round_ >= 25 and sum(faults.tries.values()) > len(sold):
            break
    async with hearing.running(faults) as reactor:
        await hearing.heard_all(reactor)
    assert (await hearing.effects()).keys() == twice(*sold)
    assert sum(faults.tries.values()) > len(sold)  # some were heard more than once


async def test_killed_between_the_effect_and_the_checkpoint(shop, hearing, faults, monkeypatch):
    async def never(*_: Any) -> None:
        await asyncio.Event().wait()

    async with hearing.running(faults) as reactor:
        await hearing.heard_all(reactor)
    with monkeypatch.context() as patched:
        patched.setattr(heard.Checkpoint, "move", never)
        async with hearing.running(faults) as reactor:
            await sell(shop, "x", "y")
            await until(lambda: reactor.taken == 2)
    async with hearing.running(faults) as reactor:
        await hearing.heard_all(reactor)
        assert reactor.taken == 2
    assert (await hearing.effects()).keys() == twice("x", "y")


async def test_two_reactors_at_once_have_each_effect_once(shop, hearing, faults):
    sold = [f"o{number}" for number in range(60)]
    async with AsyncExitStack() as stack:
        pair = [await stack.enter_async_context(hearing.running(faults)) for _ in range(2)]
        await sell(shop, *sold)
        for reactor in pair:
            await hearing.heard_all(reactor)
    assert (await hearing.effects()).keys() == twice(*sold)


async def test_nothing_is_taken_twice_over_a_wiped_stream(database, own_nats, log, till, faults):
    async with (
        connected_to(own_nats.url) as client,
        relaying(client, log) as relay,
        dispatching(database, name="shop") as shop,
    ):
        shop.on_commit.append(relay.offer)
        await shop(Open(shop="a", capacity=10**6), by())
        hearing = Hearing(database, client, log, till)
        async with hearing.running(faults) as reactor:
            for round_ in range(3):
                await sell(shop, *(f"o{round_}_{number}" for number in range(40)))
                await wiped(own_nats)
            await hearing.heard_all(reactor)
        assert len(await hearing.effects()) == 240


async def test_a_busy_inbox_is_waited_for_and_parks_nothing(shop, hearing, till, faults):
    busy = 12
    ask = till.__call__

    class Busy:
        log = till.log

        async def __call__(self, command: Any, context: Any) -> Any:
            nonlocal busy
            busy -= 1
            if busy > 0:
                raise Overloaded(waiting=4096)
            return await ask(command, context)

    hearing.till = Busy()
    async with hearing.running(faults) as reactor:
        await sell(shop, "x", "y", "z")
        await hearing.heard_all(reactor)
    hearing.till = till
    assert (await hearing.effects()).keys() == twice("x", "y", "z")
    assert await hearing.waiting() == []


async def test_an_event_is_never_taken_by_two_tasks_at_once(shop, hearing, till, faults):
    """Not even when the database is away for one stream while another is still being taken."""
    away, under_way, at_once = 3, set(), []
    ask = till.__call__

    class Uneven:
        log = till.log

        async def __call__(self, command: Any, context: Any) -> Any:
            nonlocal away
            if command.order.startswith("x"):
                away -= 1
                if away >= 0:
                    raise Unavailable
                return await ask(command, context)
            at_once.extend({context.key} & under_way)
            under_way.add(context.key)
            await asyncio.sleep(0.25)
            under_way.discard(context.key)
            return await ask(command, context)

    hearing.till = Uneven()
    await asyncio.gather(sell(shop, "y", at="b"), sell(shop, "x"))
    await caught_up(stream_of(hearing.client, hearing.log), hearing.log)
    async with hearing.running(faults) as reactor:
        await hearing.heard_all(reactor)
    hearing.till = till
    assert at_once == []
    assert (await hearing.effects()).keys() == twice("x", "y")
    assert await hearing.waiting() == []


async def test_a_checkpoint_survives_connections_that_break(database, shop, hearing, faults):
    connection = await asyncpg.connect(database)
    async with hearing.running(faults) as reactor:
        for round_ in range(8):
            await sell(shop, *(f"o{round_}_{number}" for number in range(10)))
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE '%till.tracking%' "
                "AND pid <> pg_backend_pid()"
            )
        await hearing.heard_all(reactor)
    await connection.close()
    assert len(await hearing.effects()) == 160


async def test_what_concerns_it_not_is_passed_over_and_not_heard_again(
    database, shop, hearing, faults, monkeypatch
):
    class Closed(Heard, frozen=True, kw_only=True):
        topics = ("shop.closed.v1",)

    monkeypatch.setattr(reactor_module, "_SELDOM", 0.1)
    shared = SharedFollower(hearing.client, "shop", hearing.log)
    deaf = Reactor(
        Reaction("deaf", Closed, faults.do, from_start=True),
        hearing.till,
        url=database,
        follower=shared,
        stream=stream_of(hearing.client, hearing.log),
    )
    asked: list[int] = []
    monkeypatch.setattr(deaf, "_hear", lambda *heard: asked.append(len(heard)))
    connection = await asyncpg.connect(database)

    async def kept() -> int | None:
        return await connection.fetchval(
            "SELECT position FROM till.tracking WHERE consumer = 'rx/deaf/shop'"
        )

    async with task_of(deaf):
        await until(lambda: deaf.position == 3 or asked)  # three shops were opened
        asked.clear()
        await sell(shop, "x", "y")
        head = (await hearing.log.head()).position
        await until(lambda: deaf.position == head)
        async with asyncio.timeout(10):
            while await kept() != head:  # noqa: ASYNC110 - a row, not an event
                await asyncio.sleep(0.02)
    assert asked == []
    await connection.close()


# Where a reaction begins --------------------------------------------------------------------------


async def test_a_new_reaction_begins_at_the_head_unless_it_says_from_start(shop, hearing, faults):
    await sell(shop, "before")
    await caught_up(stream_of(hearing.client, hearing.log), hearing.log)
    async with hearing.running(faults, from_start=False) as reactor:
        assert reactor.not_ready == "reaction echo does not know where to begin"
        await until(lambda: not reactor.not_ready)
        await sell(shop, "after")
        await hearing.heard_all(reactor)
    assert (await hearing.effects()).keys() == twice("after")
    async with hearing.running(faults, "renamed", from_start=False) as reactor:
        await until(lambda: reactor.position)
        await hearing.heard_all(reactor)
        assert reactor.taken == 0
    assert (await hearing.effects()).keys() == twice("after")
    async with hearing.running(faults, "other", from_start=True) as reactor:
        await hearing.heard_all(reactor)
        # "after" is sold a second time: another name is another reaction, with keys of its own
        assert reactor.taken == 2


async def test_a_new_reaction_may_look_back_over_what_happened_while_it_started(
    shop, hearing, faults, monkeypatch
):
    for number in range(5):
        await sell(shop, f"before {number}")
    await caught_up(stream_of(hearing.client, hearing.log), hearing.log)
    begins = now()
    for number in range(3):
        await sell(shop, f"while {number}")
    await caught_up(stream_of(hearing.client, hearing.log), hearing.log)
    minute = timedelta(minutes=1)
    monkeypatch.setattr(heard, "now", lambda: begins + minute)
    async with hearing.running(faults, from_start=False, looks_back=minute) as reactor:
        await hearing.heard_all(reactor)
        await sell(shop, "after")
        await hearing.heard_all(reactor)
    heard_of = [f"while {number}" for number in range(3)]
    assert (await hearing.effects()).keys() == twice(*heard_of, "after")


async def test_looking_back_further_than_the_stream_begins_where_that_does(shop, hearing, faults):
    await sell(shop, *(f"b{n}" for n in range(20)), at="b")
    await caught_up(stream_of(hearing.client, hearing.log), hearing.log)
    config = (await hearing.client.jetstream().stream_info("EVT_shop")).config
    keep = StreamConfig(**{**vars(config), "max_msgs": 5})
    await hearing.client.jetstream().update_stream(keep)
    hour = timedelta(hours=1)
    async with hearing.running(faults, from_start=False, looks_back=hour) as reactor:
        await until(lambda: reactor.taken == 5, 20)
    assert (await hearing.effects()).keys() == twice(*(f"b{n}" for n in range(15, 20)))


async def test_a_new_reaction_to_its_own_service_asks_the_log_where_the_head_is(
    database, client, log, till, faults
):
    """A stream that was wiped and is being filled again must not make it replay the past."""
    async with dispatching(database, name="shop") as shop:
        await shop(Open(shop="a", capacity=10**6), by())
        await sell(shop, "past")
        async with relaying(client, log, republished=1):
            pass  # makes the stream, and is killed before it has copied anything
        await stream_of(client, log).last()
        hearing = Hearing(database, client, log, till)
        reactor = hearing.reactor(faults)
        reactor._follower = Follower(client, "shop", log)
        async with task_of(reactor):
            await until(lambda: reactor.position == 2)
            async with relaying(client, log):
                await sell(shop, "new")
                await hearing.heard_all(reactor)
        assert (await hearing.effects()).keys() == twice("new")


# Parked -------------------------------------------------------------------------------------------


async def test_what_cannot_be_taken_is_parked_with_those_behind_it_and_others_flow(
    shop, hearing, faults
):
    faults.add("bad")
    async with hearing.running(faults) as reactor:
        _, bad, *behind = await sell(shop, "a1", "bad", "a2", "a3")
        await sell(shop, "b1", "b2", at="b")
        await hearing.heard_all(reactor)
        waiting = await hearing.waiting()
        assert [each.position for each in waiting] == [bad, *behind]
        assert "a bug in a reaction" in waiting[0].reason
        assert waiting[0].attempts == faults.tries["bad"] == 3
        assert {each.reason for each in waiting[1:]} == {
            "waits behind an earlier event of this stream that is parked"
        }
        assert {each.attempts for each in waiting[1:]} == {0}
        assert {(each.stream, each.topic) for each in waiting} == {("t/shop/a", "shop.sold.v1")}
        events = {each.position: meta_of(each).id for each in await all_of(hearing.log)}
        assert [each.event_id for each in waiting] == [events[each.position] for each in waiting]
        assert reactor.parked == 1
    assert (await hearing.effects()).keys() == twice("a1", "b1", "b2")
    assert "a2" not in faults.tries


async def test_an_operator_retries_once_the_fault_is_gone_and_those_behind_follow_in_order(
    shop, hearing, faults
):
    faults.add("bad")
    async with hearing.running(faults) as reactor:
        bad, *_ = await sell(shop, "bad", "a2", "a3")
        await hearing.heard_all(reactor)
        await hearing.decide(bad, "retry")  # too early
        await until(lambda: faults.tries["bad"] == 6)
        waiting = await hearing.until_waiting(lambda each: each[0].attempts == 6)
        assert [each.state for each in waiting] == ["parked"] * 3
        faults.clear()
        await hearing.decide(bad, "retry")
        await hearing.nothing_waits()
        await sell(shop, "a4")
        await hearing.heard_all(reactor)
    effects = await hearing.effects()
    in_order = sorted(effects, key=lambda order: effects[order].position)
    assert in_order == [f"{order}-{n}" for order in ("bad", "a2", "a3", "a4") for n in range(2)]


async def test_an_operator_skips_and_both_decisions_are_events(shop, hearing, faults):
    faults |= {"bad", "worse"}
    async with hearing.running(faults) as reactor:
        bad, _, worse, _ = await sell(shop, "bad", "a2", "worse", "a3")
        await hearing.heard_all(reactor)
        await hearing.decide(bad, "skip")
        left = [(worse, 3), (worse + 1, 0)]
        await hearing.until_waiting(
            lambda found: [(each.position, each.attempts) for each in found] == left
        )
        faults.clear()
        await hearing.decide(worse, "retry")
        await hearing.nothing_waits()
    assert (await hearing.effects()).keys() == twice("a2", "worse", "a3")
    desk = await hearing.till.log.read_stream("t/parked/echo")
    decode = Codec(PARKED.events).decode
    told = [decode(each.topic, each.payload) for each in desk]
    assert [(each.topic, each.position, each.source, each.why) for each in told] == [
        ("roadcase.parked_skipped.v1", bad, "shop", "the fault is gone"),
        ("roadcase.parked_retried.v1", worse, "shop", "the fault is gone"),
    ]
    with pytest.raises(NotFound):
        await hearing.decide(bad, "skip")


async def test_a_restart_keeps_what_is_parked_and_why(shop, hearing, faults, monkeypatch):
    faults.add("bad")
    async with hearing.running(faults) as reactor:
        await sell(shop, "bad", "a2")
        await hearing.heard_all(reactor)
    before = await hearing.waiting()
    async with hearing.running(faults) as reactor:
        await sell(shop, "a3")
        await hearing.heard_all(reactor)
        assert (await hearing.waiting())[:2] == before
        assert len(await hearing.waiting()) == 3
    connection = await asyncpg.connect(hearing.url)  # as if it had died before its checkpoint
    await connection.execute("UPDATE till.tracking SET position = 3")
    await connection.close()
    async with hearing.running(faults) as reactor:
        await hearing.heard_all(reactor)
        assert (await hearing.waiting())[:2] == before
        assert (await hearing.waiting())[0].reason.startswith("ZeroDivisionError")
        faults.clear()
        await hearing.decide(before[0].position, "retry")
        await hearing.nothing_waits()
    assert (await hearing.effects()).keys() == twice("bad", "a2", "a3")


async def test_an_operator_may_decide_while_the_reactor_is_away(shop, hearing, faults):
    faults.add("bad")
    async with hearing.running(faults) as reactor:
        bad, *_ = await sell(shop, "bad", "a2")
        await hearing.heard_all(reactor)
    await hearing.decide(bad, "skip")
    async with hearing.running(faults) as reactor:
        await hearing.nothing_waits()
        await sell(shop, "a3")
        await hearing.heard_all(reactor)
    assert (await hearing.effects()).keys() == twice("a2", "a3")


async def test_a_refusal_parks(shop, hearing, till, faults):
    async with hearing.running(faults) as reactor:
        await sell(shop, "x")
        big = await shop(Sell(shop="b", order="big", units=10**6), by())
        await hearing.heard_all(reactor)
        (waiting,) = await hearing.waiting()
        assert (waiting.position, waiting.stream) == (big.position, "t/shop/b")
        assert waiting.reason.startswith("shop.sold_out: ")
    assert (await hearing.effects()).keys() == twice("x")


async def test_a_refusal_parks_those_behind_it_though_all_were_asked_at_once(
    shop, hearing, till, faults
):
    await sell(shop, "a1", "a2")
    big = await shop(Sell(shop="a", order="big", units=10**6 - 4), by())
    behind = await sell(shop, "a3", "a4")
    await till(Sell(shop="till", order="taken", units=10), by())  # the big one does not fit
    async with hearing.running(faults) as reactor:
        await hearing.heard_all(reactor)
        waiting = await hearing.waiting()
        assert [each.position for each in waiting] == [big.position, *behind]
        assert [each.attempts for each in waiting] == [3, 0, 0]
    effects = await hearing.effects()
    assert effects.keys() == {"taken"} | twice("a1", "a2")


async def test_an_event_that_does_not_decode_is_parked(shop, hearing, faults):
    class Strict(Heard, frozen=True, kw_only=True):
        topics = ("shop.sold.v1",)

        shop: int

    reactor = Reactor(
        Reaction("echo", Strict, faults.do, from_start=True),
        hearing.till,
        url=hearing.url,
        follower=Follower(hearing.client, "shop"),
        stream=stream_of(hearing.client, hearing.log),
    )
    async with task_of(reactor):
        await sell(shop, "x")
        await hearing.heard_all(reactor)
    (waiting,) = await hearing.waiting()
    assert "Expected `int`" in waiting.reason


async def test_a_parked_event_that_is_too_old_for_the_stream_says_so_and_holds_up_no_other(
    shop, hearing, faults
):
    faults |= {"old", "new"}
    async with hearing.running(faults) as reactor:
        (old,) = await sell(shop, "old")
        await sell(shop, *(f"b{n}" for n in range(20)), at="b")
        (new,) = await sell(shop, "new", at="c")
        await hearing.heard_all(reactor)
        config = (await hearing.client.jetstream().stream_info("EVT_shop")).config
        keep = StreamConfig(**{**vars(config), "max_msgs": 5})
        await hearing.client.jetstream().update_stream(keep)
        faults.clear()
        for position in (old, new):
            await hearing.decide(position, "retry")
        waiting = await hearing.until_waiting(
            lambda found: [each.state for each in found] == ["parked"]
        )
        assert (waiting[0].position, "too old" in waiting[0].reason) == (old, True)
        await hearing.decide(old, "skip")
        await hearing.nothing_waits()
    assert twice("new") <= (await hearing.effects()).keys()
    assert not twice("old") & (await hearing.effects()).keys()


async def test_a_parked_event_that_is_too_old_for_the_stream_is_read_from_its_log(
    shop, hearing, faults
):
    faults.add("old")
    reactor = hearing.reactor(faults, from_start=True)
    reactor._follower = Follower(hearing.client, "shop", hearing.log)
    async with task_of(reactor):
        (old,) = await sell(shop, "old")
        await sell(shop, *(f"b{n}" for n in range(20)), at="b")
        await hearing.heard_all(reactor)
        config = (await hearing.client.jetstream().stream_info("EVT_shop")).config
        keep = StreamConfig(**{**vars(config), "max_msgs": 5})
        await hearing.client.jetstream().update_stream(keep)
        faults.clear()
        await hearing.decide(old, "retry")
        await hearing.nothing_waits()
    assert twice("old") <= (await hearing.effects()).keys()


async def test_a_half_done_event_is_finished_by_a_retry(shop, hearing, till, faults):
    """Its first command took effect, its second was refused: the retry adds the second only."""
    await till(Open(shop="small", capacity=1), by())

    class Halves(Faults):
        def do(self, event: SoldElsewhere) -> Sequence[Command]:
            second = "small" if event.order in self else "till"
            return [
                Sell(shop="till", order=f"{event.order}-0"),
                Sell(shop=second, order=f"{event.order}-1", units=2),
            ]

    halves = Halves()
    halves.add("x")
    async with hearing.running(halves) as reactor:
        (position,) = await sell(shop, "x")
        await hearing.heard_all(reactor)
        assert (await hearing.effects()).keys() == {"x-0"}
        halves.clear()
        await hearing.decide(position, "retry")
        await hearing.nothing_waits()
    assert (await hearing.effects()).keys() == twice("x")
