"""`roadcase import`: takes over what an organiser sold with another program."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from roadcase.cli.common import Json, answer, opened, out
from roadcase.dispatch import Dispatcher
from roadcase.errors import Invalid
from roadcase.keyring import open_keyring
from roadcase.secret import find_secret
from roadcase.settings import Settings, read

app = typer.Typer(help="Take over what was sold with another program.", no_args_is_help=True)
_FILE = 0o600  # it has people's addresses, and codes that let in


@app.callback()
def import_() -> None:
    """Take over what was sold with another program."""


@app.command()
def pretix(
    tenant: Annotated[str, typer.Argument(help="Who takes it over.")],
    *,
    url: Annotated[str, typer.Option(help="The address of pretix.")] = "",
    token: Annotated[str, typer.Option(help="An API token; none: from a pipe.")] = "",
    organiser: Annotated[str, typer.Option(help="Only this organiser's.")] = "",
    event: Annotated[str, typer.Option(help="Only this event.")] = "",
    export: Annotated[Path | None, typer.Option(help="Read what was saved, not pretix.")] = None,
    save: Annotated[Path | None, typer.Option(help="Save what pretix says, and end.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would be.")] = False,
    as_json: Json = False,
) -> None:
    """Events, quotas, items, vouchers, orders and tickets, whose old codes go on scanning.

    Ask again at any time: what is here already is not taken twice, and what changed in pretix
    since changes here. Nobody is written to, and nothing is printed.
    """
    if bool(url) == bool(export):
        raise Invalid("say from where: --url of a pretix, or --export of a file")
    source = importlib.import_module("services.ticketing.importing.source")
    if export is not None:
        found = source.load(export)
    else:
        found = source.at(url, token or sys.stdin.readline().strip()).read(
            organiser or None, event or None
        )
    if save is not None:
        _save(save, found)
        return
    settings = read()
    reports = _move(settings, tenant, found, dry_run=dry_run)
    answer({"events": reports}, as_json=as_json, shown=lambda: _show(reports))
    raise typer.Exit(0 if all(each.get("equal", True) for each in reports) else 1)


def _save(file: Path, found: Any) -> None:
    file.touch(_FILE)
    file.chmod(_FILE)
    file.write_text(json.dumps(found), "utf-8")
    out.print(f"saved {len(found['events'])} events in {file}; it has addresses and codes")


def _move(settings: Settings, tenant: str, found: Any, *, dry_run: bool) -> list[dict[str, Any]]:
    moving = importlib.import_module("services.ticketing.importing.moving")
    reports: list[dict[str, Any]] = []

    async def work() -> None:
        secret = find_secret(settings)
        async with (
            opened("ticketing", settings) as this,
            open_keyring(this.servers.postgres_url, secret) as keyring,
        ):
            requests = secret.key("requests/ticketing")
            dispatch = Dispatcher(this.log, this.service.deciders, secret=requests)
            move = moving.Move(tenant, secret, keyring, this.log, dispatch)
            if dry_run:
                reports.extend(moving.rehearse(found, move.hashed))
                return
            running = asyncio.create_task(dispatch.run())
            try:
                reports.extend(await move.run(found))
            finally:
                running.cancel()

    uvloop.run(work())
    return reports


def _show(reports: list[dict[str, Any]]) -> None:
    for each in reports:
        out.rule(each["event"])
        out.print(f"pretix: {each['pretix']}")
        if "here" in each:
            out.print(f"here:   {each['here']}, {each['facts']} new facts")
        for name in each["differences"]:
            out.print(f"- {name}", highlight=False)
