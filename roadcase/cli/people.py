"""`roadcase people`: what an operator does for a person who wants to be forgotten."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from roadcase.asked import Context, Outcome
from roadcase.cli.common import Json, ServiceName, answer, opened, out, run
from roadcase.dispatch import Dispatcher
from roadcase.errors import Invalid
from roadcase.keyring import Contact, contact_of, open_keyring
from roadcase.people import PEOPLE, ErasePerson, forget
from roadcase.people.erasing import Reason
from roadcase.secret import find_secret
from roadcase.service import find_services
from roadcase.settings import read

app = typer.Typer(help="Forget people.", no_args_is_help=True)


@app.callback()
def people() -> None:
    """Forget people."""


@app.command()
def erase(
    tenant: Annotated[str, typer.Argument(help="Whose guest it is.")],
    contact: Annotated[
        str, typer.Argument(help="E-mail address or telephone number; - reads it from a pipe.")
    ] = "",
    *,
    subject: Annotated[str, typer.Option(help="Or the subject id that orders name.")] = "",
    expired: Annotated[bool, typer.Option("--expired", help="Nobody asked; time ran out.")] = False,
    service: ServiceName = "ticketing",
    as_json: Json = False,
) -> None:
    """Delete a person's key. What is sealed with it is lost for good, in every copy there is."""
    who = _who(contact, subject)
    find_services([service])  # the log `platform` knows no people
    reason: Reason = "expired" if expired else "asked"

    async def work() -> None:
        settings = read()
        secret = find_secret(settings)
        async with (
            opened(service, settings) as this,
            open_keyring(this.servers.postgres_url, secret) as keyring,
        ):
            dispatch = Dispatcher(this.log, [PEOPLE], secret=secret.key(f"requests/{service}"))

            async def ask(command: ErasePerson) -> Outcome:
                return await dispatch(command, Context(tenant=tenant, actor="operator"))

            running = asyncio.create_task(dispatch.run())
            try:
                erased, at = await forget(keyring, tenant, who, reason, ask)
            finally:
                running.cancel()
            answer(
                {"tenant": tenant, "subject": erased, "erased_at": at},
                as_json=as_json,
                shown=lambda: out.print(f"{erased} of {tenant} is erased since {at:%F %T} UTC"),
            )

    run(work())


def _who(contact: str, subject: str) -> Contact | str:
    if bool(contact) == bool(subject):
        raise Invalid("say who, by contact or by --subject")
    if subject:
        return subject
    return contact_of(sys.stdin.readline().strip() if contact == "-" else contact).checked()
