"""What may be asked of documents that manifests are made with."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from roadcase.decider import Command
from services.planning.commands.fields import Digest, Id, Label
from services.planning.events import DocumentKind


class PublishDocument(Command):
    """A version of it. With the content that this version has, it is there already.

    Without a `version` it is the next one; with the content of the last one it is that one.
    """

    document: Id
    kind: DocumentKind
    name: Label
    digest: Digest
    content: Annotated[str, Field(min_length=1, max_length=1_000_000)]
    title: Annotated[str, Field(max_length=200)] = ""
    about: dict[str, Any] = Field(default_factory=dict)
    inputs: tuple[dict[str, Any], ...] = ()
    version: Annotated[int, Field(strict=True, ge=1)] | None = None

    @model_validator(mode="after")
    def _is_named_so(self) -> Self:
        if self.document != document_id(self.kind, self.name):
            raise ValueError("document is its kind and its name: template-film-night")
        return self


def document_id(kind: str, name: str) -> str:
    """The id of a document: a name may be used once in each kind. Names of up to 55 characters."""
    return f"{kind}-{name}"
