"""`roadcase log`: read, check, copy out and bring back what happened."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.text import Text

from roadcase.checkpointing import file_of, kept, keys_of
from roadcase.cli.common import Json, Opened, ServiceName, answer, err, opened, out, plain, run
from roadcase.errors import Unavailable
from roadcase.event_store.checkpoints import Checkpoint
from roadcase.event_store.exported import to_line
from roadcase.event_store.records import Record, meta_of
from roadcase.event_store.verify import verify as verify_log
from roadcase.secret import find_secret
from roadcase.settings import read
from roadcase.stream.stream import connect as connect_nats

app = typer.Typer(help="Read, check and copy the log of a service.", no_args_is_help=True)
After = Annotated[int | None, typer.Option(help="Begin after this position.")]
_PAGE = 1000
_NOT_COMPARED = ". NATS is away: the stream was not compared"


@app.command()
def tail(
    service: ServiceName = "ticketing",
    after: After = None,
    count: Annotated[
        int, typer.Option("--last", "-n", help="Begin this many before the end.")
    ] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as events come.")] = False,
    as_json: Json = False,
) -> None:
    """Show the newest events, and with --follow those that come."""

    async def work() -> None:
        async with opened(service) as this:
            position = after if after is not None else (await this.log.head()).position - count
            position = max(0, position)
            while True:
                records = await this.log.read(position, _PAGE)
                for record in records:
                    _show(record, as_json=as_json)
                    position = record.position
                if not records and not follow:
                    return
                await asyncio.sleep(0 if records else 0.2)

    run(work())


@app.command()
def verify(service: ServiceName = "ticketing", as_json: Json = False) -> None:
    """Check every hash of the log, and what it was at each signed checkpoint.

    Names the first position that is altered or missing.
    """

    async def work() -> None:
        async with opened(service) as this:
            head = (await this.log.head()).position
            checkpoints, compared = await _checkpoints(this)
            with Progress(console=err, transient=True) as bar:
                task = bar.add_task(f"verifying {service}", total=head or None)
                found = await verify_log(
                    this.log,
                    checkpoints,
                    progress=lambda done, _of: bar.update(task, completed=done),
                )
            answer(
                {
                    "service": service,
                    "position": found.position,
                    "hash": found.hash,
                    "checkpoints": len(checkpoints),
                    "stream_compared": compared,
                    "ok": True,
                },
                as_json=as_json,
                shown=lambda: out.print(
                    f"{service}: {found.position:,} events, every hash holds, "
                    f"the last is {found.hash.hex()[:16]}…, as {len(checkpoints):,} checkpoints say"
                    + ("" if compared else _NOT_COMPARED)
                ),
            )

    run(work())


async def _checkpoints(this: Opened) -> tuple[list[Checkpoint], bool]:
    """Those of the file and of the stream; whether NATS was there to ask for the latter."""
    settings, name = read(), this.log.name
    keys, file = keys_of(find_secret(settings)), file_of(settings, name)
    try:
        client = await connect_nats(this.servers.nats_url)
        try:
            return await kept(file, client, name, keys), True
        finally:
            await client.close()
    except Unavailable:
        return await kept(file, None, name, keys), False


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write; one JSON object a line.")],
    service: ServiceName = "ticketing",
    after: After = None,
    as_json: Json = False,
) -> None:
    """Copy the log to a file, from which every position and hash can be checked again."""

    async def work() -> None:
        async with opened(service) as this:
            position = await _export(this, file, after or 0)
            answer(
                {"service": service, "file": str(file), "position": position},
                as_json=as_json,
                shown=lambda: out.print(
                    f"{service}: written to {file} up to position {position:,}"
                ),
            )

    run(work())


async def _export(this: Opened, file: Path, position: int) -> int:
    head = (await this.log.head()).position
    with Progress(console=err, transient=True) as bar, file.open("wb") as lines:
        task = bar.add_task(f"exporting {this.log.name}", total=head or None)
        while records := await this.log.read(position, _PAGE):
            lines.writelines(map(to_line, records))
            position = records[-1].position
            bar.update(task, completed=position)
    return position


def _show(record: Record, *, as_json: bool) -> None:
    meta = meta_of(record)
    if as_json:
        shown = plain(record) | {
            "payload": json.loads(record.payload),
            "meta": json.loads(record.meta),
        }
        print(json.dumps(shown), flush=True)
        return
    shown = Text.assemble(
        (f"{record.position:>8}", "dim"),
        f" {meta.at:%H:%M:%S.%f} ",
        (record.topic, "bold"),
        " ",
        (record.stream, "dim"),
        f" {record.payload.decode()}",
    )
    out.print(shown, soft_wrap=True)
