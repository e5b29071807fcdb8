"""What is asked of planning's read models."""

from services.planning.queries.documents import document, documents, versions
from services.planning.queries.firings import firings
from services.planning.queries.instances import instance
from services.planning.queries.kit import kit_at, kit_booking, kit_bookings, kit_store
from services.planning.queries.occurrences import (
    all_series,
    announced,
    declared,
    must_be_declared,
    occurrence,
    occurrences,
    people_needed,
    series,
)

__all__ = [
    "all_series",
    "announced",
    "declared",
    "document",
    "documents",
    "firings",
    "instance",
    "kit_at",
    "kit_booking",
    "kit_bookings",
    "kit_store",
    "must_be_declared",
    "occurrence",
    "occurrences",
    "people_needed",
    "series",
    "versions",
]
