"""`roadcase plan, apply, diff, destroy, step`: from a manifest to an event, on a running server."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import grpc
import typer

from roadcase.cli.common import Json, answer, err, out, run
from roadcase.cli.locked import must_be_as_locked
from roadcase.cli.plan_shown import (
    class_of,
    destroy_told,
    drift_told,
    plan_told,
    show_destroy,
    show_drift,
    show_plan,
)
from roadcase.cli.refusals import error_of
from roadcase.client import Organiser, Refusal
from roadcase.client.connection import Connection
from roadcase.errors import Invalid, NotFound
from roadcase.settings import read

C = TypeVar("C", bound=Connection)

LARGEST = 1_000_000
_SCOPES = tuple(
    f"planning:{each}" for each in ("plan", "publish", "apply", "approve", "run", "read")
)

File = Annotated[Path, typer.Argument(help="A manifest in YAML, or a plan that was kept.")]
Name = Annotated[str, typer.Argument(help="The metadata.name of the event.")]
Tenant = Annotated[str, typer.Option(help="Whose events; a token is issued for it.")]
Server = Annotated[str, typer.Option(help="host:port of the gRPC door.")]
Approve = Annotated[bool, typer.Option("--approve", help="Changes that need a word have it.")]


def add_to(app: typer.Typer) -> None:
    for command in (plan, apply, diff, destroy, step):
        app.command()(command)


@asynccontextmanager
async def organiser(server: str, tenant: str) -> AsyncIterator[Organiser]:
    async with connected(Organiser, server, tenant) as found:
        yield found


@asynccontextmanager
async def connected(
    client: type[C], server: str, tenant: str, scopes: Sequence[str] = _SCOPES
) -> AsyncIterator[C]:
    """With the token of ROADCASE_TOKEN, or one that is issued for this command and for `scopes`."""
    settings = read()
    token = settings.token or await _issued(tenant, scopes)
    target = server or settings.server or f"127.0.0.1:{settings.grpc_port}"
    async with client(target, token, patience=5) as found:
        try:
            yield found
        except (Refusal, grpc.aio.AioRpcError) as answered:
            raise error_of(answered, target) from answered


async def _issued(tenant: str, scopes: Sequence[str]) -> str:
    if not tenant:
        raise Invalid("say whose events: --tenant NAME, or a token in ROADCASE_TOKEN")
    from roadcase.cli.platform import platform  # noqa: PLC0415 - only where one is issued

    async with platform() as asked:
        issued = await asked.platform.issue(tenant, "operator", scopes, timedelta(minutes=15))
        return issued.token


def plan(
    file: File,
    *,
    out_file: Annotated[Path | None, typer.Option("--out", help="Keep the plan here.")] = None,
    strict: Annotated[bool, typer.Option(help="Fail on what no service acts on yet.")] = False,
    locked: Annotated[bool, typer.Option(help="Refuse what is not as in manifest.lock.")] = False,
    answer_until: Annotated[datetime | None, typer.Option(help="UTC: guests answer until.")] = None,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """What applying a manifest would change, and what each service will do. Changes nothing.

    Ends with 1 if something is wrong with the manifest, or blocked.
    """

    async def work() -> int:
        async with organiser(server, tenant) as asked:
            made = await asked.plan(content_of(file), answer_until=answer_until)
        if locked and made.plan:
            must_be_as_locked(file, made.plan)
        if out_file is not None and made.plan:
            out_file.write_bytes(made.plan)
        shown = plan_told(made, str(file))
        answer(shown, as_json=as_json, shown=lambda: show_plan(made, str(file), out_file, tenant))
        idle = strict and made.not_acted_on
        return 1 if made.problems or class_of(made) == "BLOCKED" or idle else 0

    run(work())


def apply(
    file: File,
    *,
    approve: Approve = False,
    draft: Annotated[bool, typer.Option(help="Nobody acts on it yet.")] = False,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Apply a plan as it was seen; of a manifest, make the plan, show it and apply it."""

    async def work() -> int:
        content = content_of(file)
        async with organiser(server, tenant) as asked:
            if not _is_plan(content):
                made = await asked.plan(content)
                if made.problems:
                    answer(
                        plan_told(made, str(file)),
                        as_json=as_json,
                        shown=lambda: show_plan(made, str(file), None),
                    )
                    return 1
                if not as_json:
                    show_plan(made, str(file), None)
                content = made.plan
            done = await asked.apply(content, approve=approve, draft=draft)
        told = {"occurrence": done.occurrence, "revision": done.revision}
        words = f"{done.occurrence} is at revision {done.revision}"
        answer(told, as_json=as_json, shown=lambda: out.print(words))
        return 0

    run(work())


def diff(name: Name, tenant: Tenant = "", server: Server = "", *, as_json: Json = False) -> None:
    """What is otherwise than it was declared. Ends with 1 if anything is."""

    async def work() -> int:
        async with organiser(server, tenant) as asked:
            found = (await asked.drift(name)).drift
        rows = [drift_told(each) for each in found]
        answer({"drift": rows}, as_json=as_json, shown=lambda: show_drift(rows, name))
        return 1 if rows else 0

    run(work())


def destroy(
    name: Name,
    *,
    reason: Annotated[str, typer.Option(help="Told to everybody who has a ticket.")],
    keep_money: Annotated[bool, typer.Option(help="Nobody has money back.")] = False,
    approve: Approve = False,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Cancel an event for good: sales end, every order with its money back. Needs --approve."""

    async def work() -> int:
        async with organiser(server, tenant) as asked:
            found = await asked.occurrence(name)
            told = destroy_told(found, keep_money=keep_money)
            if not approve:
                answer(told, as_json=as_json, shown=lambda: show_destroy(told))
                err.print("Nothing was done. To go on: --approve")
                return 1
            await asked.cancel(name, reason, keep_money=keep_money)
        words = f"{name} is cancelled"
        answer({**told, "done": True}, as_json=as_json, shown=lambda: out.print(words))
        return 0

    run(work())


def step(
    name: Name,
    to: Annotated[str, typer.Argument(help="announced, on_sale, doors, live, closed, settled.")],
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Take an event to its next step now, such as on_sale, and all between."""

    async def work() -> None:
        known = ("planned", "announced", "on_sale", "doors", "live", "closed", "settled")
        wanted: Any = to.replace("-", "_")
        if wanted not in known:
            raise Invalid(f"a step is one of {', '.join(known)}")
        async with organiser(server, tenant) as asked:
            await asked.advance(name, wanted)
        told = {"occurrence": name, "state": wanted}
        answer(told, as_json=as_json, shown=lambda: out.print(f"{name} is {wanted}"))

    run(work())


def content_of(file: Path) -> bytes:
    """Of a file, or of what is piped in where it is `-`. Raises NotFound."""
    if str(file) == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}", file=str(file)) from error


def _is_plan(content: bytes) -> bool:
    """Whether it is a plan that was kept: a manifest may be written in braces as well."""
    if not content.lstrip().startswith(b"{"):
        return False
    try:
        found = json.loads(content)
    except ValueError:
        return False
    return isinstance(found, dict) and str(found.get("format")).startswith("roadcase/plan/")
