"""`bench scan`: what a guest waits for at a gate, and what of it is deciding and verifying.

Scans come at a fixed rate over gRPC to an installation as a user starts it, whether those before
were answered or not. The plan has rules for the type, its gates and a cap. Anchors: the signature
alone, verified by the library; a read over the same gRPC door.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import grpc

from roadcase.api.v1 import ticketing_admission_pb2 as pb
from roadcase.api.v1.ticketing_admission_pb2_grpc import AdmissionStub
from roadcase.client import Roadcase
from roadcase.secret import Secret
from roadcase.servers import servers
from roadcase.settings import read
from roadcase.testing import tokens
from services.ticketing.commands import CheckIn, SetAdmission
from services.ticketing.domain import ADMISSION
from services.ticketing.signing import Signature, Signatures
from tests.bench.fill import TENANT
from tests.bench.report import Arguments, Floor, bench_with, percentile, tell
from tests.bench.site import MONEY, SCOPES, SECRET, open_night, site

RATE = 100  # scans per second
NIGHT = "night"
AT_ONCE = 50  # tickets of one order
AT = datetime(2026, 11, 1, 20, tzinfo=UTC)
RULE = {"ticket_type": "standard", "reentry": False, "once_per_day": True}
GATES = [{"gate": "north", "ticket_types": ["standard"]}]


def microseconds(work: Callable[[], object], times: int) -> float:
    started = perf_counter()
    for _ in range(times):
        work()
    return 1e6 * (perf_counter() - started) / times


def deciding(times: int) -> float:
    """One decision and its fold, at gates with a plan and 10,000 who are in, in microseconds."""
    state = ADMISSION.initial()
    plan = SetAdmission(
        occurrence=NIGHT, zone="Europe/Berlin", rules=[RULE], gates=GATES, occupancy_max=10**6
    )
    scans = [
        CheckIn(
            occurrence=NIGHT, gate="north", nonce=f"n{n}", ticket=f"t{n}", ticket_for=NIGHT,
            ticket_type="standard", device="phone",
        )
        for n in range(10_000 + times)
    ]  # fmt: skip
    for command in (plan, *scans[:10_000]):
        for event in ADMISSION.decide(state, command, AT):
            ADMISSION.evolve(state, event)
    waiting = iter(scans[10_000:])

    def decide() -> None:
        for event in ADMISSION.decide(state, next(waiting), AT):
            ADMISSION.evolve(state, event)

    return microseconds(decide, times)


def verifying(signature: Signature, times: int) -> tuple[float, float]:
    """A whole ticket, and the signature alone."""
    text = signature.sign(NIGHT, "order_0001-1", AT)
    message = b"x" * 64
    alone = signature.private.sign(message)
    whole = microseconds(lambda: signature.verify(text), times)
    return whole, microseconds(lambda: signature.public.verify(alone, message), times)


async def at_rate(ask: Callable[[int], Awaitable[object]], first: int, many: int) -> list[float]:
    """How long each of many questions took, in milliseconds, asked at the rate."""
    took: list[float] = []

    async def one(number: int) -> None:
        started = perf_counter()
        await ask(number)
        took.append(1e3 * (perf_counter() - started))

    started, tasks = perf_counter(), []
    for number in range(many):
        await asyncio.sleep(max(0.0, started + number / RATE - perf_counter()))
        tasks.append(asyncio.create_task(one(first + number)))
    await asyncio.gather(*tasks)
    return took


async def sold(client: Roadcase, many: int) -> list[str]:
    """The ids of so many tickets."""
    price = type(MONEY)(minor=MONEY.minor * AT_ONCE, currency=MONEY.currency)
    found: list[str] = []
    for number in range(-(-many // AT_ONCE)):
        order = await client.sell(NIGHT, f"o{number}", {"standard": AT_ONCE}, "pay", price)
        found += [each.ticket for each in order.tickets]
    return found


async def measured(
    client: Roadcase, stub: AdmissionStub, token: str, rounds: int, seconds: float
) -> dict[str, list[float]]:
    many = round(RATE * seconds)
    signature = Signatures(Secret(SECRET)).of(TENANT)
    await open_night(client, NIGHT)
    tickets = await sold(client, many * (rounds + 1))
    headers = [("authorization", f"Bearer {token}"), ("idempotency-key", "plan")]
    plan = pb.SetAdmissionRequest(
        occurrence=NIGHT,
        occupancy_max=10**6,
        gates=[pb.GateTakes(gate="north", ticket_types=["standard"])],
        rules=[pb.EntryRule(ticket_type="standard", no_reentry=True, once_per_day=True)],
    )
    shown_at = ("min-position", f"ticketing:{len(tickets) + 3}")  # after what opened the night
    await stub.GetOccupancy(
        pb.GetOccupancyRequest(occurrence=NIGHT), metadata=(headers[0], shown_at)
    )
    await stub.SetAdmission(plan, metadata=headers)
    shown = [signature.sign(NIGHT, each, datetime.now(UTC) + timedelta(days=1)) for each in tickets]

    async def scan(number: int) -> None:
        answer = await client.check_in(NIGHT, "north", shown[number])
        assert answer.ticket == tickets[number], answer
        assert not answer.reason, answer

    async def look(_number: int) -> None:
        await stub.GetOccupancy(pb.GetOccupancyRequest(occurrence=NIGHT), metadata=headers[:1])

    figures: dict[str, list[float]] = {"scan p50": [], "scan p99": [], "read p99": []}
    for number in range(rounds + 1):  # the first one warms up
        took = await at_rate(scan, number * many, many)
        reads = await at_rate(look, 0, RATE)
        if number:
            figures["scan p50"].append(statistics.median(took))
            figures["scan p99"].append(percentile(took, 99))
            figures["read p99"].append(percentile(reads, 99))
    return figures


async def bench(arguments: Arguments) -> int:
    rounds, seconds, times = (3, 3.0, 2_000) if arguments.quick else (5, 15.0, 20_000)
    scopes = (*SCOPES, "ticketing:scan")
    with tempfile.TemporaryDirectory(prefix="roadcase-bench-", dir=arguments.data) as folder:
        data = Path(folder) / "data"
        async with site(data) as (address, _pid):
            async with servers(read(data=data, secret=SECRET), join=True) as found:
                url = found.postgres_url
                token = await tokens.token(url, Secret(SECRET), TENANT, "gate_1", scopes)
            async with (
                Roadcase(address, token) as client,
                grpc.aio.insecure_channel(address) as channel,
            ):
                stub = AdmissionStub(channel)
                figures = await measured(client, stub, token, rounds, seconds)
    decided = deciding(times)
    whole, alone = verifying(Signatures(Secret(SECRET)).of(TENANT), times)
    scan_p99 = statistics.median(figures["scan p99"])
    floors = [
        Floor(f"scan p99 ms at {RATE}/s", scan_p99, 20, 10, lower_is_better=True),
        Floor("decision us", decided, 50, 20, lower_is_better=True),
        Floor("ticket check us", whole, 100, 80, lower_is_better=True),
    ]
    extra = {"signature alone us": round(alone, 1)}
    return tell("scans", figures, floors, extra, as_json=arguments.json, unit="ms")


def main() -> int:
    return bench_with(bench, __doc__)


if __name__ == "__main__":
    sys.exit(main())
