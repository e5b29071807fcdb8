"""The printer of the demonstration, a process of its own, and what zxing reads on its paper."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import zxingcpp
from PIL import Image

from roadcase.errors import RoadcaseError

_SPEED = 20_000  # mm/s: a hundred times a real one, so that 300 tickets take seconds
_LISTENS = re.compile(r"listens on (\S+:\d+),")


class Printer(NamedTuple):
    """Where it listens, and where its tickets come out as pictures."""

    address: str
    out: Path


@asynccontextmanager
async def printer(out: Path) -> AsyncIterator[Printer]:
    """A virtual receipt printer in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "roadcase.testing.printer", "--out", str(out)),
        *("--port", "0", "--control-port", "0", "--mm-per-s", str(_SPEED)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    said = (await process.stdout.readline()).decode()
    found = _LISTENS.search(said)
    if not found:
        raise RoadcaseError(f"the virtual printer did not start: {said}")
    try:
        yield Printer(found[1], out)
    finally:
        with suppress(ProcessLookupError):  # Ctrl-C ends it, too
            process.terminate()
        await process.wait()


def codes_in(out: Path) -> list[str]:
    """The QR codes that zxing reads from the printed pictures, in no order."""
    found: list[str] = []
    for file in sorted(out.glob("*.png")):
        with Image.open(file) as picture:
            found += [each.text for each in zxingcpp.read_barcodes(picture.convert("L"))]
    return found
