"""The lock file beside a manifest: the digest of each document that it is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from roadcase.errors import Invalid
from services.planning.manifest.inheritance.references import Reference
from services.planning.manifest.inheritance.sources import Document

LOCK: Final = "manifest.lock"
_FORMAT: Final = "roadcase/lock/v1"


class LockUnreadable(Invalid):
    """This is not a lock file: write it again with roadcase manifest lock."""

    code = "planning.lock_unreadable"


def lock_written(documents: Mapping[Reference, Document], before: Mapping[str, str]) -> str:
    """Its text. What other manifests of the folder have in it stays."""
    digests = {str(reference): each.digest for reference, each in documents.items()}
    whole = {"format": _FORMAT, "documents": dict(sorted({**before, **digests}.items()))}
    return json.dumps(whole, indent=2) + "\n"


def lock_read(content: bytes) -> dict[str, str]:
    """Digests by reference. Raises LockUnreadable."""
    try:
        found = json.loads(content)
    except ValueError as error:
        raise LockUnreadable from error
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise LockUnreadable
    documents = found.get("documents")
    if not isinstance(documents, dict):
        raise LockUnreadable
    return {reference: str(digest) for reference, digest in documents.items()}
