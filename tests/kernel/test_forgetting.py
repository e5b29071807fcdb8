"""An idempotency key is remembered for a week, and then forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from roadcase import forgetting
from roadcase.event_store.postgres import PostgresLog
from roadcase.forgetting import KEPT, Forgetting
from roadcase.testing.logs import check
from tests.kernel.selling import NAME, by, dispatching, insist, orders
from tests.kernel.shop import Open, Sell

START = datetime(2027, 1, 1, tzinfo=UTC)


class Clock:
    """A clock that is told what time it is."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


async def sell(url, clock, name):
    """From a process of its own, which remembers no answers."""
    async with dispatching(url, clock=clock) as shop:
        await insist(shop, Open(shop="s", capacity=100), by())
        return await insist(shop, Sell(shop="s", order=name), by(name))


async def forget(url, clock):
    async with PostgresLog(url, NAME) as log:
        return await Forgetting(log, clock).forget()


async def sold(url):
    async with PostgresLog(url, NAME) as log:
        return orders(await check(log, (await log.head()).position))


async def test_a_key_keeps_its_answer_for_a_week_and_then_asks_anew(database):
    clock = Clock()
    assert not (await sell(database, clock, "a")).replayed
    clock.at += KEPT
    await sell(database, clock, "b")
    assert await forget(database, clock) == 0
    assert (await sell(database, clock, "a")).replayed
    clock.at += timedelta(seconds=1)
    await sell(database, clock, "c")
    assert await forget(database, clock) == 1
    assert not (await sell(database, clock, "a")).replayed
    assert (await sell(database, clock, "b")).replayed
    assert await sold(database) == {"a": 2, "b": 1, "c": 1}


@pytest.mark.parametrize("wrong", [timedelta(days=30), timedelta(days=-30)])
async def test_a_clock_that_is_wrong_alone_forgets_nothing(database, wrong):
    clock = Clock()
    await sell(database, clock, "a")
    clock.at += wrong
    assert await forget(database, clock) == 0
    clock.at = START
    assert (await sell(database, clock, "a")).replayed


async def test_many_are_forgotten_a_few_at_a_time(database, monkeypatch):
    monkeypatch.setattr(forgetting, "_AT_ONCE", 2)
    clock = Clock()
    for name in "abcde":
        await sell(database, clock, name)
    clock.at += KEPT + timedelta(days=1)
    await sell(database, clock, "late")
    assert await forget(database, clock) == 5
    assert (await sell(database, clock, "late")).replayed
