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
from roadcase.dispatch import Dispatcher
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.exporting import Past, as_it_stands, as_it_stood
from roadcase.http.sheets import Stands
from roadcase.outbox import MESSAGES, DropMessage, QueueMessage
from roadcase.outbox.messages import RecordFailed
from roadcase.rebuild import rebuild_outdated
from roadcase.views import Views
from services.ticketing.commands import (
    AnswerQuestions,
    JoinWaitingList,
    PlaceOrder,
    RecordInvoice,
    RequestInvoice,
    SetAllotment,
    SetQuestions,
    SetRefundPolicy,
    SetVoucher,
)
from services.ticketing.domain import DECIDERS
from services.ticketing.projections.lists import LISTS
from tests.ticketing.night import NIGHT, lines, opening, selling
from tests.ticketing.tables import CODEC, MODELS

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


def answering(order: str, given: dict[str, list[str]]) -> AnswerQuestions:
    answered = {"given": given, "answers": b"sealed"}
    return AnswerQuestions(occurrence=NIGHT, order=order, answered=answered)


def queueing(message: str, order: str, night: str = NIGHT) -> QueueMessage:
    about = {"occurrence": night, "order": order}
    return QueueMessage(message=message, kind="told", about=about, recipient=b"sealed")


ASKED = (
    opening(pools={"hall": 6}, starts_at="2100-06-05T20:00", ends_at="2100-06-05T22:00"),
    SetVoucher(occurrence=NIGHT, voucher="v", uses=3),
    SetAllotment(occurrence=NIGHT, allotment="a", name="Press", pool="hall", units=1),
    SetQuestions(
        occurrence=NIGHT,
        questions=[
            {"id": "q1", "text": "Why?"},
            {"id": "q2", "text": "Wine?", "per": "ticket"},
            {"id": "q3", "text": "News?", "kind": "consent"},
        ],
    ),
    SetRefundPolicy(occurrence=NIGHT, policy="fair", steps=[{"hours": 2, "permille": 5}]),
    PlaceOrder(occurrence=NIGHT, order="p1", lines=ONE, contact=b"x"),
    *(selling(order, contact=b"x", subject=order) for order in ("b", "B", "_a", "10")),
    waiting("late", 0),
    waiting("first", 5),
    waiting("later", 0),
    answering("b", {"": ["q1"]}),
    answering("B", {"": ["q3", "q1"], "1": ["q2"]}),
    RequestInvoice(occurrence=NIGHT, order="b", request="r1", details=b"x"),
    RecordInvoice(occurrence=NIGHT, order="b", number="=2026-1"),
    queueing("late", "b"),
    queueing("early", "B"),
    queueing("elsewhere", "b", night="night-2"),
    RecordFailed(message="early", attempt=1, reason="SMTPResponseException: 550", final=True),
    DropMessage(message="late", why="=1+1"),
)


@pytest.fixture
async def log(database: str) -> AsyncIterator[PostgresLog]:
    await migrate(database, "ticketing")
    async with PostgresLog(database, "ticketing") as log:
        dispatch = Dispatcher(log, (*DECIDERS, MESSAGES), secret=b"s" * 32)
        running = asyncio.create_task(dispatch.run())
        for tenant in ("mine", "theirs"):
            for asked in ASKED:
                await dispatch(asked, Context(tenant=tenant, actor="till"))
        running.cancel()
        await rebuild_outdated(database, log, MODELS, CODEC)
        yield log


async def stood(log: PostgresLog, of: str, position: int) -> tuple[list[Any], int]:
    (projection,) = (each for each in MODELS if each.name == LISTS[of].table)
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


async def test_every_answer_is_a_line_without_what_it_says(log):
    rows, _ = await stood(log, "answers", (await log.head()).position)
    assert [(row["order_id"], row["number"], row["question"]) for row in rows] == [
        ("B", None, "q1"),
        ("B", None, "q3"),
        ("B", 1, "q2"),
        ("b", None, "q1"),
    ]


async def test_a_nights_messages_say_what_became_of_them_and_to_nobody_where_they_went(log):
    rows, _ = await stood(log, "outbox", (await log.head()).position)
    assert [(row["message"], row["state"], row["attempt"], row["reason"]) for row in rows] == [
        ("late", "dropped", 0, "=1+1"),
        ("early", "parked", 1, "SMTPResponseException: 550"),
    ]
    assert "sealed" not in str(rows)
