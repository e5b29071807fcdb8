"""Sales over gRPC: a server process and a load process, as `bench drop` runs them.

`python -m tests.bench.wire serve POSTGRES NATS` prints its ports; `… load` prints sales per second.
Each server has a log of its own; the whole one relays it and keeps one read model.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from time import monotonic, perf_counter
from typing import Any

import asyncpg
import grpc
import uvloop

from roadcase.api.v1 import common_pb2, ticketing_pb2, ticketing_pb2_grpc
from roadcase.auth import Signer, Verifier
from roadcase.dispatch import Dispatcher
from roadcase.embedded import Embedded
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.rpc import Call, RpcServer, rpc
from roadcase.running import running
from roadcase.secret import Secret
from roadcase.service import Tools
from roadcase.stream.stream import connect
from services.ticketing.api.rpc import TicketingRpc
from services.ticketing.service import TICKETING

TENANT = "acme"
SCOPES = ("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read")
SECRET = Secret("x" * 32)
PRICE = common_pb2.Money(minor=1200, currency="EUR")


class Echo(TicketingRpc):
    """The same doors, and nothing behind them."""

    @rpc("ticketing:sell", mutates=True)
    async def SellTickets(self, request: Any, call: Call) -> Any:  # noqa: N802
        call.identity.require("ticketing:confirm")
        return ticketing_pb2.Order(order=request.order)


async def serve(postgres: str, nats: str | None) -> None:
    """With NATS, as `roadcase up` does, but for one read model; without, the sale and no more."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    verifier = Verifier({"main": SECRET.signing_key("tokens").public_key()})
    async with AsyncExitStack() as stack:
        if nats:
            one = replace(
                TICKETING, projections=TICKETING.projections[:1], reactions=(), workers=()
            )
            client = await connect(nats)
            this = await stack.enter_async_context(running(one, postgres, client, SECRET))
            while this.not_ready:  # noqa: ASYNC110 - a reason, not an event
                await asyncio.sleep(0.01)
            dispatch = this.dispatch
        else:
            log = PostgresLog(postgres, "ticketing")
            dispatch = Dispatcher(log, TICKETING.deciders, secret=SECRET.key("requests"))
            task = asyncio.create_task(dispatch.run())
            stack.callback(task.cancel)
        ports = []
        for servicer in (TicketingRpc, Echo):
            server = RpcServer(verifier, ready=dict, port=0)
            server.mount(servicer(Tools(SECRET)), name="ticketing", dispatch=dispatch, reads=None)
            await server.start()
            stack.push_async_callback(server.stop)
            ports.append(server.port)
        say({"grpc": ports[0], "echo": ports[1]})
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


class Wire:
    """The server process, and the load that is put on it."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self.runs = 0
        self.oversold = 0

    @classmethod
    @asynccontextmanager
    async def serving(cls, servers: Embedded, *, whole: bool) -> AsyncIterator[Wire]:
        name = "whole" if whole else "bare"
        url = f"{servers.postgres_url.rpartition('/')[0]}/{name}"
        connection = await asyncpg.connect(servers.postgres_url)
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        await migrate(url, "ticketing")
        process = await _python("serve", url, *([servers.nats_url] if whole else []))
        try:
            yield cls(json.loads(await process.stdout.readline()))
        finally:
            process.stdin.close()
            await process.wait()

    async def load(self, name: str, seconds: float) -> float:
        """Sales per second of `grpc_echo`, `grpc_unary` or `grpc_stream`, from a process."""
        self.runs += 1
        stream = name == "grpc_stream"
        process = await _python(
            "load", f"--port={self.ports['echo' if name == 'grpc_echo' else 'grpc']}",
            f"--mode={name.removeprefix('grpc_')}", f"--seconds={seconds}",
            f"--connections={16 if stream else 64}", f"--run=r{self.runs}",
        )  # fmt: skip
        out, _ = await process.communicate()
        said = json.loads(out)
        self.oversold += said["oversold"]
        return float(said["per_second"])


async def _python(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.wire", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


class Load:
    """Calls for some seconds: three in four are new sales, the others retries and refusals."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.seconds = arguments.seconds
        self.mode = arguments.mode
        self.run = arguments.run
        signer = Signer("main", SECRET.signing_key("tokens"))
        self.token = ("authorization", f"Bearer {signer.sign(TENANT, 'partner_7', SCOPES)}")
        self.channels = [
            grpc.aio.insecure_channel(
                f"127.0.0.1:{arguments.port}", options=[("grpc.use_local_subchannel_pool", 1)]
            )
            for _ in range(4)
        ]
        self.stubs = [ticketing_pb2_grpc.TicketingStub(channel) for channel in self.channels]
        self.sold = self.refused = self.replayed = self.oversold = 0
        self.until = 0.0

    def sale(self, number: int, turn: int) -> tuple[str, Any]:
        kind = turn % 20
        wanted = "gone" if kind < 3 else "standard"
        order = f"{self.run}_{number}_{turn - 2 if 13 <= kind < 15 else turn}"
        request = ticketing_pb2.SellTicketsRequest(
            occurrence="drop",
            order=order,
            lines=[ticketing_pb2.Line(ticket_type=wanted, quantity=1)],
            payment_reference=f"pay_{order}_0123456789",
            amount=PRICE,
            subject=f"sub_{number:08}",
            channel=2,
        )
        return f"{wanted}:{order}", request

    async def unary(self, number: int) -> None:
        stub, turn = self.stubs[number % len(self.stubs)], 0
        while monotonic() < self.until:
            key, request = self.sale(number, turn)
            kind = turn % 20
            turn += 1
            try:
                await stub.SellTickets(request, metadata=(self.token, ("idempotency-key", key)))
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
                    raise
                self.refused += 1
            else:
                self.count(kind)

    async def stream(self, number: int, size: int = 64) -> None:
        stub, turn = self.stubs[number % len(self.stubs)], 0
        call = stub.SellStream(metadata=(self.token,))
        while monotonic() < self.until:
            items = []
            for ahead in range(size):
                key, request = self.sale(number, turn + ahead)
                items.append(ticketing_pb2.SellStreamItem(idempotency_key=key, sale=request))
            await call.write(ticketing_pb2.SellStreamRequest(items=items))
            answer = await call.read()
            for result in answer.results:
                if result.HasField("error"):
                    assert result.error.reason == "ticketing.sold_out", result.error
                    self.refused += 1
                else:
                    self.count(turn % 20)
                turn += 1
        await call.done_writing()

    def count(self, kind: int) -> None:
        """A success. The echo refuses nobody: of its calls too, three in four count as sales."""
        if 13 <= kind < 15:
            self.replayed += 1
        elif kind >= 3:
            self.sold += 1
        elif self.mode != "echo":
            self.oversold += 1

    async def measure(self, connections: int) -> None:
        await self.open()
        started = perf_counter()
        self.until = monotonic() + self.seconds
        job = self.stream if self.mode == "stream" else self.unary
        await asyncio.gather(*(job(number) for number in range(connections)))
        took = perf_counter() - started
        say({"per_second": self.sold / took, "oversold": self.oversold})
        for channel in self.channels:
            await channel.close(None)

    async def open(self) -> None:
        kinds = [
            ticketing_pb2.TicketType(id=name, name=name, price=PRICE, seller="s1", draws={pool: 1})
            for name, pool in (("standard", "room"), ("gone", "nothing"))
        ]
        request = ticketing_pb2.OpenBoxOfficeRequest(
            occurrence="drop", name="Drop", starts_at="2027-01-01T20:00", zone="Europe/Berlin",
            ends_at="2027-01-01T22:00", pools={"room": 10_000_000, "nothing": 0},
            ticket_types=kinds,
        )  # fmt: skip
        metadata = (self.token, ("idempotency-key", "open"))
        await self.stubs[0].OpenBoxOffice(request, metadata=metadata)


async def load(arguments: argparse.Namespace) -> None:
    await Load(arguments).measure(arguments.connections)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["serve", "load"])
    parser.add_argument("servers", nargs="*")
    parser.add_argument("--port", type=int)
    parser.add_argument("--mode", choices=["echo", "unary", "stream"], default="unary")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--run", default="r")
    arguments = parser.parse_args()
    if arguments.what == "serve":
        uvloop.run(serve(*[*arguments.servers, None][:2]))
    else:
        gc.freeze()
        uvloop.run(load(arguments))


if __name__ == "__main__":
    main()
