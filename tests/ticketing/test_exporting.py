"""Lists that an operator writes to files: as they stand and as they stood, from real tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import msgspec
import pytest

from roadcase.asked import Context
from roadcase.clock import now
from roadcase.codec import codec_of
from roadcase.dispatch import Dispatcher
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.exporting import Past, as_it_stands, as_it_stood
from roadcase.http.sheets import Stands
from roadcase.rebuild import rebuild_outdated
from roadcase.views import Views
from services.ticketing.commands import (
    JoinWaitingList,
    PlaceOrder,
    SetAllotment,
    SetQuestions,
    SetRefundPolicy,
    SetVoucher,
)
from services.ticketing.domain import DECIDERS
from services.ticketing.projections import PROJECTIONS
from services.ticketing.projections.lists import LISTS
from tests.ticketing.night import NIGHT, lines, opening, selling

CODEC = codec_of(DECIDERS)
ONE = lines(("standard", 1))


def waiting(entry: str, priority: int) -> JoinWaitingList:
    return JoinWaitingList(
        occurrence=NIGHT,
        entry=entry,
        ticket_types=["standard"],
        subject=entry,
        contact=b"x",
        priority=priority,
    )


ASKED = (
    opening(pools={"hall": 6}, starts_at="2100-06-05T20:00", ends_at="2100-06-05T22:00"),
    SetVoucher(occurrence=NIGHT, voucher="v", uses=3),
    SetAllotment(occurrence=NIGHT, allotment="a", name="Press", pool="hall", units=1),
    SetQuestions(occurrence=NIGHT, questions=[{"id": "q1", "text": "Why?"}]),
    SetRefundPolicy(occurrence=NIGHT, policy="fair", steps=[{"hours": 2, "permille": 5}]),
    PlaceOrder(occurrence=NIGHT, order="p1", lines=ONE, contact=b"x"),
    *(selling(order, contact=b"x", subject=order) for order in ("b", "B", "_a", "10")),
    waiting("late", 0),
    waiting("first", 5),
    waiting("later", 0),
)


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    await migrate(database, "ticketing")
    async with PostgresLog(database, "ticketing") as log:
        dispatch = Dispatcher(log, DECIDERS, secret=b"s" * 32)
        running = asyncio.create_task(dispatch.run())
        for tenant in ("mine", "theirs"):
            for asked in ASKED:
                await dispatch(asked, Context(tenant=tenant, actor="till"))
        running.cancel()
        await rebuild_outdated(database, log, PROJECTIONS, CODEC)
        yield log


async def stood(log: PostgresLog, of: str, position: int) -> tuple[list[Any], int]:
    (projection,) = (each for each in PROJECTIONS if each.name == LISTS[of].table)
    past = Past(log, projection, CODEC, Stands(position, now()))
    return await read(as_it_stood(past, LISTS[of], "mine", NIGHT))


async def read(source: Any) -> tuple[list[Any], int]:
    """Rows as a file has them, where tuples are lists, and the position they are of."""
    async with aclosing(source):
        opened = await anext(source)
        rows = [row async for batch in opened.batches for row in batch]
    return msgspec.json.decode(msgspec.json.encode(rows)), opened.stands.position


@pytest.mark.parametrize("of", sorted({*LISTS} - {"scans"}))
async def test_a_list_of_now_is_the_same_from_its_table_and_from_the_log(database, log, of):
    head = (await log.head()).position
    async with Views(database, "ticketing") as views:
        live, position = await read(as_it_stands(views.of("mine"), LISTS[of], NIGHT))
    assert live
    assert (live, position) == (await stood(log, of, head))
    assert all(tuple(row) == LISTS[of].columns for row in live), "and no contact"


async def test_a_list_of_then_has_what_was_there_then(log):
    records = await log.read(0, 1000)
    sales = [each for each in records if each.topic == "ticketing.ticket_sold.v1"]
    mine = [each.position for each in sales if each.stream.startswith("mine/")]
    counts = [len((await stood(log, "orders", position))[0]) for position in (0, *mine)]
    assert counts == [0, 1, 2, 3, 4]


async def test_who_waits_is_listed_by_priority_and_then_by_arrival(log):
    rows, _ = await stood(log, "waiting", (await log.head()).position)
    assert [row["entry"] for row in rows] == ["first", "late", "later"]
