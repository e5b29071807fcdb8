"""What is asked of planning's read models."""

from services.planning.queries.documents import document, documents, versions
from services.planning.queries.occurrences import (
    all_series,
    announced,
    declared,
    must_be_declared,
    occurrence,
    occurrences,
    parts,
    people_needed,
    series,
)
from services.planning.queries.schedules import firings, schedules

__all__ = [
    "all_series",
    "announced",
    "declared",
    "document",
    "documents",
    "firings",
    "must_be_declared",
    "occurrence",
    "occurrences",
    "parts",
    "people_needed",
    "schedules",
    "series",
    "versions",
]
