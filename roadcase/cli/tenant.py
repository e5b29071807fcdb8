"""`roadcase tenant`: whom tokens may be issued to."""

from __future__ import annotations

from typing import Annotated

import typer

from roadcase import reports
from roadcase.cli.common import Json, answer, opened, out, run, table
from roadcase.cli.platform import platform
from roadcase.clock import now
from roadcase.platform.events import NAME
from roadcase.platform.listing import read as read_register
from roadcase.service import Service, find_services

app = typer.Typer(help="Whom tokens may be issued to.", no_args_is_help=True)
Tenant = Annotated[str, typer.Argument(help="1 to 32 of a-z, 0-9 and -.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """All tenants there are or were, and how many tokens each has."""

    async def work() -> None:
        async with opened(NAME) as this:
            rows = [row._asdict() for row in (await read_register(this.log)).tenant_rows(now())]
        answer(rows, as_json=as_json, shown=lambda: table("tenants", rows))

    run(work())


@app.command()
def create(tenant: Tenant, as_json: Json = False) -> None:
    """Let tokens be issued to a tenant: a new one, or one that was closed."""

    async def work() -> None:
        async with platform() as asked:
            await asked.platform.create(tenant)
        told = {"tenant": tenant, "state": "open"}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{tenant} is open"))

    run(work())


@app.command()
def close(tenant: Tenant, as_json: Json = False) -> None:
    """Refuse a tenant's tokens and report logins, and issue no more. What it recorded stays."""

    async def work() -> None:
        async with platform() as asked:
            await asked.platform.close(tenant)
        revoked = [user for each in find_services() for user in await _shut_out(each, tenant)]
        told = {"tenant": tenant, "state": "closed", "report_users_revoked": revoked}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{tenant} is closed"))

    run(work())


async def _shut_out(service: Service, tenant: str) -> list[str]:
    """Revoke the tenant's logins to the reports of a service."""
    if not service.reports:
        return []
    async with opened(service.name) as this:
        url = this.servers.postgres_url
        theirs = [
            row["user"]
            for row in await reports.listed(url, service.name)
            if row["tenant"] == tenant
        ]
        for user in theirs:
            await reports.revoke(url, service.name, user)
    return theirs
