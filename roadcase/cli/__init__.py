"""`roadcase`: run it, look into it, mend it. Every command takes `--json`."""

from __future__ import annotations

import sys

import typer

from roadcase.cli import up
from roadcase.cli.common import run_app

_EARLY = ("up", "demo")  # their servers start while the rest of the program is being imported


def main() -> None:
    app = typer.Typer(
        name="roadcase",
        help="Runs creator-led micro-events on an event log.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    up.add_to(app)
    if not {*sys.argv[1:2]} & {*_EARLY}:
        _add_others(app)
    run_app(app)


def _add_others(app: typer.Typer) -> None:
    from roadcase.cli import (  # noqa: PLC0415 - they take a while
        exporting,
        importing,
        log,
        manifest,
        outbox,
        parked,
        people,
        planning,
        projection,
        report_user,
        restore,
        template,
        tenant,
        token,
        tools,
    )

    restore.add_to(log.app)
    app.add_typer(log.app, name="log")
    app.add_typer(projection.app, name="projection")
    app.add_typer(outbox.app, name="outbox")
    app.add_typer(parked.app, name="parked")
    app.add_typer(people.app, name="people")
    app.add_typer(tenant.app, name="tenant")
    app.add_typer(importing.app, name="import")
    app.add_typer(manifest.app, name="manifest")
    app.command()(manifest.explain)
    app.add_typer(template.app, name="template")
    app.add_typer(token.app, name="token")
    app.add_typer(report_user.app, name="report-user")
    tools.add_to(app)
    planning.add_to(app)
    app.command()(projection.replay)
    app.command()(exporting.export)
