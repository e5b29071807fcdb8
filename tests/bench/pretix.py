"""Orders per second: pretix through its order API, and Roadcase through its own. `bench pretix`.

Both sell the same order, one paid ticket to a guest with an address, to the same number of
clients at once, and both have one worker process. pretix is installed from PyPI as a program of
its own, and runs on SQLite as it comes.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

from roadcase.api.v1 import people_pb2
from roadcase.client import Roadcase
from tests.bench.report import Arguments, bench_with, spread, tell
from tests.bench.site import MONEY, open_night, site, token
from tests.pretix import seed, server

CLIENTS = 8
NIGHT = "night"
EACH = {
    "pretix does per order": (
        "one HTTP request: checks quotas, then writes rows for the order, its position, its "
        "payment, its address and its log, in one SQLite transaction; it renders no ticket and "
        "sends no mail in this run"
    ),
    "Roadcase does per order": (
        "one gRPC call: seals the contact, looks its key up, checks limits and room, and appends "
        "a chained fact to PostgreSQL with fsync in a commit that many orders share; it also "
        "streams it to NATS, keeps all read models and queues the mail, in the same process"
    ),
}


class Pretix:
    """Clients of the order API, each on a thread of its own."""

    def __init__(self, pretix: server.Pretix, ids: dict[str, Any]) -> None:
        self.pretix = pretix
        self.body = seed.order(ids, 0)

    def per_second(self, seconds: float) -> float:
        until = perf_counter() + seconds
        lock, done = threading.Lock(), [0]

        def client(_: int) -> None:
            while perf_counter() < until:
                self.pretix.ask(f"events/{NIGHT}/orders/", self.body)
                with lock:
                    done[0] += 1

        started = perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(client, range(CLIENTS)))
        return done[0] / (perf_counter() - started)


async def roadcase(client: Roadcase, run: int, seconds: float) -> float:
    """As many clients, on one connection; every guest is another one."""
    done, until = 0, perf_counter() + seconds

    async def guest(number: int) -> None:
        nonlocal done
        turn = 0
        while perf_counter() < until:
            order = f"r{run}-{number}-{turn}"
            contact = people_pb2.Contact(email=f"{order}@example.org", name=f"Guest {number}")
            await client.sell(NIGHT, order, {"standard": 1}, "manual", MONEY, contact=contact)
            turn += 1
            done += 1

    started = perf_counter()
    await asyncio.gather(*map(guest, range(CLIENTS)))
    return done / (perf_counter() - started)


async def bench(arguments: Arguments) -> int:
    rounds, seconds = (1, 2.0) if arguments.quick else (3, 5.0)
    theirs: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        data = Path(folder)
        with server.running(data / "pretix") as found:
            ids = await asyncio.to_thread(seed.night, found, NIGHT, 1, 1_000_000)
            them = Pretix(found, ids)
            async with (
                site(data / "roadcase") as (address, _),
                Roadcase(address, await token(data / "roadcase")) as client,
            ):
                await open_night(client, NIGHT)
                for run in range(-1, rounds):  # the first warms up both
                    their = await asyncio.to_thread(them.per_second, seconds)
                    our = await roadcase(client, run, seconds)
                    if run >= 0:
                        theirs.append(their)
                        ours.append(our)
    ratios = [our / their for our, their in zip(ours, theirs, strict=True)]
    return tell(
        f"Orders of one paid ticket, {CLIENTS} clients at once",
        {"pretix, one worker": theirs, "Roadcase, one process": ours},
        [],
        {"Roadcase ÷ pretix": spread(ratios), **EACH},
        as_json=arguments.json,
    )


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    raise SystemExit(main())
