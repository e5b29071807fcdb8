"""How a bench begins, and tells what it found: for people, or as one JSON object at the end."""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import uvloop
from rich.console import Console
from rich.table import Table

from roadcase.embedded import Embedded
from roadcase.event_store.migrate import migrate
from roadcase.settings import calm_collector


class Arguments(argparse.Namespace):
    """What every bench may be told."""

    quick: bool
    json: bool
    data: str | None


def bench_with(bench: Callable[[Arguments], Awaitable[int]], about: str | None) -> int:
    """Read the arguments and run a bench."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--data", help="a folder on the disk to be measured")
    arguments = parser.parse_args(namespace=Arguments())
    as_in_service()
    return uvloop.run(bench(arguments))


def as_in_service() -> None:
    """Look for cycles as a process of ours does once it is ready."""
    calm_collector()
    gc.freeze()


@asynccontextmanager
async def emptied(arguments: Arguments, service: str) -> AsyncIterator[Embedded]:
    """Servers of this bench alone, with an empty log of `service`."""
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        async with Embedded(Path(folder) / "data") as servers:
            await migrate(servers.postgres_url, service)
            yield servers


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that this many in a hundred do not exceed."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


class Floor(NamedTuple):
    """A figure that must reach a floor, and should reach a goal."""

    what: str
    value: float
    floor: float
    goal: float
    lower_is_better: bool = False

    @property
    def met(self) -> bool:
        return self.value <= self.floor if self.lower_is_better else self.value >= self.floor

    @property
    def verdict(self) -> str:
        if not self.met:
            return "MISSED"
        reached = self.value <= self.goal if self.lower_is_better else self.value >= self.goal
        return "goal" if reached else "floor"


def spread(values: Sequence[float]) -> str:
    """Median and range, as `1,234 [1,100..1,300]`."""
    low, middle, high = min(values), statistics.median(values), max(values)
    digits = 0 if middle >= 100 else 2
    return f"{middle:,.{digits}f} [{low:,.{digits}f}..{high:,.{digits}f}]"


def tell(
    title: str,
    figures: Mapping[str, Sequence[float]],
    floors: Sequence[Floor],
    extra: Mapping[str, object],
    *,
    as_json: bool,
    unit: str = "per second",
) -> int:
    """Print the figures, all in one unit, and the floors; 1 if a floor is missed."""
    console = Console(stderr=as_json)
    rounds = max(map(len, figures.values()))
    table = Table(title=f"{title}, median \\[min..max] of {rounds} rounds")
    table.add_column("what")
    table.add_column(unit, justify="right")
    for name, values in figures.items():
        table.add_row(name, spread(values))
    console.print(table)
    for floor in floors:
        console.print(
            f"{floor.what}: {floor.value:.2f} (floor {floor.floor:g}, goal {floor.goal:g}) "
            f"{floor.verdict}"
        )
    for name, value in extra.items():
        console.print(f"{name}: {value}")
    load = os.getloadavg()[0]
    console.print(f"load average {load:.2f}, Python {sys.version.split()[0]}")
    met = all(floor.met for floor in floors)
    if as_json:
        medians = {name: round(statistics.median(each), 2) for name, each in figures.items()}
        ratios = {floor.what: round(floor.value, 3) for floor in floors}
        print(json.dumps(medians | ratios | dict(extra) | {"floors_met": met}))
    return 0 if met else 1
