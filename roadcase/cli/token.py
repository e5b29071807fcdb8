"""`roadcase token`: issue, list and revoke tokens, and change the keys that sign them."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated

import typer

from roadcase.cli.common import Json, answer, err, opened, out, run, table
from roadcase.cli.platform import platform
from roadcase.clock import now
from roadcase.platform.asking import Issued
from roadcase.platform.domain import TokenUnknown
from roadcase.platform.events import NAME
from roadcase.platform.listing import read as read_register
from roadcase.service import find_services

app = typer.Typer(help="Tokens and the keys that sign them.", no_args_is_help=True)
Tenant = Annotated[str, typer.Argument(help="Whose data it opens; new, if there is none such.")]
Scopes = Annotated[list[str], typer.Argument(help="Such as ticketing:sell ticketing:read.")]
Actor = Annotated[str, typer.Option(help="Who it is for; written into every log.")]
Hours = Annotated[
    float | None,
    typer.Option(help="How long it lives: at most 24, with a scope of operators 1."),
]


@app.command()
def issue(
    tenant: Tenant,
    scopes: Scopes,
    actor: Actor = "operator",
    hours: Hours = None,
    as_json: Json = False,
) -> None:
    """Sign a token for a partner, a till or yourself, and put on record that it was issued."""
    lifetime = None if hours is None else timedelta(hours=hours)

    async def work() -> None:
        async with platform() as asked:
            issued = await asked.platform.issue(tenant, actor, scopes, lifetime, known=_declared)
        answer(issued, as_json=as_json, shown=lambda: _show(issued))

    run(work())


def _declared() -> set[str]:
    """What the services here ask for, before they ever ran."""
    return {scope for service in find_services() for scope in service.scopes}


def _show(issued: Issued) -> None:
    """Nothing but the token on standard output; the rest for whoever looks."""
    print(issued.token)
    if sys.stdout.isatty():
        until = f"{issued.expires_at:%F %T} UTC"
        err.print(f"{issued.id} of {issued.tenant}, until {until}", highlight=False)
    if issued.new_tenant:
        err.print(f"{issued.tenant} is a new tenant", highlight=False)


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its id, as `token list` shows it.")],
    tenant: Annotated[str | None, typer.Option(help="Only if it is this tenant's.")] = None,
    as_json: Json = False,
) -> None:
    """Refuse a token from now on. Every process does within a second, streams end."""

    async def work() -> None:
        async with platform() as asked:
            whose = tenant or (await read_register(asked.log)).whose(token)
            if whose is None:
                raise TokenUnknown(token=token)
            await asked.platform.revoke(whose, token)
        told = {"token": token, "tenant": whose, "state": "revoked"}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{token} of {whose} is revoked"))

    run(work())


@app.command("list")
def list_(
    tenant: Annotated[str | None, typer.Argument(help="Only this tenant's.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those not accepted now.")] = False,
    as_json: Json = False,
) -> None:
    """Tokens that are accepted: whose, for what, until when."""

    async def work() -> None:
        async with opened(NAME) as this:
            found = (await read_register(this.log)).token_rows(now(), tenant)
        rows = [row._asdict() for row in found if every or row.state == "valid"]
        answer(rows, as_json=as_json, shown=lambda: table("tokens", rows))

    run(work())


@app.command()
def keys(as_json: Json = False) -> None:
    """The keys that sign tokens, or signed those that are accepted still."""

    async def work() -> None:
        async with opened(NAME) as this:
            rows = [row._asdict() for row in (await read_register(this.log)).key_rows(now())]
        answer(rows, as_json=as_json, shown=lambda: table("keys", rows))

    run(work())


@app.command()
def rotate(
    alone: Annotated[
        bool, typer.Option("--now", help="Refuse all tokens that were issued until now.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Sign with a new key. Tokens of the one before are accepted until they expire."""

    async def work() -> None:
        async with platform() as asked:
            key = await asked.platform.rotate(alone=alone)
        others = "retired" if alone else "accepted"
        answer(
            {"key": key, "others": others},
            as_json=as_json,
            shown=lambda: out.print(f"tokens are signed with {key}; older keys are {others}"),
        )

    run(work())


@app.command()
def retire(
    key: Annotated[str, typer.Argument(help="Its id, as `token keys` shows it.")],
    as_json: Json = False,
) -> None:
    """Refuse all tokens of a key that signs no more."""

    async def work() -> None:
        async with platform() as asked:
            await asked.platform.retire(key)
        told = {"key": key, "state": "retired"}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{key} is retired"))

    run(work())
