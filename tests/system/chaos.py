"""A shop as a handful of processes, and who kills them: `python -m tests.system.chaos seller …`."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from nats.aio.client import Client

from roadcase.asked import Context
from roadcase.dispatch import Dispatcher
from roadcase.embedded import Nats, Postgres
from roadcase.errors import Overloaded, Unavailable
from roadcase.event_store.postgres import PostgresLog
from roadcase.stream.relay import Relay
from roadcase.stream.stream import Stream, connect
from roadcase.timers import Timers
from tests.kernel.projecting import MODELS, made, projector_of
from tests.kernel.shop import SHOP, Open, Sell, SoldOut, Take
from tests.kernel.streaming import some, wiped

ROOT = Path(__file__).parents[2]
SHOWN = MODELS[:3]  # the fourth keeps every position in one row
WORKERS, CAPACITY = 8, 40
PARTS = ("seller", "relay", "relay", "projector", "projector")


# What each process does ---------------------------------------------------------------------------


class Notes:
    """What was asked, and what was answered: a line each, the answers synced to disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch()

    def asked(self, order: str, shop: str) -> None:
        with self._path.open("a") as file:
            file.write(f"asked {order} {shop}\n")

    def answered(self, order: str, how: str) -> None:
        with self._path.open("a") as file:
            file.write(f"{how} {order} -\n")
            file.flush()
            os.fsync(file.fileno())

    def of(self, how: str) -> dict[str, str]:
        lines = [line.split() for line in self._path.read_text().splitlines()]
        return {line[1]: line[2] for line in lines if line[0] == how and len(line) == 3}

    def open_ones(self) -> dict[str, str]:
        """Orders whose answer nobody heard: the seller or the network died first."""
        done = self.of("sold").keys() | self.of("refused").keys()
        return {order: shop for order, shop in self.of("asked").items() if order not in done}


class Seller:
    """Sells one shop out after the other, and asks again whatever it has no answer to."""

    def __init__(self, dispatch: Dispatcher, notes: Notes, tenant: str = "t") -> None:
        self._dispatch = dispatch
        self._notes = notes
        self._tenant = tenant
        self._shop = int(time.time() * 1000)

    async def work(self, worker: int) -> None:
        for number in range(10**9):
            shop = str(self._shop)
            order = f"{shop}_{worker}_{number}"
            await self._ask(Open(shop=shop, capacity=CAPACITY), f"open {shop}")
            if random.random() < 0.3:
                hold = Take(shop=shop, hold=order, seconds=some((0.02, 0.3)))
                await self._ask(hold, f"hold {order}")
            self._notes.asked(order, shop)
            if not await self.sell(order, shop) and shop == str(self._shop):
                self._shop += 1

    async def sell(self, order: str, shop: str) -> bool:
        sold = await self._ask(Sell(shop=shop, order=order, units=len(order) % 3 + 1), order)
        self._notes.answered(order, "sold" if sold else "refused")
        return sold

    async def _ask(self, command: Open | Take | Sell, key: str) -> bool:
        """Whether it was taken; asked again with the same key, now and then even after it was."""
        while True:
            try:
                context = Context(tenant=self._tenant, actor="seller", key=key)
                await self._dispatch(command, context)
                if random.random() < 0.9:
                    return True
            except SoldOut:
                return False
            except (Unavailable, Overloaded):
                await asyncio.sleep(0.02)


async def sell(url: str, client: Client, notes: Notes, *, finish: bool) -> None:
    log = PostgresLog(url, "shop")
    guard = Stream(client, log).recognise
    dispatch = Dispatcher(log, [SHOP], secret=b"secret", guard=guard, patience=1)
    seller = Seller(dispatch, notes)
    running = [asyncio.create_task(dispatch.run())]
    try:
        async with asyncio.timeout(60 if finish else None):
            await asyncio.gather(
                *(seller.sell(order, shop) for order, shop in notes.open_ones().items())
            )
        if not finish:
            running.append(asyncio.create_task(Timers(dispatch, [SHOP]).run()))
            await asyncio.gather(*running, *(seller.work(worker) for worker in range(WORKERS)))
    finally:
        for task in running:
            task.cancel()


async def relay(url: str, client: Client) -> None:
    log = PostgresLog(url, "shop")
    await Relay(log, Stream(client, log), poll=0.05).run()


async def project(url: str, client: Client) -> None:
    log = PostgresLog(url, "shop")
    while True:
        try:
            await made(url, log, SHOWN)
            break
        except Unavailable:
            await asyncio.sleep(0.05)
    await projector_of(url, client, log, SHOWN).run()


async def main(part: str, url: str, nats_url: str, notes: Path) -> None:
    asyncio.get_running_loop().create_task(die_with(os.getppid()))
    while True:
        try:
            client = await connect(nats_url)
            break
        except Unavailable:
            await asyncio.sleep(0.05)
    match part:
        case "seller" | "finish":
            await sell(url, client, Notes(notes), finish=part == "finish")
        case "relay":
            await relay(url, client)
        case "projector":
            await project(url, client)


async def die_with(parent: int) -> None:
    """Nothing of a test that was killed goes on."""
    while os.getppid() == parent:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.2)
    os._exit(1)


# Who starts and kills them ------------------------------------------------------------------------


class Company:
    """The processes of a shop, each killed by its own process id only."""

    def __init__(self, folder: Path, postgres: Postgres, nats: Nats) -> None:
        self.kills: Counter[str] = Counter()
        self.notes = Notes(folder / "notes.txt")
        self._folder = folder
        self._postgres = postgres
        self._nats = nats
        self._urls = postgres.url, nats.url
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._processes = [self._spawn(part) for part in PARTS]

    def stop(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    def stop_selling(self) -> None:
        """Kill the seller, and let another one ask for what was left open."""
        self._processes[0].kill()
        self._processes[0].wait()
        done = self._spawn("finish").wait(timeout=90)
        assert done == 0, self.said()

    def said(self) -> str:
        """The last words of every part."""
        logs = sorted(self._folder.glob("*.said"))
        return "\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in logs)

    async def rage(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            await asyncio.sleep(some((0.1, 0.6)))
            victim = random.choice(["postgres", "nats", *range(len(PARTS))])
            if victim == "postgres":
                await self._kill_postgres()
            elif victim == "nats":
                await self._kill_nats()
            else:
                await self._kill_part(victim)
            assert (self._postgres.url, self._nats.url) == self._urls

    async def _kill_postgres(self) -> None:
        self.kills["postgres"] += 1
        self._postgres.kill()
        await asyncio.sleep(some((0, 0.4)))
        await self._postgres.start()

    async def _kill_nats(self) -> None:
        self.kills["nats"] += 1
        if random.random() < 0.4:
            self.kills["nats wiped"] += 1
            await wiped(self._nats)
        else:
            self._nats.kill()
            await asyncio.sleep(some((0, 0.4)))
            await self._nats.start()

    async def _kill_part(self, number: int) -> None:
        process = self._processes[number]
        assert process.poll() is None, f"{PARTS[number]} ended by itself\n{self.said()}"
        self.kills[PARTS[number]] += 1
        process.kill()
        process.wait()
        await asyncio.sleep(some((0, 0.3)))
        self._processes[number] = self._spawn(PARTS[number])

    def _spawn(self, part: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.system.chaos", part, *self._urls]
        with (self._folder / f"{part}.said").open("ab") as said:
            return subprocess.Popen(
                [*command, str(self._folder / "notes.txt")], cwd=ROOT, stdout=said, stderr=said
            )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
