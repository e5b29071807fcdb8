"""`roadcase doctor, printer, bench`: tools around a running installation."""

from __future__ import annotations

import importlib
import shutil
import sys
from typing import Any

import typer

from roadcase import clock
from roadcase.cli.common import Json, answer, out, run, table
from roadcase.errors import Invalid, RoadcaseError
from roadcase.event_store.connections import connect, connected
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.parked import ParkedEvents
from roadcase.platform.logs import find_logs
from roadcase.process import FOUND_WRONG
from roadcase.projector import progress
from roadcase.servers import servers
from roadcase.service import Service
from roadcase.settings import read
from roadcase.stream.stream import Stream
from roadcase.stream.stream import connect as connect_nats

_BENCHES: tuple[str, ...] = (
    "drop",
    "print",
    "lag",
    "replay",
    "start",
    "memory",
    "grow",
    "tail",
)
_FAR = 10_000  # events behind: more is worth a look


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(context_settings=passed_on, add_help_option=False)(printer)
    app.command(context_settings=passed_on)(bench)


def doctor(as_json: Json = False) -> None:
    """What runs, how far everything has come, what needs a hand. Exit code 1 if anything does."""

    async def work() -> int:
        rows = await _examine()
        bad = [row for row in rows if row["verdict"] != "ok"]
        answer(rows, as_json=as_json, shown=lambda: table("doctor", rows))
        return FOUND_WRONG if bad else 0

    run(work())


async def _examine() -> list[dict[str, Any]]:
    settings = read()
    rows: list[dict[str, Any]] = []

    def found(what: str, state: object, *, ok: bool = True, do: str = "") -> None:
        verdict = ("ok", "") if ok else ("look", do)
        rows.append({"what": what, "state": state, "verdict": verdict[0], "do": verdict[1]})

    disk = shutil.disk_usage(settings.data if settings.data.exists() else ".")
    found("disk", f"{disk.free >> 30} GiB free", ok=disk.free > 1 << 30, do="make room")
    async with servers(settings, join=True) as there:
        connection = await connect(there.postgres_url)
        version, at = await connection.fetchrow("SELECT version(), clock_timestamp()") or ("", None)
        await connection.close()
        found("PostgreSQL", str(version).split(" on ")[0])
        ahead = abs((clock.now() - at).total_seconds()) if at else 0.0
        found("clock", f"{ahead:.3f} s from the database", ok=ahead < 1, do="set the clock")
        client = await connect_nats(there.nats_url)
        version = client.connected_server_version
        found("NATS", f"NATS {version.major}.{version.minor}.{version.patch}")
        for service in find_logs():
            await migrate(there.postgres_url, service.name)
            async with PostgresLog(there.postgres_url, service.name) as log:
                await _examine_service(service, log, Stream(client, log), there.postgres_url, found)
        await client.close()
    return rows


async def _examine_service(
    service: Service, log: PostgresLog, stream: Stream, url: str, found: Any
) -> None:
    name, head = service.name, await log.head()
    found(f"{name} log", f"{head.position:,} events")
    try:
        await stream.recognise(head)
        behind = head.position - await stream.last()
        found(f"{name} stream", f"{behind:,} behind", ok=behind < _FAR, do="see the relay's log")
    except RoadcaseError as error:
        found(f"{name} stream", error.code, ok=False, do=str(error))
    async with connected(url, log.role) as pool:
        for each in (await progress(pool, name)).values():
            behind = head.position - each.position
            state = each.stopped or f"{behind:,} behind"
            found(
                f"{name} read model {each.name}",
                state,
                ok=not each.stopped and behind < _FAR,
                do="mend it, then `roadcase projection rebuild`",
            )
        waiting = len(await ParkedEvents(pool, name).listed())
        found(f"{name} parked", waiting, ok=not waiting, do="`roadcase parked list`")


def printer(context: typer.Context) -> None:
    """A virtual receipt printer in a process of its own; `--help` tells its options."""
    module = importlib.import_module("roadcase.testing.printer.__main__")
    sys.argv = ["roadcase printer", *context.args]
    raise typer.Exit(module.main(context.args) or 0)


def bench(context: typer.Context) -> None:
    """Measure, each figure beside its anchor from the same run. A missed floor fails.

    First the name of a bench: drop, print, lag, replay, start, memory, grow, tail; none: all.
    Then --quick, --json, or --data FOLDER for a folder on the disk to be measured.
    """
    named = bool(context.args) and not context.args[0].startswith("-")
    names: tuple[str, ...] = _BENCHES
    options = context.args
    if named:
        names, options = (context.args[0],), context.args[1:]
    failed = 0
    for each in names:
        if each not in _BENCHES:
            raise Invalid(f"there is no bench {each}; there are {', '.join(_BENCHES)}")
        try:
            module = importlib.import_module(f"tests.bench.{each}")
        except ModuleNotFoundError as error:
            raise Invalid("benches run in a checkout of the project") from error
        out.rule(f"bench {each}")
        sys.argv = [f"roadcase bench {each}", *options]
        failed |= module.main()
    raise typer.Exit(failed)
