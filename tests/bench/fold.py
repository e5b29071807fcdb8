"""`bench fold`: the state of one box office made anew from its stream, beside a snapshot of it."""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

import msgspec

from roadcase.codec import codec_of
from roadcase.event_store.postgres import PostgresLog
from roadcase.states import States
from services.ticketing.domain import BOX_OFFICE, DECIDERS
from services.ticketing.domain.office import BoxOffice, Order
from tests.bench.fill import TENANT, fill
from tests.bench.report import Arguments, Floor, bench_with, emptied, tell

CODEC = codec_of(DECIDERS)
SIZES = (10_000, 100_000)  # tickets sold: a festival, and more than any of its kind
LONGEST = 100.0  # milliseconds that the first command on a stream may wait for its fold


class Snapshot(msgspec.Struct):
    """What a snapshot would hold at least, in the fastest form there is; sets and keys as lists."""

    orders: dict[str, Order]
    codes: list[str]
    persons: list[tuple[str, str, int]]


_taken = msgspec.msgpack.Decoder(Snapshot)


def restored(office: BoxOffice) -> float:
    """Milliseconds to make the largest parts of a state again from the bytes of a snapshot."""
    persons = [(*person, count) for person, count in office.persons.items()]
    taken = msgspec.msgpack.encode(Snapshot(office.orders, list(office.codes), persons))
    started = perf_counter()
    found = _taken.decode(taken)
    again = set(found.codes), {(who, what): count for who, what, count in found.persons}
    took = perf_counter() - started
    assert (found.orders, *again) == (office.orders, office.codes, office.persons)
    return took * 1000


async def folded(log: PostgresLog, stream: str) -> tuple[float, float, float]:
    """Milliseconds to read a stream and fold it; of these to fold alone; to restore a snapshot."""
    states = States(CODEC)
    started = perf_counter()
    history = await log.read_stream(stream)
    read = perf_counter()
    state = states.fold(stream, BOX_OFFICE, history)
    ended = perf_counter()
    assert state.version == len(history)
    return (ended - started) * 1000, (ended - read) * 1000, restored(state.state)


async def bench(arguments: Arguments) -> int:
    figures: dict[str, list[float]] = {}
    sizes = [size // 10 for size in SIZES] if arguments.quick else SIZES
    for size in sizes:
        async with emptied(arguments, "ticketing") as servers:
            await fill(servers.postgres_url, size, per_occurrence=size)
            async with PostgresLog(servers.postgres_url, "ticketing") as log:
                for _ in range(5):
                    took = await folded(log, f"{TENANT}/box-office/night_000001")
                    for name, value in zip(("fold", "evolve", "snapshot"), took, strict=True):
                        figures.setdefault(f"{name}_ms_{size}", []).append(value)
    largest = sizes[-1]
    rate = largest / statistics.median(figures[f"evolve_ms_{largest}"]) * 1000
    realistic = statistics.median(figures[f"fold_ms_{sizes[0]}"])
    what = f"milliseconds to fold {sizes[0]:,} tickets"
    floors = [Floor(what, realistic, 300, LONGEST, lower_is_better=True)]
    extra = {"events_per_second": round(rate)}
    return tell("fold", figures, floors, extra, as_json=arguments.json, unit="milliseconds")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
