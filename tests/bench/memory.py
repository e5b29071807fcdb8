"""`bench memory`: what everything in one process mode weighs after many sales, servers included.

PSS, so that memory shared by PostgreSQL's processes counts once.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import grpc

from roadcase.api.v1 import ticketing_pb2, ticketing_pb2_grpc
from roadcase.client import Roadcase
from tests.bench.report import Arguments, Floor, bench_with, tell
from tests.bench.site import MONEY, megabytes, open_night, site, token

_STREAMS, _EACH = 8, 64
_NIGHTS = 20  # occurrences that the sales are spread over


async def sell(target: str, allowed: str, count: int, seen: list[float], pid: int) -> None:
    """Sell over gRPC streams, as many partners do at once; weigh it now and then."""

    async def partner(number: int) -> None:
        call = stub.SellStream(metadata=(("authorization", f"Bearer {allowed}"),))
        for first in range(0, count // _STREAMS, _EACH):
            orders = range(first, min(first + _EACH, count // _STREAMS))
            items = [_sale(f"o{number}_{order}", order % _NIGHTS) for order in orders]
            await call.write(ticketing_pb2.SellStreamRequest(items=items))
            answer = await call.read()
            assert not any(each.HasField("error") for each in answer.results), answer
            if number == 0 and first % (_EACH * 16) == 0:
                seen.append(sum(megabytes(pid).values()))
        await call.done_writing()

    async with grpc.aio.insecure_channel(target) as channel:
        stub = ticketing_pb2_grpc.TicketingStub(channel)
        await asyncio.gather(*(partner(number) for number in range(_STREAMS)))


def _sale(order: str, night: int) -> ticketing_pb2.SellStreamItem:
    sale = ticketing_pb2.SellTicketsRequest(
        occurrence=f"night_{night}", order=order, payment_reference=f"pay_{order}", amount=MONEY,
        lines=[ticketing_pb2.Line(ticket_type="standard", quantity=1)], subject=f"sub_{order}",
        channel=2,
    )  # fmt: skip
    return ticketing_pb2.SellStreamItem(idempotency_key=order, sale=sale)


async def bench(arguments: Arguments) -> int:
    count, seen = 20_000 if arguments.quick else 100_000, []
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        async with site(Path(folder) / "data") as (target, pid):
            allowed = await token(Path(folder) / "data")
            async with Roadcase(target, allowed) as client:
                for night in range(_NIGHTS):
                    await open_night(client, f"night_{night}")
            before, started = megabytes(pid), perf_counter()
            await sell(target, allowed, count, seen, pid)
            seconds = perf_counter() - started
            await asyncio.sleep(2)  # for what is under way: relay, read models, jobs
            after = megabytes(pid)
    total = sum(after.values())
    floors = [Floor(f"MB after {count} sales", total, 450, 350, True)]
    figures = {
        "mb": [total],
        "mb_before": [sum(before.values())],
        "mb_most": [max(*seen, total)],
        **{f"mb_{name.replace('-', '_')}": [value] for name, value in after.items()},
    }
    extra = {"sales": count, "per_second": round(count / seconds)}
    return tell("memory", figures, floors, extra, as_json=arguments.json, unit="MB")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
