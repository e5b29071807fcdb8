"""Documents that manifests are made with: versions that are added, and never change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from roadcase.decider import Decider
from services.planning.commands import PublishDocument
from services.planning.events import DocumentPublished


@dataclass(slots=True)
class Document:
    version: int = 0
    digest: str = ""


def publish(document: Document, cmd: PublishDocument, _at: datetime) -> Iterator[DocumentPublished]:
    if cmd.digest != document.digest:
        yield DocumentPublished(**dict(cmd), version=document.version + 1)


def _evolve(document: Document, event: DocumentPublished) -> None:
    document.version, document.digest = event.version, event.digest


DOCUMENT: Final = Decider(
    category="document",
    key="document",
    initial=Document,
    evolve=_evolve,
    events=(DocumentPublished,),
    commands={PublishDocument: publish},
)
