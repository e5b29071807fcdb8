"""Exchanging tickets for those of another night: all or nothing, whatever step a crash hits."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from roadcase.asked import Context
from roadcase.event_store.postgres import PostgresLog
from roadcase.money import Money
from roadcase.testing.spec import Spec
from services.ticketing.commands import (
    CancelOrder,
    ExchangeOut,
    OpenBoxOffice,
    RefundTickets,
    StartExchange,
)
from services.ticketing.domain import BOX_OFFICE, EXCHANGE
from services.ticketing.domain.process_refusals import ProcessExists, TicketVoid
from services.ticketing.domain.refusals import WrongAmount
from services.ticketing.events import TicketRefunded
from services.ticketing.workers.exchanger import Steps
from tests.kernel.selling import NAME, by, dispatching
from tests.ticketing.night import (
    NIGHT,
    SEED,
    after,
    become,
    names,
    opening,
    selling,
    ticket_type,
)

OTHER = "night-2"
TWO = selling("o1", ("standard", 2), amount="24.00 EUR")


def other(price: str = "12.00 EUR", room: int = 5) -> OpenBoxOffice:
    found = opening(ticket_type(price=price), pools={"hall": room})
    return found.model_copy(update={"occurrence": OTHER})


def starting(**more: Any) -> StartExchange:
    terms = {
        "process": "x1",
        "occurrence": NIGHT,
        "order": "o1",
        "tickets": ["o1-1"],
        "worth": "12.00 EUR",
        "to": OTHER,
        "new_order": "n1",
        "lines": [{"ticket_type": "standard", "quantity": 1}],
        "code_seed": SEED,
        **more,
    }
    return StartExchange(**terms)


def leaving(*tickets: str, worth: str = "12.00 EUR") -> ExchangeOut:
    return ExchangeOut(
        occurrence=NIGHT,
        order="o1",
        tickets=tickets or ("o1-1",),
        worth=worth,
        reason="exchanged",
        refund_reference="exchange-x1",
    )


# In the office that is left


def test_tickets_leave_together_or_not_at_all():
    spec = after(opening(), TWO)
    (out,) = become(spec.when(leaving()))
    assert (out.ticket, out.amount, out.draws) == ("o1-1", Money(1200, "EUR"), {"hall": 1})
    void = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-2"], reason="ill")
    after(opening(), TWO, void).when(leaving("o1-1", "o1-2", worth="24.00 EUR")).then_refused(
        TicketVoid
    )
    spec.when(leaving(worth="11.00 EUR")).then_refused(WrongAmount)
    after(opening(), TWO, leaving()).when(leaving()).then_nothing()


def test_a_process_is_started_once():
    process = Spec(EXCHANGE)
    (started,) = process.decider.decide(process.decider.initial(), starting(), process.at)
    process.given(started).when(starting()).then_nothing()
    process.given(started).when(starting(tickets=["o1-2"])).then_refused(ProcessExists)


# Step by step, with crashes between any two


class Crash(Exception):
    """The process died here."""


class Dying:
    """Dies at its n-th call: before it is asked, or after it was answered."""

    def __init__(self, dispatch: Any, calls: int, *, answered: bool) -> None:
        self._dispatch, self._left, self._answered = dispatch, calls, answered

    async def __call__(self, command: Any, context: Context) -> Any:
        self._left -= 1
        if self._left == 0 and not self._answered:
            raise Crash
        outcome = await self._dispatch(command, context)
        if self._left == 0:
            raise Crash
        return outcome


async def prepared(dispatch: Any, start: StartExchange, target: OpenBoxOffice) -> Any:
    for number, command in enumerate((opening(), target, TWO)):
        await dispatch(command, by(f"k{number}"))
    outcome = await dispatch(start, by("start"))
    return outcome.events[0]


async def valid(database: str) -> Counter[str]:
    """Valid tickets by night."""
    log = PostgresLog(database, NAME)
    try:
        records = await log.read(0, 1000)
    finally:
        await log.close()
    topics = [(record.stream.rpartition("/")[2], record.topic) for record in records]
    sold = Counter(night for night, topic in topics if topic == "ticketing.ticket_sold.v1")
    sold.subtract(night for night, topic in topics if topic == "ticketing.ticket_refunded.v1")
    return sold


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("calls", range(1, 6))
async def test_a_crash_at_any_step_goes_on_to_the_same_end(database, calls, answered):
    async with dispatching(database, BOX_OFFICE, EXCHANGE) as dispatch:
        fact = await prepared(dispatch, starting(), other())
        dying = Dying(dispatch, calls, answered=answered)
        with pytest.raises(Crash):
            await Steps(dying, "t", fact).take()
        await Steps(dispatch, "t", fact).take()
        await Steps(dispatch, "t", fact).take()  # and once more: nothing happens twice
        end = await dispatch(starting(), by("again"))
        assert names(end.events) == []
    assert await valid(database) == {NIGHT: 1, OTHER: 1}


@pytest.mark.parametrize("calls", [1, 2, 3, 99])
async def test_a_night_that_is_sold_out_changes_nothing(database, calls):
    async with dispatching(database, BOX_OFFICE, EXCHANGE) as dispatch:
        fact = await prepared(dispatch, starting(), other(room=0))
        try:
            await Steps(Dying(dispatch, calls, answered=True), "t", fact).take()
        except Crash:
            await Steps(dispatch, "t", fact).take()
    assert +await valid(database) == {NIGHT: 2}


@pytest.mark.parametrize(
    ("price", "paid", "done"),
    [
        ("15.00 EUR", "3.00 EUR", True),
        ("15.00 EUR", None, False),
        ("9.00 EUR", None, True),
        ("12.00 EUR", "1.00 EUR", False),
    ],
)
async def test_what_the_new_tickets_cost_more_is_paid_and_less_goes_back(
    database, price, paid, done
):
    async with dispatching(database, BOX_OFFICE, EXCHANGE) as dispatch:
        fact = await prepared(dispatch, starting(paid=paid), other(price))
        await Steps(dispatch, "t", fact).take()
    expected = {NIGHT: 1, OTHER: 1} if done else {NIGHT: 2}
    assert +await valid(database) == expected


async def test_a_ticket_that_was_refunded_meanwhile_undoes_the_new_one(database):
    async with dispatching(database, BOX_OFFICE, EXCHANGE) as dispatch:
        fact = await prepared(dispatch, starting(), other())
        with pytest.raises(Crash):
            await Steps(Dying(dispatch, 2, answered=True), "t", fact).take()  # sold there
        refund = RefundTickets(
            occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="ill", refund_reference="b"
        )
        await dispatch(refund, by("refund"))
        await Steps(dispatch, "t", fact).take()
    assert +await valid(database) == {NIGHT: 1}


async def test_cancelled_refunded_and_exchanged_in_one_moment_it_is_one_of_them(database):
    cancel = CancelOrder(occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="ill")
    refund = RefundTickets(
        occurrence=NIGHT, order="o1", tickets=["o1-1"], reason="ill", refund_reference="b"
    )
    async with dispatching(database, BOX_OFFICE, EXCHANGE) as dispatch:
        fact = await prepared(dispatch, starting(), other())
        await asyncio.gather(
            dispatch(cancel, by("cancel")),
            dispatch(refund, by("refund")),
            Steps(dispatch, "t", fact).take(),
        )
        again = await dispatch(refund, by("refund"))
        money = [each.amount.minor for each in again.events if isinstance(each, TicketRefunded)]
    log = PostgresLog(database, NAME)
    try:
        records = await log.read(0, 1000)
    finally:
        await log.close()
    freed = [
        record.topic
        for record in records
        if record.topic in {"ticketing.ticket_refunded.v1", "ticketing.ticket_cancelled.v1"}
        and b'"hall"' in record.payload
        and record.stream.endswith(NIGHT)
    ]
    assert len(freed) == 1
    assert sum(money) <= 1200
