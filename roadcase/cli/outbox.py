"""`roadcase outbox`: messages to people that wait, that could not be sent, and what to do then."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from roadcase.asked import Context
from roadcase.cli.common import Json, Opened, ServiceName, answer, opened, out, run, table
from roadcase.dispatch import Dispatcher
from roadcase.errors import Invalid, Unavailable
from roadcase.event_store.connections import connected, translated
from roadcase.outbox import MESSAGES, DropMessage, RetryMessage
from roadcase.secret import find_secret
from roadcase.settings import Settings, read

app = typer.Typer(help="List, retry and drop messages to people.", no_args_is_help=True)
Tenant = Annotated[str, typer.Argument(help="Whose message.")]
Message = Annotated[str, typer.Argument(help="The message's id, as `list` shows it.")]
Why = Annotated[str, typer.Option("--why", help="For the log: why you decided so.")]
All = Annotated[bool, typer.Option("--all", help="Also those that were sent or dropped.")]
_WAITING = ("waiting", "handed_over", "parked", "in_doubt")
_MANY = 1000


@app.command("list")
def list_(service: ServiceName = "ticketing", every: All = False, as_json: Json = False) -> None:
    """What waits, and what needs a decision. Addresses stay sealed."""

    async def work() -> None:
        async with opened(service) as this:
            rows = await _rows(this, service, every=every)
            answer(rows, as_json=as_json, shown=lambda: table(f"outbox of {service}", rows))

    run(work())


@app.command()
def retry(
    tenant: Tenant, message: Message, why: Why, service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Send it, or send it again if it is in doubt: with the same Message-ID."""
    _decide(service, tenant, RetryMessage(message=message, why=why), as_json=as_json)


@app.command()
def drop(
    tenant: Tenant, message: Message, why: Why, service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Never send it."""
    _decide(service, tenant, DropMessage(message=message, why=why), as_json=as_json)


async def _rows(this: Opened, service: str, *, every: bool) -> list[dict[str, object]]:
    if not any(each.name == "outbox" for each in this.service.projections):
        raise Invalid(f"{service} sends no messages")
    async with connected(this.servers.postgres_url, this.log.role) as db:
        with translated("reading the outbox"):
            if await db.fetchval(f"SELECT to_regclass('{service}_views.outbox')") is None:
                raise Unavailable("the outbox is made when the service runs; start it first")
            rows = await db.fetch(
                "SELECT tenant, message, kind, about::text, state, attempt, queued_at, due_at, "
                f"reason FROM {service}_views.outbox WHERE $1 OR state = ANY($2) "
                f"ORDER BY queued_at DESC LIMIT {_MANY}",
                every,
                list(_WAITING),
            )
    return [{**row, "about": json.loads(row["about"])} for row in rows]


def _decide(
    service: str, tenant: str, command: RetryMessage | DropMessage, *, as_json: bool
) -> None:
    async def work() -> None:
        settings = read()
        async with opened(service, settings) as this:
            await _record(this, settings, tenant, command)
        done = "will be sent" if isinstance(command, RetryMessage) else "is dropped"
        answer(
            {"tenant": tenant, "message": command.message, "state": done},
            as_json=as_json,
            shown=lambda: out.print(f"message {command.message} of {tenant} {done}"),
        )

    run(work())


async def _record(
    this: Opened, settings: Settings, tenant: str, command: RetryMessage | DropMessage
) -> None:
    secret = find_secret(settings).key(f"requests/{this.service.name}")
    dispatch = Dispatcher(this.log, [MESSAGES], secret=secret)
    running = asyncio.create_task(dispatch.run())
    try:
        await dispatch(command, Context(tenant=tenant, actor="operator"))
    finally:
        running.cancel()
