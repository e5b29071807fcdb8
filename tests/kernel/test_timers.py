"""A timer fires once, at its time, whoever else watches it and whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from roadcase import timers as timers_module
from roadcase.codec import Codec
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Timer, meta_of
from roadcase.testing.logs import AT, put
from roadcase.timers import Timers
from tests.kernel.selling import NAME, by, dispatching, ended, insist, sound, until
from tests.kernel.shop import SHOP, Held, HoldEnded, Open, Take

LATE = timedelta(seconds=0.2)


class Clock:
    """The wall clock, and a hand that sets it."""

    def __init__(self):
        self.off = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.off


@asynccontextmanager
async def timing(url, decider=SHOP, clock=None, timer_clock=None, **options):
    """A dispatcher and its timers, running."""
    clock = clock or Clock()
    async with dispatching(url, decider, clock=clock, **options) as dispatch:
        timers = Timers(dispatch, [decider], clock=timer_clock or clock)
        task = asyncio.create_task(timers.run())
        try:
            yield dispatch, timers
        finally:
            await ended(task)


async def take(dispatch, shop, seconds, hold="h"):
    await insist(dispatch, Open(shop=shop, capacity=5), by())
    await insist(dispatch, Take(shop=shop, hold=hold, seconds=seconds), by(f"{shop}-{hold}"))


async def lateness(log):
    """How long after its due moment each hold was ended, by the log's own times."""
    decode, due, late = Codec(SHOP.events).decode, {}, []
    for record in await log.read(0, 10_000):
        match decode(record.topic, record.payload):
            case Held(until=moment):
                due[record.stream] = moment
            case HoldEnded():
                late.append(meta_of(record).at - due.pop(record.stream))
    return late


def questions(log):
    """Counts how often the timers ask the log."""
    asked, ask = [], log.due

    async def due(*arguments):
        asked.append(arguments)
        return await ask(*arguments)

    log.due = due
    return asked


async def test_a_hold_ends_once_at_its_time_with_two_processes_watching(database):
    async with timing(database) as (one, first), timing(database) as (two, second):
        await take(one, "a", 0.5)
        await take(two, "b", 0.8)
        await until(lambda: first.fired + second.fired >= 2)
        await asyncio.sleep(0.3)
        assert (first.fired + second.fired, first.failed + second.failed) == (2, 0)
        late = await lateness(one.log)
        assert len(late) == 2
        assert timedelta() <= min(late) <= max(late) < LATE
        assert 0 <= max(first.late, second.late) < 1
        await sound(one.log)


async def test_a_hold_that_is_extended_or_followed_fires_anew(database):
    async with timing(database) as (dispatch, timers):
        await take(dispatch, "a", 0.2, "one")
        await take(dispatch, "a", 0.4, "two")
        await until(lambda: timers.fired == 2)
        await take(dispatch, "a", 0.1, "three")
        await until(lambda: timers.fired == 3)
        await sound(dispatch.log)


async def test_a_timer_outlives_its_process(database):
    async with dispatching(database, drained=False) as dispatch:
        await take(dispatch, "past", 0.1)
        await take(dispatch, "coming", 0.9)
        await asyncio.sleep(0.2)
    async with timing(database) as (dispatch, timers):
        await until(lambda: timers.fired == 1, 0.5)
        assert timers.late > 0.1
        await until(lambda: timers.fired == 2)
        assert (await lateness(dispatch.log))[1] < LATE
        await asyncio.sleep(0.25)
        assert (timers.fired, timers.failed) == (2, 0)
        await sound(dispatch.log)


async def test_a_clock_set_back_delays_a_timer_and_breaks_nothing(database):
    clock = Clock()
    async with timing(database, clock=clock) as (dispatch, timers):
        await take(dispatch, "a", 0.3)
        clock.off -= timedelta(hours=1)
        asked, soon = questions(dispatch.log), dispatch.head.at + timedelta(milliseconds=2)
        await put(dispatch.log, timers=[Timer("t/gone/a", soon)])
        await asyncio.sleep(0.6)
        assert (timers.fired, timers.failed) == (0, 0)
        assert len(asked) < 10
        await put(dispatch.log, timers=[Timer("t/gone/a", None)])
        clock.off += timedelta(hours=1)
        await until(lambda: timers.fired == 1, 0.5)
        await sound(dispatch.log)


async def test_a_timer_that_fired_too_early_fires_again(database, monkeypatch):
    """As when the clock is set back between a look at the timers and the decision."""
    monkeypatch.setattr(timers_module, "_AGAIN", 0.2)
    ahead = Clock()
    ahead.off += timedelta(hours=1)
    async with timing(database, timer_clock=ahead) as (dispatch, timers):
        await take(dispatch, "a", 0.7)
        await until(lambda: timers.failed)
        await until(lambda: timers.fired == 1)
        await sound(dispatch.log)


@pytest.mark.parametrize("fault", ["decides nothing", "raises", "has no command"])
async def test_a_timer_without_effect_neither_spins_nor_holds_up_others(
    database, monkeypatch, caplog, fault
):
    monkeypatch.setattr(timers_module, "_MANY", 2)
    faults = {
        "decides nothing": lambda shop: Open(shop=shop, capacity=1),
        "raises": lambda _shop: 1 / 0,
        "has no command": lambda shop: Timer(shop, None),
    }
    on_due = lambda shop: faults[fault](shop) if shop.startswith("bad") else SHOP.on_due(shop)  # noqa: E731
    async with timing(database, replace(SHOP, on_due=on_due)) as (dispatch, timers):
        for number in range(5):
            await take(dispatch, f"bad{number}", 0.01)
        await until(lambda: timers.failed == 5)
        asked = questions(dispatch.log)
        await take(dispatch, "good", 0.5)
        await until(lambda: timers.fired == 1, 1)
        await asyncio.sleep(0.3)
        assert timers.failed == 5
        assert len(asked) < 20
        assert len([each for each in caplog.records if each.levelno == logging.ERROR]) == 5
        assert (await lateness(dispatch.log)) < [LATE]


async def test_the_timer_of_a_decider_that_is_gone_is_told_and_holds_up_nobody(database):
    async with PostgresLog(database, NAME) as log:
        await put(log, timers=[Timer("t/gone/a", AT)])
    async with timing(database) as (dispatch, timers):
        await take(dispatch, "a", 0.2)
        await until(lambda: timers.fired == 1)
        assert timers.failed == 1


async def test_a_thousand_timers_at_once_all_fire_once(database):
    clock = Clock()
    clock.off -= timedelta(hours=1)
    async with dispatching(database, clock=clock) as dispatch:
        await asyncio.gather(*(take(dispatch, f"s{n}", 60) for n in range(1000)))
    async with timing(database) as (one, first), timing(database) as (_, second):
        await until(lambda: first.fired + second.fired >= 1000, 30)
        await asyncio.sleep(0.25)
        assert (first.fired + second.fired, first.failed + second.failed) == (1000, 0)
        assert len(await sound(one.log)) == 3000


async def test_a_full_inbox_delays_timers_and_forgets_none(database):
    async with dispatching(database) as dispatch:
        await asyncio.gather(*(take(dispatch, f"s{n}", 0.01) for n in range(30)))
    async with timing(database, max_inbox=4, max_batch=2) as (dispatch, timers):
        await until(lambda: timers.fired == 30)
        assert timers.failed == 0
        await sound(dispatch.log)


async def test_a_timer_fires_though_postgres_was_killed_while_it_waited(own_postgres):
    url = own_postgres.url
    await migrate(url, "shop")
    async with timing(url, name="shop", patience=0.1) as (dispatch, timers):
        await take(dispatch, "a", 0.6)
        await take(dispatch, "b", 2)
        own_postgres.kill()
        await asyncio.sleep(0.7)  # "a" comes due while there is no database
        assert timers.fired == 0
        await own_postgres.start()
        await until(lambda: timers.fired == 2)
        late = await lateness(dispatch.log)
        assert late[1] < LATE
        assert timers.failed == 0
        await sound(dispatch.log)
