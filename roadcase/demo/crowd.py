"""The crowd: a process of its own in which guests fight for the places of one night.

Each guest wants one to four tickets. One cart in four is abandoned on a short hold; one call in ten
is repeated with the same key, and must get the same answer; who hears "sold out" takes fewer, or
waits for what others abandon. On standard output: a line of JSON per second, and the tally last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from time import monotonic, perf_counter

import uvloop

from roadcase.api.v1 import common_pb2
from roadcase.client import Refusal, Roadcase

ABANDONED_AFTER = 2  # seconds that an abandoned cart holds its seats
WAITS = 4  # times that a guest hopes for what others abandon, before going home
SOLD_OUT = "ticketing.sold_out"


@dataclass
class Tally:
    """What happened to the carts of all guests."""

    attempts: int = 0
    orders: int = 0
    sold: int = 0
    abandoned: int = 0
    different_answers: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)


class Guest:
    """`number` decides all that a guest does, so that each run is the same crowd."""

    def __init__(self, number: int, occurrence: str, client: Roadcase, tally: Tally) -> None:
        self.name = f"g{number}"
        self._client = client
        self._occurrence = occurrence
        self._tally = tally
        self._chance = iter(blake2b(self.name.encode(), digest_size=64).digest() * 8)
        self._carts = 0

    def _one_in(self, many: int) -> bool:
        return next(self._chance) % many == 0

    async def come(self, until: float) -> None:
        """Try until it worked, nothing can be had any more, or time is over."""
        wanted = 1 + next(self._chance) % 4
        leaves = self._one_in(4)
        waits = WAITS
        while monotonic() < until:
            try:
                if await self._cart(wanted, leaves=leaves):
                    return
                leaves = False
                await asyncio.sleep(ABANDONED_AFTER)
            except Refusal as refusal:
                self._tally.attempts += 1
                self._tally.refused[refusal.reason] += 1
                if refusal.reason != SOLD_OUT:
                    return
                left = int(refusal.facts.get("left", 0))
                wanted = min(wanted, left) if left else 1
                waits -= not left
                if not waits:
                    return
                await asyncio.sleep(0 if left else 0.5 + next(self._chance) / 256)

    async def _cart(self, wanted: int, *, leaves: bool) -> bool:
        """Fill a cart and pay, or leave it; whether it was paid. Raises Refusal."""
        self._carts += 1
        cart = f"{self.name}_{self._carts}"
        held = await self._client.hold(
            self._occurrence,
            f"h_{cart}",
            {"standard": wanted},
            subject=self.name,
            seconds=ABANDONED_AFTER if leaves else 0,
            key=f"{self._occurrence}:hold:{cart}",
        )
        if leaves:
            self._tally.abandoned += 1
            return False
        await asyncio.sleep(next(self._chance) / 2560)
        await self._pay(cart, held.total)
        return True

    async def _pay(self, cart: str, total: common_pb2.Money) -> None:
        asked = (self._occurrence, f"o_{cart}", f"h_{cart}", f"pay_{cart}", total)
        key = f"{self._occurrence}:confirm:{cart}"
        started = perf_counter()
        order = await self._client.confirm(*asked, key=key)
        self._tally.seconds.append(perf_counter() - started)
        if self._one_in(10):
            again = await self._client.confirm(*asked, key=key)
            self._tally.different_answers += again != order
        self._tally.attempts += 1
        self._tally.orders += 1
        self._tally.sold += len(order.tickets)
        self._tally.tickets += [ticket.ticket for ticket in order.tickets]


async def crowd(arguments: argparse.Namespace, token: str) -> Tally:
    tally = Tally()
    clients = [
        Roadcase(arguments.target, token, patience=arguments.seconds)
        for _ in range(arguments.connections)
    ]
    until = monotonic() + arguments.seconds
    guests = [
        asyncio.create_task(_arrive(number, arguments, clients, tally, until))
        for number in range(arguments.guests)
    ]
    telling = asyncio.create_task(_tell(tally))
    try:
        await asyncio.gather(*guests)
    finally:
        telling.cancel()
        for client in clients:
            await client.__aexit__(None, None, None)
    return tally


async def _arrive(
    number: int, arguments: argparse.Namespace, clients: list[Roadcase], tally: Tally, until: float
) -> None:
    await asyncio.sleep(arguments.arrive * number / arguments.guests)
    client = clients[number % len(clients)]
    await Guest(number, arguments.occurrence, client, tally).come(until)


async def _tell(tally: Tally) -> None:
    while True:
        await asyncio.sleep(1)
        _say({"sold": tally.sold, "attempts": tally.attempts})


def _say(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target")
    parser.add_argument("occurrence")
    parser.add_argument("--guests", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--arrive", type=float, default=6.0, help="seconds until all are there")
    parser.add_argument("--seconds", type=float, default=60.0, help="then everyone goes home")
    arguments = parser.parse_args()
    token = sys.stdin.readline().strip()
    started = monotonic()
    tally = uvloop.run(crowd(arguments, token))
    found = {name: getattr(tally, name) for name in vars(tally)}
    _say({**found, "refused": dict(tally.refused), "took": monotonic() - started})


if __name__ == "__main__":
    main()
