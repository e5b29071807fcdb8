"""`bench start`: from the command line to the first sale that is durable, as a user starts it."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from roadcase.client import Roadcase
from tests.bench.report import Arguments, Floor, bench_with, tell
from tests.bench.site import MONEY, open_night, site, token


async def first_sale(data: Path, order: str) -> tuple[float, float]:
    """Seconds from `roadcase up` to "ready", and to the answer of the first sale over gRPC.

    Without what it takes to get hold of a token.
    """
    started = perf_counter()
    async with site(data) as (grpc, _):
        ready = perf_counter() - started
        allowed = await token(data)
        started = perf_counter() - ready
        return ready, await _sold(grpc, allowed, order) - started


async def _sold(grpc: str, allowed: str, order: str) -> float:
    """When the first sale was answered."""
    async with Roadcase(grpc, allowed) as client:
        if order == FIRST:
            await open_night(client, "night")
        await client.sell("night", order, {"standard": 1}, f"pay_{order}", MONEY)
        return perf_counter()


async def imported() -> float:
    """What it takes to import everything: the anchor, which no start can do without."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import roadcase.run")
    await process.wait()
    return perf_counter() - started


async def bench(arguments: Arguments) -> int:
    names = ("seconds", "ready_seconds", "restart_seconds", "restart_ready_seconds")
    figures: dict[str, list[float]] = {name: [] for name in (*names, "imports_seconds")}
    for _ in range(2 if arguments.quick else 7):
        with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
            data = Path(folder) / "data"
            figures["imports_seconds"].append(await imported())
            for order, prefix in ((FIRST, ""), ("again", "restart_")):
                ready, sold = await first_sale(data, order)
                figures[f"{prefix}ready_seconds"].append(ready)
                figures[f"{prefix}seconds"].append(sold)
    middle = {name: statistics.median(values) for name, values in figures.items()}
    floors = [
        Floor("empty folder to first sale, seconds", middle["seconds"], 3, 1.5, True),
        Floor("restart to first sale, seconds", middle["restart_seconds"], 2, 0.8, True),
    ]
    return tell("start", figures, floors, {}, as_json=arguments.json, unit="seconds")


FIRST = "first"


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
