"""The views `report_*` of a service, in a schema of their own that no rebuild touches.

Each view reads a function that runs as the read models' owner, and PostgreSQL looks up the names in
it when it runs. So a view depends on no table, and a table may be swapped below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from roadcase.event_store.connections import connect

_TENANT: Final = "tenant = $1"
_MINE: Final = "(SELECT u.tenant FROM {service}.report_users AS u WHERE u.role = session_user)"
_FRESH: Final = """
    DROP SCHEMA IF EXISTS {service}_reports CASCADE;
    CREATE SCHEMA {service}_reports AUTHORIZATION {service}_app;
    GRANT USAGE ON SCHEMA {service}_reports TO {service}_reports;
    SET LOCAL ROLE {service}_app;
    SET LOCAL check_function_bodies = off
"""
# Locked first, and VOLATILE: a query whose snapshot is older than the swap it waited for would find
# the new table empty. READ COMMITTED takes a fresh one then; stricter transactions keep theirs, and
# in it the table stands in another schema still.
# As its owner, but for the login's own tenant: `session_user` is who logged in, after SET ROLE too.
_MADE: Final = """
    CREATE FUNCTION {service}_reports.{name}_rows() RETURNS TABLE ({columns})
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {service}_views, pg_temp
    AS $report$
    #variable_conflict use_column
    BEGIN
        LOCK TABLE {tables} IN ACCESS SHARE MODE;
        IF EXISTS (
            SELECT FROM unnest(string_to_array('{tables}', ', ')) AS t (name)
            LEFT JOIN pg_class AS c ON c.oid = to_regclass(t.name)
                AND c.relnamespace = '{service}_views'::regnamespace
            WHERE c.oid IS NULL
        ) THEN
            RAISE EXCEPTION 'a read model was made anew since this transaction began: begin again'
                USING ERRCODE = 'serialization_failure';
        END IF;
        RETURN QUERY {sql};
    END
    $report$;
    REVOKE ALL ON FUNCTION {service}_reports.{name}_rows() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION {service}_reports.{name}_rows() TO {service}_reports;
    CREATE VIEW {service}_reports.report_{name} AS SELECT * FROM {service}_reports.{name}_rows();
    GRANT SELECT ON {service}_reports.report_{name} TO {service}_reports
"""


class Report(NamedTuple):
    """One view: `report_{name}`, the read models it reads, its columns with their types, its query.

    `$1` in the query is the tenant. Nothing personal, sealed or secret belongs into it: whoever has
    a login reads it with any program.
    """

    name: str
    reads: Sequence[str]
    columns: str
    sql: str


async def install(url: str, service: str, reports: Sequence[Report]) -> bool:
    """Make the views as `reports` has them, unless they are so; whether they were made.

    Safe to run from many processes at once; the database must be migrated.
    """
    script = _script(service, reports)
    digest = sha256(script.encode()).hexdigest()
    connection = await connect(url)
    try:
        async with connection.transaction():
            await connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{service}_reports"
            )
            if await _digest(connection, service) == digest:
                return False
            await connection.execute(script)
            await connection.execute(f"COMMENT ON SCHEMA {service}_reports IS '{digest}'")
            return True
    finally:
        await connection.close()


def _script(service: str, reports: Sequence[Report]) -> str:
    statements = [_FRESH.format(service=service)]
    for each in reports:
        assert _TENANT in each.sql, f"a report names {_TENANT}: {each.sql}"
        sql = each.sql.replace("$1", _MINE.format(service=service))
        tables = ", ".join(sorted(each.reads))
        statements.append(
            _MADE.format(
                service=service, name=each.name, columns=each.columns, tables=tables, sql=sql
            )
        )
    return ";".join(statements)


async def _digest(connection: Any, service: str) -> str | None:
    digest: str | None = await connection.fetchval(
        "SELECT obj_description(to_regnamespace($1), 'pg_namespace')", f"{service}_reports"
    )
    return digest
