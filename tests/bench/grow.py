"""`bench grow`: what a sale costs beside a long log, compared with a short one, in one run.

One database each on one server, and sales in turns. Both logs are filled by COPY, keys included.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from contextlib import AsyncExitStack
from time import perf_counter, process_time

import asyncpg

from roadcase.asked import Context
from roadcase.dispatch import Dispatcher
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from services.ticketing.domain import BOX_OFFICE
from tests.bench.fill import TENANT, fill, opening, selling
from tests.bench.report import Arguments, Floor, bench_with, emptied, tell

BUYERS = 256


class Shop:
    """Sells beside a log of this many events."""

    def __init__(self, url: str, events: int) -> None:
        self.events = events
        self._url = url
        self._rounds = 0

    async def opened(self, stack: AsyncExitStack) -> Shop:
        await migrate(self._url, "ticketing")
        await fill(self._url, self.events)
        log = await stack.enter_async_context(PostgresLog(self._url, "ticketing"))
        self._dispatch = Dispatcher(log, [BOX_OFFICE], secret=b"x" * 32)
        running = asyncio.create_task(self._dispatch.run())
        stack.callback(running.cancel)
        return self

    async def sell(self, sales: int) -> tuple[float, float]:
        """Sales per second, and their CPU here, in microseconds each."""
        self._rounds += 1
        night = f"drop_{self._rounds}"
        await self._dispatch(opening(night, sales), Context(tenant=TENANT, actor="crew"))
        asked = [
            (selling(night, f"o{n}"), Context(tenant=TENANT, actor="a", key=f"{night}:{n}"))
            for n in range(sales)
        ]

        async def buyer(number: int) -> None:
            for command, context in asked[number::BUYERS]:
                await self._dispatch(command, context)

        started, used = perf_counter(), process_time()
        await asyncio.gather(*(buyer(number) for number in range(BUYERS)))
        return sales / (perf_counter() - started), 1e6 * (process_time() - used) / sales


async def bench(arguments: Arguments) -> int:
    sizes = (10_000, 250_000) if arguments.quick else (10_000, 1_000_000, 5_000_000)
    rounds, sales = (5, 3_000) if arguments.quick else (9, 20_000)
    figures: dict[str, list[float]] = {}
    async with emptied(arguments, "ticketing") as servers, AsyncExitStack() as stack:
        shops = []
        for size in sizes:
            url = await _database(servers.postgres_url, f"log_{size}")
            shops.append(await Shop(url, size).opened(stack))
        for number in range(rounds + 1):  # the first one warms up
            for shop in shops if number % 2 else reversed(shops):
                per_second, cpu = await shop.sell(sales)
                if number:
                    figures.setdefault(f"per_second_{shop.events}", []).append(per_second)
                    figures.setdefault(f"cpu_us_{shop.events}", []).append(cpu)
    floors = [_grown(figures, sizes[0], size) for size in sizes[1:]]
    figures["per_second"] = figures[f"per_second_{sizes[-1]}"]
    extra = {"events": sizes[-1]}
    return tell("growth", figures, floors, extra, as_json=arguments.json, unit="value")


def _grown(figures: dict[str, list[float]], small: int, large: int) -> Floor:
    """The median over rounds: what else the machine does meets both alike."""
    pairs = zip(figures[f"per_second_{small}"], figures[f"per_second_{large}"], strict=True)
    ratio = statistics.median(few / many for few, many in pairs)
    return Floor(f"cost per sale at {large} ÷ at {small} events", ratio, 1.3, 1.1, True)


async def _database(url: str, name: str) -> str:
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return f"{url.rpartition('/')[0]}/{name}"


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
