"""The schema `keyring`, through the functions that its app role may call and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from roadcase.event_store.connections import translated
from roadcase.event_store.migrate import migrate

SCHEMA = "keyring"
ROLE = f"{SCHEMA}_app"
_TOGETHER = 500  # people claimed in one transaction


class Claim(NamedTuple):
    """A contact, and what its person gets if it is new: a subject and a wrapped key."""

    tenant: str
    contact: bytes
    subject: str
    wrapped: bytes


class Key(NamedTuple):
    """What is known of a subject: its wrapped key, or since when there is none any more."""

    subject: str
    wrapped: bytes | None
    erased_at: datetime | None


async def prepare(url: str) -> None:
    """Make the schema, or bring it up to date."""
    await migrate(url, SCHEMA, package="roadcase.keyring")


class Store:
    """Safe for many tasks. Raises Unavailable when PostgreSQL is away.

    Claims that come while one is under way go together in the next transaction: in a drop nearly
    every buyer is new, and a commit each would cost more than their sales.
    """

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool
        self._claims: list[tuple[Claim, asyncio.Future[tuple[str, bytes] | None]]] = []
        self._claiming: asyncio.Task[None] | None = None

    async def claim(self, claim: Claim) -> tuple[str, bytes] | None:
        """The subject and the wrapped key of a contact, as they are in the keyring from now on.

        None when the person was erased at this very moment: ask again.
        """
        answer: asyncio.Future[tuple[str, bytes] | None]
        answer = asyncio.get_running_loop().create_future()
        self._claims.append((claim, answer))
        if self._claiming is None or self._claiming.done():
            self._claiming = asyncio.create_task(self._claim_all())
        return await answer

    async def _claim_all(self) -> None:
        while batch := self._claims[:_TOGETHER]:
            del self._claims[:_TOGETHER]
            try:
                with translated("asking the keyring"):
                    rows = await self._pool.fetch(
                        f"SELECT * FROM {SCHEMA}.claim($1, $2, $3, $4)",
                        *(list(column) for column in zip(*(c for c, _ in batch), strict=True)),
                    )
            except Exception as error:  # noqa: BLE001 - everyone who waits is told
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            found = {
                (row["tenant"], row["contact"]): (row["subject"], row["wrapped"]) for row in rows
            }
            for claim, answer in batch:
                if not answer.done():
                    answer.set_result(found.get(claim[:2]))

    async def find(self, tenant: str, contact: bytes) -> str | None:
        with translated("asking the keyring"):
            found: str | None = await self._pool.fetchval(
                f"SELECT {SCHEMA}.find($1, $2)", tenant, contact
            )
        return found

    async def keys(self, tenant: str, subjects: Sequence[str]) -> dict[str, Key]:
        """What this tenant's keyring has of these subjects; nothing of another tenant's."""
        with translated("asking the keyring"):
            rows = await self._pool.fetch(
                f"SELECT subject, wrapped, erased_at FROM {SCHEMA}.keys($1, $2)",
                tenant,
                list(subjects),
            )
        return {row["subject"]: Key(*row) for row in rows}

    async def erase(self, tenant: str, subject: str, at: datetime) -> None:
        with translated("erasing a key"):
            await self._pool.execute(f"SELECT {SCHEMA}.erase($1, $2, $3)", tenant, subject, at)

    async def applied_to(self, log: str) -> int:
        """Up to which position of a log its erasures were applied."""
        with translated("asking the keyring"):
            return int(await self._pool.fetchval(f"SELECT {SCHEMA}.applied_to($1)", log))

    async def apply_to(self, log: str, position: int) -> None:
        with translated("telling the keyring"):
            await self._pool.execute(f"SELECT {SCHEMA}.apply_to($1, $2)", log, position)
