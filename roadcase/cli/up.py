"""`roadcase up`: everything in one process, until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from roadcase.cli.common import Json, out, run
from roadcase.process import READY
from roadcase.servers import servers
from roadcase.settings import Settings, read

if TYPE_CHECKING:
    from roadcase.run import Site
    from roadcase.split import Doors


def add_to(app: typer.Typer) -> None:
    app.command(name="up")(run_up)
    app.command(name="demo")(run_demo)


def run_up(
    data: Annotated[Path | None, typer.Option(help="The data folder.")] = None,
    http_port: Annotated[int | None, typer.Option(help="Where HTTP listens; 0: anywhere.")] = None,
    grpc_port: Annotated[int | None, typer.Option(help="Where gRPC listens; 0: anywhere.")] = None,
    services: Annotated[str | None, typer.Option(help="Only these, separated by commas.")] = None,
    split: Annotated[bool, typer.Option("--split", help="A process for each service.")] = False,
) -> None:
    """Start PostgreSQL, NATS and every service, and keep them running.

    With --split each service has ports of its own, counted from the ones given.
    """
    settings = read(data=data, http_port=http_port, grpc_port=grpc_port, services=services)

    def ready(site: Site) -> None:
        _say_ready(f"http://{site.http}  grpc {site.grpc}  Ctrl-C stops")

    def all_ready(services: Mapping[str, Doors]) -> None:
        for name, doors in services.items():
            _say_ready(f"{name:12} http://{doors.http}  grpc {doors.grpc}")
        _say_ready("Ctrl-C stops all")

    if split:
        run(import_module("roadcase.split").up_split(settings, all_ready))
    run(_up(settings, ready))


def _say_ready(text: str) -> None:
    out.print(Text.assemble((READY, "green"), f"  {text}"), soft_wrap=True)


async def _up(settings: Settings, ready: Callable[[Site], None]) -> None:
    """The servers start while what they are for is being imported."""
    early = asyncio.get_running_loop()
    early.add_signal_handler(signal.SIGTERM, signal.raise_signal, signal.SIGINT)
    importing = asyncio.create_task(asyncio.to_thread(_imported, settings))
    async with servers(settings) as found:
        await (await importing).up(settings, ready, found)


def _imported(settings: Settings) -> Any:
    serving = import_module("roadcase.run")
    serving.find_services(settings.services)
    return serving


def run_demo(
    once: Annotated[bool, typer.Option("--once", help="End when it is over.")] = False,
    calm: Annotated[bool, typer.Option("--calm", help="Kill nothing.")] = False,
    guests: Annotated[int, typer.Option(help="How many come.")] = 2000,
    data: Annotated[Path, typer.Option(help="The data folder.")] = Path(".roadcase/demo"),
    as_json: Json = False,
) -> None:
    """Plan a night market from a file, and sell it out to a crowd while servers are killed."""
    demo = import_module("roadcase.demo.show")
    run(demo.show(demo.Wanted(once=once, calm=calm, as_json=as_json, guests=guests, data=data)))
