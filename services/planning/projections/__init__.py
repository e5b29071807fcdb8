"""What planning shows."""

from services.planning.projections.documents import Documents
from services.planning.projections.firings import Firings
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
    Firings(),
)

__all__ = [
    "PROJECTIONS",
    "Documents",
    "Firings",
    "House",
    "Instances",
    "Occurrences",
    "Series",
]
