"""What the printer tests share: a printer, a way to talk to it, and readers that are not ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from roadcase.testing.printer import Settings, VirtualPrinter, virtual_printer

CUT = b"\x1dV\x00"


def process_id(name: bytes) -> bytes:
    return b"\x1d(H\x06\x0000" + name


@dataclass
class Bench:
    """A printer on loopback, and what came out of it."""

    printer: VirtualPrinter
    out: Path
    host: str
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.printer.port

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        self.writers.append(writer)
        return reader, writer

    async def print(self, data: bytes, name: bytes = b"test") -> None:
        """Sends a job and waits until the printer says that it is on paper."""
        reader, writer = await self.connect()
        writer.write(data + process_id(name))
        async with asyncio.timeout(10):
            await reader.readuntil(b"\x37\x22" + name + b"\0")
        writer.close()

    async def control(self, method: str, target: str, *headers: str) -> tuple[int, dict[str, Any]]:
        reader, writer = await asyncio.open_connection(self.host, self.printer.control_port)
        head = "".join(f"{line}\r\n" for line in (f"{method} {target} HTTP/1.1", *headers))
        writer.write(f"{head}\r\n".encode())
        answer = await reader.read()
        writer.close()
        return int(answer.split(b" ")[1]), json.loads(answer.partition(b"\r\n\r\n")[2])

    async def faults(self, **wanted: object) -> None:
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        code, body = await self.control("POST", f"/faults?{query}")
        assert code == 200, body

    async def until(self, **counts: int) -> None:
        """Waits until the printer has counted so much."""
        async with asyncio.timeout(10):
            while not self._counted(counts):  # noqa: ASYNC110 - the printer is looked at from outside
                await asyncio.sleep(0.005)

    def _counted(self, counts: dict[str, int]) -> bool:
        return all(self.printer.machine.counts[name] >= n for name, n in counts.items())

    def tickets(self) -> list[dict[str, Any]]:
        lines = (self.out / "index.jsonl").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["event"] == "ticket"]

    def picture(self, number: int = 1) -> Image.Image:
        with Image.open(self.out / f"{number:06d}.png") as image:
            return image.convert("L")

    def symbols(self, number: int = 1) -> list[tuple[str, str]]:
        """What zxing reads on the ticket. The paper has a white margin, the picture does not."""
        image = self.picture(number)
        paper = Image.new("L", (image.width + 80, image.height + 80), 255)
        paper.paste(image, (40, 40))
        return [(found.format.name, found.text) for found in zxingcpp.read_barcodes(paper)]


@asynccontextmanager
async def bench(out: Path, **settings: Any) -> AsyncIterator[Bench]:
    """A printer that takes no time to print unless told otherwise."""
    wanted = {"port": 0, "control_port": 0, "mm_per_s": 0.0, **settings}
    async with virtual_printer(Settings(out=out, **wanted)) as printer:
        made = Bench(printer, out, settings.get("host", "127.0.0.1"))
        try:
            yield made
        finally:
            for writer in made.writers:
                writer.transport.abort()
                with suppress(ConnectionError):
                    await writer.wait_closed()
