"""`bench waiting`: a seat becomes free while 10,000 wait: how long until the next has an offer."""

from __future__ import annotations

import asyncio
import statistics
import sys
from time import perf_counter

from roadcase.asked import Context
from roadcase.decider import Command
from roadcase.dispatch import Dispatcher
from roadcase.event_store.postgres import PostgresLog
from services.ticketing.commands import (
    CancelOrder,
    JoinWaitingList,
    OpenBoxOffice,
    SellTickets,
)
from services.ticketing.domain import DECIDERS
from services.ticketing.events import TicketsHeld
from tests.bench.report import Arguments, Floor, bench_with, emptied, percentile, tell

NIGHT = "waiting_night"
WAITING = 10_000
FREED = 200  # seats that become free in a round, each by a command of its own
LONGEST = 5.0  # milliseconds until an offer is stored


def opening() -> OpenBoxOffice:
    """Two pools. Nearly all wait for the hall, and whoever came last for the balcony too."""
    terms = {"price": "12.00 EUR", "seller": "house"}
    kinds = (
        {"id": "hall", "name": "Hall", "draws": ["hall"], **terms},
        {"id": "balcony", "name": "Balcony", "draws": ["balcony"], **terms},
    )
    return OpenBoxOffice(
        occurrence=NIGHT,
        name="Waiting",
        starts_at="2036-06-05T20:30",
        ends_at="2036-06-05T23:00",
        zone="Europe/Berlin",
        pools={"hall": 3 * FREED, "balcony": 3 * FREED},
        ticket_types=kinds,
    )


def selling(kind: str, number: int) -> SellTickets:
    return SellTickets(
        occurrence=NIGHT,
        order=f"{kind}-{number}",
        lines=({"ticket_type": kind, "quantity": 1},),
        payment_reference="paid",
        amount="12.00 EUR",
        code_seed="5eed" * 8,
    )


def joining(number: int, last: int) -> JoinWaitingList:
    kinds = ["hall"] if number < last else ["balcony"]
    entry = f"e{number}"
    return JoinWaitingList(occurrence=NIGHT, entry=entry, ticket_types=kinds, subject=f"g{number}")


class Site:
    """A dispatcher on a log, and a key for each command."""

    def __init__(self, log: PostgresLog) -> None:
        self.dispatch = Dispatcher(log, DECIDERS, secret=b"x" * 32)
        self._asked = 0

    async def ask(self, command: Command) -> tuple[float, str | None]:
        """Milliseconds until it is stored, and who was offered something."""
        self._asked += 1
        context = Context(tenant="acme", actor="crew", key=f"bench {self._asked}")
        started = perf_counter()
        outcome = await self.dispatch(command, context)
        took = (perf_counter() - started) * 1000
        offered = (each.entry for each in outcome.events if isinstance(each, TicketsHeld))
        return took, next(offered, None)

    async def all(self, commands: list[Command]) -> None:
        for at in range(0, len(commands), 200):
            await asyncio.gather(*(self.ask(each) for each in commands[at : at + 200]))


async def measured(site: Site, waiting: int, rounds: int) -> dict[str, list[float]]:
    """From who waits the longest, and from those who are the last of all but want other seats."""
    await site.all([opening()])
    kinds = ("hall", "balcony")
    await site.all([selling(kind, n) for kind in kinds for n in range(3 * FREED)])
    extra = FREED * rounds
    await site.all([joining(number, waiting) for number in range(waiting + extra)])
    figures: dict[str, list[float]] = {"first_ms": [], "last_ms": []}
    for number in range(extra):
        for kind, name in zip(kinds, figures, strict=True):
            void = CancelOrder(occurrence=NIGHT, order=f"{kind}-{number}", reason="ill")
            took, entry = await site.ask(void)
            expected = number if kind == "hall" else waiting + number
            assert entry == f"e{expected}", f"{entry} was offered what was e{expected}'s"
            figures[name].append(took)
    return figures


async def bench(arguments: Arguments) -> int:
    waiting, rounds = (WAITING // 10, 1) if arguments.quick else (WAITING, 3)
    async with (
        emptied(arguments, "ticketing") as servers,
        PostgresLog(servers.postgres_url, "ticketing") as log,
    ):
        site = Site(log)
        running = asyncio.create_task(site.dispatch.run())
        figures = await measured(site, waiting, rounds)
        running.cancel()
    middles = {name: statistics.median(of) for name, of in figures.items()}
    what = f"milliseconds until the next of {waiting:,} has an offer"
    floors = [
        Floor(f"{what}, {name}", middles[name], LONGEST, LONGEST, lower_is_better=True)
        for name in figures
    ]
    extra = {f"{name}_p99": round(percentile(of, 99), 3) for name, of in figures.items()}
    return tell("waiting", figures, floors, extra, as_json=arguments.json, unit="milliseconds")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
