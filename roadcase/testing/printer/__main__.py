from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from roadcase.testing.printer import PROFILES, Settings, virtual_printer


async def serve(settings: Settings) -> None:
    """Runs a printer until SIGINT or SIGTERM. Says on stdout where it listens."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with virtual_printer(settings) as printer:
        sys.stdout.write(
            f"{settings.profile.model} listens on {settings.host}:{printer.port}, "
            f"control on http://{settings.host}:{printer.control_port}, "
            f"tickets go to {settings.out}\n"
        )
        sys.stdout.flush()
        await stop.wait()


def main(argv: Sequence[str] | None = None) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(_settings(argv)))


def _settings(argv: Sequence[str] | None) -> Settings:
    ask = argparse.ArgumentParser(
        prog="roadcase printer", description="A virtual ESC/POS receipt printer."
    )
    ask.add_argument("--out", type=Path, required=True, help="folder for the printed tickets")
    ask.add_argument("--host", default=Settings.host, help="loopback unless told otherwise")
    ask.add_argument("--port", type=int, default=Settings.port)
    ask.add_argument("--control-port", type=int, default=Settings.control_port)
    ask.add_argument("--mm-per-s", type=float, default=Settings.mm_per_s, help="0 takes no time")
    ask.add_argument("--buffer", type=int, default=Settings.buffer, help="receive buffer, bytes")
    ask.add_argument("--second", choices=["wait", "refuse"], default=Settings.second)
    ask.add_argument("--profile", choices=list(PROFILES), default="epson-80")
    ask.add_argument("--width", type=int, help="dots, instead of the profile's")
    given = vars(ask.parse_args(argv))
    profile, width = PROFILES[given.pop("profile")], given.pop("width")
    return Settings(profile=replace(profile, width=width) if width else profile, **given)


if __name__ == "__main__":
    main()
