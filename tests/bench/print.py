"""`bench print`: from a sale to its ticket's bytes at the printer's socket, beside a bare write."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import asyncpg
import uvloop

from roadcase.asked import Context
from roadcase.embedded import Embedded
from roadcase.money import Money
from roadcase.running import Running, running
from roadcase.secret import Secret
from roadcase.settings import Settings
from roadcase.stream.stream import connect
from services.devices.service import DEVICES
from services.ticketing.commands import Line, OpenBoxOffice, SellTickets, TicketType
from services.ticketing.service import TICKETING
from tests.bench.lag import settled
from tests.bench.report import Floor, as_in_service, tell

TENANT = "acme"
PRICE = Money(1200, "EUR")
JOB = b"x" * 400  # about the size of a ticket
RATE, MANY = 200, 1000  # sales per second
GOAL_OF_MANY = 25  # ms
_FIRST = 10**6  # the number of a sale before all others
_WARM = 1.0  # seconds of sales that are not counted: a printer connects when it has to
Arrive = Callable[[int], Awaitable[object]]


class Printer(NamedTuple):
    """The socket, in a process of its own."""

    port: int
    process: asyncio.subprocess.Process

    async def seen(self) -> dict[str, float]:
        """When each order's last byte was there. Ends the process."""
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.stdout
        found: dict[str, float] = json.loads(await self.process.stdout.read())
        return found


@asynccontextmanager
async def printer() -> AsyncIterator[Printer]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.socket",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 26,
    )  # fmt: skip
    assert process.stdout
    try:
        yield Printer(int(await process.stdout.readline()), process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class House(NamedTuple):
    """Ticketing and devices with all that is theirs, as `roadcase up` runs them, without doors."""

    ticketing: Running
    devices: Running

    async def open(self, occurrence: str) -> None:
        kind = TicketType(
            id="standard", name="Standard", draws={"room": 1}, price=PRICE, seller="seller_1"
        )
        command = OpenBoxOffice(
            occurrence=occurrence, name="Microcinema", zone="Europe/Berlin",
            starts_at=datetime(2027, 1, 1, 20), ends_at=datetime(2027, 1, 1, 22),
            pools={"room": 10**6}, ticket_types=(kind,),
        )  # fmt: skip
        await self.ticketing.dispatch(command, Context(tenant=TENANT, actor="crew"))

    def sell(self, occurrence: str) -> Arrive:
        def arrive(number: int) -> Awaitable[object]:
            order = f"{occurrence}x{number}"
            command = SellTickets(
                occurrence=occurrence, order=order, payment_reference=f"pay_{order}",
                amount=PRICE, code_seed="0123456789abcdef0123456789abcdef",
                lines=(Line(ticket_type="standard", quantity=1),),
            )  # fmt: skip
            return self.ticketing.dispatch(
                command, Context(tenant=TENANT, actor="partner_7", key=order)
            )

        return arrive

    async def printed(self) -> int:
        async with asyncio.timeout(30):
            connection = await asyncpg.connect(self.devices.url)
            try:
                while (  # noqa: ASYNC110 - the read models are looked at from outside
                    await self._behind() or await _queued(connection)
                ):
                    await asyncio.sleep(0.1)
                return int(await connection.fetchval("SELECT printed FROM devices_views.roles"))
            finally:
                await connection.close()

    async def _behind(self) -> bool:
        """Whether something sold is not heard yet, or heard and not shown."""
        sold = (await self.ticketing.log.head()).position
        shown = self.devices.dispatch.head.position
        return (
            any(
                each.position < sold
                for each in self.devices.reactors
                if each.source == self.ticketing.service.name
            )
            or not await self.devices.projector.reached(shown, 0.01)
        )  # fmt: skip


async def _queued(connection: asyncpg.Connection) -> bool:
    """Whether something waits for its printer, or nobody knows yet: the table is being made."""
    try:
        found = await connection.fetchval("SELECT queued + sending FROM devices_views.roles")
    except asyncpg.UndefinedTableError:
        return True
    return found != 0


@asynccontextmanager
async def house(servers: Embedded, port: int) -> AsyncIterator[House]:
    secret = Secret("x" * 32)
    settings = Settings(printers=f"{TENANT}/ticket-1=127.0.0.1:{port}")
    url = servers.postgres_url
    client = await connect(servers.nats_url)
    try:
        async with (
            running(TICKETING, url, client, secret, settings) as ticketing,
            running(DEVICES, url, client, secret, settings) as devices,
        ):
            await settled(ticketing, devices)
            while devices.deaf_to([TICKETING.name]):  # noqa: ASYNC110 - a reason, not an event
                await asyncio.sleep(0.005)
            yield House(ticketing, devices)
    finally:
        await client.close()


async def open_loop(per_second: float, seconds: float, arrive: Arrive) -> list[float]:
    """Poisson arrivals, however long the last one takes; when each was due."""
    loop = asyncio.get_running_loop()
    chance = random.Random(7)
    due: list[float] = []
    at = monotonic() + 0.05
    end = at + seconds
    asked = []
    while (at := at + chance.expovariate(per_second)) < end:
        if (pause := at - monotonic()) > 0:
            await asyncio.sleep(pause)
        asked.append(loop.create_task(arrive(len(due))))  # type: ignore[arg-type]
        due.append(at)
    await asyncio.gather(*asked)
    return due


async def bare(per_second: float, seconds: float) -> list[float]:
    """The anchor: the same arrivals, each written to the same socket, and nothing else."""
    async with printer() as there:
        _, writer = await asyncio.open_connection("127.0.0.1", there.port)

        async def arrive(number: int) -> None:
            writer.write(JOB + b"Order x%d " % number + b"\x1d(H\x06\x00000000")

        due = await open_loop(per_second, seconds, arrive)
        await asyncio.sleep(0.2)
        writer.close()
        return _waits("x", due, await there.seen())


async def sales(
    servers: Embedded, per_second: float, seconds: float, name: str
) -> tuple[list[float], int]:
    """Seconds from the moment a sale was due to its last byte; and how many were printed."""
    async with printer() as there, house(servers, there.port) as this:
        await this.open(name)
        await this.sell(name)(_FIRST)
        await this.printed()  # what prints is loaded by now
        await open_loop(per_second, _WARM, this.sell(name))
        night = f"{name}n"
        await this.open(night)
        due = await open_loop(per_second, seconds, this.sell(night))
        printed = await this.printed()
        return _waits(f"{night}x", due, await there.seen()), printed


def _waits(prefix: str, due: list[float], seen: dict[str, float]) -> list[float]:
    missing = [n for n in range(len(due)) if f"{prefix}{n}" not in seen]
    if missing:
        raise RuntimeError(f"{len(missing)} of {len(due)} never came to the printer")
    return sorted(seen[f"{prefix}{n}"] - at for n, at in enumerate(due))


def ms(waits: list[float], part: float) -> float:
    return 1000 * waits[min(len(waits) - 1, int(len(waits) * part))]


async def round_(arguments: argparse.Namespace, rate: int, name: str) -> dict[str, float]:
    """One rate, the anchor first; a fresh installation each time."""
    seconds = 2 if arguments.quick else 10
    anchor = await bare(rate, seconds)
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        async with Embedded(Path(folder) / "data") as servers:
            waits, printed = await sales(servers, rate, seconds, name)
    if printed < len(waits):
        raise RuntimeError(f"{len(waits)} tickets came to the printer, {printed} are confirmed")
    at = "" if rate == RATE else f"_at_{rate}"
    return {
        f"p50_ms{at}": ms(waits, 0.5),
        f"p99_ms{at}": ms(waits, 0.99),
        f"bare_p50_ms{at}": ms(anchor, 0.5),
        f"bare_p99_ms{at}": ms(anchor, 0.99),
    }


async def bench(arguments: argparse.Namespace) -> int:
    as_in_service()
    figures: dict[str, list[float]] = {}
    for number in range(1 if arguments.quick else 3):
        for rate in (RATE, MANY):
            found = await round_(arguments, rate, f"r{number}")
            for name, value in found.items():
                figures.setdefault(name, []).append(value)
    p99, many = (statistics.median(figures[f"p99_ms{at}"]) for at in ("", f"_at_{MANY}"))
    floors = [Floor(f"p99 ms at {RATE}/s", p99, 25, 10, lower_is_better=True)]
    reached = "reached" if many <= GOAL_OF_MANY else "missed"
    extra = {"per_second": RATE, f"goal of {GOAL_OF_MANY} ms p99 at {MANY}/s": reached}
    return tell("print", figures, floors, extra, as_json=arguments.json, unit="ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--data", help="a folder on the disk to be measured")
    return uvloop.run(bench(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
