"""`roadcase projection`: where the read models stand, made anew, compared with the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bar

from roadcase.cli.common import (
    Json,
    Opened,
    ServiceName,
    answer,
    err,
    opened,
    run,
    table,
)
from roadcase.codec import codec_of
from roadcase.errors import Invalid, NotFound
from roadcase.event_store.connections import connect
from roadcase.process import FOUND_WRONG
from roadcase.progress import progress
from roadcase.projection import Projection
from roadcase.rebuild import Rebuild, Rebuilt
from roadcase.replay import as_of as rows_as_of
from roadcase.replay import position_at
from roadcase.tables import schema_hash

app = typer.Typer(help="List, rebuild and compare read models.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The projection, or `all`.")]


@app.command("list")
def list_(service: ServiceName = "ticketing", as_json: Json = False) -> None:
    """How far each read model has come, and which stand still and why."""

    async def work() -> None:
        async with opened(service) as this:
            rows = await _listed(this)
            answer(rows, as_json=as_json, shown=lambda: table(f"read models of {service}", rows))

    run(work())


async def _listed(this: Opened) -> list[dict[str, Any]]:
    connection = await connect(this.servers.postgres_url, this.log.role)
    try:
        known = await progress(connection, this.log.name)
    finally:
        await connection.close()
    head = (await this.log.head()).position
    rows = []
    for projection in this.service.projections:
        stands = known.get(projection.name)
        rows.append(
            {
                "projection": projection.name,
                "position": stands.position if stands else 0,
                "behind": head - (stands.position if stands else 0),
                "state": _state(projection, stands),
            }
        )
    return rows


def _state(projection: Projection, stands: Any) -> str:
    if stands is None:
        return "not made yet"
    if stands.stopped:
        return f"stands still: {stands.stopped}"
    return "live" if stands.schema_hash == schema_hash(projection) else "to be rebuilt"


@app.command()
def rebuild(name: Name, service: ServiceName = "ticketing", as_json: Json = False) -> None:
    """Fold the log anew beside the living table and swap it in; the living one keeps serving."""
    _each(name, service, as_json=as_json, swap=True)


@app.command()
def diff(name: Name, service: ServiceName = "ticketing", as_json: Json = False) -> None:
    """Compare the living table with a fresh fold of the log. Exit code 1 if they differ."""
    _each(name, service, as_json=as_json, swap=False)


def _each(name: str, service: str, *, as_json: bool, swap: bool) -> None:
    async def work() -> int:
        async with opened(service) as this:
            found = [await _one(this, each, swap=swap) for each in named(this, name)]
            rows = [each._asdict() for each in found]
            title = "rebuilt" if swap else "compared"
            answer(rows, as_json=as_json, shown=lambda: table(title, rows))
            return FOUND_WRONG if any(each.equal is False for each in found) else 0

    run(work())


def named(this: Opened, name: str) -> list[Projection]:
    """The read models of this name, or `all`. Raises NotFound."""
    found = [each for each in this.service.projections if name in (each.name, "all")]
    if not found:
        there = ", ".join(each.name for each in this.service.projections)
        raise NotFound(f"{this.log.name} has no read model {name}; it has {there}")
    return found


def replay(
    name: Name,
    as_of: Annotated[str, typer.Option("--as-of", help="A position, or a time as ISO 8601.")],
    service: ServiceName = "ticketing",
    tenant: Annotated[str | None, typer.Option(help="Only this tenant's rows.")] = None,
    as_json: Json = False,
) -> None:
    """Show a read model as it was at a position of the log or at a moment."""

    async def work() -> None:
        async with opened(service) as this:
            (projection,) = named(this, name)
            position = await position_of(this, as_of)
            with Bar(console=err, transient=True) as bar:
                task = bar.add_task(f"replaying {name}", total=position or None)
                rows = await rows_as_of(
                    this.log,
                    projection,
                    codec_of(this.service.deciders),
                    position,
                    told=lambda done, _of: bar.update(task, completed=done),
                )
            rows = [row for row in rows if tenant in (None, row["tenant"])]
            answer(
                {"projection": name, "position": position, "rows": rows},
                as_json=as_json,
                shown=lambda: table(f"{name} as of position {position:,}", rows),
            )

    run(work())


async def position_of(this: Opened, as_of: str) -> int:
    """The position that `--as-of` means. Raises Invalid."""
    if as_of.isdigit():
        return int(as_of)
    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise Invalid(
            f"{as_of!r} is neither a position nor a time such as 2027-01-01T20:30Z"
        ) from error
    if moment.tzinfo is None:
        raise Invalid(f"{as_of} has no offset: add Z or +01:00")
    return await position_at(this.log, moment)


async def _one(this: Opened, projection: Projection, *, swap: bool) -> Rebuilt:
    codec = codec_of(this.service.deciders)
    with Bar(console=err, transient=True) as bar:
        task = bar.add_task(projection.name, total=None)
        rebuild_ = Rebuild(
            this.servers.postgres_url,
            this.log,
            projection,
            codec,
            told=lambda done, of: bar.update(task, completed=done, total=of),
        )
        return await (rebuild_.swap() if swap else rebuild_.diff())
