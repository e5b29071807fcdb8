"""`roadcase up`: everything in one process, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from roadcase.cli.common import Json, out, run
from roadcase.demo.show import Wanted, show
from roadcase.process import READY
from roadcase.run import Site, up
from roadcase.settings import read
from roadcase.split import Doors, up_split


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

    run(up_split(settings, all_ready) if split else up(settings, ready))


def _say_ready(text: str) -> None:
    out.print(f"[green]{READY}[/green]  {text}", soft_wrap=True, highlight=False)


def run_demo(
    once: Annotated[bool, typer.Option("--once", help="End when it is over.")] = False,
    calm: Annotated[bool, typer.Option("--calm", help="Kill nothing.")] = False,
    guests: Annotated[int, typer.Option(help="How many come.")] = 2000,
    data: Annotated[Path, typer.Option(help="The data folder.")] = Path(".roadcase/demo"),
    as_json: Json = False,
) -> None:
    """Sell out a screening of 300 seats to a crowd, with servers killed in the middle."""
    run(show(Wanted(once=once, calm=calm, as_json=as_json, guests=guests, data=data)))
