"""`roadcase up`: everything in one process, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roadcase.cli.common import out, run
from roadcase.run import Site, up
from roadcase.settings import read


def add_to(app: typer.Typer) -> None:
    app.command(name="up")(run_up)


def run_up(
    data: Annotated[Path | None, typer.Option(help="The data folder.")] = None,
    http_port: Annotated[int | None, typer.Option(help="Where HTTP listens; 0: anywhere.")] = None,
    grpc_port: Annotated[int | None, typer.Option(help="Where gRPC listens; 0: anywhere.")] = None,
    services: Annotated[str | None, typer.Option(help="Only these, separated by commas.")] = None,
) -> None:
    """Start PostgreSQL, NATS and every service, and keep them running."""
    settings = read(data=data, http_port=http_port, grpc_port=grpc_port, services=services)

    def ready(site: Site) -> None:
        out.print(f"[green]ready[/green]  http://{site.http}  grpc {site.grpc}  Ctrl-C stops")

    run(up(settings, ready))
