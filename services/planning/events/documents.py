"""The facts of documents that manifests are made with: templates, venues, kit, vendors."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from roadcase.decider import Event

DocumentKind = Literal["template", "venue", "kit", "vendors"]


class DocumentPublished(Event, frozen=True, kw_only=True):
    """A version that never changes any more. `content`: the file as it was written.

    `inputs`: what a template asks of who extends it, as it declares them.
    """

    topic = "planning.document_published.v1"

    document: str
    kind: DocumentKind
    name: str
    version: int
    digest: str
    content: str
    title: str = ""
    about: dict[str, Any] = msgspec.field(default_factory=dict)
    inputs: tuple[dict[str, Any], ...] = ()
