"""`bench hold`: holds of three pools with a voucher and limits, beside plain holds."""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from time import perf_counter

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


async def bench(arguments: Arguments) -> int:
    rounds, count = (3, 5_000) if arguments.quick else (5, ROOM)
    figures: dict[str, list[float]] = {"plain": [], "full": []}
    async with emptied(arguments, "ticketing") as servers:
        holds = Holds(servers.postgres_url)
        running = asyncio.create_task(holds.dispatch.run())
        for name in figures:
            await holds.round(f"warm_{name}", count // 10, full=name == "full")
        for number in range(rounds):
            # Each is first as often as the other, or nearly.
            for name in list(figures)[:: -1 if number % 2 else 1]:
                rate = await holds.round(f"{name}_{number}", count, full=name == "full")
                figures[name].append(rate)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await holds.log.close()
    pairs = zip(figures["full"], figures["plain"], strict=True)
    ratio = statistics.median(full / plain for full, plain in pairs)
    floors = [Floor("three pools, a voucher and limits ÷ plain", ratio, 0.8, 0.9)]
    extra = {"answers": dict(holds.answers)}
    missed = tell("hold", figures, floors, extra, as_json=arguments.json)
    return missed or int(set(holds.answers) != {"held"})


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
