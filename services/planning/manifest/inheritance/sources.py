"""Where documents come from: a folder of files, or what was published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path as File
from typing import Final, NamedTuple, Protocol

from services.planning.manifest.inheritance.references import Reference
from services.planning.manifest.problems import Problem
from services.planning.manifest.reading import LARGEST, read
from services.planning.manifest.tree import Node

_KEPT: Final = 64  # documents whose trees are kept
_SMALL: Final = 100_000  # bytes of one of them
_VERSION: Final = re.compile(r"@([1-9][0-9]{0,8})\.yaml")


class Document(NamedTuple):
    """A document as it was written. `file`: where that is. `digest`: its SHA-256."""

    file: str
    content: bytes
    digest: str

    def read(self) -> tuple[Node | None, list[Problem]]:
        """Its tree, and what is wrong with its writing."""
        if len(self.content) > _SMALL:
            return read(self.content, self.file)
        tree, problems = _read(self.content, self.file)
        return tree, [*problems]


def document(file: str, content: bytes) -> Document:
    return Document(file, content, sha256(content).hexdigest())


@lru_cache(maxsize=_KEPT)
def _read(content: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    tree, problems = read(content, file)
    return tree, tuple(problems)


class Source(Protocol):
    """Documents by kind, name and version. What it says is the same as long as it is asked."""

    def missing(self, reference: Reference) -> str:
        """Where it is not, and what to do, in words."""

    def find(self, reference: Reference) -> Document | None:
        """One version; None if it is not there."""

    def versions(self, kind: str, name: str) -> list[int]:
        """The versions that are there, the oldest first."""


class Known:
    """Documents that were looked up before."""

    def __init__(
        self,
        documents: Mapping[Reference, Document],
        versions: Iterable[Reference] = (),
        missing: str = "among what is published: first roadcase template publish it",
    ) -> None:
        self._missing = missing
        self._documents = documents
        self._versions = [*versions]

    def missing(self, _reference: Reference) -> str:
        return self._missing

    def find(self, reference: Reference) -> Document | None:
        return self._documents.get(reference)

    def versions(self, kind: str, name: str) -> list[int]:
        there = (*self._documents, *self._versions)
        return sorted({each.version for each in there if each[:2] == (kind, name)})


class Folder:
    """Files in a folder: `template/film-night@3.yaml`, `venue/yard@5.yaml`."""

    def __init__(self, folder: File) -> None:
        self._folder = folder

    def missing(self, reference: Reference) -> str:
        return f"here: it would be the file {self._file(reference)}"

    def find(self, reference: Reference) -> Document | None:
        file = self._file(reference)
        try:
            with file.open("rb") as opened:
                return document(str(file), opened.read(LARGEST + 1))
        except OSError:
            return None

    def _file(self, reference: Reference) -> File:
        name = f"{reference.name}@{reference.version}.yaml"
        return self._folder / reference.kind / name

    def versions(self, kind: str, name: str) -> list[int]:
        names = (each.name for each in (self._folder / kind).glob(f"{name}@*.yaml"))
        found = (_VERSION.fullmatch(each.removeprefix(name)) for each in names)
        return sorted(int(each[1]) for each in found if each is not None)


NOWHERE: Final = Known({}, missing="here: nothing that could be extended is known")
