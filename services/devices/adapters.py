"""The printer at the other end of a TCP connection, as on port 9100."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Literal, NamedTuple, Protocol, cast

from services.devices.events import Paper

_QUICK_ACK: Final[int | None] = getattr(socket, "TCP_QUICKACK", None)
_DLE_EOT: Final = b"\x10\x04"
_OFF_LINE: Final = 0x08  # DLE EOT 1
_COVER, _PAPER_STOP, _ERROR = 0x04, 0x20, 0x40  # DLE EOT 2
_NEAR_END, _END = 0x0C, 0x60  # DLE EOT 4
_STATUS_BITS, _STATUS, _PUSHED = 0x93, 0x12, 0x10  # what tells the kinds of answers apart
_LONG, _PROCESS_ID = 0x37, 0x22
_SIZES: Final = {_PROCESS_ID: 7, 0x25: 3}  # of the long answers, by their second byte


class Away(Exception):
    """The printer was not reached, hung up, or answers nothing at all: then it is `silent`."""

    def __init__(self, why: str, *, silent: bool = False) -> None:
        super().__init__(why)
        self.silent = silent


class Condition(NamedTuple):
    """How a printer says it is. `stopped`: off line for another reason than paper or cover."""

    paper: Paper = "ok"
    cover: Literal["closed", "open"] = "closed"
    stopped: bool = False

    @property
    def ready(self) -> bool:
        return self.paper != "out" and self.cover == "closed" and not self.stopped


class PrinterLink(Protocol):
    """One connection. What was sent before it was lost may have arrived, in part or as a whole.

    Answers come in the order of the jobs that asked for them. `lost` says why, once it is.
    """

    lost: str | None

    async def condition(self) -> Condition:
        """What the printer says right now, also while it prints. Raises Away."""

    def send(self, data: bytes) -> bool:
        """Hand bytes to the network, in order. False: the link was lost, and none of them left."""

    def answers(self) -> list[bytes]:
        """The process ids that it answered since it was last asked."""

    async def close(self) -> None:
        """Hang up. What was sent goes out first, if it goes out quickly."""


Connect = Callable[[str, Callable[[], None]], Awaitable[PrinterLink]]
"""Makes a link to an address; the function is called when there is something new. Raises Away."""


async def connect_tcp(
    address: str, wake: Callable[[], None], *, patience: float = 2.0
) -> PrinterLink:
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(patience):
            _, link = await loop.create_connection(
                lambda: TcpPrinter(wake, patience), host.strip("[]"), int(port)
            )
    except (OSError, TimeoutError, OverflowError) as error:
        raise Away(f"{address}: {error or 'no answer'}") from error
    return link


class TcpPrinter(asyncio.Protocol):
    """`PrinterLink` over TCP. `patience`: seconds for an answer to a question about its status."""

    def __init__(self, wake: Callable[[], None], patience: float) -> None:
        self.lost: str | None = None
        self._wake = wake
        self._patience = patience
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._asked: deque[asyncio.Future[int]] = deque()
        self._answers: list[bytes] = []
        self._gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not checked by its type: uvloop's transports are of no class of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._lose(str(error or "closed by the printer"))
        self._gone.set()

    def eof_received(self) -> None:
        self._lose("closed by the printer")

    def data_received(self, data: bytes) -> None:
        self._acknowledge()
        self._received += data
        while size := self._understood():
            del self._received[:size]
        self._wake()

    async def condition(self) -> Condition:
        """One question after the other, so that each answer is acknowledged by the next."""
        try:
            async with asyncio.timeout(self._patience):
                printer = await self._ask(1)
                cause = await self._ask(2) if printer & _OFF_LINE else _STATUS
                return _condition(printer, cause, await self._ask(4))
        except TimeoutError as error:
            self._lose("does not tell its status")
            raise Away("it does not tell its status", silent=True) from error

    async def _ask(self, number: int) -> int:
        """DLE EOT."""
        self.send(_DLE_EOT + bytes([number]))
        if self.lost:
            raise Away(self.lost)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        return await answer

    def send(self, data: bytes) -> bool:
        if self.lost or self._transport is None or self._transport.is_closing():
            self._lose("closed")
            return False
        self._transport.write(data)
        return True

    def answers(self) -> list[bytes]:
        found, self._answers = self._answers, []
        return found

    async def close(self) -> None:
        if self._transport is None:
            return
        self._transport.close()
        try:
            async with asyncio.timeout(0.2):
                await self._gone.wait()
        except TimeoutError:
            self._transport.abort()

    def _acknowledge(self) -> None:
        """At once, where that can be asked for (Linux): else its next answer is 40 ms late.

        A sender holds back a small packet until the last one is acknowledged (RFC 896), and the
        receiver puts that off.
        """
        sock = self._transport.get_extra_info("socket") if self._transport else None
        if sock is not None and _QUICK_ACK is not None:
            sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)

    def _lose(self, why: str) -> None:
        self.lost = self.lost or why
        while self._asked:
            asked = self._asked.popleft()
            if not asked.done():
                asked.set_exception(Away(self.lost))
                asked.exception()  # it may be that nobody waits any more
        self._wake()

    def _understood(self) -> int:
        """How many bytes the first answer takes; 0 while it is not there as a whole."""
        data = self._received
        if not data:
            return 0
        first = data[0]
        if first == _LONG:
            size = _SIZES.get(data[1], 1) if len(data) > 1 else 2
            if size <= len(data) and data[1] == _PROCESS_ID:
                self._answers.append(bytes(data[2:6]))
            return size if size <= len(data) else 0
        if first & _STATUS_BITS == _STATUS:
            if self._asked and not (asked := self._asked.popleft()).done():
                asked.set_result(first)
            return 1
        if first & _STATUS_BITS == _PUSHED:  # GS a, which somebody else switched on
            return 4 if len(data) >= 4 else 0  # noqa: PLR2004 - it has four bytes
        return 1


def _condition(printer: int, cause: int, sensor: int) -> Condition:
    paper: Paper = "out" if sensor & _END or cause & _PAPER_STOP else "ok"
    if paper == "ok" and sensor & _NEAR_END:
        paper = "near_end"
    cover: Literal["closed", "open"] = "open" if cause & _COVER else "closed"
    explained = paper == "out" or cover == "open"
    stopped = bool(cause & _ERROR or (printer & _OFF_LINE and not explained))
    return Condition(paper, cover, stopped)
