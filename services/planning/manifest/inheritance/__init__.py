"""What manifests extend: templates, venues and rosters under what they say themselves."""

from services.planning.manifest.inheritance.explaining import Leaf, explained
from services.planning.manifest.inheritance.filling import as_document, escaped, filled, open_leaves
from services.planning.manifest.inheritance.locking import LOCK, lock_read, lock_written
from services.planning.manifest.inheritance.references import Reference, references
from services.planning.manifest.inheritance.resolving import MOST, Whole, may_say_more, whole
from services.planning.manifest.inheritance.sources import (
    NOWHERE,
    Document,
    Folder,
    Known,
    Source,
    document,
)
from services.planning.manifest.inheritance.telling import Telling
from services.planning.manifest.inheritance.upgrading import extended, upgraded

__all__ = [
    "LOCK",
    "MOST",
    "NOWHERE",
    "Document",
    "Folder",
    "Known",
    "Leaf",
    "Reference",
    "Source",
    "Telling",
    "Whole",
    "as_document",
    "document",
    "escaped",
    "explained",
    "extended",
    "filled",
    "lock_read",
    "lock_written",
    "may_say_more",
    "open_leaves",
    "references",
    "upgraded",
    "whole",
]
