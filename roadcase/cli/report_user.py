"""`roadcase report-user`: logins to PostgreSQL that read one tenant's reports, and nothing else."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit, urlunsplit

import typer

from roadcase import reports
from roadcase.cli.common import Json, ServiceName, answer, err, opened, out, run, table
from roadcase.service import find_services

app = typer.Typer(help="Logins that read a tenant's reports in SQL.", no_args_is_help=True)


@app.command()
def add(
    tenant: Annotated[str, typer.Argument(help="Whose rows it sees.")],
    service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:
    """Make a login, and show its address with its password once."""
    (known,) = find_services([service])

    async def work() -> None:
        async with opened(service) as this:
            url = this.servers.postgres_url
            await reports.install(url, service, known.reports)
            made = await reports.add(url, service, tenant)
        address = _address(url, made)
        answer({**made._asdict(), "url": address}, as_json=as_json, shown=lambda: print(address))
        if not as_json:
            told = f"{made.user} reads the reports of {tenant}; this is not shown again"
            err.print(told, highlight=False)

    run(work())


def _address(url: str, made: reports.Made) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{made.user}:{made.password}@{place}"))


@app.command("list")
def list_(service: ServiceName = "ticketing", as_json: Json = False) -> None:
    """Who reads reports in SQL, and whose."""

    async def work() -> None:
        async with opened(service) as this:
            rows = await reports.listed(this.servers.postgres_url, service)
        answer(rows, as_json=as_json, shown=lambda: table("report users", rows))

    run(work())


@app.command()
def revoke(
    user: Annotated[str, typer.Argument(help="Its name, as `report-user list` shows it.")],
    service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:
    """Let a login in no more, and end what it reads now."""

    async def work() -> None:
        async with opened(service) as this:
            tenant = await reports.revoke(this.servers.postgres_url, service, user)
        told = {"user": user, "tenant": tenant, "state": "revoked"}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{user} of {tenant} is revoked"))

    run(work())
