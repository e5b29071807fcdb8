"""Reports in SQL for whoever runs PostgreSQL without a superuser, as most who rent one do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from roadcase import reports
from roadcase.event_store.migrate import migrate
from roadcase.reports import Report, make_way

SERVICE, OPERATOR, PASSWORD = "rented", "rented_operator", "p"
TOTALS = Report("totals", ["totals"], "sold int", "SELECT sold FROM totals WHERE tenant = $1")
ROLES = [OPERATOR, *(f"{SERVICE}_{kind}" for kind in ("owner", "app", "reports"))]


def as_user(database: str, user: str, password: str) -> str:
    parts = urlsplit(database)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{place}"))


@pytest.fixture
async def rented(database: str) -> AsyncIterator[str]:
    """A database whose owner may make roles and is no superuser; nothing of it stays behind."""
    admin: asyncpg.Connection[Any] = await asyncpg.connect(database)
    await admin.execute(f"CREATE ROLE {OPERATOR} LOGIN CREATEROLE PASSWORD '{PASSWORD}'")
    await admin.execute(f"ALTER DATABASE {urlsplit(database).path[1:]} OWNER TO {OPERATOR}")
    try:
        yield as_user(database, OPERATOR, PASSWORD)
    finally:
        await admin.execute(f"ALTER DATABASE {urlsplit(database).path[1:]} OWNER TO CURRENT_USER")
        for role in reversed(ROLES):
            await admin.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")
        await admin.close()


async def test_an_operator_who_is_no_superuser_makes_ends_and_revokes_a_login(rented):
    await migrate(rented, SERVICE)
    assert await migrate(rented, SERVICE) == []
    assert await reports.install(rented, SERVICE, [TOTALS])
    operator = await asyncpg.connect(rented)
    await operator.execute(
        "CREATE TABLE rented_views.totals (tenant text, sold int);"
        "INSERT INTO rented_views.totals VALUES ('north', 1), ('south', 2);"
        "ALTER TABLE rented_views.totals OWNER TO rented_app"
    )
    made = await reports.add(rented, SERVICE, "north")
    address = as_user(rented, made.user, made.password)
    slow, idle = await asyncpg.connect(address), await asyncpg.connect(address)
    await slow.execute("BEGIN")
    assert [row["sold"] for row in await slow.fetch("SELECT * FROM report_totals")] == [1]
    await make_way(operator, SERVICE, "rented_views.totals", 0)
    assert await idle.fetchval("SELECT sold FROM report_totals") == 1
    assert await reports.revoke(rented, SERVICE, made.user) == "north"
    for ended in (slow, idle):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await ended.fetch("SELECT 1")
        ended.terminate()
    await operator.close()
