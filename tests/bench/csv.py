"""`bench csv`: what a process grows by while it hands out a list of a million people as CSV.

The rows are put into the read model as they would stand there, each with its sealed contact, which
is opened for the caller. Beside it, the most it grew by for a tenth of them.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import asyncpg
import httpx

from roadcase.api.v1 import people_pb2
from roadcase.client import Roadcase
from roadcase.servers import servers
from roadcase.settings import read
from tests.bench.report import Arguments, Floor, bench_with, tell
from tests.bench.site import MONEY, SCOPES, SECRET, http_site, megabytes, open_night, token

_NIGHT = "night_1"
_LOOK = 4 << 20  # bytes between looks at the memory
_COPY = """
    INSERT INTO ticketing_views.attendees
    SELECT (jsonb_populate_record(t, jsonb_build_object('ticket', 'copy-' || n))).*
    FROM ticketing_views.attendees AS t, generate_series($1::int, $2::int) AS n
    WHERE t.ticket = 'o1-1'
"""


async def put(data: Path, first: int, last: int) -> None:
    """Copies of the one ticket, so many that there are `last`."""
    async with servers(read(data=data, secret=SECRET), join=True) as found:
        connection = await asyncpg.connect(found.postgres_url)
        await connection.execute(_COPY, first, last, timeout=600)
        await connection.execute("VACUUM ANALYZE ticketing_views.attendees", timeout=600)
        await connection.close()


async def taken(http: str, allowed: str, pid: int, rows: int) -> tuple[float, float]:
    """The most megabytes that the process had meanwhile, and how long it took."""
    url = f"http://{http}/ticketing/occurrences/{_NIGHT}/attendees.csv?end=true"
    headers = {"authorization": f"Bearer {allowed}"}
    most, seen, last, began = 0.0, 0, b"", perf_counter()
    async with (
        httpx.AsyncClient(timeout=300) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        answer.raise_for_status()
        async for chunk in answer.aiter_bytes():
            last = (last + chunk)[-64:]
            seen += len(chunk)
            if seen > _LOOK:
                most, seen = max(most, megabytes(pid)["roadcase"]), 0
    assert last.endswith(b"END,%d\r\n" % rows), last
    return max(most, megabytes(pid)["roadcase"]), perf_counter() - began


async def bench(arguments: Arguments) -> int:
    few, many = (2_000, 20_000) if arguments.quick else (100_000, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        data = Path(folder) / "data"
        async with http_site(data) as (http, grpc, pid):
            allowed = await token(data, (*SCOPES, "people:read"))
            guest = people_pb2.Contact(email="ada@example.org", name="Ada Lovelace")
            async with Roadcase(grpc, allowed) as client:
                await open_night(client, _NIGHT)
                await client.sell(_NIGHT, "o1", {"standard": 1}, "pay", MONEY, contact=guest)
            await asyncio.sleep(1)  # for its row
            await put(data, 2, few)
            await taken(http, allowed, pid, few)  # what is loaded once, at the first
            small, _ = await taken(http, allowed, pid, few)
            await put(data, few + 1, many)
            large, seconds = await taken(http, allowed, pid, many)
    floors = [Floor(f"MB more for {many} rows than for {few}", large - small, 4, 1, True)]
    figures = {"mb_more": [large - small], "mb_most": [large]}
    extra = {"rows": many, "rows_per_second": round(many / seconds)}
    return tell("csv", figures, floors, extra, as_json=arguments.json, unit="MB")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
