"""Documents that manifests are made with, every version of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.planning.events import DocumentPublished


class Documents:
    """One row for each version."""

    name: ClassVar[str] = "documents"
    key: ClassVar[tuple[str, ...]] = ("document", "version")
    schema: ClassVar[str] = """
        CREATE TABLE documents (
            tenant text, document text, version text, number bigint NOT NULL, kind text NOT NULL,
            name text NOT NULL, title text NOT NULL, digest text NOT NULL, content text NOT NULL,
            about jsonb NOT NULL, inputs jsonb NOT NULL, published_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, document, version))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {DocumentPublished: [(lambda event: (event.document, str(event.version)), _made)]}


def _made(_row: Row | None, event: DocumentPublished, stamp: Stamp) -> Row:
    return {
        "document": event.document,
        "version": str(event.version),
        "number": event.version,
        "kind": event.kind,
        "name": event.name,
        "title": event.title,
        "digest": event.digest,
        "content": event.content,
        "about": event.about,
        "inputs": [*event.inputs],
        "published_at": stamp.at,
    }
