"""What planning shows."""

from services.planning.projections.crew import CrewClock, CrewEvents, CrewPositions
from services.planning.projections.crew_members import CrewMembers
from services.planning.projections.documents import Documents
from services.planning.projections.house import House
from services.planning.projections.instances import Instances
from services.planning.projections.kit import KitBookings, KitDocuments, KitRepairs
from services.planning.projections.occurrences import Occurrences
from services.planning.projections.series import Series

PROJECTIONS = (
    Occurrences(),
    Documents(),
    House(),
    Series(),
    Instances(),
    KitDocuments(),
    KitRepairs(),
    KitBookings(),
    CrewEvents(),
    CrewPositions(),
    CrewMembers(),
    CrewClock(),
)

__all__ = ["PROJECTIONS", "Documents", "House", "Instances", "Occurrences", "Series"]
