"""`bench drop`: a drop that everybody wants, beside plain SQL on the same server."""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from time import perf_counter

from roadcase.asked import Context
from roadcase.auth import Signer, Verifier
from roadcase.dispatch import Dispatcher
from roadcase.embedded import Embedded
from roadcase.embedded.account import postgres_programs, unprivileged
from roadcase.errors import Refused
from roadcase.event_store.postgres import PostgresLog
from roadcase.money import Money
from roadcase.secret import Secret
from services.ticketing.commands import Line, OpenBoxOffice, SellTickets, TicketType
from services.ticketing.domain import BOX_OFFICE
from tests.bench import anchors
from tests.bench.report import Arguments, Floor, bench_with, emptied, tell
from tests.bench.wire import Wire

TENANT = "acme"
CALLERS = (64, 256, 1024)  # at once, each waiting for its answer
PRICE = Money(1200, "EUR")
LINES = {id_: (Line(ticket_type=id_, quantity=1),) for id_ in ("standard", "gone")}


class Drop:
    """Buyers in this process on ticketing's own rules, keys, hash chain and token checks."""

    def __init__(self, url: str) -> None:
        secret = Secret("x" * 32)
        key = secret.signing_key("tokens")
        self.verifier = Verifier({"k1": key.public_key()})
        self.token = Signer("k1", key).sign(
            tenant=TENANT, actor="partner_7", scopes=["ticketing:sell"]
        )
        self.log = PostgresLog(url, "ticketing")
        self.dispatch = Dispatcher(self.log, [BOX_OFFICE], secret=secret.key("requests"))
        self.answers: dict[str, int] = defaultdict(int)
        self.oversold = 0

    async def open(self, occurrence: str, capacity: int) -> None:
        one = {"price": PRICE, "seller": "seller_1"}
        types = (
            TicketType(id="standard", name="Standard", draws={"room": 1}, **one),
            TicketType(id="gone", name="Gone", draws={"nothing": 1}, **one),
        )
        command = OpenBoxOffice(
            occurrence=occurrence, name="Microcinema", zone="Europe/Berlin",
            starts_at=datetime(2027, 1, 1, 20), ends_at=datetime(2027, 1, 1, 22),
            pools={"room": capacity, "nothing": 0}, ticket_types=types,
        )  # fmt: skip
        await self.dispatch(command, Context(tenant=TENANT, actor="crew"))

    def wanted(self, occurrence: str, number: int, turn: int) -> tuple[SellTickets, Context]:
        """What one buyer asks: three in twenty are refused, two in twenty are retries."""
        kind = turn % 20
        wanted = "gone" if kind < 3 else "standard"
        order = f"o{number}_{turn - 2 if 13 <= kind < 15 else turn}"
        command = SellTickets(
            occurrence=occurrence, order=order, payment_reference=f"pay_{order}_0123456789",
            amount=PRICE, code_seed="0123456789abcdef0123456789abcdef",
            subject=f"sub_{number:08}", lines=LINES[wanted],
        )  # fmt: skip
        key = f"{occurrence}:{wanted}:{order}"
        return command, Context(tenant=TENANT, actor="partner_7", key=key)

    async def buyer(self, asked: Iterable[tuple[SellTickets, Context]]) -> None:
        """One after the other: check the token, dispatch, count the answer."""
        answers, begin = self.answers, self.dispatch.begin
        verify, token = self.verifier.verify, self.token
        for command, context in asked:
            verify(token).require("ticketing:sell")
            try:
                outcome = await begin(command, context)
            except Refused as refusal:
                answers[refusal.code] += 1
            else:
                answers["replayed" if outcome.replayed else "sold"] += 1

    async def round(self, name: str, sales: int, callers: int) -> float:
        """Sales per second of a drop of `sales` units with a tenth more wanted.

        What is asked is built before; from the check of the token on, everything is timed.
        """
        occurrence = f"{name}_{callers}"
        await self.open(occurrence, sales)
        turns = -(-sales * 11 * 20 // (10 * 15 * callers))
        asked = [
            [self.wanted(occurrence, number, turn) for number in range(callers)]
            for turn in range(turns)
        ]
        gc.freeze()  # buyers of another process would not lie in this one's memory
        before = self.answers["sold"]
        started = perf_counter()
        await asyncio.gather(*map(self.buyer, zip(*asked, strict=True)))
        seconds = perf_counter() - started
        sold = self.answers["sold"] - before
        self.oversold += max(0, sold - sales)
        return sold / seconds


class Measure:
    """Rounds of the same drop: plain SQL, the kernel in process, and over gRPC, in turns."""

    def __init__(self, servers: Embedded, arguments: Arguments) -> None:
        self.url = servers.postgres_url
        self.servers = servers
        self.rounds = 3 if arguments.quick else 5
        self.seconds = 1 if arguments.quick else 3
        self.sales = 10_000 if arguments.quick else 40_000
        self.figures: dict[str, list[float]] = {}
        self.sweep: dict[str, dict[int, int]] = {}
        program = postgres_programs(unprivileged()) / "pgbench"
        self.anchors: dict[str, Callable[[int], Awaitable[float]]] = {
            "pgbench": lambda many: anchors.pgbench(self.url, program, many, self.seconds),
            "naive_sql": lambda many: anchors.naive(self.url, many, self.seconds),
            "best_sql": lambda many: anchors.one_statement(self.url, many, self.seconds),
        }

    async def run(self) -> Drop:
        drop = Drop(self.url)
        await anchors.prepare(self.url)
        running = asyncio.create_task(drop.dispatch.run())
        await drop.round("warm", self.sales // 10, CALLERS[0])
        async with (
            Wire.serving(self.servers, whole=False) as bare,
            Wire.serving(self.servers, whole=True) as whole,
        ):
            for number in range(self.rounds):
                for name, by in self.anchors.items():
                    await self._best(name, by, anchors.CONNECTIONS)
                in_process = partial(drop.round, f"drop_{number}", self.sales)
                await self._best("kernel", in_process, CALLERS)
                for name in ("grpc_echo", "grpc_unary", "grpc_stream"):
                    wire = whole if name == "grpc_stream" else bare
                    self._note(name, await wire.load(name, self.seconds + 0.5))
        running.cancel()
        await drop.log.close()
        drop.oversold += bare.oversold + whole.oversold
        return drop

    async def _best(
        self, name: str, by: Callable[[int], Awaitable[float]], among: Sequence[int]
    ) -> None:
        """The best of all in the first round, and that one again in each later round."""
        known = self.sweep.get(name)
        if known:
            among = [max(known, key=known.__getitem__)]
        found = {many: await by(many) for many in among}
        if not known:
            self.sweep[name] = {many: round(value) for many, value in found.items()}
        self._note(name, max(found.values()))

    def _note(self, name: str, value: float) -> None:
        self.figures.setdefault(name, []).append(value)

    def ratio(self, over: str, under: str) -> float:
        pairs = zip(self.figures[over], self.figures[under], strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)


async def bench(arguments: Arguments) -> int:
    async with emptied(arguments, "ticketing") as servers:
        measure = Measure(servers, arguments)
        drop = await measure.run()
    ratio = measure.ratio
    floors = [
        Floor("kernel ÷ naive_sql", ratio("kernel", "naive_sql"), 15, 30),
        Floor("grpc_stream ÷ naive_sql", ratio("grpc_stream", "naive_sql"), 6, 10),
        Floor("grpc_unary ÷ grpc_echo", ratio("grpc_unary", "grpc_echo"), 0.55, 0.75),
        Floor("naive_sql ÷ pgbench (void below)", ratio("naive_sql", "pgbench"), 0.6, 1.0),
    ]
    extra = {
        "sweep": measure.sweep,
        "answers": dict(drop.answers),
        "oversold": drop.oversold,
    }
    missed = tell("hot drop", measure.figures, floors, extra, as_json=arguments.json)
    return missed or bool(drop.oversold)


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
