"""`roadcase`: run it, look into it, mend it. Every command takes `--json`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import typer

from roadcase.cli import up
from roadcase.cli.common import run_app

_GROUPS: Final = {
    "log": "log",
    "projection": "projection",
    "outbox": "outbox",
    "parked": "parked",
    "people": "people",
    "tenant": "tenant",
    "import": "importing",
    "manifest": "manifest",
    "series": "series",
    "schedule": "schedule",
    "template": "template",
    "supplier": "supplier",
    "stall": "stall",
    "kit": "kit",
    "crew": "crew",
    "show": "show",
    "token": "token",
    "report-user": "report_user",
}
_EARLY: Final = ("up", "demo")  # servers start while the rest of the program is imported


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
    """They take a while to import."""
    for name, module in _GROUPS.items():
        app.add_typer(import_module(f"roadcase.cli.{module}").app, name=name)
    from roadcase.cli import (  # noqa: PLC0415
        exporting,
        log,
        manifest,
        planning,
        projection,
        restore,
        timeline,
        tools,
    )

    restore.add_to(log.app)
    tools.add_to(app)
    planning.add_to(app)
    timeline.add_to(app)
    app.command()(manifest.explain)
    app.command()(projection.replay)
    app.command()(exporting.export)
