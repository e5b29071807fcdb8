"""`roadcase parked`: events that a reaction could not take, and what to do with them."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from roadcase.asked import Context
from roadcase.cli.common import Json, ServiceName, answer, opened, out, run, table
from roadcase.dispatch import Dispatcher
from roadcase.event_store.connections import connected
from roadcase.event_store.records import tenant_of
from roadcase.parked import PARKED, Parked, ParkedEvents, RetryParked, SkipParked
from roadcase.secret import find_secret
from roadcase.settings import read

app = typer.Typer(help="List, retry and skip parked events.", no_args_is_help=True)
Reaction = Annotated[str, typer.Argument(help="The reaction that parked it.")]
Position = Annotated[int, typer.Argument(help="The event's position in its source's log.")]
Why = Annotated[str, typer.Option("--why", help="For the log: why you decided so.")]


@app.command("list")
def list_(service: ServiceName = "ticketing", as_json: Json = False) -> None:
    """What is parked, why, and what waits behind it."""

    async def work() -> None:
        async with (
            opened(service) as this,
            connected(this.servers.postgres_url, this.log.role) as db,
        ):
            rows = [each._asdict() for each in await ParkedEvents(db, service).listed()]
            answer(rows, as_json=as_json, shown=lambda: table(f"parked by {service}", rows))

    run(work())


@app.command()
def retry(
    reaction: Reaction, position: Position, why: Why, service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Let the reaction take the event again; then those behind it."""
    _decide(reaction, position, why, service, as_json=as_json, skip=False)


@app.command()
def skip(
    reaction: Reaction, position: Position, why: Why, service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Give the event up; the reaction goes on with those behind it."""
    _decide(reaction, position, why, service, as_json=as_json, skip=True)


def _decide(
    reaction: str, position: int, why: str, service: str, *, as_json: bool, skip: bool
) -> None:
    async def work() -> None:
        settings = read()
        async with (
            opened(service, settings) as this,
            connected(this.servers.postgres_url, this.log.role) as db,
        ):
            parked = ParkedEvents(db, service)
            found = [each for each in await parked.listed(reaction) if each.position == position]
            secret = find_secret(settings).key(f"requests/{service}")
            dispatch = Dispatcher(this.log, [PARKED], secret=secret)
            running = asyncio.create_task(dispatch.run())
            for each in found:
                await _record(dispatch, each, why, skip=skip)
                await parked.decide(
                    each.reaction, each.source, position, "skip" if skip else "retry"
                )
            if not found:
                await parked.decide(reaction, "-", position, "skip")  # says that there is none
            running.cancel()
            done = "skipped" if skip else "will be retried"
            answer(
                {"reaction": reaction, "position": position, "state": done},
                as_json=as_json,
                shown=lambda: out.print(f"event {position} of {reaction} {done}"),
            )

    run(work())


async def _record(dispatch: Dispatcher, each: Parked, why: str, *, skip: bool) -> None:
    """What an operator decides is an event."""
    kind = SkipParked if skip else RetryParked
    command = kind(reaction=each.reaction, source=each.source, position=each.position, why=why)
    await dispatch(command, Context(tenant=tenant_of(each.stream), actor="operator"))
