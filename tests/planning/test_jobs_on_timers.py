"""What a manifest declares, on a real log and the kernel's timers; time is data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from roadcase.asked import Context
from roadcase.codec import codec_of
from roadcase.dispatch import Dispatcher
from roadcase.event_store.postgres import PostgresLog
from roadcase.timers import Timers
from services.planning.commands.schedules import FinishFiring
from services.planning.domain import OCCURRENCE, SCHEDULE
from services.planning.events import CrewTold
from services.planning.events.schedules import FiringMade, FiringMissed, SchedulesPlanned
from services.planning.reactions.schedules import Planned, set_schedules
from services.planning.workers import job_of
from tests.planning.test_jobs import TELL, applied
from tests.planning.test_schedules_on_timers import NAME, Clock, next_due

BERLIN = ZoneInfo("Europe/Berlin")
DECIDERS = [OCCURRENCE, SCHEDULE]
CODEC = codec_of(DECIDERS)
YEAR = f"""\
  schedules:
    - key: crew
      overlap: buffer
      catchUp: 8d
      jobs:
        - {{key: soon, at: 1d before doors, {TELL}}}
        - {{key: weekly, every: {{first: 2027-01-04, at: "09:00", rule: FREQ=WEEKLY}}, {TELL}}}
"""


class Played:
    """Planning with its reactions and its worker, step by step: each fact is heard in order."""

    def __init__(self, dispatch: Dispatcher, clock: Clock) -> None:
        self.dispatch = dispatch
        self.clock = clock
        self.heard = 0

    async def events(self) -> list[object]:
        records = await self.dispatch.log.read(0, 10_000)
        return [CODEC.decode(each.topic, each.payload) for each in records]

    async def hear(self) -> None:
        """Whatever is new, until nothing follows from it any more."""
        while len(found := await self.events()) > self.heard:
            event = found[self.heard]
            for number, command in enumerate(following(event)):
                await self.dispatch(command, asked(f"{self.heard}-{number}"))
            self.heard += 1

    async def until(self, end: datetime) -> None:
        async with asyncio.timeout(60):
            await self.hear()
            while (due := await next_due(self.dispatch)) <= end:
                self.clock.now = max(self.clock.now, due)
                while await next_due(self.dispatch) == due:  # noqa: ASYNC110 - the log tells nobody
                    await asyncio.sleep(0.002)
                await self.hear()
        self.clock.now = end


def asked(key: str) -> Context:
    return Context(tenant="t", actor="ann", key=key)


def following(event: object) -> list:
    """What reactions and the worker ask because of it."""
    if isinstance(event, SchedulesPlanned):
        fields = {name: getattr(event, name) for name in event.__struct_fields__}
        return set_schedules(Planned(**fields))
    if isinstance(event, FiringMade):
        row = {name: getattr(event, name) for name in ("schedule", "firing", "step", "nominal")}
        does = [{"does": a.does, "service": a.service, "about": a.about} for a in event.does]
        finish = FinishFiring(schedule=event.schedule, firing=event.firing)
        return [job_of({**row, "does": does}, event.occurrence or "film"), finish]
    return []


@asynccontextmanager
async def process(url: str, clock: Clock) -> AsyncIterator[Dispatcher]:
    log = PostgresLog(url, NAME)
    dispatch = Dispatcher(log, DECIDERS, secret=b"secret", clock=clock)
    timers = Timers(dispatch, DECIDERS, clock=clock, poll=0.01)
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


async def test_a_year_of_what_is_declared_with_a_month_away_and_a_new_date(database):
    clock = Clock()
    async with process(database, clock) as dispatch:
        played = Played(dispatch, clock)
        await dispatch(applied(YEAR, on="2027-11-19"), asked("one"))
        await played.until(datetime(2027, 3, 25, tzinfo=UTC))
        heard = played.heard
    clock.now = datetime(2027, 4, 27, tzinfo=UTC)
    async with process(database, clock) as dispatch:
        played = Played(dispatch, clock)
        played.heard = heard
        await played.until(datetime(2027, 6, 1, tzinfo=UTC))
        await dispatch(applied(YEAR, 1, on="2027-11-26"), asked("two"))
        await played.until(datetime(2027, 12, 31, tzinfo=UTC))
        events = await played.events()
    missed = [event for event in events if isinstance(event, FiringMissed)]
    assert [(str(each.on), each.why) for each in missed] == [
        ("2027-03-29", "late"),
        ("2027-04-05", "late"),
        ("2027-04-12", "late"),
    ]
    made = [event for event in events if isinstance(event, FiringMade)]
    told = [event for event in events if isinstance(event, CrewTold)]
    assert [each.telling for each in told] == [f"film_crew/{each.firing}:0" for each in made]
    assert len({each.telling for each in told}) == len(told) == 52 - 3 + 1
    local = {f"{each.nominal.astimezone(BERLIN):%H:%M}" for each in made if each.on}
    assert local == {"09:00"}  # across both clock changes
    (soon,) = (each for each in made if each.step == "soon")
    assert soon.nominal == datetime(2027, 11, 25, 18, 30, tzinfo=UTC)  # it moved with its date
    assert clock.now - soon.nominal > timedelta(days=30)
