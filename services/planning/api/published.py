"""A manifest with what it extends, out of what this organiser has published."""

from __future__ import annotations

from typing import Final, NamedTuple

from roadcase.doors import Reader
from services.planning import queries
from services.planning.commands import document_id
from services.planning.domain.refusals import NoDocument
from services.planning.events import Used
from services.planning.manifest import Checked, resolve, written
from services.planning.manifest.inheritance import (
    MOST,
    Document,
    Known,
    Reference,
    may_say_more,
    references,
)
from services.planning.plans.declared import digest_of

_LONGEST: Final = 55  # characters of the name of a document


class MadeWith(NamedTuple):
    """What is remembered of a manifest that extends others, so that it can be upgraded."""

    documents: tuple[Used, ...] = ()
    source: str = ""
    declares: str = ""


class Resolved(NamedTuple):
    """A manifest as it was checked, and what it is made with."""

    checked: Checked
    made_with: MadeWith


async def resolved(content: bytes, read: Reader) -> Resolved:
    """Check it with all that it extends."""
    file = written(content)
    if file.tree is None or not may_say_more(content):
        return Resolved(resolve(file), MadeWith())
    checked = resolve(file, await found(references(file.tree), read))
    if checked.problems or not checked.documents:
        return Resolved(checked, MadeWith())
    documents = tuple(
        Used(reference=str(reference), digest=each.digest)
        for reference, each in sorted(checked.documents.items())
    )
    made_with = MadeWith(documents, content.decode(), digest_of(file.tree.data))
    return Resolved(checked, made_with)


async def found(todo: list[Reference], read: Reader) -> Known:
    """The documents that are meant, and those that they extend."""
    there: dict[Reference, Document] = {}
    others: list[Reference] = []
    seen: set[Reference] = set()
    while todo and len(seen) < MOST:
        reference = todo.pop()
        if reference in seen or len(reference.name) > _LONGEST:
            continue
        seen.add(reference)
        id_ = document_id(reference.kind, reference.name)
        try:
            row = await queries.document(read, id_, reference.version) if reference.version else {}
        except NoDocument:
            row = {}
        if not row:
            others += [reference._replace(version=n) for n in await queries.versions(read, id_)]
            continue
        content = row["content"].encode()
        there[reference] = Document(str(reference), content, row["digest"])
        todo += references(there[reference].read()[0])
    return Known(there, others)
