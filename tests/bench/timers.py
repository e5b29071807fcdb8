"""`bench timers`: what 100,000 timers cost while they wait, and how late those that are due fire.

Occurrences wait for their doors. The processor's time of one process that fires timers is taken
with nothing to wait for, and with all of them; then a thousand fall due, one after the other.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from datetime import datetime, timedelta
from time import process_time

from roadcase.asked import Context
from roadcase.clock import now
from roadcase.dispatch import Dispatcher
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Record
from roadcase.timers import Timers
from services.planning.commands import ApplyManifest
from services.planning.domain import DECIDERS
from services.planning.events import OccurrenceAdvanced
from tests.bench.report import Arguments, Floor, bench_with, emptied, percentile, tell

TENANT = "acme"
BATCH = 500
DOORS = b'"state":"doors"'


def waiting(number: int, doors: datetime) -> ApplyManifest:
    return ApplyManifest(
        occurrence=f"night-{number}",
        base_revision=0,
        digest="a" * 64,
        plan="b" * 64,
        title="Night",
        manifest={},
        steps={"doors": doors},
    )


class Site:
    """Planning's log with what decides and fires; `late` in milliseconds, of each that fired."""

    def __init__(self, log: PostgresLog) -> None:
        self.dispatch = Dispatcher(log, DECIDERS, secret=b"x" * 32)
        self.timers = Timers(self.dispatch, DECIDERS)
        self.due: dict[str, datetime] = {}
        self.late: list[float] = []
        self.dispatch.on_commit.append(self._fired)

    def _fired(self, records: list[Record]) -> None:
        at = now()
        for record in records:
            due = self.due.get(record.stream.rpartition("/")[2])
            if due and record.topic == OccurrenceAdvanced.topic and DOORS in record.payload:
                self.late.append(1e3 * (at - due).total_seconds())

    async def fill(self, first: int, many: int, doors: datetime) -> None:
        for start in range(first, first + many, BATCH):
            numbers = range(start, min(start + BATCH, first + many))
            await asyncio.gather(*(self._ask(waiting(number, doors)) for number in numbers))

    async def spread(self, first: int, many: int, seconds: float) -> None:
        """So many that fall due over the next seconds, beginning in one."""
        begins = now() + timedelta(seconds=1)
        for number in range(many):
            due = begins + timedelta(seconds=seconds * number / many)
            self.due[f"night-{first + number}"] = due
        names = {name: due for name, due in self.due.items() if due >= begins}
        await asyncio.gather(
            *(self._ask(waiting(int(name[6:]), due)) for name, due in names.items())
        )
        await asyncio.sleep(seconds + 2)

    async def _ask(self, command: ApplyManifest) -> None:
        key = f"apply {command.occurrence}"
        await self.dispatch(command, Context(tenant=TENANT, actor="bench", key=key))


async def idle(seconds: float) -> float:
    """The part of one processor that this process takes, in percent."""
    before = process_time()
    await asyncio.sleep(seconds)
    return 100 * (process_time() - before) / seconds


async def bench(arguments: Arguments) -> int:
    many, due, seconds = (100_000, 1_000, 5.0) if not arguments.quick else (100_000, 300, 2.0)
    far = now() + timedelta(days=365)
    figures: dict[str, list[float]] = {"idle, nothing waits": [], "idle, 100,000 wait": []}
    async with (
        emptied(arguments, "planning") as servers,
        PostgresLog(servers.postgres_url, "planning") as log,
    ):
        site = Site(log)
        running = [asyncio.create_task(site.dispatch.run())]
        running.append(asyncio.create_task(site.timers.run()))
        figures["idle, nothing waits"] = [await idle(1) for _ in range(3)]
        await site.fill(0, many, far)
        figures["idle, 100,000 wait"] = [await idle(1) for _ in range(3)]
        await site.spread(many, due, seconds)
        for task in running:
            task.cancel()
    assert len(site.late) == due, (len(site.late), due)
    nothing, with_all = (statistics.median(each) for each in figures.values())
    late = percentile(site.late, 99)
    floors = [
        Floor("late ms, p99", late, 50, 20, lower_is_better=True),
        Floor("more % of a processor", with_all - nothing, 1, 0.5, lower_is_better=True),
    ]
    extra = {"late ms, median": round(statistics.median(site.late), 2), "fired": len(site.late)}
    return tell("timers", figures, floors, extra, as_json=arguments.json, unit="%")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
