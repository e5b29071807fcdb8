"""Cancelling a whole night: the sale stops, each order has one outcome, and nothing is offered."""

from __future__ import annotations

from roadcase.testing.spec import Spec
from services.ticketing.commands import (
    CancelOrder,
    FinishMassCancel,
    JoinWaitingList,
    PlaceOrder,
    RecordCancelled,
    ResumeSales,
    StartMassCancel,
    StopSales,
)
from services.ticketing.domain import MASS_CANCEL
from services.ticketing.domain.process_refusals import (
    ProcessExists,
    SalesAreStopped,
    UnknownProcess,
)
from services.ticketing.events import MassCancelFinished, MassCancelStarted, OrderMassCancelled
from tests.ticketing.night import (
    NIGHT,
    after,
    become,
    confirming,
    holding,
    lines,
    names,
    opening,
    selling,
)

STOP, RESUME = StopSales(occurrence=NIGHT), ResumeSales(occurrence=NIGHT)
START = StartMassCancel(process="p1", occurrence=NIGHT, reason="storm")
STARTED = MassCancelStarted(process="p1", occurrence=NIGHT, reason="storm", money_back=True)
process = Spec(MASS_CANCEL)


def test_nothing_is_sold_while_the_sale_is_stopped_but_a_cart_is_paid():
    stopped = after(opening(), holding("h1"), STOP)
    placing = PlaceOrder(occurrence=NIGHT, order="p", lines=lines(("standard", 1)))
    for command in (selling("o1"), holding("h2"), placing):
        stopped.when(command).then_refused(SalesAreStopped)
    assert names(become(stopped.when(confirming("o1", "h1")))) == ["HoldEnded", "TicketSold"]
    stopped.when(STOP).then_nothing()
    again = after(opening(), STOP, RESUME)
    again.when(RESUME).then_nothing()
    assert names(become(again.when(selling("o1")))) == ["TicketSold"]


def test_what_is_freed_by_cancelling_is_not_offered_to_who_waits():
    join = JoinWaitingList(occurrence=NIGHT, entry="w", ticket_types=["standard"], subject="zoe")
    full = (opening(pools={"hall": 1}), selling("o1"), join, STOP)
    void = CancelOrder(occurrence=NIGHT, order="o1", reason="storm")
    assert names(become(after(*full).when(void))) == ["TicketCancelled"]
    assert "TicketsHeld" in names(become(after(*full, void).when(RESUME)))


def test_a_process_is_started_once_and_each_order_has_one_outcome():
    process.when(START).then(STARTED)
    process.given(STARTED).when(START).then_nothing()
    other = START.model_copy(update={"reason": "flood"})
    process.given(STARTED).when(other).then_refused(ProcessExists)
    record = RecordCancelled(process="p1", order="o1", outcome="refused", why="ticketing.x")
    done = OrderMassCancelled(
        process="p1", occurrence=NIGHT, order="o1", outcome="refused", why="ticketing.x"
    )
    process.given(STARTED).when(record).then(done)
    process.given(STARTED, done).when(record).then_nothing()
    process.when(record).then_refused(UnknownProcess)
    finish = FinishMassCancel(process="p1")
    end = MassCancelFinished(process="p1", occurrence=NIGHT, orders=1, refused=1)
    process.given(STARTED, done).when(finish).then(end)
    process.given(STARTED, done, end).when(finish).then_nothing()
