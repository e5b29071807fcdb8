"""`bench replay`: the log folded again, beside a projection that commits once for each event."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable
from contextlib import aclosing
from time import perf_counter
from typing import Any

from roadcase.codec import codec_of
from roadcase.event_store.connections import connect
from roadcase.event_store.pages import pages
from roadcase.event_store.postgres import PostgresLog
from roadcase.rebuild import Rebuild
from roadcase.tables import Table, typed
from services.ticketing.domain import BOX_OFFICE, DECIDERS
from services.ticketing.projections import Attendees, Board, Orders
from tests.bench.fill import fill
from tests.bench.report import Arguments, Floor, bench_with, emptied, tell

CODEC = codec_of(DECIDERS)
ROWS = (Attendees(), Orders(), Board())  # a row for each ticket, each order, each night
# When it has to be quick, only the first, which has a floor, is made in every round.


async def decoded(log: PostgresLog, count: int) -> float:
    """Events per second, read from PostgreSQL and decoded, with the least that a fold can do."""
    started, minor = perf_counter(), 0
    async with aclosing(pages(log, 0, count)) as read:
        async for records in read:
            for record in records:
                event = CODEC.decode(record.topic, record.payload)
                minor += event.price.minor if record.topic == "ticketing.ticket_sold.v1" else 0
    assert minor
    return count / (perf_counter() - started)


async def in_memory(log: PostgresLog, count: int) -> float:
    """Events per second into the states that commands are decided on, bytes in memory."""
    records = await log.read(0, count)
    started, offices = perf_counter(), {}
    for record in records:
        office = offices.get(record.stream)
        if office is None:
            office = offices[record.stream] = BOX_OFFICE.initial()
        BOX_OFFICE.evolve(office, CODEC.decode(record.topic, record.payload))
    return len(records) / (perf_counter() - started)


async def rebuilt(url: str, log: PostgresLog, projection: Any, count: int) -> float:
    """Events per second of a rebuild as operators ask for it, and swapped in."""
    connection = await connect(url)
    await connection.execute("DELETE FROM ticketing.projections")
    await connection.close()
    started = perf_counter()
    done = await Rebuild(url, log, projection, CODEC).swap()
    assert done.position == count
    return count / (perf_counter() - started)


async def one_by_one(url: str, log: PostgresLog, projection: Any, count: int) -> float:
    """Events per second of the same projection with one commit, row and checkpoint, per event."""
    records = await log.read(0, count)
    connection = await connect(url)
    await typed(connection)
    await connection.execute(
        "DROP SCHEMA IF EXISTS slow CASCADE; CREATE SCHEMA slow; SET search_path = slow;"
        f"CREATE TABLE checkpoint (position bigint); INSERT INTO checkpoint VALUES (0);"
        f"{projection.schema}"
    )
    table = Table(projection, CODEC, "slow", empty=True)
    started = perf_counter()
    for record in records:
        async with connection.transaction():
            await table.fold(connection, [record])
            await table.store(connection)
            await connection.execute("UPDATE checkpoint SET position = $1", record.position)
        table.stored()
    await connection.close()
    return len(records) / (perf_counter() - started)


async def bench(arguments: Arguments) -> int:
    count, rounds = (50_000, 3) if arguments.quick else (1_000_000, 3)
    figures: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        figures.setdefault(name, []).append(value)

    async with emptied(arguments, "ticketing") as servers:
        url = servers.postgres_url
        await fill(url, count)
        async with PostgresLog(url, "ticketing") as log:
            for number in range(rounds):
                note("decode_per_second", await decoded(log, count))
                note("evolve_per_second", await in_memory(log, min(count, 100_000)))
                note("one_commit_per_second", await one_by_one(url, log, Attendees(), 500))
                for each in ROWS[:1] if number and arguments.quick else ROWS:
                    name = f"rebuild_{each.name}_per_second"
                    note(name, await rebuilt(url, log, each, count))
    figures["per_second"] = figures["rebuild_attendees_per_second"]
    pairs = zip(figures["per_second"], figures["one_commit_per_second"], strict=True)
    floors = [
        Floor("rebuild ÷ one commit per event", statistics.median(a / b for a, b in pairs), 25, 25),
        *_goals(figures, {"decode_per_second": 1e6, "per_second": 2e5}),
    ]
    extra = {"events": count}
    return tell("replay", figures, floors, extra, as_json=arguments.json)


def _goals(figures: dict[str, list[float]], goals: dict[str, float]) -> Iterable[Floor]:
    """Figures that have a goal and no floor of their own: it depends on the machine."""
    return (Floor(name, statistics.median(figures[name]), 0, goal) for name, goal in goals.items())


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
