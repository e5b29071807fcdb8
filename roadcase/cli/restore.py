"""`roadcase log import` and `heal`: a log comes back from a file, or from its stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from roadcase.cli.common import Json, Opened, ServiceName, answer, err, opened, out, run
from roadcase.errors import Invalid, Unavailable
from roadcase.event_store.connections import connect
from roadcase.event_store.exported import check_exported, read_exported
from roadcase.event_store.migrate import migrate
from roadcase.event_store.records import Record
from roadcase.heal import heal as heal_log
from roadcase.heard import Checkpoint, consumer_of
from roadcase.restore import Restored, restore
from roadcase.service import find_services
from roadcase.stream.stream import connect as connect_nats

_TRIES, _PAUSE = 20, 0.1  # looks at who is connected, seconds between them
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'roadcase' AND pid <> pg_backend_pid()"
)


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_)
    app.command()(heal)


def heal(service: ServiceName = "ticketing", as_json: Json = False) -> None:
    """Bring back from the stream what a database restored from an older copy has lost."""

    async def work() -> None:
        async with opened(service) as this:
            client = await connect_nats(this.servers.nats_url)
            try:
                with _bar(f"healing {service}") as told:
                    found = await heal_log(this.log, this.service.deciders, client, told)
            finally:
                await client.close()
            _tell(found, as_json=as_json)

    run(work())


def import_(
    file: Annotated[Path, typer.Argument(help="What `roadcase log export` wrote.")],
    service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:
    """Read an exported log into an empty one; run it again to go on where it was interrupted.

    Nobody reacts to what is imported: it has happened already.
    """
    if not file.is_file():
        raise Invalid(f"there is no file {file}")

    async def work() -> None:
        last = await asyncio.to_thread(check_exported, file)
        async with opened(service) as this:
            await _alone(this)
            with _bar(f"importing {service}", last.position) as told:
                records = _silently(this, file)
                found = await restore(this.log, this.service.deciders, records, told)
            _tell(found, as_json=as_json)

    run(work())


def _tell(found: Restored, *, as_json: bool) -> None:
    answer(
        found,
        as_json=as_json,
        shown=lambda: out.print(
            f"{found.service}: {found.events:,} events brought back, "
            f"the log ends at position {found.position:,}"
        ),
    )


@contextmanager
def _bar(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda position: bar.update(task, completed=position)


async def _alone(this: Opened) -> None:
    """Raises Unavailable while a process runs that would react to what is imported."""
    connection = await connect(this.servers.postgres_url)
    try:
        for _ in range(_TRIES):
            if not await connection.fetchval(_OTHERS):
                return
            await asyncio.sleep(_PAUSE)
    finally:
        await connection.close()
    raise Unavailable(
        "Services run on this database, and would act on what is imported as if it happened "
        "now: stop them first."
    )


async def _silently(this: Opened, file: Path) -> AsyncIterator[list[Record]]:
    """The records of a file; who reacts to this service is past them before they are there.

    But for reactions that want to know everything from the start, and may hear it twice.
    """
    name, url = this.service.name, this.servers.postgres_url
    listening = [
        (each.name, consumer_of(reaction, name))
        for each in find_services()
        for reaction in each.reactions
        if name in reaction.sources and not reaction.from_start
    ]
    for listener, _ in listening:
        await migrate(url, listener)
    connection = await connect(url)
    try:
        for records in read_exported(file):
            for listener, consumer in listening:
                await Checkpoint(listener, consumer).move(connection, records[-1].position)
            yield records
    finally:
        await connection.close()
