"""How a bench tells what it found: for people, or as one JSON object on the last line."""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


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
) -> int:
    """Print the figures and the floors; 1 if a floor is missed."""
    console = Console(stderr=as_json)
    rounds = max(map(len, figures.values()))
    table = Table(title=f"{title}, median \\[min..max] of {rounds} rounds")
    table.add_column("what")
    table.add_column("per second", justify="right")
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
