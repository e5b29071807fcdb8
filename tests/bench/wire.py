"""Sales over gRPC: a server process and a load process, as `bench drop` runs them.

`python -m tests.bench.wire POSTGRES [NATS]` prints its ports; `calls.py` puts load on them.
Each server has a log of its own; beside the whole one a second process relays it and keeps one
read model, as services do that are told `follow=apart`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import uvloop

from roadcase.api.v1 import ticketing_pb2
from roadcase.auth import Verifier
from roadcase.dispatch import Dispatcher
from roadcase.embedded import Embedded
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.rpc import Call, RpcServer, rpc
from roadcase.running import running
from roadcase.service import Tools
from roadcase.settings import Settings
from roadcase.stream.stream import connect
from services.ticketing.api.rpc import TicketingRpc
from services.ticketing.service import TICKETING
from tests.bench.calls import SECRET, say
from tests.bench.report import as_in_service

ONE = replace(TICKETING, projections=TICKETING.projections[:1], reactions=(), workers=())


class Echo(TicketingRpc):
    """The same doors, and nothing behind them."""

    @rpc("ticketing:sell", mutates=True)
    async def SellTickets(self, request: Any, call: Call) -> Any:  # noqa: N802
        call.identity.require("ticketing:confirm")
        return ticketing_pb2.Order(order=request.order)


async def follow(postgres: str, nats: str) -> None:
    """Relay and one read model, until told to stop."""
    client = await connect(nats)
    async with running(ONE, postgres, client, SECRET, Settings(follow="only")):
        say({})
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def serve(postgres: str, nats: str | None) -> None:
    """With NATS, as a service does whose followers are apart; without, the sale and no more."""
    verifier = Verifier({"main": SECRET.signing_key("tokens").public_key()})
    async with AsyncExitStack() as stack:
        if nats:
            client, folder = await connect(nats), stack.enter_context(TemporaryDirectory())
            settings = Settings(follow="apart", data=Path(folder))
            begin = running(ONE, postgres, client, SECRET, settings)
            this = await stack.enter_async_context(begin)
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
        told = [url, servers.nats_url] if whole else [url]
        processes = [await _python("wire", *told)]
        if whole:
            processes.append(await _python("wire", *told, "--follow"))
        try:
            ports, *_ = [json.loads(await each.stdout.readline()) for each in processes]
            yield cls(ports)
        finally:
            for each in processes:
                each.stdin.close()
                await each.wait()

    async def load(self, name: str, seconds: float) -> float:
        """Sales per second of `grpc_echo`, `grpc_unary` or `grpc_stream`, from a process."""
        self.runs += 1
        stream = name == "grpc_stream"
        process = await _python(
            "calls", f"--port={self.ports['echo' if name == 'grpc_echo' else 'grpc']}",
            f"--mode={name.removeprefix('grpc_')}", f"--seconds={seconds}",
            f"--connections={16 if stream else 64}", f"--run=r{self.runs}",
        )  # fmt: skip
        out, _ = await process.communicate()
        said = json.loads(out)
        self.oversold += said["oversold"]
        return float(said["per_second"])


async def _python(module: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.bench.{module}", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("postgres")
    parser.add_argument("nats", nargs="?")
    parser.add_argument("--follow", action="store_true")
    arguments = parser.parse_args()
    as_in_service()
    doing = follow if arguments.follow else serve
    uvloop.run(doing(arguments.postgres, arguments.nats))


if __name__ == "__main__":
    main()
