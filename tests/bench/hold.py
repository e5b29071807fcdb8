"""`bench hold`: holds of three pools with a voucher and limits, beside plain holds."""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import grpc

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.api.v1 import ticketing_reserves_pb2 as pb
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_reserves_pb2_grpc import VouchersStub
from roadcase.asked import Context
from roadcase.dispatch import Dispatcher
from roadcase.errors import Refused
from roadcase.event_store.postgres import PostgresLog
from roadcase.money import Money
from services.ticketing.commands import (
    HoldTickets,
    Line,
    OpenBoxOffice,
    SetVoucher,
    TicketType,
)
from services.ticketing.domain import BOX_OFFICE
from tests.bench.report import Arguments, Floor, bench_with, emptied, tell
from tests.bench.site import MONEY, site, token

TENANT = "acme"
CALLERS = 256  # at once, each waiting for its answer
PRICE = Money(1200, "EUR")
POOLS = ("hall", "balcony", "cloakroom")
CODE = "SUMMER"
ROOM = 10_000  # as many as a voucher may have uses


class Holds:
    """Buyers in this process, on ticketing's own rules, keys and hash chain."""

    def __init__(self, url: str) -> None:
        self.log = PostgresLog(url, "ticketing")
        self.dispatch = Dispatcher(self.log, [BOX_OFFICE], secret=b"x" * 32)
        self.answers: Counter[str] = Counter()

    async def open(self, occurrence: str, *, full: bool) -> None:
        """Plain: a type of one pool. Full: of three, with every limit there is, and a voucher."""
        limits = {"per_order_max": 6, "per_person_max": 6} if full else {}
        offer = TicketType(
            id="standard", name="Standard", price=PRICE, seller="seller_1",
            draws=dict.fromkeys(POOLS if full else POOLS[:1], 1), **limits,
        )  # fmt: skip
        command = OpenBoxOffice(
            occurrence=occurrence, name="Microcinema", zone="Europe/Berlin",
            starts_at=datetime(2099, 1, 1, 20), ends_at=datetime(2099, 1, 1, 22),
            pools=dict.fromkeys(POOLS, ROOM), ticket_types=(offer,), **limits,
        )  # fmt: skip
        crew = Context(tenant=TENANT, actor="crew")
        await self.dispatch(command, crew)
        if full:
            voucher = SetVoucher(
                occurrence=occurrence, voucher=CODE, effect="percent", permille=125,
                ticket_types=("standard",), uses=ROOM, per_person=6,
                budget=Money(ROOM * PRICE.minor, PRICE.currency),
            )  # fmt: skip
            await self.dispatch(voucher, crew)

    async def caller(self, asked: Iterator[tuple[HoldTickets, Context]]) -> None:
        """One after the other, until nothing more is asked by anybody."""
        for command, context in asked:
            try:
                await self.dispatch(command, context)
            except Refused as refusal:
                self.answers[refusal.code] += 1
            else:
                self.answers["held"] += 1

    async def round(self, occurrence: str, count: int, *, full: bool) -> float:
        """Holds per second. What is asked is built before."""
        await self.open(occurrence, full=full)
        asked = [holding(occurrence, number, full=full) for number in range(count)]
        gc.freeze()  # buyers of another process would not lie in this one's memory
        before = self.answers["held"]
        rest = iter(asked)
        started = perf_counter()
        await asyncio.gather(*(self.caller(rest) for _ in range(CALLERS)))
        seconds = perf_counter() - started
        return (self.answers["held"] - before) / seconds


def holding(occurrence: str, number: int, *, full: bool) -> tuple[HoldTickets, Context]:
    """Everybody holds for themselves."""
    command = HoldTickets(
        occurrence=occurrence, hold=f"h{number:08}", subject=f"sub_{number:08}",
        lines=(Line(ticket_type="standard", quantity=1),), codes=(CODE,) if full else (),
    )  # fmt: skip
    key = f"{occurrence}:{number}"
    return command, Context(tenant=TENANT, actor="partner_7", key=key)


class Door:
    """Partners over gRPC, on Roadcase as it is started, in a process of its own."""

    def __init__(self, channel: grpc.aio.Channel, allowed: str) -> None:
        self._bearer = ("authorization", f"Bearer {allowed}")
        self._ticketing = TicketingStub(channel)
        self._vouchers = VouchersStub(channel)

    async def _ask(self, method: Callable[..., Awaitable[Any]], request: Any, key: str) -> None:
        await method(request, metadata=(self._bearer, ("idempotency-key", key)))

    async def open(self, occurrence: str, *, full: bool) -> None:
        limits = {"per_order_max": 6, "per_person_max": 6} if full else {}
        offer = ticketing_pb2.TicketType(
            id="standard", name="Standard", price=MONEY, seller="seller_1",
            draws=dict.fromkeys(POOLS if full else POOLS[:1], 1), **limits,
        )  # fmt: skip
        request = ticketing_pb2.OpenBoxOfficeRequest(
            occurrence=occurrence, name="Microcinema", zone="Europe/Berlin",
            starts_at="2099-01-01T20:00", ends_at="2099-01-01T22:00",
            pools=dict.fromkeys(POOLS, ROOM), ticket_types=[offer], **limits,
        )  # fmt: skip
        await self._ask(self._ticketing.OpenBoxOffice, request, f"open {occurrence}")
        if full:
            budget = common_pb2.Money(minor=ROOM * PRICE.minor, currency=PRICE.currency)
            voucher = pb.Voucher(
                code=CODE, effect=pb.VOUCHER_EFFECT_PERCENT, permille=125,
                ticket_types=["standard"], uses=ROOM, per_person=6, budget=budget,
            )  # fmt: skip
            set_it = pb.SetVoucherRequest(occurrence=occurrence, voucher=voucher)
            await self._ask(self._vouchers.SetVoucher, set_it, f"set {occurrence}")

    async def round(self, occurrence: str, count: int, *, full: bool) -> float:
        """Holds per second; any refusal ends the bench."""
        await self.open(occurrence, full=full)
        rest = iter(range(count))

        async def caller() -> None:
            for number in rest:
                request = ticketing_pb2.HoldTicketsRequest(
                    occurrence=occurrence, hold=f"h{number:08}", subject=f"sub_{number:08}",
                    lines=[ticketing_pb2.Line(ticket_type="standard", quantity=1)],
                    codes=[CODE] if full else [],
                )  # fmt: skip
                key = f"{occurrence}:{number}"
                await self._ask(self._ticketing.HoldTickets, request, key)

        started = perf_counter()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return count / (perf_counter() - started)


@asynccontextmanager
async def door(arguments: Arguments) -> AsyncIterator[Door]:
    with TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        data = Path(folder) / "data"
        async with site(data) as (target, _pid):
            allowed = await token(data)
            async with grpc.aio.insecure_channel(target) as channel:
                yield Door(channel, allowed)


@asynccontextmanager
async def inside(arguments: Arguments) -> AsyncIterator[Holds]:
    async with emptied(arguments, "ticketing") as servers:
        holds = Holds(servers.postgres_url)
        running = asyncio.create_task(holds.dispatch.run())
        yield holds
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await holds.log.close()


async def measure(by: Holds | Door, rounds: int, count: int) -> dict[str, list[float]]:
    """Plain and full in turns, each first as often as the other, or nearly."""
    figures: dict[str, list[float]] = {"plain": [], "full": []}
    for name in figures:
        await by.round(f"warm_{name}", count // 5, full=name == "full")
    for number in range(rounds):
        for name in list(figures)[:: -1 if number % 2 else 1]:
            rate = await by.round(f"{name}_{number}", count, full=name == "full")
            figures[name].append(rate)
    return figures


def ratio(figures: dict[str, list[float]]) -> float:
    pairs = zip(figures["full"], figures["plain"], strict=True)
    return statistics.median(full / plain for full, plain in pairs)


async def bench(arguments: Arguments) -> int:
    rounds, count = (3, 3_000) if arguments.quick else (7, ROOM)
    async with door(arguments) as outside:
        wire = await measure(outside, rounds, count // 3)
    async with inside(arguments) as holds:
        process = await measure(holds, rounds, count)
    floors = [
        Floor("over gRPC: three pools, a voucher and limits ÷ plain", ratio(wire), 0.8, 0.9),
        Floor("in process: three pools, a voucher and limits ÷ plain", ratio(process), 0.8, 0.9),
    ]
    figures = {f"grpc_{name}": rates for name, rates in wire.items()}
    figures |= {f"kernel_{name}": rates for name, rates in process.items()}
    extra = {"answers": dict(holds.answers)}
    missed = tell("hold", figures, floors, extra, as_json=arguments.json)
    return missed or int(set(holds.answers) != {"held"})


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
