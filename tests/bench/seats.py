"""`bench seats`: how long it takes to find the best seats beside each other among 1,000."""

from __future__ import annotations

import random
import statistics
import sys
from itertools import islice
from time import perf_counter

from services.ticketing.domain.seat_map import Asked, SeatMap
from services.ticketing.events import Seat, SeatArea, SeatingPlanSet, SeatRow
from tests.bench.report import Arguments, Floor, bench_with, percentile, tell

ROWS, ACROSS = 25, 40  # with an aisle after every tenth seat: 1,000 seats in 100 stretches
ROUNDS = 2_000
FULL = (0.0, 0.5, 0.9)  # parts of the hall that are taken, here and there
GROUPS = (1, 2, 3, 4, 6)
LONGEST = 1.0  # milliseconds


def hall() -> SeatingPlanSet:
    rows = tuple(
        SeatRow(
            name=chr(ord("A") + number),
            seats=tuple(
                Seat(name=str(place + 1), gap=place % 10 == 0, rank=int(number == ROWS - 1))
                for place in range(ACROSS)
            ),
        )
        for number in range(ROWS)
    )
    return SeatingPlanSet(
        occurrence="night", pool="hall", areas=(SeatArea(rows=rows),), focus=(0, ROWS * 2 // 3)
    )


def filled(part: float, chance: random.Random) -> tuple[SeatMap, list[str]]:
    seats = SeatMap(hall())
    names = [f"{chr(ord('A') + row)}-{n + 1}" for row in range(ROWS) for n in range(ACROSS)]
    taken = chance.sample(names, int(len(names) * part))
    seats.take(taken)
    return seats, names


def searched(part: float, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of searches with nothing remembered, and of those after each sale.

    What is found is sold, and somebody else's seats are freed.
    """
    chance = random.Random(7)
    seats, names = filled(part, chance)
    fresh, warm = [], []
    asked = Asked(kept=False)
    for number in range(rounds):
        size = GROUPS[number % len(GROUPS)]
        started = perf_counter()
        found = seats.best(size, asked)
        warm.append((perf_counter() - started) * 1000)
        seats.take(found or ())
        let_go = chance.sample(names, len(names))
        seats.free(islice((name for name in let_go if name in seats.taken), len(found or ())))
        if not number % 20:
            anew = SeatMap(seats.plan, seats.taken)
            started = perf_counter()
            again = anew.best(size, asked)
            fresh.append((perf_counter() - started) * 1000)
            assert again == seats.best(size, asked)
    return fresh, warm


async def bench(arguments: Arguments) -> int:
    figures: dict[str, list[float]] = {}
    rounds = ROUNDS // 10 if arguments.quick else ROUNDS
    for part in FULL:
        fresh, warm = searched(part, rounds)
        figures[f"first_search_ms_{part:.0%}".replace("%", "")] = fresh
        figures[f"search_ms_{part:.0%}".replace("%", "")] = warm
    first = max(statistics.median(figures[f"first_search_ms_{part * 100:.0f}"]) for part in FULL)
    slow = max(percentile(figures[f"search_ms_{part * 100:.0f}"], 99) for part in FULL)
    floors = [
        Floor("first search among 1,000 seats", first, LONGEST, LONGEST, lower_is_better=True),
        Floor("p99 of searches after sales", slow, LONGEST, 0.5, lower_is_better=True),
    ]
    return tell("seats", figures, floors, {}, as_json=arguments.json, unit="milliseconds")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
