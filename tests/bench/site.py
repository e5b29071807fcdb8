"""Roadcase as a user starts it, `roadcase up` in a process of its own, and what it weighs."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from roadcase.api.v1 import common_pb2, ticketing_pb2
from roadcase.client import Roadcase
from roadcase.secret import Secret
from roadcase.servers import servers
from roadcase.settings import read
from roadcase.testing import tokens
from tests.bench.fill import PRICE, TENANT

SECRET = "x" * 32
MONEY = common_pb2.Money(minor=PRICE.minor, currency=PRICE.currency)
SCOPES = ("ticketing:plan", "ticketing:sell", "ticketing:confirm", "ticketing:read")


async def token(data: Path, scopes: Sequence[str] = SCOPES) -> str:
    """For the installation that runs on this data folder."""
    async with servers(read(data=data, secret=SECRET), join=True) as found:
        return await tokens.token(found.postgres_url, Secret(SECRET), TENANT, "partner_7", scopes)


@asynccontextmanager
async def site(data: Path) -> AsyncIterator[tuple[str, int]]:
    """Where its gRPC door is, and its process; from the moment at which it says "ready"."""
    async with http_site(data) as (_, grpc, pid):
        yield grpc, pid


@asynccontextmanager
async def http_site(data: Path) -> AsyncIterator[tuple[str, str, int]]:
    """The same, with its HTTP door first."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "roadcase", "up", "--http-port", "0", "--grpc-port", "0",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "ROADCASE_DATA": str(data), "ROADCASE_SECRET": SECRET},
    )  # fmt: skip
    said = b""
    try:
        async for line in process.stdout:
            said += line
            if found := re.search(rb"http://(\S+) +grpc (\S+:\d+)", line):
                yield found[1].decode(), found[2].decode(), process.pid
                break
        else:
            raise RuntimeError(said.decode())
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


async def open_night(client: Roadcase, occurrence: str) -> None:
    await client.open_box_office(
        ticketing_pb2.OpenBoxOfficeRequest(
            occurrence=occurrence, name="Microcinema", zone="Europe/Berlin",
            starts_at="2027-01-01T20:00", ends_at="2027-01-01T22:00", pools={"room": 10_000_000},
            ticket_types=[
                ticketing_pb2.TicketType(
                    id="standard", name="Standard", price=MONEY, seller="seller_1",
                    draws={"room": 1},
                )
            ],
        ),
        key=f"open {occurrence}",
    )  # fmt: skip


def megabytes(pid: int) -> dict[str, float]:
    """PSS of a process and all that it started, by program."""
    sums: dict[str, float] = {}
    root = psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        try:
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            program = "roadcase" if process.pid == pid else process.name()
        except (FileNotFoundError, ProcessLookupError, psutil.NoSuchProcess):  # it ended meanwhile
            continue
        kib = int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1])
        sums[program] = sums.get(program, 0.0) + kib / 1024
    return sums
