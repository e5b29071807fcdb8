"""`roadcase doctor, printer, bench`: tools around a running installation."""

from __future__ import annotations

import importlib
import sys
from itertools import takewhile

import typer

from roadcase.cli.common import out
from roadcase.cli.doctor import doctor
from roadcase.errors import Invalid

_BENCHES: tuple[str, ...] = (
    "drop",
    "hold",
    "print",
    "lag",
    "replay",
    "fold",
    "start",
    "memory",
    "csv",
    "grow",
    "tail",
    "seats",
    "waiting",
    "scan",
    "plan",
    "timers",
    "manifest",
)
_ALONE: tuple[str, ...] = ("pretix",)  # only by its name: it installs another program


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(context_settings=passed_on, add_help_option=False)(printer)
    app.command(context_settings=passed_on)(bench)


def printer(context: typer.Context) -> None:
    """A virtual receipt printer in a process of its own; `--help` tells its options."""
    module = importlib.import_module("roadcase.testing.printer.__main__")
    sys.argv = ["roadcase printer", *context.args]
    raise typer.Exit(module.main(context.args) or 0)


def bench(context: typer.Context) -> None:
    """Measure, each figure beside its anchor from the same run. A missed floor fails.

    First the names of benches: drop, hold, print, lag, replay, fold, start, memory, csv, grow,
    tail, seats, waiting, scan, plan, timers, manifest; none: all. And pretix, which is installed
    from PyPI for it. Then --quick, --json, or --data FOLDER for a folder on the disk to
    be measured.
    """
    names = list(takewhile(lambda each: not each.startswith("-"), context.args))
    options = context.args[len(names) :]
    for each in names:
        if each not in (*_BENCHES, *_ALONE):
            there = ", ".join((*_BENCHES, *_ALONE))
            raise Invalid(f"there is no bench {each}; there are {there}")
    failed = 0
    for each in names or _BENCHES:
        try:
            module = importlib.import_module(f"tests.bench.{each}")
        except ModuleNotFoundError as error:
            raise Invalid("benches run in a checkout of the project") from error
        out.rule(f"bench {each}")
        sys.argv = [f"roadcase bench {each}", *options]
        failed |= module.main()
    raise typer.Exit(failed)
