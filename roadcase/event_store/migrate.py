"""Prepares a database for a service: its roles, its schemas, and the numbered SQL beside this."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files
from typing import Any

import asyncpg

from roadcase.errors import Unavailable
from roadcase.event_store.connections import connect

_NAME = re.compile(r"[a-z][a-z_]{0,30}")
OF_A_SERVICE = "roadcase.event_store"
_LOCK = 0x526F6164  # one number for all of Roadcase, in each database
# Roles are shared by all databases of a server, and locks are not: somebody may make it meanwhile.
# Since PostgreSQL 16 whoever makes a role may grant it and not yet act as it: USAGE, not MEMBER.
_ROLE = """
    DO $$ BEGIN
        CREATE ROLE {role} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$;
    DO $$ BEGIN
        IF NOT pg_has_role(CURRENT_USER, '{role}', 'USAGE') THEN
            GRANT {role} TO CURRENT_USER;
        END IF;
    END $$
"""


async def migrate(url: str, service: str, package: str = OF_A_SERVICE) -> list[str]:
    """Bring the schemas of `service` up to date; return the names of the migrations applied.

    Its tables are those of a log, or what the folder `sql` of another `package` says.

    Safe to run from many processes at once, and when there is nothing to do. `url` must be allowed
    to create roles and schemas. Raises Unavailable when an applied migration was edited since.
    """
    if not _NAME.fullmatch(service):
        raise ValueError(f"{service!r} cannot be a schema name")
    connection = await connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            await _roles_and_schemas(connection, service, views=package == OF_A_SERVICE)
            return await _apply(connection, service, package)
    finally:
        await connection.close()


async def _roles_and_schemas(
    connection: asyncpg.Connection[Any], service: str, *, views: bool
) -> None:
    kinds = ("owner", "app", "reports") if views else ("owner", "app")
    for role in (f"{service}_{kind}" for kind in kinds):
        await connection.execute(_ROLE.format(role=role))
    await connection.execute(
        f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {service}_owner;"
        f"CREATE TABLE IF NOT EXISTS {service}.migrations ("
        " name text PRIMARY KEY, digest text NOT NULL, at timestamptz NOT NULL DEFAULT now());"
    )
    if views:
        await connection.execute(
            f"CREATE SCHEMA IF NOT EXISTS {service}_views AUTHORIZATION {service}_app"
        )


async def _apply(connection: asyncpg.Connection[Any], service: str, package: str) -> list[str]:
    rows = await connection.fetch(f"SELECT name, digest FROM {service}.migrations")
    done: dict[str, str] = dict(rows)
    applied = []
    folder = files(package) / "sql"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        text = file.read_text("utf-8")
        digest = sha256(text.encode()).hexdigest()
        if done.get(file.name, digest) != digest:
            raise Unavailable(f"{file.name} was edited after it was applied to {service}")
        if file.name in done:
            continue
        await connection.execute(f"SET LOCAL ROLE {service}_owner")
        await connection.execute(text.replace("{svc}", service))
        await connection.execute("RESET ROLE")
        await connection.execute(
            f"INSERT INTO {service}.migrations (name, digest) VALUES ($1, $2)", file.name, digest
        )
        applied.append(file.name)
    return applied
