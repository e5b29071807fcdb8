"""`bench lag`: from the commit of an event to its rows and checkpoints committed everywhere.

One process with everything in it, as `roadcase up` runs it: buyers who come at a fixed rate, the
writer of the log, the relay, NATS, and the projector with all of ticketing's read models.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from bisect import bisect_left
from collections.abc import Sequence
from time import perf_counter, process_time

from roadcase.asked import Context
from roadcase.dispatch import Dispatcher
from roadcase.errors import Overloaded
from roadcase.event_store.records import Record
from roadcase.projector import Projector
from roadcase.running import Running, running
from roadcase.secret import Secret
from roadcase.stream.client import connect
from services.ticketing.commands import SellTickets
from services.ticketing.service import TICKETING
from tests.bench.fill import TENANT, opening, selling
from tests.bench.report import Arguments, Floor, bench_with, emptied, percentile, tell

RATE = 5_000  # events per second
_TICK = 0.002  # seconds


class Watch:
    """When each position was committed, and when it was shown by every read model."""

    def __init__(self, dispatch: Dispatcher) -> None:
        self.committed: dict[int, float] = {}
        self.shown: list[tuple[int, float]] = []
        dispatch.on_commit.append(self._note)

    def _note(self, records: Sequence[Record]) -> None:
        now = perf_counter()
        self.committed.update((record.position, now) for record in records)

    async def follow(self, projector: Projector) -> None:
        while True:
            if await projector.reached(projector.position + 1, 60):
                self.shown.append((projector.position, perf_counter()))

    def lags_ms(self) -> list[float]:
        positions = [position for position, _ in self.shown]
        return [
            1e3 * (self.shown[bisect_left(positions, position)][1] - at)
            for position, at in self.committed.items()
        ]


async def buy(dispatch: Dispatcher, command: SellTickets, context: Context) -> None:
    """Buy; again when the inbox is full, as every caller may with its key."""
    while True:
        try:
            await dispatch(command, context)
        except Overloaded:
            await asyncio.sleep(0.02)
        else:
            return


async def rush(dispatch: Dispatcher, occurrence: str, rate: int, seconds: float) -> float:
    """Let buyers come at this rate, whatever has become of those before; sales per second."""
    wanted = [
        (selling(occurrence, f"o{n}"), Context(tenant=TENANT, actor="till", key=f"{occurrence}{n}"))
        for n in range(round(rate * seconds))
    ]
    sales, started = [], perf_counter()
    while len(sales) < len(wanted):
        due = round(rate * (perf_counter() - started))
        sales += [asyncio.create_task(buy(dispatch, *each)) for each in wanted[len(sales) : due]]
        await asyncio.sleep(_TICK)
    await asyncio.gather(*sales)
    return len(sales) / (perf_counter() - started)


async def one_round(this: Running, number: int, rate: int, seconds: float) -> dict[str, float]:
    watch = Watch(this.dispatch)
    following = asyncio.create_task(watch.follow(this.projector))
    used = process_time()
    per_second = await rush(this.dispatch, f"night_{number}", rate, seconds)
    used = process_time() - used
    assert await this.projector.reached(this.dispatch.head.position, 60), "the read models hang"
    await asyncio.sleep(0)
    following.cancel()
    this.dispatch.on_commit.pop()
    lags = watch.lags_ms()
    return {
        "p50_ms": statistics.median(lags),
        "p99_ms": percentile(lags, 99),
        "per_second": per_second,
        "cpu_us_per_event": 1e6 * used / len(lags),
    }


async def settled(*services: Running) -> None:
    """Until commands are taken and all read models are made: `bench start` measures that."""
    for this in services:
        assert isinstance(this.projector, Projector)
        while this.not_ready or this.projector.missing:  # noqa: ASYNC110 - reasons, not an event
            await asyncio.sleep(0.005)


async def bench(arguments: Arguments) -> int:
    rounds, seconds = (3, 1.5) if arguments.quick else (5, 10)
    figures: dict[str, list[float]] = {}
    async with emptied(arguments, "ticketing") as servers:
        client = await connect(servers.nats_url)
        async with running(TICKETING, servers.postgres_url, client, Secret("x" * 32)) as this:
            await settled(this)
            for number in range(rounds + 1):  # the first one warms up
                open_ = opening(f"night_{number}", 10**7)
                await this.dispatch(open_, Context(tenant=TENANT, actor="crew"))
                found = await one_round(this, number, RATE, seconds)
                for name, value in found.items() if number else ():
                    figures.setdefault(name, []).append(value)
        await client.close()
    floors = [
        Floor(f"lag p99 ms at {RATE} events/s", statistics.median(figures["p99_ms"]), 50, 5, True),
        Floor(
            "events/s of those", statistics.median(figures["per_second"]), 0.9 * RATE, RATE * 0.99
        ),
    ]
    extra = {"read_models": len(TICKETING.projections)}
    return tell("projection lag", figures, floors, extra, as_json=arguments.json, unit="value")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
