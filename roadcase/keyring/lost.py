"""Whose key is lost: it is needed to open what read models hold, and nobody erased it."""

from __future__ import annotations

from typing import Any

from roadcase.event_store.connections import translated
from roadcase.keyring.keyring import Keyring

_AT_ONCE = 1000
# Sealed data begins with 1 and the length of its subject: see `Sealed.packed`.
_SUBJECTS = """
    SELECT DISTINCT tenant,
           convert_from(substring({column} FROM 3 FOR get_byte({column}, 1)), 'UTF8')
    FROM {table} WHERE length({column}) > 14 AND get_byte({column}, 0) = 1"""
_COLUMNS = """
    SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS table,
           quote_ident(column_name) AS column
    FROM information_schema.columns AS c
    WHERE table_schema = $1 AND data_type = 'bytea' AND EXISTS (
        SELECT FROM information_schema.columns AS o WHERE o.column_name = 'tenant'
        AND (o.table_schema, o.table_name) = (c.table_schema, c.table_name))"""


async def lost(connection: Any, service: str, keyring: Keyring) -> list[tuple[str, str]]:
    """Tenant and subject of everyone whom the read models of a service tell of in vain.

    Those who were erased are not among them. Raises Unavailable.
    """
    people: dict[str, set[str]] = {}
    with translated("reading whose contacts there are"):
        for column in await connection.fetch(_COLUMNS, f"{service}_views"):
            for tenant, subject in await connection.fetch(_SUBJECTS.format(**column)):
                people.setdefault(tenant, set()).add(subject)
    found = []
    for tenant, subjects in sorted(people.items()):
        listed = sorted(subjects)
        for start in range(0, len(listed), _AT_ONCE):
            keys = await keyring.lost(tenant, listed[start : start + _AT_ONCE])
            found += [(tenant, subject) for subject in keys]
    return found
