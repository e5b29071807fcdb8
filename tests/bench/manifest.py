"""`bench manifest`: a manifest of 2,000 lines on three levels, from bytes to what it declares.

Read, put together and checked, as `roadcase manifest check` and every plan do. Each round has files
that nobody has seen before. Anchor: reading the same bytes, without looking at what they say.
"""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

from services.planning.manifest import resolve, written
from services.planning.manifest.inheritance import Known, Reference, document
from tests.bench.report import Arguments, Floor, bench_with, tell

LINES = 2000
HOUSE = """apiVersion: roadcase/v1
kind: EventTemplate
metadata: {name: house, version: 1}
inputs:
  - {key: price, type: money, default: 12.00 EUR}
spec:
  currency: EUR
  schedule: {zone: Europe/Berlin, doors: "10:00", start: "11:00", end: "20:00"}
  capacity: {total: 90000}
  staffing:
"""
FAIR = """apiVersion: roadcase/v1
kind: EventTemplate
metadata: {name: fair, version: 1}
extends: [house@1]
with: {price: 14.00 EUR}
spec:
  title: A fair
  staffing:
"""
NIGHT = """apiVersion: roadcase/v1
kind: Event
metadata: {name: fair-night}
extends: [fair@1]
spec:
  schedule: {date: 2027-06-18}
"""


def role(number: int, count: int) -> str:
    """Six lines, as organisers write them."""
    return (
        f"    - key: role-{number}\n      role: Stall {number}\n      count: {count}\n"
        f"      shifts:\n        - starts: 2h before doors\n          ends: 1h after end\n"
    )


def ticket(number: int) -> str:
    return (
        f"      - key: t{number}\n        title: Ticket {number}\n        price: 12.00 EUR\n"
        f"        quantity: {100 + number}\n        perPerson: 6\n"
    )


def files(seen: int) -> tuple[bytes, dict[Reference, bytes]]:
    """An event of 2,000 lines over two templates of 200; the first 30 roles are in all three."""
    house = HOUSE + "".join(role(n, 1) for n in range(32))
    fair = FAIR + "".join(role(n, 2) for n in range(32))
    lines = [
        NIGHT,
        "  staffing:\n",
        *(role(n, 3) for n in range(100)),
        "  catalogue:\n    tickets:\n",
    ]
    lines += [ticket(n) for n in range(278)]
    mark = f"# {seen}\n"
    documents = {
        Reference("template", "house", 1): (house + mark).encode(),
        Reference("template", "fair", 1): (fair + mark).encode(),
    }
    return ("".join(lines) + mark).encode(), documents


async def bench(arguments: Arguments) -> int:
    rounds = 7 if arguments.quick else 25
    figures: dict[str, list[float]] = {"resolve": [], "read": []}
    for number in range(rounds + 1):  # the first one warms up
        content, contents = files(number)
        assert content.count(b"\n") >= LINES
        documents = {each: document(str(each), text) for each, text in contents.items()}
        started = perf_counter()
        for each in (content, *contents.values()):
            written(each)
        read = 1e3 * (perf_counter() - started)
        started = perf_counter()
        found = resolve(written(content), Known(documents))
        took = 1e3 * (perf_counter() - started)
        assert not found.problems, found.problems[0]
        if number:
            figures["resolve"].append(took)
            figures["read"].append(read)
    floors = [
        Floor(
            *("2,000 lines on three levels ms", statistics.median(figures["resolve"]), 150, 75),
            lower_is_better=True,
        )
    ]
    return tell("a manifest", figures, floors, {}, as_json=arguments.json, unit="ms")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
