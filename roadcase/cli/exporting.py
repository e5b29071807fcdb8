"""`roadcase export`: a whole list on standard output, as it stands or as it stood."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import typer
from rich.progress import Progress as Bar

from roadcase.cli.common import Opened, ServiceName, err, opened, run
from roadcase.cli.projection import named, position_of
from roadcase.clock import now
from roadcase.codec import codec_of
from roadcase.errors import NotFound
from roadcase.exporting import Past, as_it_stands, as_it_stood
from roadcase.http import sheets
from roadcase.listed import Listed
from roadcase.views import Views


def export(
    of: Annotated[
        str, typer.Argument(metavar="OCCURRENCE", help="Whose list, such as an occurrence.")
    ],
    name: Annotated[str, typer.Argument(metavar="LIST", help="Such as orders or scans.")],
    tenant: Annotated[str, typer.Option(help="Whose rows.")],
    *,
    lines: Annotated[bool, typer.Option("--ndjson/--csv", help="Rows as JSON, or as CSV.")] = False,
    as_of: Annotated[
        str, typer.Option("--as-of", help="As it stood at a position, or a time as ISO 8601.")
    ] = "",
    bom: Annotated[bool, typer.Option("--bom", help="For Excel.")] = False,
    service: ServiceName = "ticketing",
) -> None:
    """Write a list whole, without contacts. A file that was cut has another exit code than 0."""

    async def work() -> None:
        async with opened(service) as this:
            listed = this.service.lists.get(name)
            if listed is None:
                raise NotFound(
                    f"{service} has no list {name}; it has {', '.join(this.service.lists)}"
                )
            source = (
                _past(this, listed, tenant, of, as_of) if as_of else _now(this, listed, tenant, of)
            )
            async with aclosing(source):
                rows, position = await _write(source, lines=lines, bom=bom)
        err.print(f"{rows:,} rows of {name} of {of}, as of position {position:,}", highlight=False)

    run(work())


async def _now(this: Opened, listed: Listed, tenant: str, of: str) -> AsyncGenerator[sheets.Opened]:
    async with (
        Views(this.servers.postgres_url, this.log.name) as views,
        aclosing(as_it_stands(views.of(tenant), listed, of)) as source,
    ):
        async for each in source:
            yield each


async def _past(
    this: Opened, listed: Listed, tenant: str, of: str, as_of: str
) -> AsyncGenerator[sheets.Opened]:
    position = await position_of(this, as_of)
    (projection,) = named(this, listed.table)
    past = Past(
        this.log, projection, codec_of(this.service.deciders), sheets.Stands(position, now())
    )
    with Bar(console=err, transient=True) as bar:
        task = bar.add_task(f"replaying {listed.table}", total=position or None)
        told = as_it_stood(
            past, listed, tenant, of, lambda done, _of: bar.update(task, completed=done)
        )
        async with aclosing(told) as source:
            async for each in source:
                yield each


async def _write(
    source: AsyncGenerator[sheets.Opened], *, lines: bool, bom: bool
) -> tuple[int, int]:
    """How many rows were written, and as of which position."""
    found = await anext(source)
    rows = 0

    async def counted() -> AsyncGenerator[list[dict[str, object]]]:
        nonlocal rows
        async for batch in found.batches:
            rows += len(batch)
            yield batch

    if lines:
        chunks = sheets.as_ndjson(counted(), found.stands)
    else:
        chunks = sheets.as_csv(found.columns, counted(), sheets.Style(bom=bom))
    async with aclosing(chunks):
        async for chunk in chunks:
            sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
    return rows, found.stands.position
