"""`bench drop`: a drop that everybody wants, in process, beside plain SQL on the same server."""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from time import perf_counter

import uvloop

from roadcase.auth import Signer, Verifier
from roadcase.dispatch import Dispatcher
from roadcase.embedded import Embedded
from roadcase.embedded.account import postgres_programs, unprivileged
from roadcase.errors import Refused
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.money import Money
from roadcase.rounds import Context
from roadcase.secret import Secret
from services.ticketing.commands import Line, OpenBoxOffice, SellTickets, TicketType
from services.ticketing.domain import BOX_OFFICE
from tests.bench import anchors
from tests.bench.report import Floor, tell

TENANT = "acme"
BUYERS = 256
PRICE = Money(1200, "EUR")


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
        self.answers: Counter[str] = Counter()

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

    def wanted(self, occurrence: str, number: int, turns: int) -> list[tuple[SellTickets, Context]]:
        """What one buyer asks: three in twenty are refused, two in twenty are retries."""
        asked = []
        for turn in range(turns):
            kind = turn % 20
            wanted = "gone" if kind < 3 else "standard"
            order = f"o{number}_{turn - 2 if 13 <= kind < 15 else turn}"
            command = SellTickets(
                occurrence=occurrence, order=order, payment_reference=f"pay_{order}_0123456789",
                amount=PRICE, code_seed="0123456789abcdef0123456789abcdef",
                subject=f"sub_{number:08}",
                lines=(Line(ticket_type=wanted, quantity=1),),
            )  # fmt: skip
            key = f"{occurrence}:{wanted}:{order}"
            asked.append((command, Context(tenant=TENANT, actor="partner_7", key=key)))
        return asked

    async def buyer(self, asked: list[tuple[SellTickets, Context]]) -> None:
        """One after the other: check the token, dispatch, count the answer."""
        answers, dispatch, verify, token = (
            self.answers, self.dispatch, self.verifier.verify, self.token
        )  # fmt: skip
        for command, context in asked:
            verify(token).require("ticketing:sell")
            try:
                outcome = await dispatch(command, context)
            except Refused as refusal:
                answers[refusal.code] += 1
            else:
                answers["replayed" if outcome.replayed else "sold"] += 1

    async def round(self, occurrence: str, sales: int) -> float:
        """Sales per second of a drop of `sales` units with a tenth more wanted.

        What is asked is built before; from the check of the token on, everything is timed.
        """
        await self.open(occurrence, sales)
        turns = -(-sales * 11 * 20 // (10 * 15 * BUYERS))
        everyone = [self.wanted(occurrence, number, turns) for number in range(BUYERS)]
        before = self.answers["sold"]
        started = perf_counter()
        await asyncio.gather(*map(self.buyer, everyone))
        seconds = perf_counter() - started
        return (self.answers["sold"] - before) / seconds


async def measure(url: str, *, rounds: int, seconds: float, sales: int) -> tuple[dict, dict]:
    await migrate(url, "ticketing")
    drop = Drop(url)
    running = asyncio.create_task(drop.dispatch.run())
    await anchors.prepare(url)
    programs = postgres_programs(unprivileged())
    names = ("pgbench", "naive", "best_sql", "kernel")
    figures: dict[str, list[float]] = {name: [] for name in names}
    sweep: dict[int, float] = {}
    await drop.round("warm", sales // 10)
    for number in range(rounds):
        by_connections = {
            each: await anchors.pgbench(url, programs / "pgbench", each, seconds)
            for each in anchors.CONNECTIONS
        }
        best = max(by_connections, key=by_connections.__getitem__)
        sweep = sweep or by_connections
        figures["pgbench"].append(by_connections[best])
        figures["naive"].append(max([await anchors.naive(url, each, seconds) for each in (1, 8)]))
        figures["best_sql"].append(
            max([await anchors.one_statement(url, each, seconds) for each in (1, 8)])
        )
        figures["kernel"].append(await drop.round(f"drop_{number}", sales))
    extra = {
        "sweep": {str(k): round(v) for k, v in sweep.items()},
        "answers": dict(drop.answers),
        "oversold": max(0, drop.answers["sold"] - sales * rounds - sales // 10),
    }
    running.cancel()
    await drop.log.close()
    return figures, extra


async def bench(arguments: argparse.Namespace) -> int:
    quick = arguments.quick
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        async with Embedded(Path(folder) / "data") as servers:
            figures, extra = await measure(
                servers.postgres_url,
                rounds=3 if quick else 5,
                seconds=1 if quick else 3,
                sales=10_000 if quick else 40_000,
            )
    naive_sql = [max(pair) for pair in zip(figures["pgbench"], figures["naive"], strict=True)]
    ratio = statistics.median(
        ours / theirs for ours, theirs in zip(figures["kernel"], naive_sql, strict=True)
    )
    valid = statistics.median(figures["naive"]) / statistics.median(figures["pgbench"])
    figures["naive_sql"] = naive_sql
    floors = [
        Floor("kernel ÷ naive_sql", ratio, 15, 30),
        Floor("naive ÷ pgbench (void below)", valid, 0.6, 1.0),
    ]
    return tell("hot drop", figures, floors, extra, as_json=arguments.json)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--data", help="a folder on the disk to be measured")
    return uvloop.run(bench(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
