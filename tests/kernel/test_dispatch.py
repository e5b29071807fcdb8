"""What dispatch promises to its callers, on a real log: keys, answers, order, time."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from roadcase.clock import monotonic
from roadcase.decider import Command
from roadcase.errors import (
    DeadlineExceeded,
    Invalid,
    KeyReused,
    Overloaded,
    Unavailable,
)
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import meta_of
from roadcase.inbox import Answers
from roadcase.testing.logs import AT
from tests.kernel.selling import NAME, by, dispatching, ended, orders, sound, until
from tests.kernel.shop import Expire, HoldEnded, Open, Sell, Sold, SoldOut, Take

SHOP_1 = Open(shop="s", capacity=100)


class Clock:
    """A wall clock that somebody sets."""

    def __init__(self):
        self.at = AT

    def __call__(self):
        return self.at


@pytest.fixture
async def shop(database):
    """A dispatcher on a log with one open shop of 100 units."""
    async with dispatching(database) as dispatch:
        await dispatch(SHOP_1, by())
        yield dispatch


@asynccontextmanager
async def standstill(url):
    """Nobody gets the log's lock in here, so commands wait in the inbox."""
    async with PostgresLog(url, NAME) as log, log.writer():
        yield


def ask(dispatch, command, context):
    return asyncio.create_task(dispatch(command, context))


async def turns(count=20):
    """Let the other tasks go on."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_an_acknowledged_command_is_in_the_log(shop):
    outcome = await shop(Sell(shop="s", order="a", note="ü"), by("k"))
    (record,) = await shop.log.read(outcome.position - 1, 9)
    assert (record.topic, record.stream, record.version) == ("shop.sold.v1", "t/shop/s", 2)
    assert outcome.events == (Sold(shop="s", order="a", units=1, note="ü"),)
    assert not outcome.replayed
    await sound(shop.log)


# Keys: one effect, one answer.


@pytest.mark.parametrize("where", ["memory", "log", "restart", "other process"])
async def test_a_key_has_one_effect_and_one_answer(database, where):
    sell = Sell(shop="s", order="a", units=3)
    async with dispatching(database) as dispatch:
        await dispatch(SHOP_1, by())
        first = await dispatch(sell, by("k"))
        if where == "log":
            dispatch._inbox.answers = Answers()
        if where != "restart":
            async with dispatching(database) as other:
                asked = other if where == "other process" else dispatch
                again = [await asked(sell, by("k")) for _ in range(3)]
    if where == "restart":
        async with dispatching(database) as dispatch:
            again = await asyncio.gather(*(dispatch(sell, by("k")) for _ in range(3)))
    assert again == [first._replace(replayed=True)] * 3
    async with PostgresLog(database, NAME) as log:
        assert orders(await sound(log)) == {"a": 1}


async def test_the_oldest_answers_leave_the_memory_but_not_the_log(shop):
    shop._inbox.answers = Answers(limit=2)
    first = await shop(Sell(shop="s", order="0"), by("0"))
    for number in range(1, 6):
        await shop(Sell(shop="s", order=f"{number}"), by(f"{number}"))
    kept = shop._inbox.answers
    assert len(kept._known) + len(kept._older) <= 4
    assert kept._known.keys().isdisjoint(kept._older)
    assert await shop(Sell(shop="s", order="0"), by("0")) == first._replace(replayed=True)


@pytest.mark.parametrize("where", ["memory", "log", "flight"])
async def test_a_key_with_another_body_is_refused(database, shop, where):
    sell, other = Sell(shop="s", order="a"), Sell(shop="s", order="b")
    if where == "flight":
        async with standstill(database):
            first = ask(shop, sell, by("k"))
            await turns()
            second = ask(shop, other, by("k"))
            await turns()
        await first
    else:
        await shop(sell, by("k"))
        shop._inbox.answers = shop._inbox.answers if where == "memory" else Answers()
        second = ask(shop, other, by("k"))
    with pytest.raises(KeyReused) as refused:
        await second
    assert refused.value.facts == {"key": "k"}
    with pytest.raises(KeyReused):  # another command with the same fields is another body too
        await shop(Open(shop="s", capacity=3), by("k"))
    assert orders(await sound(shop.log)) == {"a": 1}


async def test_a_key_is_of_one_tenant(shop):
    await shop(Sell(shop="s", order="a"), by("k"))
    await shop(Open(shop="s", capacity=5), by("k", tenant="u"))
    assert len(await sound(shop.log)) == 3


async def test_a_key_whose_command_was_refused_may_carry_another(database, shop):
    with pytest.raises(SoldOut):
        await shop(Sell(shop="s", order="a", units=101), by("k"))
    async with standstill(database):
        refused = ask(shop, Sell(shop="s", order="a", units=101), by("k"))
        await turns()
        won = ask(shop, Sell(shop="s", order="b", units=100), by("k"))
        await turns()
    with pytest.raises(SoldOut):
        await refused
    assert not (await won).replayed
    assert orders(await sound(shop.log)) == {"b": 1}


async def test_a_command_that_becomes_nothing_leaves_its_key_free(database, shop):
    assert (await shop(SHOP_1, by("k"))).events == ()
    async with standstill(database):
        nothing = [ask(shop, SHOP_1, by("k")) for _ in range(2)]
        await turns()
        won = ask(shop, Sell(shop="s", order="b"), by("k"))
        await turns()
    assert [each.events for each in await asyncio.gather(*nothing)] == [(), ()]
    assert (await won).events
    assert (await shop(Sell(shop="s", order="b"), by("k"))).replayed


async def test_refusals_are_not_remembered(database):
    clock = Clock()
    async with dispatching(database, clock=clock) as dispatch:
        await dispatch(SHOP_1, by())
        await dispatch(Take(shop="s", hold="h", units=100), by())
        with pytest.raises(SoldOut):
            await dispatch(Sell(shop="s", order="a"), by("k"))
        clock.at += timedelta(seconds=61)
        outcome = await dispatch(Sell(shop="s", order="a"), by("k"))
        assert (len(outcome.events), outcome.replayed) == (2, False)
        await sound(dispatch.log)


async def test_a_key_in_flight_is_joined(database, shop):
    sell, greedy = Sell(shop="s", order="a"), Sell(shop="s", order="b", units=101)
    async with standstill(database):
        same = [ask(shop, sell, by("k")) for _ in range(20)]
        refused = [ask(shop, greedy, by("g")) for _ in range(20)]
        await turns()
        assert shop.waiting <= 2
    outcomes = await asyncio.gather(*same)
    assert Counter(each.replayed for each in outcomes) == {False: 1, True: 19}
    assert len({each.position for each in outcomes}) == 1
    errors = await asyncio.gather(*refused, return_exceptions=True)
    assert {type(each) for each in errors} == {SoldOut}
    assert orders(await sound(shop.log)) == {"a": 1}


async def test_who_joins_does_not_inherit_a_deadline(database, shop):
    async with standstill(database):
        before = ask(shop, Sell(shop="s", order="before"), by("before"))
        await turns()  # it is on its way: who comes now is decided after it
        hasty = ask(shop, Sell(shop="s", order="a"), by("k", deadline=monotonic() + 0.01))
        await turns()
        patient = ask(shop, Sell(shop="s", order="a"), by("k"))
        await asyncio.sleep(0.02)
    with pytest.raises(DeadlineExceeded):
        await hasty
    assert (await patient).events
    assert (await before).events
    assert orders(await sound(shop.log)) == {"before": 1, "a": 1}


async def test_who_joined_a_caller_that_left_is_answered_all_the_same(database, shop):
    async with standstill(database):
        first = ask(shop, Sell(shop="s", order="a"), by("k"))
        await turns()
        joined = [ask(shop, Sell(shop="s", order="a"), by("k")) for _ in range(5)]
        await turns()
        first.cancel()
        await turns()
        late = ask(shop, Sell(shop="s", order="a"), by("k"))
        other = ask(shop, Sell(shop="s", order="b"), by("k"))
        await turns()
    outcomes = await asyncio.gather(*joined, late)
    assert len({each.position for each in outcomes}) == 1
    with pytest.raises(KeyReused):
        await other
    assert orders(await sound(shop.log)) == {"a": 1}


async def test_a_caller_that_leaves_at_any_moment_and_returns_has_one_effect(shop):
    chance = random.Random(7)
    for number in range(60):
        sell = Sell(shop="s", order=f"{number}")
        first, joined = (ask(shop, sell, by(f"{number}")) for _ in range(2))
        await asyncio.sleep(chance.random() * 0.004)
        first.cancel()
        again = await shop(sell, by(f"{number}"))
        assert (await joined)[:2] == again[:2]
    assert orders(await sound(shop.log)) == {f"{number}": 1 for number in range(60)}


@pytest.mark.parametrize("where", ["memory", "log", "other process"])
async def test_a_retry_of_what_was_won_never_hears_sold_out(database, shop, where):
    won = await shop(Sell(shop="s", order="a", units=100), by("k"))
    with pytest.raises(SoldOut):
        await shop(Sell(shop="s", order="b"), by("other"))
    shop._inbox.answers = shop._inbox.answers if where == "memory" else Answers()
    async with dispatching(database) as other:
        asked = other if where == "other process" else shop
        assert await asked(Sell(shop="s", order="a", units=100), by("k")) == (*won[:2], True)


async def test_a_retry_that_would_decide_nothing_hears_what_it_became(database, shop):
    held = await shop(Take(shop="s", hold="h", units=2), by("k"))
    async with dispatching(database) as other:
        assert await other(Take(shop="s", hold="h", units=2), by("k")) == (*held[:2], True)
        assert await other(Take(shop="s", hold="h", units=2), by("new")) == (2, (), False)


async def test_keys_used_elsewhere_do_not_make_every_batch_read_its_streams_again(database, shop):
    for number in range(30):
        await shop(Sell(shop="s", order=f"{number}"), by(f"{number}"))
    async with dispatching(database) as other:
        reads = Counter()
        fold = other._states.fold
        other._states.fold = lambda stream, *more: reads.update([stream]) or fold(stream, *more)
        for number in range(30):
            assert (await other(Sell(shop="s", order=f"{number}"), by(f"{number}"))).replayed
            await other(Sell(shop="s", order=f"new{number}"), by(f"new{number}"))
        assert reads["t/shop/s"] <= 2


# Limits.


async def test_a_deadline_that_is_over_writes_nothing(database, shop):
    with pytest.raises(DeadlineExceeded):
        await shop(Sell(shop="s", order="a"), by("k", deadline=monotonic() - 0.001))
    async with standstill(database):
        before = ask(shop, Sell(shop="s", order="before"), by("before"))
        await turns()
        late = ask(shop, Sell(shop="s", order="a"), by("k", deadline=monotonic() + 0.01))
        await asyncio.sleep(0.02)
    with pytest.raises(DeadlineExceeded):
        await late
    assert (await before).events
    assert orders(await sound(shop.log)) == {"before": 1}
    assert not (await shop(Sell(shop="s", order="b"), by("k"))).replayed


async def test_a_full_inbox_says_so_and_its_keys_stay_free(database):
    async with dispatching(database, max_inbox=5) as dispatch:
        await dispatch(SHOP_1, by())
        async with standstill(database):
            taken = ask(dispatch, Sell(shop="s", order="taken"), by())
            await until(lambda: dispatch.waiting == 0)
            await turns()
            waiting = [ask(dispatch, Sell(shop="s", order=f"{n}"), by(f"{n}")) for n in range(5)]
            await turns()
            with pytest.raises(Overloaded):
                await dispatch(Sell(shop="s", order="x"), by("x"))
            joins = ask(dispatch, Sell(shop="s", order="0"), by("0"))
            await turns()
        await asyncio.gather(taken, joins, *waiting)
        assert not (await dispatch(Sell(shop="s", order="x"), by("x"))).replayed
        assert set(orders(await sound(dispatch.log)).values()) == {1}


async def test_draining_answers_everyone_and_then_takes_no_more(database, shop):
    await shop(Sell(shop="s", order="old"), by("old"))
    shop._inbox.answers = Answers()
    async with standstill(database):
        asked = [ask(shop, Sell(shop="s", order=f"{n}"), by(f"{n % 25}")) for n in range(25)]
        asked += [ask(shop, Sell(shop="s", order="old"), by("old"))]
        await turns()
        draining = asyncio.create_task(shop.drain())
        await turns()
        with pytest.raises(Unavailable, match="stopping"):
            await shop(Sell(shop="s", order="late"), by("late"))
        assert not draining.done()
    await draining
    assert all(each.done() and each.result().events for each in asked)
    assert orders(await sound(shop.log)).total() == 26


async def test_draining_ends_though_the_log_is_away():
    nobody = "postgresql://x:y@127.0.0.1:9/x"
    async with dispatching(nobody, patience=0.1) as dispatch:
        asked = ask(dispatch, SHOP_1, by())
        await turns()
        async with asyncio.timeout(3):
            await dispatch.drain()
        with pytest.raises(Unavailable):
            await asked
        assert dispatch.not_ready


async def test_a_dispatcher_that_is_stopped_leaves_nobody_waiting(database):
    async with dispatching(database, drained=False) as dispatch:
        await dispatch(SHOP_1, by())
        async with standstill(database):
            asked = [ask(dispatch, Sell(shop="s", order=f"{n}"), by(f"{n}")) for n in range(600)]
            await until(lambda: 0 < dispatch.waiting < 600)
            (task,) = (each for each in asyncio.all_tasks() if "run" in each.get_coro().__name__)
            await ended(task)
        done, waiting = await asyncio.wait(asked, timeout=1)
        assert not waiting
        assert {type(each.exception()) for each in done} == {Unavailable}
        with pytest.raises(Unavailable):
            await dispatch(Sell(shop="s", order="late"), by())


async def test_a_command_nobody_decides_is_refused(shop):
    class Unheard(Command):
        shop: str

    with pytest.raises(Invalid, match="Unheard is not a command of ticketing"):
        await shop(Unheard(shop="s"), by("k"))


BAD_IDS = ["", "a/b", "x" * 65, "é", "a b", "a\n", "../s", "a\0", "💥"]
BAD_TENANTS = ["", "a/b", "x" * 33, "T", "é", "t\n", "t_1", "*", ">"]


@pytest.mark.parametrize("name", BAD_IDS)
async def test_an_id_of_the_wrong_shape_is_refused(shop, name):
    with pytest.raises(Invalid):
        await shop(Open(shop=name, capacity=1), by("k"))
    assert len(await shop.log.read(0, 9)) == 1


@pytest.mark.parametrize("tenant", BAD_TENANTS)
async def test_a_tenant_of_the_wrong_shape_is_refused(shop, tenant):
    with pytest.raises(Invalid):
        await shop(SHOP_1, by("k", tenant=tenant))
    assert len(await shop.log.read(0, 9)) == 1


async def test_the_longest_names_are_taken(shop):
    await shop(Open(shop="Z" * 64, capacity=1), by("k" * 10_000, tenant="9" * 32))
    assert len(await sound(shop.log)) == 2


# Order and time.


async def test_another_tenants_shop_is_another_shop(shop):
    with pytest.raises(SoldOut):
        await shop(Sell(shop="s", order="a"), by(tenant="u"))
    await shop(Open(shop="s", capacity=1), by(tenant="u"))
    await shop(Sell(shop="s", order="a"), by(tenant="u"))
    streams = [record.stream for record in await sound(shop.log)]
    assert streams == ["t/shop/s", "u/shop/s", "u/shop/s"]


async def test_two_processes_fight_for_one_shop_and_none_is_sold_twice(database):
    chance = random.Random(3)
    async with dispatching(database, max_batch=7) as one, dispatching(database) as two:
        await one(SHOP_1, by())

        async def buy(number):
            await asyncio.sleep(chance.random() * 0.15)
            buyer = by(f"{number % 250}")  # some ask twice, perhaps the other process
            sell = Sell(shop="s", order=f"{number % 250}")
            return await chance.choice([one, two])(sell, buyer)

        outcomes = await asyncio.gather(*(buy(n) for n in range(300)), return_exceptions=True)
        records = await sound(one.log)
        assert {type(each) for each in outcomes if isinstance(each, Exception)} == {SoldOut}
        won = {each.position for each in outcomes if not isinstance(each, Exception)}
        assert len(won) == orders(records).total() == 100
        for dispatch in (one, two):
            with pytest.raises(SoldOut):
                await dispatch(Sell(shop="s", order="late"), by())


async def test_what_another_process_gave_back_is_free_here(database):
    clock = Clock()
    async with dispatching(database, clock=clock) as one, dispatching(database, clock=clock) as two:
        await one(SHOP_1, by())
        await one(Take(shop="s", hold="h", units=100), by())
        with pytest.raises(SoldOut):
            await two(Take(shop="s", hold="i"), by())
        clock.at += timedelta(seconds=61)
        await two(Expire(shop="s"), by())
        assert (await one(Take(shop="s", hold="i"), by())).events
        await sound(one.log)


async def test_recorded_time_never_falls_though_the_clock_is_set_back(database):
    clock, other = Clock(), Clock()
    async with dispatching(database, clock=clock) as one, dispatching(database, clock=other) as two:
        await one(SHOP_1, by())
        await one(Take(shop="s", hold="h", seconds=60), by())
        clock.at -= timedelta(hours=1)
        other.at -= timedelta(days=1)
        for number in range(3):
            await one(Sell(shop="s", order=f"a{number}"), by())
            await two(Sell(shop="s", order=f"b{number}"), by())
        assert {meta_of(each).at for each in await sound(one.log)} == {AT}
        clock.at = AT + timedelta(seconds=60)
        assert (await one(Expire(shop="s"), by())).events == (
            HoldEnded(shop="s", hold="h", units=1),
        )
        await two(Sell(shop="s", order="b"), by())
        assert [meta_of(each).at for each in await sound(two.log)][-2:] == [clock.at] * 2


async def test_a_restarted_process_goes_on_at_the_time_of_the_log(database):
    clock = Clock()
    async with dispatching(database, clock=clock) as dispatch:
        await dispatch(SHOP_1, by())
    clock.at -= timedelta(hours=1)
    async with dispatching(database, clock=clock) as dispatch:
        await dispatch(Sell(shop="s", order="a"), by())
        assert (await dispatch.log.head()).at == AT
        await sound(dispatch.log)


async def test_a_thousand_callers_are_all_answered(shop):
    names = [f"s{number}" for number in range(40)]
    await asyncio.gather(*(shop(Open(shop=name, capacity=20), by()) for name in names))
    asked = (
        shop(Sell(shop=names[n % 40], order=f"{n}", note="x" * 200), by(f"{n}"))
        for n in range(1000)
    )
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, SoldOut)]
    assert (len(outcomes), len(refused)) == (1000, 200)
    assert len(await sound(shop.log)) == 1 + 40 + 800
