"""`bench plan`: what an organiser waits for between a file and a box office that is open.

A plan is made over gRPC against an event of 500 objects that is declared already, its box office
asked for what is sold. Then an event of 100 ticket types is applied: until ticketing, which hears
of it by the stream, has them all. Anchor: an answer of the same door that only reads one row.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from roadcase.client import Organiser, Roadcase
from tests.bench.report import Arguments, Floor, bench_with, tell
from tests.bench.site import site, token

SCOPES = ("planning:plan", "planning:apply", "planning:read", "planning:run", "log:watch")
HEAD = """apiVersion: roadcase/v1
kind: Event
metadata: {{name: {name}}}
spec:
  title: A fair
  currency: EUR
  schedule: {{zone: Europe/Berlin, date: 2027-06-18, doors: "10:00", start: "11:00", end: "20:00"}}
  capacity: {{total: 90000}}
"""


def manifest(name: str, tickets: int, others: int = 0, price: str = "12.00 EUR") -> bytes:
    """So many ticket types, and so many goods, roles and pieces of kit in all."""
    lines = [HEAD.format(name=name), "  catalogue:\n    tickets:\n"]
    lines += [
        f"      - {{key: t{n}, title: Ticket {n}, price: {price}, quantity: {100 + n}}}\n"
        for n in range(tickets)
    ]
    third = others // 3
    if third:
        goods = "{{key: g{0}, title: Good {0}, price: 5.00 EUR, stock: 50}}"
        kit = "{{key: k{0}, role: Table {0}, quantity: 2}}"
        crew = "{{key: c{0}, role: Stall {0}, count: 2}}"
        lines.append("    skus:\n")
        lines += [f"      - {goods.format(n)}\n" for n in range(third)]
        lines.append("  kit:\n")
        lines += [f"    - {kit.format(n)}\n" for n in range(third)]
        lines.append("  staffing:\n")
        lines += [f"    - {crew.format(n)}\n" for n in range(others - 2 * third)]
    return "".join(lines).encode()


async def planned(organiser: Organiser, content: bytes) -> float:
    """Milliseconds for a plan."""
    started = perf_counter()
    made = await organiser.plan(content)
    took = 1e3 * (perf_counter() - started)
    assert not made.problems, made.problems[0]
    return took


async def opened(organiser: Organiser, client: Roadcase, name: str) -> float:
    """Milliseconds from asking to apply until ticketing has all types."""
    made = await organiser.plan(manifest(name, 100))
    assert not made.problems, made.problems[0]
    started = perf_counter()
    await organiser.apply(made.plan)
    topics = ["ticketing.plan_followed.v1"]
    async for entry in client.watch("ticketing", topics=topics):
        if json.loads(entry.payload)["occurrence"] == name:
            break
    return 1e3 * (perf_counter() - started)


async def bench(arguments: Arguments) -> int:
    rounds = 5 if arguments.quick else 15
    figures: dict[str, list[float]] = {"plan": [], "apply": [], "read": []}
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        data = Path(folder) / "data"
        async with site(data) as (address, _pid):
            key = await token(data, SCOPES)
            async with Organiser(address, key) as organiser, Roadcase(address, key) as client:
                made = await organiser.plan(manifest("large", 125, 375))
                await organiser.apply(made.plan)
                await asyncio.sleep(1)
                dearer = manifest("large", 125, 375, "13.00 EUR")
                for number in range(rounds + 1):  # the first one warms up
                    took = await planned(organiser, dearer)
                    followed = await opened(organiser, client, f"fair-{number}")
                    started = perf_counter()
                    await organiser.occurrence(f"fair-{number}")
                    if number:
                        figures["plan"].append(took)
                        figures["apply"].append(followed)
                        figures["read"].append(1e3 * (perf_counter() - started))
    floors = [
        Floor(
            *("plan against 500 objects ms", statistics.median(figures["plan"]), 300, 150),
            lower_is_better=True,
        ),
        Floor(
            *("apply to 100 types open ms", statistics.median(figures["apply"]), 1000, 300),
            lower_is_better=True,
        ),
    ]
    return tell("plans", figures, floors, {}, as_json=arguments.json, unit="ms")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
