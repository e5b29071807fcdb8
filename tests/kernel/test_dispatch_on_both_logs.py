"""The dispatcher does the same on either log."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import pytest

from roadcase.asked import Context
from roadcase.decider import Command, Decider, Event
from roadcase.dispatch import Dispatcher
from roadcase.errors import KeyReused, Refused
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Timer, meta_of
from roadcase.event_store.sqlite import SqliteLog
from roadcase.testing.logs import AT, check

ANN, BOB = (Context(tenant="t", actor=name) for name in ("ann", "bob"))


class SoldOut(Refused):
    """No such seat is free."""


class Hold(Command):
    show: str
    seats: int


class Sell(Command):
    show: str
    seats: int


class Held(Event):
    topic = "box.held.v1"
    seats: int
    until: datetime


class Sold(Event):
    topic = "box.sold.v1"
    seats: int


class Show:
    def __init__(self):
        self.free, self.held, self.until = 3, 0, None


def _hold(show, command, at):
    if command.seats > show.free:
        raise SoldOut
    yield Held(seats=command.seats, until=at + timedelta(minutes=5))


def _sell(show, command, at):
    if command.seats > show.held:
        raise SoldOut
    return [Sold(seats=1) for _ in range(command.seats)]


def _evolve(show, event):
    if isinstance(event, Held):
        show.free, show.held, show.until = show.free - event.seats, event.seats, event.until
    else:
        show.held -= event.seats
        show.until = show.until if show.held else None


BOX = Decider(
    category="show",
    key="show",
    initial=Show,
    evolve=_evolve,
    events=(Held, Sold),
    commands={Hold: _hold, Sell: _sell},
    deadline=lambda show: show.until,
)


@pytest.fixture(params=["postgres", "sqlite"])
async def make_log(request, tmp_path):
    if request.param == "sqlite":
        return lambda: SqliteLog(tmp_path / "log.db", "ticketing")
    database = request.getfixturevalue("database")
    return lambda: PostgresLog(database, "ticketing")


@asynccontextmanager
async def running(make_log):
    async with make_log() as log:
        dispatch = Dispatcher(log, [BOX], secret=b"secret", clock=lambda: AT)
        task = asyncio.create_task(dispatch.run())
        try:
            yield dispatch
        finally:
            await dispatch.drain()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def keyed(context, key):
    return Context(tenant=context.tenant, actor=context.actor, key=key)


async def test_hold_sell_refuse_and_ask_again(make_log):
    async with running(make_log) as dispatch:
        held = await dispatch(Hold(show="x", seats=2), keyed(ANN, "1"))
        assert held.events == (Held(seats=2, until=AT + timedelta(minutes=5)),)
        assert await dispatch.log.due(AT + timedelta(days=1), 5) == [
            Timer("t/show/x", AT + timedelta(minutes=5))
        ]
        with pytest.raises(SoldOut):
            await dispatch(Hold(show="x", seats=2), keyed(BOB, "2"))
        sold = await dispatch(Sell(show="x", seats=2), keyed(ANN, "3"))
        assert (sold.position, sold.events) == (3, (Sold(seats=1), Sold(seats=1)))
        assert await dispatch.log.next_due() is None
        again = await dispatch(Sell(show="x", seats=2), keyed(ANN, "3"))
        assert again == sold._replace(replayed=True)
        with pytest.raises(KeyReused):
            await dispatch(Sell(show="x", seats=1), keyed(ANN, "3"))
        records = await check(dispatch.log, 3)
    assert {meta_of(record).actor for record in records} == {"ann"}


async def test_a_new_process_knows_the_keys_and_the_state(make_log):
    async with running(make_log) as dispatch:
        await dispatch(Hold(show="x", seats=3), keyed(ANN, "1"))
        sold = await dispatch(Sell(show="x", seats=2), keyed(ANN, "2"))
    async with running(make_log) as dispatch:
        again = await dispatch(Sell(show="x", seats=2), keyed(ANN, "2"))
        assert again == sold._replace(replayed=True)  # though only one is held now
        with pytest.raises(KeyReused):
            await dispatch(Sell(show="x", seats=1), keyed(ANN, "2"))
        with pytest.raises(SoldOut):
            await dispatch(Hold(show="x", seats=1), keyed(BOB, "3"))
        await dispatch(Sell(show="x", seats=1), keyed(ANN, "4"))
        await check(dispatch.log, 4)


async def test_of_many_buyers_as_many_win_as_there_are_seats(make_log):
    async with running(make_log) as dispatch:
        shows = [f"s{n}" for n in range(20)]
        asked = [
            dispatch(Hold(show=show, seats=1), keyed(ANN, f"{show}-{n % 6}"))
            for n in range(12)
            for show in shows
        ]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(each) for each in outcomes if isinstance(each, Exception)} == {SoldOut}
        await check(dispatch.log, 3 * len(shows))
