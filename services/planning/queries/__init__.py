"""What is asked of planning's read models."""

from services.planning.queries.documents import document, documents, versions
from services.planning.queries.occurrences import (
    declared,
    must_be_declared,
    occurrence,
    occurrences,
    people_needed,
)

__all__ = [
    "declared",
    "document",
    "documents",
    "must_be_declared",
    "occurrence",
    "occurrences",
    "people_needed",
    "versions",
]
