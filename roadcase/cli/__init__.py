"""`roadcase`: run it, look into it, mend it. Every command takes `--json`."""

from __future__ import annotations

import typer

from roadcase.cli import log, outbox, parked, projection, tools, up
from roadcase.cli.common import run_app

app = typer.Typer(
    name="roadcase",
    help="Runs creator-led micro-events on an event log.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(log.app, name="log")
app.add_typer(projection.app, name="projection")
app.add_typer(outbox.app, name="outbox")
app.add_typer(parked.app, name="parked")
up.add_to(app)
tools.add_to(app)
app.command()(projection.replay)


def main() -> None:
    run_app(app)
