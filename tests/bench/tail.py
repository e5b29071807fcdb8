"""`bench tail`: a reader that follows the log while 16 writers append, and what it missed."""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter

from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.records import Entry
from tests.bench.fill import AT
from tests.bench.report import Arguments, Floor, bench_with, emptied, tell

WRITERS = 16
_PAGE = 1_000


async def write(url: str, number: int, count: int) -> None:
    """Append in batches of every size; each writer has connections of its own."""
    async with PostgresLog(url, "ticketing") as log:
        done = size = 0
        while done < count:
            size = min(size % 97 + 1, count - done)
            entries = [
                Entry(f"t/writer/{number}", done + n, "t.written.v1", b'{"n":1}', b"{}")
                for n in range(1, size + 1)
            ]
            async with log.writer() as writer:
                await writer.append(entries, at=AT)
            done += size


async def tail(url: str, count: int, seen: list[tuple[int, str, int]]) -> None:
    async with PostgresLog(url, "ticketing") as log:
        after = 0
        while len(seen) < count:
            records = await log.read(after, _PAGE)
            seen += [(each.position, each.stream, each.version) for each in records]
            after = records[-1].position if records else after
            if not records:
                await asyncio.sleep(0.001)


async def bench(arguments: Arguments) -> int:
    count = WRITERS * (3_000 if arguments.quick else 62_500)
    seen: list[tuple[int, str, int]] = []
    async with emptied(arguments, "ticketing") as servers:
        url, started = servers.postgres_url, perf_counter()
        reader = asyncio.create_task(tail(url, count, seen))
        await asyncio.gather(*(write(url, n, count // WRITERS) for n in range(WRITERS)))
        written = perf_counter() - started
        async with asyncio.timeout(30):
            while len(seen) < count and not reader.done():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        reader.cancel()
    wanted = {(f"t/writer/{n}", version + 1) for n in range(WRITERS) for version in
              range(count // WRITERS)}  # fmt: skip
    missed = len(wanted - {each[1:] for each in seen})
    disorder = [each[0] for each in seen] != list(range(1, len(seen) + 1))
    floors = [Floor("missed, doubled or out of order", missed + disorder, 0, 0, True)]
    figures = {"per_second": [count / written], "seconds": [written]}
    extra = {"events": count, "writers": WRITERS, "missed": missed}
    return tell("tailing reader", figures, floors, extra, as_json=arguments.json, unit="value")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
