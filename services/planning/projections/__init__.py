"""What planning shows."""

from services.planning.projections.crew import CrewClock, CrewEvents, CrewPositions
from services.planning.projections.crew_members import CrewMembers
from services.planning.projections.documents import Documents
from services.planning.projections.firings import Firings
from services.planning.projections.house import House
from services.planning.projections.instances import Instances
from services.planning.projections.kit import KitBookings, KitDocuments, KitRepairs
from services.planning.projections.markets import Markets
from services.planning.projections.occurrences import Occurrences
from services.planning.projections.rundowns import Rundowns
from services.planning.projections.schedules import ScheduleFirings, Schedules
from services.planning.projections.series import Series
from services.planning.projections.suppliers import Suppliers
from services.planning.projections.tellings import Tellings

PROJECTIONS = (
    Occurrences(),
    Documents(),
    House(),
    Series(),
    Instances(),
    KitDocuments(),
    KitRepairs(),
    KitBookings(),
    Rundowns(),
    Suppliers(),
    Markets(),
    CrewEvents(),
    CrewPositions(),
    CrewMembers(),
    CrewClock(),
    Firings(),
    Schedules(),
    ScheduleFirings(),
    Tellings(),
)

__all__ = [
    "PROJECTIONS",
    "CrewClock",
    "CrewEvents",
    "CrewMembers",
    "CrewPositions",
    "Documents",
    "Firings",
    "House",
    "Instances",
    "KitBookings",
    "KitDocuments",
    "KitRepairs",
    "Markets",
    "Occurrences",
    "Rundowns",
    "ScheduleFirings",
    "Schedules",
    "Series",
    "Suppliers",
    "Tellings",
]
