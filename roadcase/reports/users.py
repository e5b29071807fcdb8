"""Logins that read one tenant's reports and nothing else."""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import pbkdf2_hmac, sha256
from typing import Any, Final, NamedTuple

from roadcase.errors import Invalid, NotFound
from roadcase.event_store.connections import connect
from roadcase.ids import TENANT

_ROUNDS: Final = 4096  # PostgreSQL's own; the password is 256 random bits
_SET: Final = {
    "search_path": "{service}_reports",
    "default_transaction_read_only": "on",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}
_SESSIONS: Final = 4  # at a time, for one login


class ReportUserUnknown(NotFound):
    """No report user has this name."""

    code = "roadcase.report_user_unknown"


class Made(NamedTuple):
    """A login that was just made. The password is kept nowhere."""

    user: str
    tenant: str
    password: str


async def add(url: str, service: str, tenant: str) -> Made:
    """Make a login for a tenant. Its name says nothing: all logins of a server see all names.

    The database must be migrated; `url` must be allowed to create roles. Raises Invalid.
    """
    if not TENANT.fullmatch(tenant):
        raise Invalid("a tenant is 1 to 32 of a-z, 0-9 and -", field="tenant")
    user = f"{service}_reports_{secrets.token_hex(5)}"
    password = secrets.token_urlsafe(32)
    settings = [
        f"ALTER ROLE {user} SET {name} = '{value.format(service=service)}'"
        for name, value in _SET.items()
    ]
    connection = await connect(url)
    try:
        async with connection.transaction():
            await connection.execute(
                f"CREATE ROLE {user} LOGIN CONNECTION LIMIT {_SESSIONS} "
                f"PASSWORD '{_verifier(password)}' IN ROLE {service}_reports;"
                f"GRANT {user} TO CURRENT_USER;{';'.join(settings)}"
            )
            await connection.execute(
                f"INSERT INTO {service}.report_users (role, tenant) VALUES ($1, $2)", user, tenant
            )
    finally:
        await connection.close()
    return Made(user, tenant, password)


async def listed(url: str, service: str) -> list[dict[str, Any]]:
    """All report users of a service: whose, and since when."""
    connection = await connect(url)
    try:
        rows = await connection.fetch(
            'SELECT role AS "user", tenant, made_at '
            f"FROM {service}.report_users ORDER BY tenant, made_at"
        )
    finally:
        await connection.close()
    return [dict(row) for row in rows]


async def revoke(url: str, service: str, user: str) -> str:
    """End a login and its sessions; whose it was. Raises ReportUserUnknown."""
    connection = await connect(url)
    try:
        tenant: str | None = await connection.fetchval(
            f"SELECT tenant FROM {service}.report_users WHERE role = $1", user
        )
        if tenant is None:
            raise ReportUserUnknown(user=user)
        # In steps, so that it lets nobody in from the first one on, and can be done again.
        there = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", user)
        if there:  # a database that was restored elsewhere has lost its roles
            await _shut_out(connection, user)
        async with connection.transaction():
            if there:
                await connection.execute(f"DROP OWNED BY {user}; DROP ROLE {user}")
            await connection.execute(f"DELETE FROM {service}.report_users WHERE role = $1", user)
    finally:
        await connection.close()
    return tenant


async def _shut_out(connection: Any, user: str) -> None:
    await connection.execute(f"ALTER ROLE {user} NOLOGIN")
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1", user
    )


def _verifier(password: str) -> str:
    """What PostgreSQL keeps of a password (RFC 5803), so that no log of statements shows it."""
    salt = secrets.token_bytes(16)
    salted = pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    text = [base64.b64encode(each).decode() for each in (salt, stored, server)]
    return f"SCRAM-SHA-256${_ROUNDS}:{text[0]}${text[1]}:{text[2]}"
