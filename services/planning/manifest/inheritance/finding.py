"""Each document that is extended: whether it is there, is what it is called, and is as locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.planning.manifest.inheritance.references import (
    KINDS,
    MADE_OF,
    Reference,
    parsed,
)
from services.planning.manifest.inheritance.sources import Document, Source
from services.planning.manifest.inheritance.telling import Telling
from services.planning.manifest.problems import Path, quoted
from services.planning.manifest.tree import Node

_FORM: Final = "is like film-night@3, or venue:yard@5"
At = tuple[Node, Path]  # the entry of `extends`


class Finding:
    """Looks documents up; what is wrong is told at the entry that names them, or in them."""

    def __init__(self, source: Source, lock: Mapping[str, str] | None, telling: Telling) -> None:
        self.documents: dict[Reference, Document] = {}
        self._source = source
        self._lock = lock
        self._telling = telling
        self._trees: dict[Reference, Node | None] = {}

    def reference(self, kind: str, at: At) -> Reference | None:
        """What an entry names; `kind` is that of the manifest which extends it."""
        entry, _ = at
        found = parsed(entry.data) if isinstance(entry.data, str) else None
        if found is None:
            shown = f", not {quoted(entry.data)}" if isinstance(entry.data, str) else ""
            self._telling.add(*at, "extends", f"{_FORM}{shown}")
            return None
        if found.kind not in MADE_OF[kind]:
            may = ", ".join(MADE_OF[kind])
            self._telling.add(*at, "extends", f"{kind} extends {may}, not {found.kind}")
            return None
        if not found.version:
            what = f"say which version: {found}@…; {self._there(found)}"
            self._telling.add(*at, "no_version", what)
            return None
        return found

    def document(self, reference: Reference, at: At) -> Node | None:
        """Its tree; None if it is not there, or cannot be used."""
        if reference in self._trees:
            return self._trees[reference]
        found = self._source.find(reference)
        tree = self._usable(reference, found, at) if found is not None else None
        if found is None:
            self._missing(reference, at)
        else:
            self.documents[reference] = found
        self._trees[reference] = tree
        return tree

    def _missing(self, reference: Reference, at: At) -> None:
        there = self._source.versions(reference.kind, reference.name)
        unversioned = reference._replace(version=0)
        if there:
            what = f"there is no version {reference.version} of {unversioned}: "
            self._telling.add(*at, "no_version", what + self._there(reference))
        else:
            where = self._source.missing(reference)
            what = f"there is no {reference.kind} {reference.name} {where}"
            self._telling.add(*at, "no_document", what)

    def _there(self, reference: Reference) -> str:
        there = self._source.versions(reference.kind, reference.name)
        return f"there are {', '.join(map(str, there))}" if there else "there are none"

    def _usable(self, reference: Reference, found: Document, at: At) -> Node | None:
        if self._lock is not None and not self._as_locked(reference, found, at):
            return None
        tree, problems = found.read()
        self._telling.problems |= dict.fromkeys(problems)
        if tree is None:
            return None
        return tree if self._is_called_so(reference, tree) else None

    def _as_locked(self, reference: Reference, found: Document, at: At) -> bool:
        assert self._lock is not None
        locked = self._lock.get(str(reference))
        if locked is None:
            what = f"{reference} is not in the lock file: write it with roadcase manifest lock"
            self._telling.add(*at, "not_locked", what)
        elif locked != found.digest:
            what = (
                f"{reference} is not as it was locked: {found.digest[:12]}… and not {locked[:12]}…"
            )
            self._telling.add(*at, "digest_differs", what)
        return locked == found.digest

    def _is_called_so(self, reference: Reference, tree: Node) -> bool:
        data = tree.data if isinstance(tree.data, dict) else {}
        kind = KINDS[reference.kind]
        if data.get("kind") != kind:
            what = f"is extended as {reference}, and is not a {kind}"
            self._telling.add(tree.parts.get("kind", tree), ("kind",), "document_mismatch", what)
            return False
        about = data.get("metadata")
        about = about if isinstance(about, dict) else {}
        for name, said in (("name", reference.name), ("version", reference.version)):
            there = about.get(name)
            if there != said and not (name == "version" and there is None):
                node = tree.parts.get("metadata", tree)
                node = node.parts.get(name, node)
                what = f"is extended as {reference}, and is {quoted(there)} here"
                self._telling.add(node, ("metadata", name), "document_mismatch", what)
                return False
        return True
