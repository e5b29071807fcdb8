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

    async def rush(self):
        """Many come, and none of them waits: more are there than anyone would wait for."""
        for _ in range(10):
            self.ask(20, seconds=0.005)
            assert await self.round() == 20


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    found = Clock()
    monkeypatch.setattr(company, "monotonic", found)
    return found


@pytest.fixture
def callers(clock, monkeypatch):
    monkeypatch.setattr(company, "_WINDOW", 0.02)
    return Callers(clock)


async def test_where_few_come_nobody_waits(callers):
    for _ in range(100):
        callers.ask(seconds=0.002)  # 500 in a second
        task, waits = await callers.begin()
        assert not waits
        await task


async def test_where_many_come_a_round_waits_for_some_of_them(callers, monkeypatch):
    monkeypatch.setattr(company, "_WINDOW", 30)
    await callers.rush()
    callers.ask()
    task, waits = await callers.begin()
    assert waits
    callers.ask(14)
    await asyncio.sleep(0.001)
    assert not task.done()
    callers.ask()
    assert await task == 16


async def test_and_never_for_more_than_a_few(callers):
    await callers.rush()
    callers.ask(16)
    task, waits = await callers.begin()
    assert not waits
    await task


async def test_after_a_pause_nobody_waits(callers):
    await callers.rush()
    callers.ask(seconds=1)
    task, waits = await callers.begin()
    assert not waits
    await task


async def test_who_waited_in_vain_waits_for_no_more_than_came(callers):
    await callers.rush()
    waited = []
    for _ in range(300):
        callers.ask(5, seconds=0.001)
        task, waits = await callers.begin()
        waited.append(waits)
        assert await task == 5
    assert waited[0]
    assert 2 <= sum(waited) <= 6, "it tries again, and each time later"
    assert not any(waited[1:19])


async def test_when_they_come_again_it_waits_for_as_many_as_before(callers):
    await callers.rush()
    callers.ask(3, seconds=0.001)
    task, waits = await callers.begin()
    assert waits
    await task
    for _ in range(3):
        await callers.rush()
    callers.ask(15)
    task, waits = await callers.begin()
    assert waits
    callers.ask()
    assert await task == 16
