"""What is decided while the batch before is being committed: written as foreseen, or never."""

from __future__ import annotations

import asyncio

import pytest

from roadcase.event_store.port import CommitUnknown
from roadcase.event_store.postgres import PostgresLog
from tests.kernel.selling import NAME, by, dispatching, insist, orders, sound, until
from tests.kernel.shop import Open, Sell, SoldOut


@pytest.fixture
def committing(monkeypatch):
    """Stops commits that append something until they are let go, and then does `how`."""
    commit, gate, stopped = PostgresLog.append_at, asyncio.Event(), asyncio.Event()

    class Committing:
        how = commit
        stop = False
        let_go = gate
        begun = stopped

    async def slow(log, head, records, **rest):
        if not Committing.stop or not records:
            return await commit(log, head, records, **rest)
        Committing.stop = False
        stopped.set()
        await gate.wait()
        return await Committing.how(log, head, records, **rest)

    monkeypatch.setattr(PostgresLog, "append_at", slow)
    return Committing


async def two(dispatch, committing):
    """Order a, stopped in its commit, and order b, decided meanwhile."""
    await insist(dispatch, Sell(shop="s", order="first"), by("first"))
    committing.stop = True
    tasks = [asyncio.create_task(dispatch(Sell(shop="s", order="a"), by("a")))]
    tasks += [asyncio.create_task(dispatch(Sell(shop="s", order="b"), by("b")))]
    await committing.begun.wait()
    await until(lambda: sold(dispatch) == 3)
    assert not any(task.done() for task in tasks)
    return tasks


def sold(dispatch):
    kept = dispatch._states.kept("t/shop/s")
    return kept.state.sold if kept else 0


@pytest.fixture
async def shop(database):
    async with dispatching(database, max_batch=1) as dispatch, PostgresLog(database, NAME) as log:
        await insist(dispatch, Open(shop="s", capacity=3), by())
        yield dispatch
        await sound(log)


async def test_rules_are_asked_while_the_disk_works_and_nobody_is_answered_early(shop, committing):
    tasks = await two(shop, committing)
    committing.let_go.set()
    first, second = await asyncio.gather(*tasks)
    assert (first.position, second.position) == (3, 4)
    with pytest.raises(SoldOut):
        await shop(Sell(shop="s", order="c"), by("c"))


async def test_what_another_process_sold_in_between_is_not_sold_again(database, shop, committing):
    commit = committing.how

    async def overtaken(log, head, records, **rest):
        done = await commit(log, head, records, **rest)
        async with dispatching(database) as other:
            assert (await insist(other, Sell(shop="s", order="c"), by("c"))).position == 4
        return done

    committing.how = overtaken
    tasks = await two(shop, committing)
    committing.let_go.set()
    assert (await tasks[0]).position == 3
    with pytest.raises(SoldOut):
        await tasks[1]
    assert sold(shop) == 3


@pytest.mark.parametrize("happened", [True, False])
async def test_a_commit_of_unknown_fate_takes_what_was_decided_ahead_with_it(
    database, shop, committing, happened
):
    commit = committing.how

    async def lost(log, head, records, **rest):
        if happened:
            await commit(log, head, records, **rest)
        raise CommitUnknown("the cable was pulled")

    committing.how = lost
    tasks = await two(shop, committing)
    committing.let_go.set()
    assert [outcome.position for outcome in await asyncio.gather(*tasks)] == [3, 4]
    async with PostgresLog(database, NAME) as log:
        counted = orders(await log.read(0, 100))
    assert counted == {"first": 1, "a": 1, "b": 1}


async def test_who_is_refused_in_the_meantime_leaves_nothing_behind(database, shop, committing):
    shop._patience = 0.2
    tasks = await two(shop, committing)
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(each, Exception) for each in done)
    committing.let_go.set()
    outcome = await insist(shop, Sell(shop="s", order="c"), by("c"))
    assert outcome.position == 4
    assert sold(shop) == 3


async def test_who_comes_after_the_look_ahead_is_in_the_same_batch(database, committing):
    async with dispatching(database, max_batch=2) as shop:
        await insist(shop, Open(shop="s", capacity=9), by())
        await insist(shop, Sell(shop="s", order="first"), by("first"))
        committing.stop = True
        sell = [shop(Sell(shop="s", order=name), by(name)) for name in "abcd"]
        tasks = [asyncio.create_task(each) for each in sell[:3]]
        await committing.begun.wait()
        await until(lambda: sold(shop) == 4)  # c was decided ahead of the commit of a and b
        tasks.append(asyncio.create_task(sell[3]))
        await until(lambda: shop.waiting == 2)
        batches = []
        shop.on_commit.append(lambda records: batches.append(len(records)))
        committing.let_go.set()
        assert [outcome.position for outcome in await asyncio.gather(*tasks)] == [3, 4, 5, 6]
        assert batches == [2, 2]
