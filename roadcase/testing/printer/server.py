"""The printer's sockets: one for jobs, as on port 9100, and one to set faults by."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from roadcase.testing.printer.buffer import Link
from roadcase.testing.printer.control import Control
from roadcase.testing.printer.machine import Machine
from roadcase.testing.printer.profiles import PROFILES, Profile
from roadcase.testing.printer.roll import Roll

_READ = 4096
_SOCKET_BUFFER = 8192  # small, so that a full printer soon stops the sender


@dataclass(frozen=True)
class Settings:
    """
    `port` and `control_port` 0 take any free port. `mm_per_s` 0 takes no time to print.

    `second` says what happens to a connection while another one is served: it waits, or refuse
    resets it.
    """

    out: Path
    host: str = "127.0.0.1"
    port: int = 9100
    control_port: int = 10100
    mm_per_s: float = 200.0
    buffer: int = 65536
    second: str = "wait"
    profile: Profile = PROFILES["epson-80"]


@dataclass(frozen=True)
class VirtualPrinter:
    machine: Machine
    port: int
    control_port: int


@asynccontextmanager
async def virtual_printer(settings: Settings) -> AsyncIterator[VirtualPrinter]:
    """A printer that prints and listens until the block ends."""
    async with AsyncExitStack() as stack:
        machine = await stack.enter_async_context(
            Machine(
                settings.profile,
                Roll(settings.out),
                speed=settings.mm_per_s,
                capacity=settings.buffer,
            )
        )
        jobs = _listen(settings.host, settings.port)
        faults = _listen(settings.host, settings.control_port)
        for sock, serve in (
            (jobs, _Jobs(machine, refuse=settings.second == "refuse").serve),
            (faults, Control(machine).serve),
        ):
            server = await asyncio.start_server(serve, sock=sock, limit=_READ)
            stack.push_async_callback(server.wait_closed)
            stack.callback(server.close)
        stack.callback(machine.disconnect)
        yield VirtualPrinter(machine, jobs.getsockname()[1], faults.getsockname()[1])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SOCKET_BUFFER)  # accepted ones inherit it
    sock.bind((host, port))
    return sock


class _Jobs:
    """Serves one connection at a time, as printers do."""

    def __init__(self, machine: Machine, *, refuse: bool) -> None:
        self._machine = machine
        self._refuse = refuse
        self._turn = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(partial(_send, writer), partial(_reset, writer))
        if self._refuse and self._turn.locked():
            link.abort()
            return
        self._machine.connect(link)
        try:
            async with self._turn:
                await self._listen(link, reader)
        except ConnectionError:
            pass
        finally:
            self._machine.hang_up(link)
            writer.close()

    async def _listen(self, link: Link, reader: asyncio.StreamReader) -> None:
        machine = self._machine
        while data := await reader.read(_READ):
            urgent = machine.hear(link, data)
            left = machine.state.drop_after
            if left is not None:
                left -= len(data) - urgent
                machine.state.drop_after = left if left > 0 else None
                data = data[: len(data) + min(left, 0)]
            await machine.receive(link, data)
            if left is not None and left <= 0:
                link.abort()
                return


def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)


def _reset(writer: asyncio.StreamWriter) -> None:
    """The peer gets a reset, not an orderly end: lingering for no time does that (socket(7))."""
    sock = writer.get_extra_info("socket")
    if sock is not None and not writer.is_closing():
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
