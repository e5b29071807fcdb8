"""A schedule on the kernel's timers and a real log: a year of it, and a process that was away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from roadcase.asked import Context
from roadcase.codec import Codec
from roadcase.dispatch import Dispatcher
from roadcase.event_store.postgres import PostgresLog
from roadcase.timers import Timers
from services.planning.commands import schedules as ask
from services.planning.domain.schedules import SCHEDULE
from services.planning.events import schedules as told

NAME = "ticketing"  # the schema that every test database has; the log does not care for its name
FOREVER = datetime(2222, 1, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
STEP = ask.Step(
    key="plan",
    action="plan",
    recurring=ask.Recurring(first=date(2027, 1, 4), at="09:00", rule="FREQ=WEEKLY;BYDAY=MO"),
)
WEEKLY = ask.SetSchedule(
    schedule="weekly", zone="Europe/Berlin", steps=(STEP,), overlap="allow", catch_up=8 * ask.DAY
)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2027, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def process(url: str, clock: Clock) -> AsyncIterator[Dispatcher]:
    """A dispatcher and its timers; in the end they are gone as those of a killed process are."""
    log = PostgresLog(url, NAME)
    dispatch = Dispatcher(log, [SCHEDULE], secret=b"secret", clock=clock)
    timers = Timers(dispatch, [SCHEDULE], clock=clock, poll=0.01)
    tasks = [asyncio.create_task(each.run()) for each in (dispatch, timers)]
    try:
        yield dispatch
        assert timers.failed == 0
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await log.close()


async def play(dispatch: Dispatcher, clock: Clock, until: datetime) -> None:
    """Set the clock to each moment at which something is due, and let the timers find it."""
    async with asyncio.timeout(60):
        while (due := await next_due(dispatch)) <= until:
            clock.now = max(clock.now, due)
            while await next_due(dispatch) == due:  # noqa: ASYNC110 - the log tells nobody
                await asyncio.sleep(0.002)
    clock.now = until


async def next_due(dispatch: Dispatcher) -> datetime:
    return min(
        (each.due for each in await dispatch.log.due(FOREVER, 10) if each.due), default=FOREVER
    )


async def test_a_year_on_a_real_log_with_a_month_in_which_no_process_ran(database):
    clock, who = Clock(), Context(tenant="t", actor="ann", key="set")
    async with process(database, clock) as dispatch:
        await dispatch(WEEKLY, who)
        await play(dispatch, clock, datetime(2027, 3, 25, tzinfo=UTC))
    clock.now = datetime(2027, 4, 27, tzinfo=UTC)
    async with process(database, clock) as dispatch:
        await play(dispatch, clock, datetime(2028, 1, 1, tzinfo=UTC))
        await dispatch(WEEKLY, who)  # asked again, it is the same answer
        codec = Codec(SCHEDULE.events)
        records = await dispatch.log.read(0, 1000)
    events = [codec.decode(each.topic, each.payload) for each in records]
    made = [event for event in events if isinstance(event, told.FiringMade)]
    missed = [event for event in events if isinstance(event, told.FiringMissed)]
    assert len(events) == 1 + 52
    assert [(event.why, event.on) for event in missed] == [
        ("late", date(2027, 3, 29) + timedelta(weeks=week)) for week in range(3)
    ]
    assert len({event.firing for event in made}) == len(made) == 49
    assert {f"{event.nominal.astimezone(BERLIN):%A %H:%M}" for event in made} == {"Monday 09:00"}
