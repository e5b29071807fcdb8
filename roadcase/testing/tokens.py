"""Tokens of an installation that runs, for tests and benches: signed, and not put on record."""

from __future__ import annotations

from collections.abc import Collection

from roadcase.auth import Signer
from roadcase.event_store.postgres import PostgresLog
from roadcase.platform.asking import asking
from roadcase.platform.events import NAME
from roadcase.platform.keys import signing_key
from roadcase.secret import Secret


async def signer(url: str, secret: Secret) -> Signer:
    """Signs with the newest key that the installation on this database knows."""
    async with PostgresLog(url, NAME) as log, asking(log, secret) as platform:
        key = (await platform.now()).state.signing
    assert key is not None
    return Signer(key, signing_key(secret, key))


async def token(url: str, secret: Secret, tenant: str, actor: str, scopes: Collection[str]) -> str:
    return (await signer(url, secret)).sign(tenant, actor, scopes)
