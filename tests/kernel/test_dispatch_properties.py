"""Whatever is asked, by whom, in which order, with which crashes: what must hold of a log holds."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roadcase.codec import Codec
from roadcase.errors import KeyReused, Unavailable
from roadcase.testing.logs import AT
from roadcase.timers import Timers
from tests.kernel.selling import NAME, by, dispatching, insist, sound
from tests.kernel.shop import SHOP, Break, Expire, Open, Sell, SoldOut, Take

SHOPS = st.sampled_from(["a", "b"])
UNITS = st.integers(1, 3)
COMMANDS = st.one_of(
    st.builds(Open, shop=SHOPS, capacity=st.just(5)),
    st.builds(Sell, shop=SHOPS, order=st.sampled_from("xyz"), units=UNITS),
    st.builds(
        Take,
        shop=SHOPS,
        hold=st.sampled_from("hijk"),
        units=UNITS,
        seconds=st.sampled_from([1, 60]),
    ),
    st.builds(Expire, shop=SHOPS),
    st.builds(Break, shop=SHOPS, how=st.sampled_from(["decide", "evolve"])),
)
KEYS = st.sampled_from([None, "1", "2", "3", "4", "5", "6"])
WHO = st.integers(0, 1)
STEPS = st.one_of(
    *(st.tuples(st.just("ask"), WHO, COMMANDS, KEYS) for _ in range(6)),
    *(st.tuples(st.just("ask again"), WHO, st.integers(0, 5)) for _ in range(2)),
    st.tuples(st.just("crash"), WHO),
    st.tuples(st.just("leave"), st.integers(0, 5)),
    st.tuples(st.just("terminate")),
    st.tuples(st.just("fire")),
    st.tuples(st.just("clock"), st.sampled_from([-3600, 2, 61])),
    *(st.tuples(st.just("wait"), st.sampled_from([0, 0.001, 0.003, 0.01])) for _ in range(3)),
    st.tuples(st.just("settle")),
)
EXPECTED = (SoldOut, KeyReused, Unavailable, ZeroDivisionError, asyncio.CancelledError)
EMPTY = f"""
    TRUNCATE {NAME}.events, {NAME}.keys, {NAME}.timers;
    UPDATE {NAME}.head SET position = 0, hash = decode(repeat('00', 32), 'hex'), at = 'epoch'
"""
TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class World:
    """Two processes on one log, what was asked of them, and a server to be disturbed."""

    def __init__(self, url, server):
        self.url = url
        self.server = server
        self.at = AT
        self.asked = []
        self._stacks = [AsyncExitStack(), AsyncExitStack()]
        self._processes = [None, None]

    async def start(self, who):
        running = dispatching(self.url, drained=False, clock=lambda: self.at)
        self._processes[who] = await self._stacks[who].enter_async_context(running)

    async def do(self, what, *more):
        await getattr(self, what.replace(" ", "_"))(*more)

    async def ask(self, who, command, key):
        task = asyncio.create_task(self._processes[who](command, by(key)))
        self.asked.append((command, key, task))
        await asyncio.sleep(0)

    async def ask_again(self, who, back):
        if len(self.asked) > back:
            command, key, _ = self.asked[-1 - back]
            await self.ask(who, command, key)

    async def leave(self, back):
        if len(self.asked) > back:
            self.asked[-1 - back][2].cancel()

    async def crash(self, who):
        await self._stacks[who].aclose()
        await self.start(who)

    async def terminate(self):
        await self.server.execute(TERMINATE)

    async def clock(self, seconds):
        self.at += timedelta(seconds=seconds)

    async def fire(self):
        timers = Timers(self._processes[0], [SHOP], clock=lambda: self.at)
        try:
            await timers._fire_due()
        except Unavailable:
            return
        assert timers.failed == 0

    async def wait(self, seconds):
        await asyncio.sleep(seconds)

    async def settle(self):
        await asyncio.wait([task for *_, task in self.asked] or [asyncio.create_task(self.wait(0))])

    async def judge(self):
        """All invariants of the log, and of the answers that were given."""
        await self.settle()
        for dispatch in self._processes:  # somebody who left may have asked for more
            await dispatch.drain()
        await self.crash(0)
        records = await sound(self._processes[0].log)
        decode = Codec(SHOP.events).decode
        log = [decode(record.topic, record.payload) for record in records]
        answers = {}
        for command, key, task in self.asked:
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            assert error is None or isinstance(error, EXPECTED), error
            if error is None and task.result().events:
                outcome = task.result()
                first = outcome.position - len(outcome.events)
                assert tuple(log[first : outcome.position]) == outcome.events, "not in the log"
                if key is not None:
                    answers.setdefault(key, []).append((command, outcome))
        for given_ in answers.values():
            assert len({repr(command) for command, _ in given_}) == 1, "one key, two requests"
            assert len({outcome[:2] for _, outcome in given_}) == 1, "one key, two answers"
            assert sum(not outcome.replayed for _, outcome in given_) <= 1, "one key, two effects"
        for key, ((command, outcome), *_) in answers.items():
            again = await insist(self._processes[0], command, by(key))
            assert again == outcome._replace(replayed=True)
        assert await sound(self._processes[0].log) == records

    async def end(self):
        for stack in self._stacks:
            await stack.aclose()


async def live(url, steps):
    server = await asyncpg.connect(url)
    world = World(url, server)
    try:
        await server.execute(EMPTY)
        for who in range(2):
            await world.start(who)
        for step in steps:
            await world.do(*step)
        await world.judge()
    finally:
        await world.end()
        await server.close()


@pytest.mark.parametrize("opened", [True, False])
def test_any_schedule_leaves_a_sound_log_and_one_answer_per_key(database, opened):
    begin = [("ask", 0, Open(shop=shop, capacity=5), None) for shop in "ab"] if opened else []

    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # schedules of real processes do not repeat, so nothing shrinks
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.lists(STEPS, min_size=5, max_size=40))
    def check(steps):
        asyncio.run(live(database, begin + steps))

    check()
