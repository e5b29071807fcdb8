"""A service that runs comes up whatever is away at first, and ends what it began."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from roadcase import running as running_module
from roadcase.asked import Context
from roadcase.decider import Heard
from roadcase.errors import Unavailable
from roadcase.reaction import Reaction
from roadcase.running import running
from roadcase.secret import Secret
from roadcase.service import Service
from roadcase.stream.stream import connect
from tests.kernel.shop import SHOP, Open, Orders, Sell, Totals

SECRET = Secret("a secret for tests, long enough for all")


class Hand:
    """A worker that counts: started, and stopped before it was cancelled."""

    def __init__(self, fails: int = 0) -> None:
        self.started = 0
        self.ended = False
        self._fails = fails
        self._stop = asyncio.Event()

    async def run(self) -> None:
        self.started += 1
        if self.started <= self._fails:
            raise ZeroDivisionError("a bug in a worker")
        await self._stop.wait()
        await asyncio.sleep(0.05)
        self.ended = True

    def stop(self) -> None:
        self._stop.set()


def shop(*hands: Hand) -> Service:
    return Service(
        name="shop",
        deciders=[SHOP],
        projections=[Totals(), Orders()],
        workers=[lambda _running, _settings, hand=hand: hand for hand in hands],
    )


async def sold(this: Any) -> int:
    by = Context(tenant="acme", actor="ann")
    await this.dispatch(Open(shop="s", capacity=9), by)
    outcome = await this.dispatch(Sell(shop="s", order="o"), by)
    return outcome.position


@pytest.mark.parametrize("error", [Unavailable("away"), ZeroDivisionError("a bug")])
async def test_read_models_are_made_in_the_end_though_making_them_failed_at_first(
    database, nats_url, monkeypatch, error
):
    make, fails = running_module.rebuild_outdated, [error]

    async def sometimes(*arguments: Any) -> Any:
        if fails:
            raise fails.pop()
        return await make(*arguments)

    monkeypatch.setattr(running_module, "rebuild_outdated", sometimes)
    monkeypatch.setattr(running_module, "_PAUSE", 0.01)
    client = await connect(nats_url)
    async with running(shop(), database, client, SECRET) as this:
        position = await sold(this)
        assert await this.projector.reached(position, 10)
        assert this.faults == isinstance(error, ZeroDivisionError)
    await client.close()


async def test_a_worker_that_fails_is_started_again_and_may_end_what_it_began(database, nats_url):
    failing, steady = Hand(fails=1), Hand()
    client = await connect(nats_url)
    async with running(shop(failing, steady), database, client, SECRET) as this:
        await sold(this)
        async with asyncio.timeout(10):
            while failing.started < 2:  # noqa: ASYNC110 - a count, not an event
                await asyncio.sleep(0.01)
        assert this.faults == 1
    assert failing.ended
    assert steady.ended
    await client.close()


class SoldAnywhere(Heard, frozen=True, kw_only=True):
    topics = ("shop.sold.v1", "stall.sold.v1")


async def test_a_reaction_to_two_services_runs_for_each_of_them(database, nats_url):
    reaction = Reaction("count", SoldAnywhere, lambda _event: [])
    hearing = replace(shop(), reactions=[reaction])
    client = await connect(nats_url)
    async with running(hearing, database, client, SECRET) as this:
        runs = [part for name, part in this.parts().items() if name.startswith("reaction ")]
        assert {part.__self__.source for part in runs} == {"shop", "stall"}
    await client.close()
