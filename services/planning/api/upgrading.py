"""What becomes of each event and series that extends an older version of a document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, NamedTuple

from roadcase.doors import Reader, wait_all_shown
from services.planning import queries
from services.planning.api.planner import Made, Planner
from services.planning.commands import document_id
from services.planning.manifest.inheritance import Reference, extended, upgraded
from services.planning.plans.plan import Wish

OVER: Final = frozenset({"closed", "settled", "cancelled"})


class Asked(NamedTuple):
    """Whose events go to which version."""

    tenant: str
    to: Reference


class Effect(NamedTuple):
    """Of one. `made`: its plan, or what would be wrong with it; None: it stays as it is, `why`."""

    kind: str
    name: str
    title: str
    version: int
    revision: int
    made: Made | None = None
    refused: str = ""
    why: str = ""

    @property
    def token(self) -> str:
        """Where to go on after it."""
        return f"{self.kind}/{self.name}"


async def effects(
    planner: Planner, read: Reader, asked: Asked, after: str, limit: int
) -> AsyncIterator[Effect]:
    """In the order of kinds and names, also of those that have this version or a later one.

    Raises NoDocument.
    """
    to = asked.to
    await queries.document(read, document_id(to.kind, to.name), to.version)
    for shown in ("instances", "occurrences", "series"):
        await wait_all_shown(read, shown)
    unversioned = str(to._replace(version=0))
    for row in await queries.instances(read, unversioned, after, limit):
        yield await _effect(planner, read, asked, row)


async def _effect(planner: Planner, read: Reader, asked: Asked, row: Mapping[str, Any]) -> Effect:
    source, to = row["source"], asked.to
    there = extended(source, to)
    about = Effect(row["kind"], row["name"], row["title"], version_of(row, to), row["revision"])
    if there is None:
        why = "it extends this by another document: upgrade that one"
        return about._replace(refused="extends_indirectly", why=why)
    about = about._replace(version=there.version)
    waits = there.version == to.version and row["kept"]  # nights of it, for this version
    if there.version >= to.version and not waits:
        return about
    if row["state"] in OVER:
        return about._replace(refused="over", why=f"it is {row['state']}")
    new = upgraded(source, to)
    if new is None:
        why = "its version is written in a way that cannot be changed by itself: do it by hand"
        return about._replace(refused="source_unclear", why=why)
    made = await planner.make(read, asked.tenant, new.encode(), Wish(), blocked_stay=True)
    if waits and made.plan is not None and not made.plan.nights:
        return about
    return about._replace(made=made)


def version_of(row: Mapping[str, Any], document: Reference) -> int:
    """Which version it is made with, directly or not."""
    start = f"{document._replace(version=0)}@"
    found = (each["reference"] for each in row["documents"])
    return max(int(each.removeprefix(start)) for each in found if each.startswith(start))
