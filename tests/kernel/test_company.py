"""A round waits for company where it comes, and nobody waits in vain for long."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from roadcase import company
from roadcase.company import Company


@pytest.fixture
def window(monkeypatch):
    """So long that whoever waits for it to end is noticed."""
    monkeypatch.setattr(company, "_WINDOW", 30.0)


class Callers:
    """Commands that wait, taken all at once by each round, as the inbox does it."""

    def __init__(self):
        self.waiting = []
        self.company = Company(self.waiting)

    def ask(self, many=1):
        for _ in range(many):
            self.waiting.append(None)
            self.company.came()

    async def round(self):
        await self.company.wait()
        taken = len(self.waiting)
        self.waiting.clear()
        return taken

    async def waits(self):
        """Whether the next round waits, with what is there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await self.round()
                return False
        return True


async def test_one_caller_never_waits(window):
    callers = Callers()
    for _ in range(300):
        callers.ask()
        assert not await callers.waits()


async def test_a_round_waits_for_as_many_as_came_before_and_then_for_twice_as_many(window):
    callers = Callers()
    rounds = []
    for _ in range(4):
        callers.ask(8)  # there is company
        callers.waiting.clear()
        callers.ask()
        task = asyncio.create_task(callers.round())
        for _ in range(15):
            await asyncio.sleep(0)
            if task.done():
                break
            callers.ask()
        rounds.append(await task)
    assert rounds == [1, 2, 4, 8]


async def test_never_for_more_than_a_few(window):
    callers = Callers()
    for _ in range(20):
        callers.ask(16)
        assert not await callers.waits()


async def test_who_waited_in_vain_goes_alone_for_a_while_and_tries_again(monkeypatch):
    monkeypatch.setattr(company, "_WINDOW", 0.02)
    callers = Callers()
    waited = []
    for _ in range(230):
        callers.ask(5)
        before = callers.company._since
        task = asyncio.create_task(callers.round())
        await asyncio.sleep(0.001)
        waited.append(not task.done())
        await task
        assert callers.company._since >= before
    assert 2 <= sum(waited) <= 6, "once for eight, and again after a hundred rounds"
    assert not any(waited[10:90])


async def test_after_a_pause_nobody_waits(monkeypatch):
    monkeypatch.setattr(company, "_WINDOW", 0.02)
    callers = Callers()
    for _ in range(5):
        callers.ask(16)
        await callers.round()
    await asyncio.sleep(0.5)
    callers.ask(5)
    task = asyncio.create_task(callers.round())
    await asyncio.sleep(0)
    assert task.done()
