"""What is asked of planning's read models."""

from services.planning.queries.crew import (
    crew_clock,
    crew_event,
    crew_member,
    crew_members,
    crew_position,
    crew_positions,
    shifts_of,
)
from services.planning.queries.documents import all_versions, document, documents, versions
from services.planning.queries.firings import firings
from services.planning.queries.instances import instance, instances, instances_of
from services.planning.queries.kit import kit_at, kit_booking, kit_bookings, kit_store
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
from services.planning.queries.rundowns import rundown
from services.planning.queries.schedules import schedule_firings, schedules
from services.planning.queries.suppliers import market, supplier, suppliers, suppliers_of

__all__ = [
    "all_series",
    "all_versions",
    "announced",
    "crew_clock",
    "crew_event",
    "crew_member",
    "crew_members",
    "crew_position",
    "crew_positions",
    "declared",
    "document",
    "documents",
    "firings",
    "instance",
    "instances",
    "instances_of",
    "kit_at",
    "kit_booking",
    "kit_bookings",
    "kit_store",
    "market",
    "must_be_declared",
    "occurrence",
    "occurrences",
    "parts",
    "people_needed",
    "rundown",
    "schedule_firings",
    "schedules",
    "series",
    "shifts_of",
    "supplier",
    "suppliers",
    "suppliers_of",
    "versions",
]
