"""Documents that manifests are made with: versions that are added, and never change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from roadcase.decider import Decider
from services.planning.commands import PublishDocument
from services.planning.domain.refusals import VersionTaken
from services.planning.events import DocumentPublished


@dataclass(slots=True)
class Document:
    """The digest of each version."""

    versions: dict[int, str] = field(default_factory=dict)

    @property
    def last(self) -> int:
        return max(self.versions, default=0)


def publish(document: Document, cmd: PublishDocument, _at: datetime) -> Iterator[DocumentPublished]:
    version = cmd.version or document.last
    there = document.versions.get(version)
    if there == cmd.digest:
        return  # published twice, it happened once
    if cmd.version is None:
        version = document.last + 1
    elif there is not None:
        raise VersionTaken(document=cmd.document, version=version)
    yield DocumentPublished(**{**dict(cmd), "version": version})


def _evolve(document: Document, event: DocumentPublished) -> None:
    document.versions[event.version] = event.digest


DOCUMENT: Final = Decider(
    category="document",
    key="document",
    initial=Document,
    evolve=_evolve,
    events=(DocumentPublished,),
    commands={PublishDocument: publish},
)
