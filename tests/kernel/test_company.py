"""A round waits for company where it comes, and nobody waits in vain for long."""

from __future__ import annotations

import asyncio

import pytest

from roadcase import company
from roadcase.company import Company


class Callers:
    """Commands that wait, taken all at once by each round, as the inbox does it."""

    def __init__(self, clock):
        self.waiting = []
        self.clock = clock
        self.company = Company(self.waiting)

    def ask(self, many=1, *, seconds=0.0):
        """Ask, within so many seconds."""
        for _ in range(many):
            self.waiting.append(None)
            self.company.came()
        self.clock.now += seconds

    async def round(self):
        await self.company.wait()
        taken = len(self.waiting)
        self.waiting.clear()
        return taken

    async def begin(self):
        """A round, and whether it waits."""
        task = asyncio.create_task(self.round())
        await asyncio.sleep(0.001)
        return task, not task.done()

    async def rush(self, busy=1.0):
        """Many come, and none of them waits: more are there than anyone would wait for."""
        for _ in range(10):
            self.clock.busy += 0.005 * busy
            self.ask(40, seconds=0.005)
            assert await self.round() == 40


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 0.0
        busy = 0.0

    found = Clock()
    monkeypatch.setattr(company, "monotonic", lambda: found.now)
    monkeypatch.setattr(company, "worked", lambda: found.busy)
    return found


@pytest.fixture
def callers(clock, monkeypatch):
    monkeypatch.setattr(company, "_GAP", 0.02)
    return Callers(clock)


async def test_where_few_come_nobody_waits(callers, clock):
    for _ in range(100):
        clock.busy += 0.005
        callers.ask(seconds=0.005)  # 200 in a second
        task, waits = await callers.begin()
        assert not waits
        await task


async def test_where_there_is_time_to_spare_nobody_waits(callers):
    await callers.rush(busy=0.8)
    callers.ask()
    task, waits = await callers.begin()
    assert not waits
    await task


async def test_where_many_come_and_all_is_busy_a_round_waits_for_some_of_them(callers, monkeypatch):
    await callers.rush()
    monkeypatch.setattr(company, "_GAP", 30)
    callers.ask()
    task, waits = await callers.begin()
    assert waits
    callers.ask(30)
    await asyncio.sleep(0.001)
    assert not task.done()
    callers.ask()
    async with asyncio.timeout(10):  # and not until the gap is over
        assert await task == 32


async def test_and_never_for_more_than_a_few(callers):
    await callers.rush()
    callers.ask(32)
    task, waits = await callers.begin()
    assert not waits
    await task


async def test_it_waits_as_long_as_they_come_and_not_much_longer_in_all(callers, clock):
    await callers.rush()
    callers.ask()
    task, _ = await callers.begin()
    came = 1
    while not task.done() and came < 20:
        clock.now += 0.004
        callers.ask()
        came += 1
        await asyncio.sleep(0.02)
    assert await task == came == 6, "twenty milliseconds of that clock"


async def test_after_a_pause_nobody_waits(callers):
    await callers.rush()
    callers.ask(seconds=1)
    task, waits = await callers.begin()
    assert not waits
    await task


async def test_who_waited_in_vain_lets_the_next_ones_begin_at_once(callers, clock):
    await callers.rush()
    waited = []
    for _ in range(300):
        clock.busy += 0.001
        callers.ask(5, seconds=0.001)
        task, waits = await callers.begin()
        waited.append(waits)
        assert await task == 5
    assert waited[0]
    assert 5 <= sum(waited) <= 9, "it tries again, and each time later"
    assert [n for n, waits in enumerate(waited) if waits][:4] == [0, 2, 6, 14]


async def test_when_they_come_again_everyone_waits_again(callers):
    await callers.rush()
    callers.ask(3)
    task, waits = await callers.begin()
    assert waits
    await task  # in vain
    await callers.rush()
    for turn in range(4):
        callers.ask(3)
        task, waits = await callers.begin()
        assert waits == (turn > 0), "but for one"
        callers.ask(29 if waits else 0)
        await task
