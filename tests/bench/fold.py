"""`bench fold`: the state of one box office made anew from its stream, as after a restart."""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

from roadcase.codec import codec_of
from roadcase.event_store.postgres import PostgresLog
from roadcase.states import States
from services.ticketing.domain import BOX_OFFICE, DECIDERS
from tests.bench.fill import TENANT, fill
from tests.bench.report import Arguments, Floor, bench_with, emptied, tell

CODEC = codec_of(DECIDERS)
SIZES = (10_000, 100_000)  # tickets sold: a festival, and more than any of its kind
LONGEST = 100.0  # milliseconds that the first command on a stream may wait for its fold


async def folded(log: PostgresLog, stream: str) -> tuple[float, float]:
    """Milliseconds to read a stream from PostgreSQL and fold it, and of these to fold alone."""
    states = States(CODEC)
    started = perf_counter()
    history = await log.read_stream(stream)
    read = perf_counter()
    state = states.fold(stream, BOX_OFFICE, history)
    ended = perf_counter()
    assert state.version == len(history)
    return (ended - started) * 1000, (ended - read) * 1000


async def bench(arguments: Arguments) -> int:
    figures: dict[str, list[float]] = {}
    sizes = [size // 10 for size in SIZES] if arguments.quick else SIZES
    for size in sizes:
        async with emptied(arguments, "ticketing") as servers:
            await fill(servers.postgres_url, size, per_occurrence=size)
            async with PostgresLog(servers.postgres_url, "ticketing") as log:
                for _ in range(5):
                    whole, alone = await folded(log, f"{TENANT}/box-office/night_000001")
                    figures.setdefault(f"fold_ms_{size}", []).append(whole)
                    figures.setdefault(f"evolve_ms_{size}", []).append(alone)
    largest = sizes[-1]
    rate = largest / statistics.median(figures[f"evolve_ms_{largest}"]) * 1000
    realistic = statistics.median(figures[f"fold_ms_{sizes[0]}"])
    floors = [Floor(f"fold of {sizes[0]:,} tickets", realistic, 500, LONGEST, lower_is_better=True)]
    extra = {"events_per_second": round(rate)}
    return tell("fold", figures, floors, extra, as_json=arguments.json, unit="milliseconds")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
